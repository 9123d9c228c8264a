// The events of a log: every fact that moments and verdicts use.
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
/// to the receiver's socket. Moments use `sent`; the oracle uses `arrived`. Both are recorded even without a
/// fault.
BOOST_DEFINE_FIXED_ENUM_CLASS(Tap, std::uint8_t, sent, arrived)

/// How TCP ended, or was ended.
BOOST_DEFINE_FIXED_ENUM_CLASS(EndKind, std::uint8_t, fin, reset, error)

/// What a full log no longer records.
// clang-format off
BOOST_DEFINE_FIXED_ENUM_CLASS(CutKind, std::uint8_t,
  messages,    ///< data frames, messages, and their forwarding
  pings,       ///< pings, and pongs whose ping was not kept
  payloads,    ///< the contents of messages and of HTTP bodies
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
/// A script's { expect = … } was not met in time: the scenario fails.
struct ScriptFailed {
  Text step;
  Text detail;
};
struct ScriptDone {};
/// What a client's script still has to see: the next step that expects a message or waits for a moment.
struct ScriptAwaits {
  Text step;  ///< "expect hello", "wait message 2"; empty: nothing left
};
/// Why waiting for the case ended.
// clang-format off
BOOST_DEFINE_FIXED_ENUM_CLASS(EndReason, std::uint8_t,
  decided,      ///< everything that had to be seen was seen
  deadline,     ///< what is still open is violated
  interrupted,  ///< by a signal: open questions stay open
  error        ///< of the harness
)
// clang-format on
/// The last record of a case: events up to it are judged, at its time.
struct RunEnded {
  EndReason reason = EndReason::decided;
  std::int64_t stalled = 0;  ///< longest standstill of the harness itself, in nanoseconds; 0: not noticeable
};
/// From here on the log is incomplete, because it reached its size limit (docs/results.md). Recorded once per
/// kind.
struct Cut {
  CutKind what = CutKind::messages;
};
/// Something went wrong in the harness or its environment: outcome `error`.
struct HarnessError {
  Text message;
};

// --- TCP on a link
/// The link accepted a connection from its client side. A connection gets its number, and is recorded, when
/// its upgrade request is complete, or earlier if a fault strikes it before then.
struct Accepted {
  Text peer;
  std::int64_t waited = 0;  ///< nanoseconds since TCP was accepted
  std::optional<std::int16_t> address;  ///< of the link, from 1; none: it has only one
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
  std::uint64_t unacknowledged = 0;  ///< bytes lost when we sent an RST
  Name inside;                       ///< "frame", "head" where it ended inside one, else empty
  bool truncated = false;            ///< a FIN without TLS's close_notify before it
  bool waits = false;  ///< sent: it ended TCP, and its FIN waits behind what the link does not read, or is lost
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
  /// Sent: offered extensions that the link removed, because it must be able to read messages here.
  Text declined = {};
};
struct ResponseSeen {
  Tap tap = Tap::sent;
  HeadBox<wire::ResponseHead> head;
  Boxed<std::vector<std::string>> flaws;  ///< of a 101: what a client must refuse. Empty for other statuses
  bool second = false;                    ///< a response after the final one
};
/// The body of a request that has one, or of an answer that is not a 101: recorded when it is complete, when
/// the stream ended, or when the log keeps no more of it. Without its transfer coding (RFC 9112 7.1).
struct BodySeen {
  Tap tap = Tap::sent;
  Side from = Side::server;
  std::uint64_t size = 0;  ///< bytes that had come by then
  Text text;               ///< the first 64 KiB, while the log has room for contents
  bool whole = false;      ///< it came to its end
};
/// Bytes that are not HTTP where a head was expected.
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
/// A frame's header was read. Control frames are recorded when complete, with their payload.
struct FrameSeen {
  Tap tap = Tap::sent;
  Side from = Side::client;
  bool fin = true;
  std::uint8_t rsv = 0;
  std::uint8_t opcode = 1;
  bool masked = false;
  bool injected = false;      ///< arrived: made by a fault, not sent by the peer
  bool compressed = false;    ///< first of a message compressed with the agreed permessage-deflate
  std::uint64_t number = 0;   ///< of that direction and tap on this connection, from 1
  std::uint32_t of_kind = 0;  ///< ordinal among messages (first frames), pings, pongs or Closes
  std::uint32_t of = 0;       ///< arrived: the `number` of the matching sent frame; 0: none
  std::uint64_t length = 0;
  std::optional<std::uint16_t> code;  ///< of a Close
  Text text;                          ///< payload of a control frame: a Close's reason, a ping's data
};
/// A whole message (all its fragments) was read. Its last frame is not forwarded yet (tap sent), or is
/// written (arrived).
struct MessageSeen {
  Tap tap = Tap::sent;
  Side from = Side::client;
  std::uint64_t number = 0;
  std::uint8_t opcode = 1;
  std::uint64_t size = 0;
  Text payload;             ///< its first 64 KiB, while the log has room for contents
  bool compressed = false;  ///< `payload` and `size` are of the compressed form; the text is unknown
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
/// Exactly `bytes` bytes of that direction are forwarded: recorded only where a moment asked for it.
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
/// Nothing passed on this connection for this long: recorded where a moment asked for it.
struct IdleReached {
  std::int64_t idle = 0;  ///< nanoseconds
};

// --- faults
/// What a fault did, not which fault it was. The oracle may know only this and what arrived.
// clang-format off
BOOST_DEFINE_FIXED_ENUM_CLASS(LinkEffectKind, std::uint8_t,
  refused,    ///< the link does not listen
  silence,    ///< what is sent to `to` vanishes
  stalled,    ///< nothing passes and nothing is read: back-pressure
  no_answer,  ///< accepted, but no byte is ever sent
  dark,       ///< attempts to connect get no answer to their SYN
  resumed,    ///< refused, silence, stalled or dark is over
  lossy,      ///< packets are lost on the link's connections, and sent again
  mended,     ///< lossy is over
  /// What `to` receives in the TLS handshake must make it fail.
  tls_failure
)
// clang-format on
struct LinkEffect {
  LinkEffectKind kind = LinkEffectKind::silence;
  std::optional<Side> to;  ///< none: both
  std::optional<std::int16_t> address;  ///< only that of the link, from 1; none: all
  /// Of silence: what the system sends is lost before the link could see it. Of refused: attempts leave no trace.
  bool unseen = false;
};
/// An attempt to connect where nobody listened, as far as the run may see it (net/attempt_watch.hpp).
struct AttemptRefused {
  std::optional<std::int16_t> address;  ///< of the link, from 1; none: it has only one
  /// Nanoseconds that had passed since it, where a busy machine read of it late.
  std::optional<std::int64_t> ago;
  /// When it was made; `at`: of its event.
  std::int64_t made(std::int64_t at) const { return at - ago.value_or(0); }
};
// clang-format off
BOOST_DEFINE_FIXED_ENUM_CLASS(AttemptChange, std::uint8_t,
  began,
  answered,  ///< TCP is established
  over      ///< it is no longer there: given up, or refused
)
// clang-format on
/// An attempt of the system under test to connect to a link that is dark, as far as the run may see it
/// (net/pending_attempts.hpp).
struct AttemptUnanswered {
  AttemptChange change = AttemptChange::began;
  Text peer;  ///< its own address
  std::optional<std::int16_t> address;  ///< of the link, from 1; none: it has only one
};
struct FaultFired {
  Text name;
  Text inject;
  Text done;  ///< "reset to client and server"
};
struct FaultHealed {
  Text name;
};
/// The fault did not fire: the draw of `probability` decided against it.
struct FaultSpared {
  Text name;
};

// --- processes; where.party names the process
BOOST_DEFINE_FIXED_ENUM_CLASS(ProcessChange, std::uint8_t, started, killed, stopping, frozen, thawed, exited,
                              reloaded)
struct ProcessChanged {
  ProcessChange change = ProcessChange::started;
  int pid = 0;
  int code = 0;    ///< of exited
  int signal = 0;  ///< of exited, killed
  bool main_only = false;  ///< a signal went to its main process alone: workers may serve on
};
struct OutputLine {
  Name stream;  ///< "stdout", "stderr"
  Text line;
};
/// What the system under test reported about its connection.
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

using What =
    std::variant<RunStarted, Ready, Mark, ScriptFailed, ScriptDone, ScriptAwaits, RunEnded, HarnessError,
                 Accepted, Dialled, DialFailed, TlsHandshake, StreamEnded, ConnectionOver, RequestSeen,
                 ResponseSeen, NotHttp, Opened, PlainRequest, FrameSeen, MessageSeen, Forwarded, ByteReached,
                 ViolationSeen, IdleReached, LinkEffect, FaultFired, FaultHealed, FaultSpared, ProcessChanged,
                 OutputLine, Report, UsageSample, Cut, AttemptRefused, BodySeen, AttemptUnanswered>;

struct Event {
  std::int64_t at = 0;  ///< nanoseconds since the log's start, monotonic
  Where where;
  What what;
};

/// A log. Events never move: a reference to one stays valid while more are added.
using Events = boost::container::deque<Event, void,
                                       boost::container::deque_options_t<boost::container::block_size<512U>>>;

static_assert(sizeof(Event) <= 80, "a log has four events for each message that passes: box what is larger");

/// "2 messages were compressed (permessage-deflate), and cannot be read".
std::string unreadable(std::size_t compressed_messages);

std::string_view to_string(Tap tap);
std::string_view to_string(EndKind how);
std::string_view to_string(EndReason reason);
std::string_view to_string(LinkEffectKind kind);
std::string_view to_string(ProcessChange change);
std::string_view to_string(CutKind kind);
std::string_view to_string(AttemptChange change);

}  // namespace wsfault::record
