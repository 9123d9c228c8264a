// Whether a client reconnects after an end: the classes of close codes and of HTTP statuses.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "reference/defect.hpp"
#include "value/result.hpp"
#include "value/units.hpp"

namespace wsfault::reference {

/// Close codes (1000 up) and HTTP statuses (below 1000) after which this client does not reconnect, in
/// addition to those that are final for every client.
class FinalOutcomes {
 public:
  /// "1008,4400-4499,401,403"; "none" or "" for no such outcome.
  static Result<FinalOutcomes> parse(std::string_view text);
  bool contains(int code_or_status) const;

 private:
  struct Range {
    int first;
    int last;
  };
  std::vector<Range> ranges_;
};

/// How an attempt ended, as far as it matters for reconnecting.
struct AttemptEnd {
  std::optional<int> status;            ///< the status of the handshake's response, if it was not 101
  std::optional<Duration> retry_after;  ///< the delay requested by that response
  std::optional<int> close_code;        ///< received, or 1005, 1006; none if the connection never opened
  Duration open_for{0};                 ///< how long it was open
};

enum class Afterwards : std::uint8_t { come_back, stay_away };

/// Does not reconnect after 1000 (its own choice), after codes of the class `final`, after 3xx (it does not
/// follow redirects), 400, 404, 405 and 426, and after the codes in `final`. Reconnects after everything
/// else.
Afterwards afterwards(const AttemptEnd& end, const FinalOutcomes& final, const Defects& defects = {});

}  // namespace wsfault::reference
