// A log read once, event by event, for everything that judges or shows it: connections with both their sides,
// who connected, what happened to processes. It can be queried at any time; the cost depends only on what is
// new. Pure.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "fault/moment.hpp"
#include "trace/leg.hpp"

namespace wsfault::trace {

/// An effect on a party's process, or its own end.
struct ProcessEvent {
  std::int64_t at = 0;
  record::ProcessChange change = record::ProcessChange::started;
  int code = 0;    ///< of exited
  int signal = 0;  ///< of exited, killed, stopping
  bool main_only = false;
};

/// The process of a party.
struct Process {
  record::Name party;
  std::vector<ProcessEvent> events;
  std::vector<Span> frozen;            ///< when it was frozen
  std::deque<std::string> last_lines;  ///< the last three that it printed, without its reports

  /// Time between two moments during which it ran.
  Duration running(std::int64_t from, std::int64_t to) const;
  /// The log time at which it will have run for `limit` since `from`, if it is not frozen again after `now`.
  std::int64_t after(std::int64_t from, Duration limit, std::int64_t now) const;
  bool stands_still() const { return !frozen.empty() && !frozen.back().until; }
  /// First stop or kill from outside at or after `from`.
  std::optional<std::int64_t> stopped_after(std::int64_t from) const;
  /// It had been killed from outside by then, and not been started again: its kernel ends its connections.
  bool is_killed_at(std::int64_t at) const;
  /// When it was killed that had been told to stop at or after `from`, and had not ended.
  std::optional<std::int64_t> killed_in_stopping(std::int64_t from) const;
  /// When it ended by itself at or after `from`.
  std::optional<std::int64_t> exited_after(std::int64_t from) const;
  /// It ended at or after `from`, and nobody had told it to since it was last started; null: it did not.
  const ProcessEvent* died_after(std::int64_t from) const;
  bool is_ours() const;  ///< the harness started it
  /// The harness started it, no effect has struck it, and it has not ended.
  bool lives() const;
};

/// A party that connects on a link.
class Caller {
 public:
  Caller(record::Name link, record::Name party) : link(link), party(party) {}

  record::Name link;
  record::Name party;
  bool any_report = false;

  /// In the order of their accepts, without plain HTTP requests.
  std::span<const Connection* const> attempts() const { return attempts_; }
  /// The attempts that were refused and left no trace on the wire; null if there were none.
  const Connection* refused() const { return refused_; }
  /// Connections that it reported by number and that no link has seen.
  std::vector<const Connection*> unseen() const;
  /// refused() first, then unseen().
  std::vector<const Connection*> all() const;

 private:
  friend class Reader;
  friend class Attribution;
  using ByAccept = std::map<std::size_t, Connection*>;  // by the index of the accept
  std::vector<Connection*> attempts_;
  Connection* refused_ = nullptr;
  std::map<int, Connection*> unseen_;  // by number
  ByAccept open_;                      // open connections
  ByAccept open_unreported_;           // open ones without an open report
  ByAccept unopened_;                  // those without an open report
  ByAccept unclosed_;                  // those without a close report
  ByAccept closed_;                    // those with a close report
  bool peer_frozen_ = false;           // the process that it talks to is frozen
};

/// The events of a log up to some place. (Not std::ranges::subrange: Clang before 16 cannot compile GCC's.)
class EventsRead {
 public:
  using Iterator = record::Events::const_iterator;
  EventsRead(Iterator begin, Iterator end) : begin_(begin), end_(end) {}
  Iterator begin() const { return begin_; }
  Iterator end() const { return end_; }

 private:
  Iterator begin_;
  Iterator end_;
};

class Trace {
 public:
  /// The log must outlive it, and may only grow.
  explicit Trace(const record::Events& log);
  ~Trace();
  /// A trace of everything in the log so far.
  static std::unique_ptr<Trace> of(const record::Events& log);
  Trace(const Trace&) = delete;
  Trace& operator=(const Trace&) = delete;

  /// Reads new events. Events after RunEnded are skipped.
  void catch_up();

  const record::Events& log() const { return *log_; }
  std::size_t read() const { return read_; }  ///< number of events
  /// The events read so far.
  EventsRead events() const { return {log_->begin(), log_->begin() + static_cast<std::ptrdiff_t>(read_)}; }
  std::optional<std::int64_t> ready() const { return ready_; }  ///< when all parties were ready
  const record::RunEnded* ending() const { return ending_; }    ///< null until it ends

  /// All facts of a rare kind: not frames and messages, which are kept with their connections.
  template <typename T>
  const Facts<T>& all() const {
    return std::get<Facts<T>>(few_);
  }
  /// Indices of all that a party put on a link and that no endpoint may send: violations of frames and heads,
  /// heads with flaws, a key that it had used before, bytes in place of a head, a ping after both Closes.
  const std::vector<std::size_t>& unsound() const { return unsound_; }
  const record::Where& where(std::size_t index) const { return (*log_)[index].where; }
  /// The first event at or after that log time; read() if there is none.
  std::size_t since(std::int64_t at) const;
  /// Messages of that sender that were sent compressed by permessage-deflate.
  std::size_t compressed(record::Side from) const {
    return compressed_[from == record::Side::client ? 0 : 1];
  }
  /// The first event at which the moment came (see fault::find_moment); null if it did not.
  const record::Event* first(const fault::Moment& moment, int connection = 0) const;

  /// Of all links, including plain ones, in the order of their accepts.
  const std::deque<Connection>& connections() const { return connections_; }
  /// In the order of their first event.
  const std::vector<record::Name>& links() const { return links_; }
  /// Connections in the order in which they changed; each once per catch_up(). Each reader keeps its own
  /// position in it.
  const std::vector<const Connection*>& changes() const { return changes_; }
  /// Grows with everything that may change the judgement of every connection: processes, refusals, first
  /// reports.
  std::size_t common_changes() const { return common_changes_; }
  /// All parties that connect, or report that they do, in the order of their first sign.
  const std::deque<Caller>& callers() const { return callers_; }
  /// The parties that connect on a link, in the order of their first sign. Empty: none did.
  std::vector<const Caller*> callers(record::Name link) const;
  /// An empty one if nothing was seen of it.
  const Caller& caller(record::Name link, record::Name party) const;
  /// The last connection with that number; null if there is none.
  const Connection* find(record::Name link, record::Name party, int number) const;
  const Process& process(record::Name party) const;
  const std::vector<Refusal>& refusals(record::Name link) const;  ///< when nobody accepted there
  /// Attempts of the system under test that got no answer, as far as they could be seen.
  const std::vector<UnansweredAttempt>& unanswered(record::Name link) const;
  /// When the system under test tried in vain meanwhile, as far as that could be seen.
  std::vector<std::int64_t> refused_attempts(record::Name link) const;
  /// When the system under test first tried to connect there, as far as it could be seen or reports it; none: it
  /// has not.
  std::optional<std::int64_t> first_attempt(record::Name link) const;

 private:
  friend class Reader;
  struct PairHash {
    std::size_t operator()(const std::pair<std::uint32_t, std::uint32_t>& key) const {
      return std::hash<std::uint64_t>()((std::uint64_t{key.first} << 32) | key.second);
    }
  };
  struct PlaceHash {
    std::size_t operator()(const std::tuple<std::uint32_t, std::uint32_t, int>& key) const {
      const std::uint64_t place = (std::uint64_t{std::get<0>(key)} << 32) | std::get<1>(key);
      return std::hash<std::uint64_t>()(place * 0x9e3779b97f4a7c15U +
                                        static_cast<std::uint32_t>(std::get<2>(key)));
    }
  };

  template <typename... T>
  struct Few {
    using Tuple = std::tuple<Facts<T>...>;
    static Tuple of(const record::Events& log) { return {Facts<T>(log)...}; }
  };
  using FewFacts = Few<record::HarnessError, record::ScriptFailed, record::Cut, record::FaultFired,
                       record::FaultHealed, record::FaultSpared, record::PlainRequest, record::ProcessChanged, record::OutputLine,
                       record::UsageSample, record::Accepted, record::AttemptRefused>;
  struct Searched;

  const record::Events* log_;
  std::size_t read_ = 0;
  FewFacts::Tuple few_;
  std::vector<std::size_t> unsound_;
  std::array<std::size_t, 2> compressed_{};
  mutable std::map<std::string, std::unique_ptr<Searched>> searched_;  // moments that were asked for
  std::optional<std::int64_t> ready_;
  const record::RunEnded* ending_ = nullptr;
  std::deque<Connection> connections_;
  std::deque<Connection> refused_;  // those that no link has seen
  std::deque<Caller> callers_;
  std::unordered_map<std::pair<std::uint32_t, std::uint32_t>, Caller*, PairHash> caller_of_;  // link, party
  std::unordered_map<std::tuple<std::uint32_t, std::uint32_t, int>, Connection*, PlaceHash> latest_;
  std::unordered_map<std::uint32_t, Process> processes_;
  std::unordered_map<std::uint32_t, std::vector<Refusal>> refusals_;              // by link
  std::unordered_map<std::uint32_t, std::vector<Span>> lossy_;                    // by link; read by its connections
  std::unordered_map<std::uint32_t, std::vector<UnansweredAttempt>> unanswered_;  // by link
  std::unordered_map<std::uint32_t, std::size_t> refused_since_;   // by link: index of the first refusal
  std::vector<record::Name> links_;
  std::vector<const Connection*> changes_;
  std::size_t batch_ = 0;  // of catch_up()
  std::size_t common_changes_ = 0;
  std::unordered_set<std::uint32_t> known_links_;
  std::map<std::pair<std::uint32_t, std::string>, const Connection*> keys_;  // of the requests of each party: the last
};

}  // namespace wsfault::trace
