// One connection of a link, seen from one of its two sides: what reached that side, and what that side did.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "trace/facts.hpp"
#include "value/units.hpp"

namespace wsfault::trace {

/// The header that identifies a probe client's connection behind a gateway.
inline constexpr std::string_view connection_header = "Wsfault-Connection";

/// A stretch of log time; without `until` it has not ended.
struct Span {
  std::int64_t from = 0;
  std::optional<std::int64_t> until;
};
/// When a link did not accept connections.
struct Refusal : Span {
  bool dark = false;  ///< a SYN got no answer; false: it was answered with RST
  std::optional<int> address = {};  ///< only at that one of the link's; none: at all
  bool unseen = false;              ///< who tried meanwhile left no trace
};
/// An attempt to connect whose SYN got no answer; without `until` it still waits.
struct UnansweredAttempt : Span {
  bool established = false;  ///< it was answered in the end
  std::string peer;          ///< its own address
  std::optional<int> address = {};  ///< of the link, if it has several
};
struct Quiet : Span {
  record::LinkEffectKind kind = record::LinkEffectKind::silence;
  bool unseen = false;  ///< nothing of what the system sends meanwhile can be seen
};

struct Connection;

/// Pings and pongs of one direction at one tap; most connections have none.
class Heartbeats {
 public:
  explicit Heartbeats(const record::Events& log) : log_(&log) {}
  const Facts<record::FrameSeen>& pings() const { return kept_ ? kept_->pings : nothing(); }
  const Facts<record::FrameSeen>& pongs() const { return kept_ ? kept_->pongs : nothing(); }
  void add_ping(std::size_t index) { kept().pings.push_back(index); }
  void add_pong(std::size_t index) { kept().pongs.push_back(index); }

 private:
  struct Kept {
    explicit Kept(const record::Events& log) : pings(log), pongs(log) {}
    Facts<record::FrameSeen> pings, pongs;
  };
  static const Facts<record::FrameSeen>& nothing();
  Kept& kept();
  const record::Events* log_;
  std::unique_ptr<Kept> kept_;
};

/// What a party reported about one of its connections.
struct Reports {
  std::vector<SeenReport> opens, messages, errors, closes;
  bool may_be_of_others = false;  ///< of its messages: they name no connection, and another one was open as they came
};

/// The same content, of the same type.
bool same_message(const record::MessageSeen& one, const record::MessageSeen& other);

struct Leg {
  Leg(const Connection& of, record::Side side, const record::Events& log);

  const Connection* of;  ///< the connection that it is a side of
  record::Side side;

  // The handshake as this side saw it: for a client, the request it sent and the answer that arrived.
  Once<record::RequestSeen> request;
  std::optional<std::int64_t> interim;  ///< a 1xx before the answer
  Once<record::ResponseSeen> answer;    ///< the final one
  Once<record::BodySeen> request_body, answer_body;

  // What reached it.
  Once<record::NotHttp> garbage;  ///< bytes that are not HTTP where a head was expected
  Facts<record::FrameSeen> received;
  std::size_t last_data = 0;                 ///< index of the last of them that is a data frame; 0: none
  Heartbeats received_heartbeats;            ///< those of them that are pings and pongs
  Facts<record::FrameSeen> received_closes;  ///< and Closes
  Facts<record::ViolationSeen> violations;
  Facts<record::MessageSeen> messages;  ///< whole ones
  Once<record::StreamEnded> ended;      ///< TCP, towards it
  Once<record::StreamEnded> reset;      ///< the same, not with FIN, but perhaps behind one: neither half is left
  std::vector<Quiet> quiet;             ///< silence, stall, no answer
  Once<record::LinkEffect> tls_failure;
  bool tls_unmet = false;  ///< its TLS handshake with the link failed

  // What it did.
  Once<record::NotHttp> garbled;  ///< like `garbage`, but sent by this side
  Facts<record::FrameSeen> sent;
  Heartbeats sent_heartbeats;
  Facts<record::FrameSeen> sent_closes;
  Facts<record::ViolationSeen> broke_itself;
  Facts<record::MessageSeen> passed;  ///< whole messages
  Once<record::StreamEnded> own_end;

  int number() const;
  std::int64_t accepted() const;
  std::size_t index() const;
  const std::string& party() const;
  const Leg& peer() const;
  /// What the party reported about the connection; empty for a server.
  const Reports& reports() const;

  /// A 101 without flaws, at this leg.
  bool open() const;
  /// The answer is a 101, valid or not.
  bool has_101() const { return answer && answer->fact->head->status == 101; }
  /// Valid only if open().
  std::int64_t opened_at() const { return answer->at; }
  /// The first Close that it sent.
  std::optional<SeenFrame> own_close() const;
  /// The first that it received.
  std::optional<SeenFrame> peer_close() const;
  /// The first of its own pings that was not answered before `until`: a pong answers the last ping with its
  /// data, and all earlier pings (RFC 6455 5.5.3).
  std::optional<SeenFrame> unanswered_ping(std::int64_t until) const;
  bool over() const { return ended || own_end; }
  /// Anything that could have made it end has arrived.
  bool struck() const;
  /// When it ended TCP without having sent a Close; this is also what the end of its process looks like.
  std::optional<std::int64_t> cut_off() const;
  /// When something last arrived from the peer before `at`; the time of the accept if nothing did.
  std::int64_t last_arrival(std::int64_t at) const;

  /// From when on it was no longer open and sound: a Close, an end, quiet or an illegal frame; INT64_MAX: it still is.
  std::int64_t sound_until() const;
  /// Messages passed in their compressed form: their contents are not known.
  bool has_compressed_messages() const;
  /// Its first quiet in which nothing of what the system sends can be seen; null: there is none.
  const Quiet* unseen_quiet() const;
  /// It sent no ping, and one would have been seen.
  bool sends_no_pings() const;

  /// What happened to messages on the way to it: they were changed, came in another order, had not come by then,
  /// or packets were lost that TCP may not have repaired by then; empty: nothing.
  std::string_view harm_on_the_way(std::int64_t until) const;
  /// Messages reached it in another order than they were sent in, or with other bytes. Not if some were
  /// added.
  bool messages_differ() const;
  /// By then a message had been on its way to it for a second or longer.
  bool awaits_message(std::int64_t until) const;

  /// Which of its own pings were answered; null if it has sent none.
  struct Answers {
    std::vector<std::int64_t> at;  ///< when each in turn was answered; those beyond its end were not
    std::unordered_map<std::string, std::size_t>
        asked;  ///< by the data of unanswered pings: the position of the last one
  };
  std::unique_ptr<Answers> answers;

  /// When its party next connected; for a client's side.
  std::optional<std::int64_t> next_attempt() const;
};

/// A TCP connection on a link.
struct Connection {
  Connection(const record::Where& where, std::int64_t accepted, std::size_t index, const record::Events& log);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  record::Name link;
  record::Name party;                       ///< who connected
  int number = 0;                           ///< 0: attempts that were refused and left no trace on the wire
  std::int64_t accepted = 0;                ///< log time; for number 0: when attempts began to be refused
  const Connection* same_key = nullptr;     ///< the last one before it whose request had its Sec-WebSocket-Key
  std::int64_t attempted = 0;               ///< when its client began to connect, at the earliest
  std::size_t index = 0;                    ///< of that event
  bool plain = false;                       ///< its request was not an upgrade
  std::optional<std::size_t> opened;        ///< index of record::Opened
  std::optional<std::int64_t> dialled;      ///< the server side's system accepted TCP
  std::optional<std::int64_t> unreachable;  ///< it refused; for number 0: when the link stopped listening
  bool dark = false;                        ///< for number 0: at first, a SYN got no answer
  bool partly_reachable = false;            ///< for number 0: only some addresses of the link were struck
  bool script_over = false;                 ///< its client's script has ended or failed
  std::string awaits;                       ///< what its client's script must see next; empty: nothing
  std::string key;                          ///< the value of connection_header in its request; else empty
  const Connection* next = nullptr;         ///< the next one of the same party, if it already exists
  std::size_t changed_in = 0;               ///< the last batch of Trace::changes() that lists it
  Leg client;
  Leg server;
  std::unique_ptr<Reports> reports;  ///< of the client; null: none
  const std::vector<Span>* lossy = nullptr;  ///< when packets were lost on its link; null: never known

  /// Packets were being lost on its link at some time in between.
  bool loses_packets(std::int64_t from, std::int64_t until) const;
  const Leg& leg(record::Side side) const { return side == record::Side::client ? client : server; }
  Leg& leg(record::Side side) { return side == record::Side::client ? client : server; }
};

}  // namespace wsfault::trace
