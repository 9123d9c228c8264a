// The oracle's table as data: for each state × effect × role × kind the outcomes that are appropriate, those
// that pass with a warning, and the time that they may take.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/system.hpp"
#include "verdict/cause.hpp"
#include "verdict/effect.hpp"

namespace wsfault::verdict::oracle {

/// One thing that a party may be seen to do.
struct Outcome {
  enum class Kind {
    report,      ///< its API (or that of the client behind a gateway) reports a close code
    error,       ///< its API reports an error without a code
    opens,       ///< the connection opens
    stays_open,  ///< nothing happens
    follows,     ///< it goes where the redirect says
    ends,        ///< FIN or RST without a Close
    close,       ///< a Close frame with a code
    status,      ///< an HTTP answer
    passes_on,   ///< bytes and ends go through untouched
  };
  Kind kind = Kind::stays_open;
  int first = 0;  ///< of report, close, status: a range
  int last = 0;

  bool is(Kind other) const { return kind == other; }
  bool matches(Kind other, int value) const { return kind == other && value >= first && value <= last; }
};
using Outcomes = std::vector<Outcome>;

/// In which time: the sum of traits, from 0.8 of it to 1 s more; none named: at once, within 1 s.
struct Limit {
  std::vector<std::string_view> traits;
  /// The party is held to it; false: what happens may happen at any time.
  bool binds = true;
  /// Set where all its traits are durations.
  std::optional<Duration> value;
  /// What is missing where there is none.
  Cause missing = Cause::none;

  bool at_once() const { return traits.empty(); }
};

struct Row {
  std::string_view broke;  ///< the page's words; never empty
  Outcomes fine;           ///< ✓, never empty
  Outcomes warned;         ///< ⚠
  Limit limit;
  /// Close codes that its own Close may carry on the wire, where the page says; empty: any.
  std::vector<int> own_close;
  bool own_close_expected = false;  ///< none at all passes with a warning
  bool ends_tcp = false;            ///< it has to end TCP in `close_limit` where the peer does not

  bool allows(Outcome::Kind kind) const;
};

/// Total: there is a row for every combination. What cannot happen in a state has the row of what it amounts
/// to there (bytes before the 101 that are no answer are garbage; an HTTP answer behind it is no frame).
Row appropriate(State state, const Effect& effect, model::Role role, model::Kind kind,
                const model::Traits& traits, const model::Dialect& dialect);

/// A gateway whose client fails, judged at the upstream.
Row appropriate_at_upstream(const Effect& effect, model::Kind kind, const model::Traits& traits);

// Details of a server's effects, beside the names of violations and flaws.
inline constexpr std::string_view message_too_big = "message-too-big";  ///< of an illegal frame
inline constexpr std::string_view reads_no_more = "reads no more";      ///< of a silence

// The columns; appropriate() picks one and resolves its limit.
Row client_row(State state, const Effect& effect, const model::Dialect& dialect);
Row gateway_row(State state, const Effect& effect, model::Kind kind);
Row server_row(State state, const Effect& effect);

/// A row without demands on the wire.
Row plain(std::string_view broke, Outcomes fine, Outcomes warned = {}, Limit limit = {});
/// Nothing broke, or nothing that concerns the party: it stays as it is.
Row stays_as_it_is();

// Words in which the columns are written.
Outcome report(int code);
Outcome report(int first, int last);
Outcome error();
Outcome status(int code);
Outcome status(int first, int last);
Outcome close(int code);
Outcome close(int first, int last);
Outcome only(Outcome::Kind kind);
/// FIN or RST without a Close.
Outcomes ends();
Outcomes reports(const std::vector<int>& codes);
Outcomes closes(const std::vector<int>& codes);
Outcomes statuses(const std::vector<int>& codes);
Outcomes both(Outcomes first, const Outcomes& second);
Limit at_once();
Limit at_any_time();
Limit within(std::vector<std::string_view> traits, Cause missing);

/// "reports 1006", "fails the handshake", "answers 502", … joined with "or".
std::string to_string(const Outcomes& outcomes);

}  // namespace wsfault::verdict::oracle
