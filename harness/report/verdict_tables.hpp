// The oracle's tables as text: what `wsfault explain EFFECT` and docs/verdicts.md print.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "verdict/oracle/row.hpp"

namespace wsfault::report {

/// A seat whose table can be printed.
struct Seat {
  std::string_view name;  ///< as between the markers in docs/verdicts.md: "client", "gateway http"
  verdict::oracle::Column column;
  std::string_view title;
};
std::span<const Seat> seats();

/// Tables in Markdown, one for each phase. Of a gateway of kind `websocket` without the rows that it shares
/// with kind `http`.
std::string print_table_markdown(const Seat& seat);
/// The causes and remedies, as docs/verdicts.md shows them.
std::string print_causes_markdown();
/// The rows of an effect: what is appropriate, in which time, and which RFC says so.
std::string print_rows(const Seat& seat, verdict::oracle::EffectKind effect);

}  // namespace wsfault::report
