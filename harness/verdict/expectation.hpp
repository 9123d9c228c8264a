// Expectations as values: what each kind expects, of whom, and in which time (docs/scenarios.md,
// Expectations).
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "fault/moment.hpp"
#include "model/system.hpp"
#include "value/bound.hpp"
#include "value/reader.hpp"
#include "value/regex.hpp"

namespace wsfault::verdict {

/// "any", or codes and ranges.
struct Codes {
  bool any = false;
  std::vector<model::CodeRange> ranges;
  bool contains(int code) const;
};

struct CloseExpected {
  Codes codes;
  std::optional<TextPattern> reason;
  std::optional<bool> clean;
  std::vector<std::string> causes;  ///< reset, fin, heartbeat, timeout, protocol-error, handshake
};
struct WireCloseExpected {
  bool empty = false;  ///< a Close without a body
  Codes codes;
  std::optional<record::Side> from;  ///< of `direction`: to-server is from the client
};
struct StatusExpected {
  Codes codes;
  std::vector<std::pair<std::string, TextPattern>> headers;
  std::optional<TextPattern> body;
};
struct RequestExpected {
  std::optional<TextPattern> path;
  std::vector<std::pair<std::string, TextPattern>> headers;
  std::optional<TextPattern> subprotocol;
};
struct MessageExpected {
  std::optional<TextPattern> text;
  std::optional<std::string> bytes;         ///< of { hex = "…" }
  std::optional<Bound<std::int64_t>> size;  ///< of ">64KiB"
  std::optional<Bound<std::int64_t>> count;
};
struct EventExpected {
  fault::Moment moment;
};
struct ReconnectExpected {
  bool wanted = true;                           ///< false: it stays away
  std::optional<Bound<std::int64_t>> attempts;  ///< further attempts
  bool schedule = false;                        ///< the delays follow `backoff`
  model::Backoff backoff;                       ///< what is left out comes from the trait
};
struct ConnectionsExpected {
  std::optional<Bound<std::int64_t>> open;
  std::optional<Bound<std::int64_t>> total;
  std::optional<Bound<std::int64_t>> rate;  ///< per second
};
struct PingExpected {
  bool pong = false;                        ///< pongs (answers) instead of pings
  std::optional<Bound<Duration>> interval;  ///< none: any
};
struct EndExpected {
  std::vector<std::string> hows;  ///< fin, reset, open
};
struct DeliveryExpected {
  enum class Kind { at_least_once, at_most_once, exactly_once } kind = Kind::exactly_once;
  std::optional<Regex> seq;  ///< finds the number; default: of ${seq}
};
struct AliveExpected {
  Duration limit{0};
};
struct ExitExpected {
  std::optional<int> code;  ///< none: "running"
};
struct UsageExpected {
  std::optional<std::string> memory;  ///< "<=+64MiB"
  std::optional<std::string> sockets;
};
struct LogExpected {
  TextPattern pattern;
};
struct OrderExpected {
  std::vector<fault::Moment> moments;
};
/// `never = { fault = NAME }` holds while it does not fire.
struct FaultExpected {
  std::string name;
};

using Expected = std::variant<CloseExpected, WireCloseExpected, StatusExpected, RequestExpected,
                              MessageExpected, EventExpected, ReconnectExpected, ConnectionsExpected,
                              PingExpected, EndExpected, DeliveryExpected, AliveExpected, ExitExpected,
                              UsageExpected, LogExpected, OrderExpected, FaultExpected>;

struct Expectation {
  Expected what;
  bool never = false;  ///< it must not happen in `for`
  std::string of;      ///< whose; empty: the default of the role ("sut" for a client, else "client")
  int connection = 0;  ///< 0: the one of that party struck first, else 1
  std::optional<fault::Moment> since;  ///< none: the first firing of the one fault, else `open`
  std::optional<Duration> within;
  std::optional<Duration> not_before;
  std::optional<Duration> lasting;  ///< `for`
  std::string text;                 ///< as written, for reports: "close = 1006"
  Place place;
};

/// Row of the table: the key that names the kind, for `list expectations`, docs and messages.
struct ExpectationKind {
  std::string_view key;
  std::string_view value;  ///< what it takes
  std::string_view holds;  ///< when it holds
  bool needs_for;          ///< holds over a time
};
const std::vector<ExpectationKind>& expectation_kinds();

/// Reads one [[expect]] table; what is wrong is an error. `faults`: how many faults the scenario has (`since`
/// must be said with several, but for `never`).
std::optional<Expectation> read_expectation(const Value& table, Diagnostics& diagnostics, std::size_t faults);

}  // namespace wsfault::verdict
