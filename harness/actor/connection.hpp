// One connection through a link: two sockets, two directions, and the faults that strike it.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "actor/link_tls.hpp"
#include "actor/outbox.hpp"
#include "actor/stream_reader.hpp"
#include "fault/connection_fault.hpp"
#include "net/dial.hpp"
#include "net/event_gate.hpp"
#include "net/socket.hpp"
#include "net/socket_source.hpp"
#include "net/task_group.hpp"
#include "record/event_log.hpp"

namespace wsfault::actor {

/// A fault that strikes a connection: from when on, and until when if it heals.
struct Strike {
  using Time = fault::Clock::time_point;
  /// As from its moment on.
  Strike(const fault::FaultSpec& spec, Time moment)
      : spec(&spec),
        from(moment + spec.after),
        until(spec.lasts ? std::optional(from + *spec.lasts) : std::nullopt) {}
  const fault::FaultSpec* spec;
  Time from;
  std::optional<Time> until;
  /// Its probability is still to be drawn, for each connection apart.
  bool to_be_drawn = false;
};

/// How bytes pass: in whole heads and control frames, as they come, or in units only while a fault needs these.
enum class Passing { in_units, as_they_come, as_needed };

/// Frames that pass without a word in the log, because nobody needs it.
struct Untold {
  relay::Tally tally;
  relay::Stops stops;
};

class Connection;
struct Transfer;

/// How long an attempt to reach the target may take.
constexpr Duration dial_limit = std::chrono::seconds(5);

/// The settings shared by all connections of a link.
struct LinkSetting {
  record::EventLog* log = nullptr;
  std::string name;          ///< "link", "front", "back"
  std::string client_party;  ///< the party on the client side, if `client_of` does not say
  Side sut = Side::client;   ///< on which side the system under test is
  std::string target_host = "127.0.0.1";
  std::uint16_t target_port = 0;
  /// A socket of sock_diag(7) that knows the system's sockets; null: this machine's do.
  std::shared_ptr<const net::FileDescriptor> system_table = {};
  /// How long the firewall of the case's own network still knows the connection with the system that has that port at
  /// the other end than the link's listener or target; none: it has forgotten it.
  std::function<std::optional<Duration>(std::uint16_t port)> flow_rest = {};
  net::SocketSource dials_in;    ///< the network in which its target is; empty: this machine's
  net::SocketSource accepts_in;  ///< the network in which it listens; empty: this machine's
  std::uint64_t seed = 0;
  bool counts = true;  ///< false: connections have no number and no log until Link::start_counting()
  /// A connection gets its number as soon as it is accepted, not only when its upgrade request is complete.
  bool numbers_at_once = true;
  // What must be reported for the scenario's moments, as often as it is asked for.
  int tells_forwarded = 0;                            ///< "… done"
  std::vector<Duration> idles;                        ///< "idle 30s"
  std::vector<std::pair<Side, std::uint64_t>> bytes;  ///< "byte N"
  int holds_messages = 0;                             ///< "message /re/"
  Passing passing = Passing::in_units;
  int unit_needs = 0;                 ///< of Passing::as_needed: so many need units now
  int event_needs = 0;                ///< of Passing::as_needed: so many need what the log tells of frames
  /// Of Passing::as_needed: frames of which the log tells nothing, and where it has to tell again. Null: it tells of all.
  std::shared_ptr<Untold> untold = {};
  std::shared_ptr<relay::Delays> delays = {};  ///< how long what is not delayed stays here; null: it is not measured
  /// Connections pass by the relay while nothing is armed on them; what the log tells of these is their opening and end.
  bool has_fast_lane = false;
  /// Of a connection that left the lane: what stops the relay with each of its frames does not move it with each of them.
  Duration shortest_stay = std::chrono::milliseconds(50);
  /// Whether nothing is armed any more, and who takes a connection then: nothing is left of it where it was. Set by the
  /// link.
  std::function<bool()> lane_is_free = {};
  std::function<void(Connection&, Transfer)> to_lane = {};
  int declines_compression = 0;       ///< so many need that the offer of extensions is removed
  LinkTls tls;
  /// Which of several clients connects from that port; without it all are `client_party`.
  std::function<std::string(std::uint16_t)> client_of;
  /// Called with the client's port, its name and the connection's number once it is accepted; only if it is
  /// numbered at once.
  std::function<void(std::uint16_t, const std::string&, int)> accepted;
  /// Called with the client's name and the connection's number when it turns out to be plain HTTP.
  std::function<void(const std::string&, int)> plain;
  /// Called with the local port and the connection's number before the link dials.
  std::function<void(std::uint16_t, int)> dialling;

  bool asks_for_idle(Duration idle) const { return std::ranges::find(idles, idle) != idles.end(); }
};

/// A number that is not in the log: for connections accepted before all parties were ready, or not numbered
/// yet.
inline constexpr int uncounted = 0;

/// The sign on which a connection gets a number.
enum class Sign {
  upgrade,  ///< its request is complete and asks for websocket
  plain,    ///< its request is complete and does not: counted separately, from -1 downwards
  broken,   ///< its first bytes are not a request, or incomplete in time; or TLS failed
  silence,  ///< nothing arrived
};
struct Numbered {
  int number = uncounted;
  std::vector<Strike> standing;  ///< strike a connection of that number at once
};

/// Bytes that were read from a side, and written to it.
struct Traffic {
  std::uint64_t from_client = 0;
  std::uint64_t from_server = 0;
  std::uint64_t to_client = 0;
  std::uint64_t to_server = 0;
  Traffic& operator+=(const Traffic& other);
};

class Connection {
 public:
  using TakeNumber = std::function<Numbered(Sign)>;

  /// `party` is the client; `number` counts its connections on this link, or is `uncounted`. If it is to be
  /// taken later, `take_number` is called on each sign; it may return `uncounted`: no number for this sign.
  Connection(const LinkSetting& setting, net::Socket client, std::string party, int number,
             TakeNumber take_number = {}, std::optional<std::int16_t> address = {});

  /// It comes from the fast lane, with these sockets; before run(). The client's is the one that it was made with.
  void take_over(Transfer from);
  /// Runs until both TCP connections are over, abort(), or it is on the fast lane again. `standing` strike when it is
  /// accepted.
  net::Task<void> run(std::vector<Strike> standing);
  /// Ends both sides at once.
  void abort();

  /// Waits until the first `bytes` from that side have been forwarded and acknowledged by the other; not for
  /// long while nothing moves, unless a fault delays it.
  net::Task<void> passed(Side from, std::uint64_t bytes);

  /// The fault's moment came: it fires after its `after`; a middlebox fault starts to watch. One that strikes
  /// certain requests waits for this one's.
  void strike(const Strike& strike);
  /// The fault is taken back: it heals here, whatever its `lasts` says, and does not strike any more.
  void withdraw(const fault::FaultSpec& spec);
  /// False once nothing here refers to it any more.
  bool knows(const fault::FaultSpec& spec) const;
  /// It tells when nothing has passed for so long.
  void watch_for_idle(Duration idle);
  /// The fast lane may be free again.
  void offer_lane() { changed_.notify(); }
  /// Ends TCP towards both sides with FIN; where the connection is open, after a Close of that body if there is one.
  void end_by(std::string_view close_body);
  /// While the path is dark nothing arrives at either side, no end either. What the two send meanwhile waits,
  /// as far as the path's queue takes it, and then goes on in order.
  /// `unseen`: what the system sends does not reach the link either.
  void set_dark(bool dark, bool unseen);
  /// Dark for good.
  void strand();

  /// What can be said of it now.
  struct Glance {
    int number = uncounted;
    std::string client;  ///< address and port
    bool open = false;
    Duration age{0};
    Traffic traffic;
  };
  Glance glance() const;
  Traffic traffic() const;
  /// The 101 was forwarded.
  bool is_open() const { return opened_; }
  int number() const { return number_; }
  /// That of its link by which it came, from 1; none: the link has only one.
  std::optional<std::int16_t> address() const { return address_; }
  const std::string& party() const { return party_; }
  const std::optional<wire::RequestHead>& request() const { return halves_[0].sent.request(); }

 private:
  /// A unit that what follows may overtake.
  struct Aside {
    std::uint64_t unit = 0;
    Passage passage;
    record::Forwarded forwarded;
    fault::Clock::time_point due;
    fault::Boundary boundary = fault::Boundary::message;  ///< where it may be sent later
  };
  struct Half {
    Half(const net::asio::any_io_executor& executor, Side side, Outbox::Record record,
         const int* tells_forwarded)
        : sent(side, record::Tap::sent), outbox(executor, side, std::move(record), tells_forwarded) {}
    std::optional<net::Socket> socket;
    StreamReader sent;  ///< reads what this side sends
    Outbox outbox;      ///< writes to this side
    std::string unread = {};  // of what was read from the socket
    bool passes = false;      // what was read last went on as it came
    bool paused = false;      // nobody reads it
    std::uint64_t read = 0;
    std::uint64_t taken = 0;  ///< of these, bytes in the other side's outbox, dropped, or held back
    bool lets_go = false;  ///< a script that injects has written everything read so far: held bytes go, too
    bool detached = false;
    bool swallowed = false;
    bool end_passes = false;  ///< though it is detached or swallowed: all that did so let it
    bool stalled = false;
    bool as_they_come = false;          ///< of Passing::as_needed: nothing needs units now
    bool ended = false;                 ///< the peer ended its direction
    std::optional<net::StreamEnd> end;  ///< how, once it did
    bool gone = false;                  ///< the socket is closed
    bool close_seen = false;
    std::vector<Aside> aside;  ///< of what it sent, in that order
    bool mid_frame = false;  ///< what was pushed towards the other side ended inside a frame
    bool mid_message = false;
    net::TlsConduct conduct = net::TlsConduct::proper;  ///< of the link towards this side
    /// Sets `detached` or `swallowed`.
    void cut_off(bool Half::*how, bool lets_end_pass) {
      end_passes = lets_end_pass && (end_passes || (!detached && !swallowed));
      this->*how = true;
    }
  };
  /// A unit after the faults.
  struct Treated {
    Passage passage;
    bool dropped = false;
    std::optional<fault::Clock::time_point> aside_until;
    fault::ConnectionActions then;
  };
  struct ActiveFault {
    Strike strike;
    std::unique_ptr<fault::ConnectionFault> fault;
    bool fired = false;
    bool active = false;     ///< treats units
    bool withdrawn = false;  ///< gone once nobody watches it
    int watchers = 0;        ///< tasks that refer to it
    fault::Clock::time_point armed;
    const fault::FaultSpec* spec() const { return strike.spec; }
  };

  Half& half(Side side) { return halves_[side == Side::client ? 0 : 1]; }
  record::Where where() const { return {setting_.name, party_, number_}; }
  void record(record::What what);
  void show(Sign sign);
  net::Task<void> await_number();
  fault::Situation situation();

  // connection.cpp: the flow
  net::Task<void> live(std::vector<Strike> standing);
  net::Task<void> end();
  void fail(const std::string& why);
  net::Task<net::DialResult> reach_target();
  net::Task<void> dial();
  net::Task<void> write_to(Side side);
  net::Task<void> pump(Side from);
  net::Task<void> take(Side from, std::string_view bytes);
  net::Task<void> read_units(Side from, std::string_view bytes);
  void note_read_again(const Half& source);
  net::Task<void> let_go_of_held(Side from);
  /// Both take bytes away from the beginning of `bytes`.
  net::Task<void> pass_as_they_come(Side from, std::string_view& bytes);
  net::Task<bool> read_unit(Side from, std::string_view& bytes);
  net::Task<void> forward(Side from, ReadStep step);
  net::Task<void> peer_ended(Side from, net::StreamEnd end);
  net::Task<void> watch_reset(Side from);
  net::Task<void> watch_waiting_end(Side from);
  void cut_bodies(Side of);
  void note_head(Side from, ReadStep& step);
  void note_answer(record::Tap tap);
  /// Messages from that side are held until they are complete: a fault that covers them works on messages.
  bool whole_messages(Side from) const;
  bool transparent(Side from) const;
  bool is_untold(Side from) const;
  /// Between two units: whether those that follow pass as they come.
  void choose_passing(Half& source);
  void touch(Side from, bool data);
  bool over();

  // connection_resumed.cpp
  void take_ends(const Transfer& from);
  net::Task<void> read_on(Side from);

  // connection_returned.cpp: back to the fast lane
  bool may_return();
  bool is_done(const ActiveFault& active) const;
  void pause_reading();
  void read_all_on();
  bool goes_back();
  fault::Clock::time_point next_look() const;
  Transfer hand_over();

  // connection_passed.cpp
  bool has_taken(Side from, std::uint64_t bytes);
  void let_go(Side from);

  // connection_aside.cpp: units that others overtake
  void put_aside(Side from, Aside unit);
  void release(Side from, const std::vector<std::uint64_t>& units);
  /// Those that are due by then.
  void release_due(Side from, fault::Clock::time_point now);
  net::Task<void> release_later(Side from, std::uint64_t unit);

  // connection_tls.cpp: handshakes, before anything else is read or written
  net::Task<void> meet_client();
  net::Task<void> meet_server();
  net::Task<bool> shake_hands(Side side, net::TlsContext context);

  // connection_faults.cpp: when faults fire and heal, and what they do to units
  Treated treat(fault::Unit unit);
  void arm(const Strike& strike);
  void strike_by_request(const wire::RequestHead& request);
  net::Task<void> fire_later(ActiveFault& active);
  void fire(ActiveFault& active);
  void heal(ActiveFault& active);
  net::Task<void> heal_later(ActiveFault& active);
  net::Task<void> watch_middlebox(ActiveFault& active);
  net::Task<void> watched(ActiveFault& active, net::Task<void> watch);
  std::optional<Duration> rest_of_flow();
  net::Task<void> watch_unseen_end(bool resets);
  net::Task<void> watch_idle(Duration idle);

  // connection_actions.cpp: the actions of faults
  net::Task<void> watch_pending();
  net::Task<void> run_pending();
  net::Task<void> run_actions(fault::ConnectionActions actions, std::size_t first, bool inline_only);
  bool would_wait(const fault::ConnectionAction& action);
  net::Task<void> perform(fault::ConnectionAction action);
  net::Task<void> reset(Side to, bool flush);
  /// Waits until bytes may be inserted there.
  net::Task<void> boundary(Side to, fault::Boundary boundary);
  bool must_await(Side to, fault::Boundary boundary);
  struct Performer;

  const LinkSetting& setting_;
  std::string party_;
  int number_;
  std::optional<std::int16_t> address_;
  TakeNumber take_number_;           // until it has a number; null afterwards
  std::vector<record::What> early_;  // events to record once it has one
  fault::Clock::time_point accepted_at_ = fault::Clock::now();
  net::asio::any_io_executor executor_;
  std::array<Half, 2> halves_;
  std::vector<std::unique_ptr<ActiveFault>> faults_;
  std::vector<fault::ConnectionActions> pending_;
  std::mt19937_64 random_;
  fault::Activity activity_;
  net::EventGate changed_;
  net::TaskGroup tasks_;
  std::vector<Duration> watched_idles_;
  std::vector<Strike> awaiting_request_;  // strike if the request is such a one
  std::uint64_t units_ = 0;
  int waiting_injections_ = 0;
  int waiting_for_passage_ = 0;  // scripts that wait outside of tasks_
  fault::Shown shown_ = fault::Shown::good;
  bool dials_ = true;
  bool is_resumed_ = false;
  bool returning_ = false;  // nothing more is read: it is about to go back to the fast lane
  bool returned_ = false;
  bool unchanged_ = true;  // both sides have got the very bytes of the other
  fault::Clock::time_point stays_until_{};
  // What the relay has met, or has begun.
  int dial_error_ = 0;
  net::FileDescriptor begun_;
  bool reset_next_ = false;
  bool dark_ = false;
  bool stranded_ = false;
  bool forgotten_ = false;  // by the firewall of its network
  bool opened_ = false;
  bool closing_ = false;
};

}  // namespace wsfault::actor
