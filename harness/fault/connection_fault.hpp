// The interface of a fault on a connection. It returns what is to happen; the engine does it and never asks
// which fault it was.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "fault/fault_spec.hpp"
#include "record/event.hpp"
#include "wire/frame.hpp"
#include "wire/handshake.hpp"
#include "wire/side.hpp"

namespace wsfault::fault {

using wire::Side;
using Clock = std::chrono::steady_clock;

// --- what is to happen to a connection, in order
/// Where bytes may be inserted into a direction without splitting a frame (or a message) of the peer.
enum class Boundary { now, frame, message };
struct Inject {
  Side to = Side::client;
  std::string bytes;
  Boundary boundary = Boundary::message;
};
/// The same, of any size: `next` makes it piece by piece, as the other side accepts it; an empty piece is the
/// end. What the direction's peer sends follows after it.
struct InjectStream {
  Side to = Side::client;
  std::string what;  ///< for the log: "a message of 1GiB"
  std::function<std::string()> next;
  Boundary boundary = Boundary::message;
};
/// FIN to that side once what was sent before is written; reading from it goes on.
struct SendFin {
  Side to = Side::client;
  bool truncates = false;  ///< inside TLS: without close_notify
};
/// RST to that side; with flush, what was sent before is acknowledged first.
struct SendReset {
  Side to = Side::client;
  bool flush = true;
};
/// From now on nothing from that side is forwarded, but it is still read and observed: the fault answers in
/// place of the other side.
struct Detach {
  Side from = Side::client;
  bool end_passes = false;  ///< except for its end of TCP
};
/// Everything from that side vanishes, including its end.
struct Swallow {
  Side from = Side::client;
  bool end_passes = false;  ///< except for its end of TCP
};
/// Nothing is read from that side: back-pressure.
struct Stall {
  Side from = Side::client;
};
/// Sends the units that were put aside on the way from that side, in this order, by their numbers. One that
/// has gone already is passed over.
struct Release {
  Side from = Side::client;
  std::vector<std::uint64_t> units;
};
/// Ends Swallow or Stall.
struct Resume {
  Side from = Side::client;
};
/// The link does not connect to its server side for this connection.
struct NoDial {};
/// The certificate that the link presents to its client; if it is not a good one, the client must refuse it.
enum class Shown { good, unknown_authority, expired, other_host };
struct ShowCertificate {
  Shown shown = Shown::unknown_authority;
};
/// How the link behaves in the TLS handshake with that side.
struct Misconduct {
  Side to = Side::client;
  bool hangs = true;  ///< false: it sends an alert and FIN
};
/// Waits for that side's Close frame, at most `limit`.
struct AwaitClose {
  Side from = Side::client;
  Duration limit{std::chrono::seconds(1)};
};
/// Waits until that side has sent this many bytes.
struct AwaitBytes {
  Side from = Side::client;
  std::uint64_t bytes = 0;
};
/// The next bytes from either side are answered with RST, and the connection ends.
struct ResetNext {};
/// Adds an entry to the log, for the oracle.
struct Tell {
  record::LinkEffect effect;
};

using ConnectionAction =
    std::variant<Inject, InjectStream, SendFin, SendReset, Detach, Swallow, Stall, Release, Resume, NoDial,
                 ShowCertificate, Misconduct, AwaitClose, AwaitBytes, ResetNext, Tell>;
using ConnectionActions = std::vector<ConnectionAction>;

/// A piece of one direction's stream, held back until every fault has handled it.
struct Unit {
  enum class Kind {
    head,     ///< a whole request or response head
    control,  ///< a whole control frame
    message,  ///< a whole message, all its fragments; only if a fault wants messages
    piece,    ///< any other bytes
    fin,      ///< the end of that direction: no bytes
  };
  Kind kind = Kind::piece;
  Side from = Side::server;
  std::string_view bytes;                      ///< as on the wire
  std::uint8_t opcode = 0;                     ///< of control and message
  std::uint64_t number = 0;                    ///< counts the units of its connection
  const wire::RequestHead* request = nullptr;  ///< of a request head; also of a response head: what was asked
  const wire::ResponseHead* response = nullptr;  ///< of a response head
};

/// What to do with a unit.
struct Treatment {
  enum class Kind {
    pass,
    drop,
    replace,
    delay,
    hold,   ///< until the next unit of that direction, then sent in one piece with it
    aside,  ///< what follows overtakes it, but for a Close and the end: it goes right before these
    pace,   ///< limited to this many bytes per second; what follows waits
    slice,  ///< written in pieces of these sizes, `delay` apart
  };
  Kind kind = Kind::pass;
  std::string bytes;       ///< of replace
  /// Of delay; order is kept. Of hold and aside: the maximum. Of slice: between two pieces.
  Duration delay{0};
  ConnectionActions then;  ///< afterwards
  std::int64_t rate = 0;   ///< of pace
  std::vector<std::size_t> sizes = {};  ///< of slice
  bool strikes = true;  ///< false: nothing has changed yet, and the fault does not fire with it
};

/// When bytes last passed on a connection, by kind; used by middlebox faults.
struct Activity {
  Clock::time_point accepted;
  Clock::time_point client;  ///< any byte from the client
  Clock::time_point server;
  Clock::time_point data;  ///< a data frame from either
};

/// What a fault knows when it fires.
struct Situation {
  std::mt19937_64& random;           ///< this connection's own random numbers
  const wire::RequestHead* request;  ///< null before the request
  Side sut = Side::client;           ///< the side of the link on which the system under test is
  bool open = false;                 ///< the 101 was forwarded
  Clock::time_point now = {};
};

/// One fault on one connection.
class ConnectionFault {
 public:
  virtual ~ConnectionFault() = default;
  /// Called at its moment; for a middlebox: when it ends the flow.
  virtual ConnectionActions fire(const Situation&) { return {}; }
  /// Called for each unit that its direction covers, from firing until healing.
  virtual Treatment treat(const Unit&, const Situation&) { return {}; }
  /// True: it receives data frames as whole messages.
  virtual bool wants_messages() const { return false; }
  virtual ConnectionActions heal() { return {}; }
  /// For middleboxes: when it ends the flow if nothing else happens; none: never.
  virtual std::optional<Clock::time_point> due(const Activity&, Clock::time_point /*armed*/) const {
    return {};
  }
};

/// The sides that a direction's effect reaches.
std::vector<Side> receivers(Direction direction);
/// The one side that a single-frame fault acts on: the system under test unless a direction is given.
Side target(const FaultSpec& spec, const Situation& situation);
/// True if what `from` sends is covered.
bool covers(Direction direction, Side from);
/// Ends TCP towards `to` as requested; does nothing for `none` and `follow`.
void append_end(ConnectionActions& actions, EndWish end, Side to);
/// Detaches both directions and ends both sides as requested.
ConnectionActions end_both(EndWish end);
/// The same with a Close frame for each receiver, and FIN to it after its own Close; before the 101 only FIN.
ConnectionActions close_both(Direction direction, std::string_view body, const Situation& situation);
/// A frame as that sender would write it: masked if it is the client.
std::string frame_from(Side sender, std::uint8_t opcode, std::string_view payload, std::mt19937_64& random);
/// The same for any frame, whatever else is wrong with it.
std::string frame_from(Side sender, wire::FrameSpec frame, std::mt19937_64& random);
/// One short sentence that describes the actions, for the log: "RST to client, RST to server".
std::string describe(const ConnectionActions& actions);
/// "dropped", "replaced, FIN to client" …
std::string describe(const Treatment& treatment);

}  // namespace wsfault::fault
