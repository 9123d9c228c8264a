// Moments: "message 3", "open", "idle 30s" — a predicate over the log (docs/scenarios.md, Moments).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "record/event.hpp"
#include "value/bound.hpp"
#include "value/diagnostic.hpp"
#include "value/regex.hpp"
#include "value/units.hpp"

namespace wsfault::fault {

struct Moment {
  enum class Kind {
    start,
    connect,
    upgrade,
    open,
    message,
    frame,
    ping,
    pong,
    close,
    message_text,
    message_size,
    byte,
    http,
    end,
    idle,
    fault,
    healed,
    mark,
    exit,
    log,
  };
  Kind kind = Kind::start;
  std::uint64_t number = 1;            ///< of message, frame, ping, pong, byte
  bool done = false;                   ///< "… done": forwarded whole
  std::optional<TextPattern> pattern;  ///< of message_text, http, log: always a regex
  Bound<std::int64_t> size;            ///< of message_size, bytes
  Duration idle{0};
  std::string name;  ///< of fault, healed, mark

  std::optional<record::Side> from;  ///< narrows: who sent it
  std::optional<std::string> of;     ///< whose connection
  std::optional<std::string> at;     ///< which link
  std::optional<int> connection;     ///< which connection
};

/// The text form.
Result<Moment> parse_moment(std::string_view text);
/// The text form or the table form { moment = …, from, of, at, connection }; a wrong one is an error.
std::optional<Moment> read_moment(const Value& value, Diagnostics& diagnostics);
/// As in reports: "message 3 from server of connection 2".
std::string to_string(const Moment& moment);

/// Does it happen on a connection? Never: `start`, `exit` and `log`; possibly: `fault`, `healed`, `mark` and
/// `http`.
bool is_of_connection(Moment::Kind kind);
/// Is it seen on a link's wire? False also for `fault`, `healed`, `mark` and `http`.
bool is_on_wire(Moment::Kind kind);

/// The header of a frame tells of it, and the frames before it do not matter: "message 3", "ping", "close".
bool is_counted(const Moment& moment);

/// Watches a log for a moment. Without `from`, each direction is counted separately, and the first to reach
/// the number counts. Ordinals count per connection, or over the whole run (`across`) for process faults.
class MomentWatch {
 public:
  explicit MomentWatch(Moment moment, bool across = false) : moment_(std::move(moment)), across_(across) {}
  /// True if the moment came with this event. Feed every event once, in order. `message`, `frame`, `ping`,
  /// `pong`, `close`, `byte` and `end` come once per connection (`across`: once); the others come each time
  /// they happen.
  bool feed(const record::Event& event);
  /// An event from before the watch: a message that matched there may still become `done`. Nothing has come
  /// with it.
  void recall(const record::Event& event);
  const Moment& moment() const { return moment_; }

 private:
  using Connection = std::tuple<record::Name, record::Name, int>;  // link, party, number

  bool concerns(const record::Event& event) const;
  bool occurs(const record::Event& event);
  bool occurs_done(const record::Event& event, const record::Forwarded& forwarded);
  bool is_due(record::Side from, std::uint64_t ordinal);
  bool is_first(const record::Event& event);
  void forget_predecessor(const record::Event& event);

  Moment moment_;
  bool across_;
  std::map<record::Side, std::uint64_t> counts_;  // of `across`
  std::set<Connection> came_on_;                  // of moments that come once
  std::map<std::pair<Connection, record::Side>, std::set<std::uint64_t>>
      matched_;  // messages waiting for "done"
};

/// Looks for the first event at which a moment came, event by event. `connection`: look only at this one (a
/// number in the moment itself takes precedence); 0: any. An event without a connection matches any number.
class MomentSearch {
 public:
  MomentSearch(const Moment& moment, int connection = 0);
  /// True if the moment came with this event. Feed every event once, in order.
  bool feed(const record::Event& event);
  /// As MomentWatch::recall, before the first feed().
  void recall(const record::Event& event);

 private:
  bool concerns(const record::Event& event) const;

  MomentWatch watch_;
  int only_;  // 0: any
};

/// The first event at which the moment came, found with a MomentSearch; null if it did not come.
const record::Event* find_moment(const Moment& moment, const record::Events& events, int connection = 0);

}  // namespace wsfault::fault
