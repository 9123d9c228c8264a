// Expectations as values: what is expected, of whom, and in which time (docs/scenarios.md, Expectations).
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "fault/moment.hpp"
#include "record/event.hpp"
#include "value/reader.hpp"
#include "value/regex.hpp"
#include "verdict/cause.hpp"

namespace wsfault::verdict {

struct Question;
struct Sightings;
struct Answer;
/// Sightings of what is to happen, or the answer itself where something is to hold.
using Look = std::variant<Sightings, Answer>;

/// Does an expectation take a time over which it holds?
enum class Lasting { no, may, must };

/// What the run and the rest of the judgement must know of what is expected.
struct Nature {
  Lasting lasting = Lasting::no;
  std::optional<bool> may_be_never;      ///< none: unless it must hold over a time
  std::optional<bool> takes_not_before;  ///< none: unless `for` is said
  std::optional<Duration> limit;         ///< its own, in place of `within`

  bool of_the_process = false;    ///< the sut is asked in every role
  bool of_a_child = false;        ///< the sut must be a child of the run
  bool at_the_upstream = false;   ///< of a gateway the sut is asked: what it sends to its upstream
  bool in_the_handshake = false;  ///< it comes before `open`: times count from `connect`
  bool by_report = false;         ///< the system must report
  bool says_the_end = false;      ///< it replaces the oracle's opinion on its party
  bool says_the_exit = false;     ///< it says that the sut's process ends, and how

  bool reads_messages = false;        ///< they must not be compressed
  bool samples_usage = false;         ///< of the sut's process tree
  bool visits = false;                ///< a client of wsfault's own connects, within `limit`
  std::optional<TextPattern> output;  ///< a line of this kind must not be left out of the log
  std::vector<fault::Moment> moments;
  std::string fault;                    ///< the name of one
  std::set<record::CutKind> judged_by;  ///< events that a log which was cut may lack; with those of `moments`
  bool counts = false;                  ///< how many there were shows only in the whole log
  Cause shows = Cause{};                ///< what is wrong with the system where it is not so; none: depends
};

/// One kind's value, read.
struct Expected {
  std::string_view key = {};  ///< that names the kind: "close"
  std::string phrase;         ///< its subject is the party: "reports close 1006"
  /// What the log shows of it since `since` (which has come).
  std::function<Look(const Question&)> look;
  Nature nature;
};

struct Expectation {
  Expected what;
  bool never = false;  ///< it must not happen in `for`
  std::string of;      ///< whose; empty: the default of the role ("sut" for a client, else "client")
  int connection = 0;  ///< 0: the one of that party struck first, else 1
  std::optional<fault::Moment> since;  ///< none: the first firing of the one fault, else `open`
  std::optional<Duration> within;
  std::vector<std::string> undeclared;  ///< the traits from which `within` would be computed, were they declared
  std::optional<Duration> not_before;
  std::optional<Duration> lasting;  ///< `for`
  std::string text;                 ///< as written, for reports: "close = 1006"
  Place place;
};

/// Reads one [[expect]] table; what is wrong is an error. `faults`: how many faults the scenario has (`since`
/// must be said with several, but for `never`).
std::optional<Expectation> read_expectation(const Value& table, Diagnostics& diagnostics, std::size_t faults);

}  // namespace wsfault::verdict
