// The events of a log: every fact that moments look at and verdicts are made of.
#pragma once

#include <boost/container/deque.hpp>
#include <boost/describe/enum.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "record/text.hpp"
#include "value/value.hpp"
#include "wire/handshake.hpp"
#include "wire/side.hpp"

namespace wsfault::record {

using wire::Side;

/// On which side of a link's faults a byte was seen: as its sender put it on the wire, or as it was written
/// to the receiver's socket. Moments look at `sent`; the oracle at what `arrived`. Without a fault both are
/// recorded too.
BOOST_DEFINE_FIXED_ENUM_CLASS(Tap, std::uint8_t, sent, arrived)

/// How TCP ended, or was ended.
BOOST_DEFINE_FIXED_ENUM_CLASS(EndKind, std::uint8_t, fin, reset, error)

/// What a log that is as large as it may be keeps no more of.
// clang-format off
BOOST_DEFINE_FIXED_ENUM_CLASS(CutKind, std::uint8_t,
  messages,    ///< data frames, messages, and that they were forwarded
  pings,       ///< pings, and pongs for which no ping was kept
  payloads,    ///< the contents of messages
  output,      ///< lines that the system printed
  answers,     ///< further 1xx of one connection
  closes,      ///< further Close frames of one connection
  violations,  ///< further violations of one connection
  reports     ///< of messages, by the system
)
// clang-format on

/// Where an event happened. Events of the whole run have neither link nor party.
struct Where {
  Name link;           ///< "link", "front", "back"; empty for processes, reports and the run itself
  Name party;          ///< "sut", "upstream", a name. On a link: the party on its client side
  int connection = 0;  ///< on that link, from 1; below 0: a plain HTTP request; 0 where there is none (yet)
};

// --- the run
/// The first record: the resolved scenario, system and seed, enough to judge the log again.
struct RunStarted {
  Boxed<Value> resolved;
};
/// All parties are ready: the moment `start`.
struct Ready {};
struct Mark {
  Text name;  ///< a script reached { mark = NAME }
};
/// A script's { expect = … } was not met in its time: the scenario fails.
struct ScriptFailed {
  Text step;
  Text detail;
};
struct ScriptDone {};
/// What the script of a client must still see: the next step that expects a message or waits for a moment.
struct ScriptAwaits {
  Text step;  ///< "expect hello", "wait message 2"; empty: nothing any more
};
/// Why waiting for the case ended.
// clang-format off
BOOST_DEFINE_FIXED_ENUM_CLASS(EndReason, std::uint8_t,
  decided,      ///< all that was to be seen was seen
  deadline,     ///< what is still open is violated
  interrupted,  ///< by a signal: nothing is concluded from what is still open
  error        ///< of the harness
)
// clang-format on
/// The last record of a case: judged are the events up to it, at its time.
struct RunEnded {
  EndReason reason = EndReason::decided;
  std::int64_t stalled = 0;  ///< nanoseconds that the harness itself stood still at most; 0: not noticeably
};
/// From here on the log leaves something out: it is as large as it may be (docs/results.md). Said once of
/// each.
struct Cut {
  CutKind what = CutKind::messages;
};
/// Something went wrong in the harness or its environment: outcome `error`.
struct HarnessError {
  Text message;
};

// --- TCP on a link
/// The link accepted a connection from its client side. A connection gets its number when its upgrade request
/// is whole, or earlier where a fault strikes it before; then it is recorded.
struct Accepted {
  Text peer;
  std::int64_t waited = 0;  ///< nanoseconds since TCP was accepted
};
/// The link is connected to its server side.
struct Dialled {};
struct DialFailed {
  int error = 0;  ///< errno
};
/// The TLS handshake with the party on `side` is over. The link is its peer there.
struct TlsHandshake {
  Side side = Side::client;
  Text version;  ///< "TLSv1.3"; empty where it failed
  Text error;    ///< one sentence, where it failed
};
/// One TCP stream ended. tap = sent: the party on `side` ended it; arrived: the link ended it towards that
/// side.
struct StreamEnded {
  Tap tap = Tap::sent;
  Side side = Side::client;
  EndKind how = EndKind::fin;
  int error = 0;                     ///< errno, where how is `error`
  std::uint64_t unacknowledged = 0;  ///< bytes lost at an RST of ours
  Name inside;                       ///< "frame", "head" where it ended inside one, else empty
  bool truncated = false;            ///< a FIN without TLS's close_notify before it
};
/// Both TCP connections of this link connection are gone.
struct ConnectionOver {};

// --- HTTP on a link
/// A head; made from its four members as the head itself is.
template <typename Head>
class HeadBox : public Boxed<Head> {
 public:
  using Boxed<Head>::Boxed;
  template <typename First, typename Second>
  HeadBox(First&& first, Second&& second, int version, wire::Headers headers)
      : Boxed<Head>(
            Head{std::forward<First>(first), std::forward<Second>(second), version, std::move(headers)}) {}
};

struct RequestSeen {
  Tap tap = Tap::sent;
  HeadBox<wire::RequestHead> head;
  bool upgrade = true;                    ///< asks for websocket
  Boxed<std::vector<std::string>> flaws;  ///< wire::to_string(HandshakeFlaw)
  /// Sent: the extensions that it offers, and that the link took away: messages must be read here.
  Text declined = {};
};
struct ResponseSeen {
  Tap tap = Tap::sent;
  HeadBox<wire::ResponseHead> head;
  Boxed<std::vector<std::string>> flaws;  ///< of a 101: what a client must refuse. Empty for other statuses
  bool second = false;                    ///< an answer after the final one
};
/// Bytes that are not HTTP where a head was due.
struct NotHttp {
  Tap tap = Tap::sent;
  Side from = Side::server;
  Text start;  ///< the first 64 bytes
};
/// The 101 is forwarded whole and acknowledged by the client's kernel: the moment `open`.
struct Opened {};
/// A plain HTTP request arrived at a fake upstream.
struct PlainRequest {
  Text method;
  Text target;
};

// --- frames on a link
/// A frame's header was read. Control frames are recorded when whole, with their payload.
struct FrameSeen {
  Tap tap = Tap::sent;
  Side from = Side::client;
  bool fin = true;
  std::uint8_t rsv = 0;
  std::uint8_t opcode = 1;
  bool masked = false;
  bool injected = false;      ///< arrived: made by a fault, not sent by the peer
  bool compressed = false;    ///< first of a message that permessage-deflate made, as was agreed
  std::uint64_t number = 0;   ///< of that direction and tap on this connection, from 1
  std::uint32_t of_kind = 0;  ///< ordinal among messages (first frames), pings, pongs or Closes
  std::uint32_t of = 0;       ///< arrived: `number` of the sent frame that it is; 0: of none
  std::uint64_t length = 0;
  std::optional<std::uint16_t> code;  ///< of a Close
  Text text;                          ///< payload of a control frame: a Close's reason, a ping's data
};
/// A whole message (all its fragments) was read; its last frame is not forwarded yet (tap sent), or is
/// written (arrived).
struct MessageSeen {
  Tap tap = Tap::sent;
  Side from = Side::client;
  std::uint64_t number = 0;
  std::uint8_t opcode = 1;
  std::uint64_t size = 0;
  Text payload;             ///< its first 64 KiB; as long as the log has room for contents
  bool compressed = false;  ///< `payload` and `size` are of the compressed form: what it says is not known
};
/// "… done": message `message` and frame `frame` are forwarded whole (0: not this kind).
struct Forwarded {
  Side from = Side::client;
  std::uint64_t frame = 0;
  std::uint64_t message = 0;
  std::uint64_t ping = 0;
  std::uint64_t pong = 0;
  bool close = false;
};
/// Exactly `bytes` of that direction are forwarded: recorded only where a moment asked for it.
struct ByteReached {
  Side from = Side::client;
  std::uint64_t bytes = 0;
};
struct ViolationSeen {
  Tap tap = Tap::sent;
  Side from = Side::client;
  std::uint64_t frame = 0;
  Name violation;  ///< wire::ViolationInfo::name
  Name section;
};
/// Nothing passed on this connection for so long: recorded where a moment asked for it.
struct IdleReached {
  std::int64_t idle = 0;  ///< nanoseconds
};

// --- faults
/// What a fault did, not which fault it was: all that the oracle may know of it besides what arrived.
// clang-format off
BOOST_DEFINE_FIXED_ENUM_CLASS(EffectKind, std::uint8_t,
  refused,    ///< the link does not listen
  silence,    ///< what is sent to `to` vanishes
  stalled,    ///< nothing passes and nothing is read: back-pressure
  no_answer,  ///< accepted, and never a byte
  resumed,    ///< refused, silence or stalled is over
  /// What is shown or said to `to` in the TLS handshake is such that it must fail.
  tls_failure
)
// clang-format on
struct Effect {
  EffectKind kind = EffectKind::silence;
  std::optional<Side> to;  ///< none: both
};
struct FaultFired {
  Text name;
  Text inject;
  Text done;  ///< "reset to client and server"
};
struct FaultHealed {
  Text name;
};
/// The draw of `probability` said no.
struct FaultSpared {
  Text name;
};

// --- processes; where.party says whose
BOOST_DEFINE_FIXED_ENUM_CLASS(ProcessChange, std::uint8_t, started, killed, stopping, frozen, thawed, exited,
                              reloaded)
struct ProcessChanged {
  ProcessChange change = ProcessChange::started;
  int pid = 0;
  int code = 0;    ///< of exited
  int signal = 0;  ///< of exited, killed
};
struct OutputLine {
  Name stream;  ///< "stdout", "stderr"
  Text line;
};
/// What the system under test said of its connection.
struct Report {
  Text event;  ///< open, message, error, close, reconnecting
  std::optional<int> code;
  std::optional<Text> reason;
  Text text;  ///< a message's text, an error's message
  std::optional<bool> clean;
  std::optional<std::int16_t> status;  ///< of an error: the HTTP status that it names
};
/// Of the system's process tree, where an expectation asked for it.
struct UsageSample {
  std::uint64_t memory = 0;  ///< bytes resident
  std::uint64_t sockets = 0;
};

using What = std::variant<RunStarted, Ready, Mark, ScriptFailed, ScriptDone, ScriptAwaits, RunEnded,
                          HarnessError, Accepted, Dialled, DialFailed, TlsHandshake, StreamEnded,
                          ConnectionOver, RequestSeen, ResponseSeen, NotHttp, Opened, PlainRequest, FrameSeen,
                          MessageSeen, Forwarded, ByteReached, ViolationSeen, IdleReached, Effect, FaultFired,
                          FaultHealed, FaultSpared, ProcessChanged, OutputLine, Report, UsageSample, Cut>;

struct Event {
  std::int64_t at = 0;  ///< nanoseconds since the log's start, monotonic
  Where where;
  What what;
};

/// A log. Events never move: who holds a reference to one may add more.
using Events = boost::container::deque<Event, void,
                                       boost::container::deque_options_t<boost::container::block_size<512U>>>;

static_assert(sizeof(Event) <= 80, "a log has four events for each message that passes: box what is larger");

/// "2 messages were compressed (permessage-deflate), and cannot be read".
std::string unreadable(std::size_t compressed_messages);

std::string_view to_string(Tap tap);
std::string_view to_string(EndKind how);
std::string_view to_string(EndReason reason);
std::string_view to_string(EffectKind kind);
std::string_view to_string(ProcessChange change);
std::string_view to_string(CutKind kind);

}  // namespace wsfault::record
