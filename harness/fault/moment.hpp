// Moments: "message 3", "open", "idle 30s" — a predicate over the log (docs/scenarios.md, Moments).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "record/event.hpp"
#include "value/bound.hpp"
#include "value/diagnostic.hpp"
#include "value/regex.hpp"
#include "value/units.hpp"

namespace wsfault::fault {

struct Moment {
  enum class Kind {
    start, connect, upgrade, open, message, frame, ping, pong, close, message_text, message_size, byte,
    http, end, idle, fault, healed, mark, exit, log,
  };
  Kind kind = Kind::start;
  std::uint64_t number = 1;             ///< of message, frame, ping, pong, byte
  bool done = false;                    ///< "… done": forwarded whole
  std::optional<TextPattern> pattern;   ///< of message_text, http, log: always a regex
  Bound<std::int64_t> size;             ///< of message_size, bytes
  Duration idle{0};
  std::string name;                     ///< of fault, healed, mark

  std::optional<record::Side> from;     ///< narrows: who sent it
  std::optional<std::string> of;        ///< whose connection
  std::optional<std::string> at;        ///< which link
  std::optional<int> connection;        ///< which connection
};

/// The text form.
Result<Moment> parse_moment(std::string_view text);
/// The text form or the table form { moment = …, from, of, at, connection }; wrong ones are errors.
std::optional<Moment> read_moment(const Value& value, Diagnostics& diagnostics);
/// As in reports: "message 3 from server of connection 2".
std::string to_string(const Moment& moment);

/// Watches a log for a moment. Without `from` each direction counts for itself. Ordinals count per connection, or
/// over the whole run (`across`), as a process fault's do.
class MomentWatch {
 public:
  explicit MomentWatch(Moment moment, bool across = false) : moment_(std::move(moment)), across_(across) {}
  /// True if the moment came with this event. Feed every event once, in order. May be true again on another
  /// connection (or again for moments that recur, as `fault NAME`, `end`).
  bool feed(const record::Event& event);
  const Moment& moment() const { return moment_; }

 private:
  bool concerns(const record::Event& event) const;
  bool counted(record::Side from);
  Moment moment_;
  bool across_;
  std::map<record::Side, std::uint64_t> counts_;
};

/// The first event at which it came, from index `begin` on; none if it did not. `connection` 0: any.
const record::Event* find_moment(const Moment& moment, const std::vector<record::Event>& events, int connection = 0);

}  // namespace wsfault::fault
