// How each moment is recognised in the log.
#include <algorithm>

#include "fault/moment_kinds.hpp"

namespace wsfault::fault {
namespace {

using Kind = Moment::Kind;
using record::Event;
using record::FrameSeen;
using record::Side;
using record::Tap;

constexpr std::uint8_t text_opcode = 1;
constexpr std::uint8_t binary_opcode = 2;
constexpr std::uint8_t close_opcode = 8;
constexpr std::uint8_t ping_opcode = 9;
constexpr std::uint8_t pong_opcode = 10;

bool comes_once(Kind kind) {
  switch (kind) {
    case Kind::message:
    case Kind::message_text:
    case Kind::message_size:
    case Kind::frame:
    case Kind::ping:
    case Kind::pong:
    case Kind::close:
    case Kind::byte:
    case Kind::end:
      return true;
    case Kind::start:
    case Kind::connect:
    case Kind::upgrade:
    case Kind::open:
    case Kind::http:
    case Kind::idle:
    case Kind::fault:
    case Kind::healed:
    case Kind::mark:
    case Kind::exit:
    case Kind::log:
      return false;
  }
  return false;
}

bool is_of_kind(const FrameSeen& frame, Kind kind) {
  switch (kind) {
    case Kind::frame:
      return true;
    case Kind::message:
      return frame.opcode == text_opcode || frame.opcode == binary_opcode;
    case Kind::ping:
      return frame.opcode == ping_opcode;
    case Kind::pong:
      return frame.opcode == pong_opcode;
    case Kind::close:
      return frame.opcode == close_opcode;
    default:
      return false;
  }
}

/// The forwarded item's ordinal among those of that kind; 0: it is not of that kind.
std::uint64_t forwarded_ordinal(const record::Forwarded& forwarded, Kind kind) {
  switch (kind) {
    case Kind::frame:
      return forwarded.frame;
    case Kind::message:
      return forwarded.message;
    case Kind::ping:
      return forwarded.ping;
    case Kind::pong:
      return forwarded.pong;
    case Kind::close:
      return forwarded.close ? 1 : 0;
    default:
      return 0;
  }
}

bool matches(const record::MessageSeen& message, const Moment& moment) {
  // The text and the length of a compressed message are not known.
  if (message.tap != Tap::sent || message.compressed) return false;
  if (moment.kind == Kind::message_size) return moment.size.holds(static_cast<std::int64_t>(message.size));
  return moment.kind == Kind::message_text && moment.pattern && moment.pattern->matches(message.payload);
}

/// Which side sent what the event reports; none if no side did.
std::optional<Side> sender(const Event& event) {
  return std::visit(
      [](const auto& what) -> std::optional<Side> {
        if constexpr (requires { what.from; }) return what.from;
        return std::nullopt;
      },
      event.what);
}

bool has_sender(Kind kind) { return comes_once(kind) && kind != Kind::end; }

/// The moments that depend only on the event itself.
struct Alone {
  const Moment& moment;
  bool operator()(const record::Ready&) const { return moment.kind == Kind::start; }
  bool operator()(const record::Accepted&) const { return moment.kind == Kind::connect; }
  bool operator()(const record::RequestSeen& request) const {
    return moment.kind == Kind::upgrade && request.tap == Tap::sent && request.upgrade;
  }
  bool operator()(const record::Opened&) const { return moment.kind == Kind::open; }
  bool operator()(const record::ByteReached& reached) const {
    return moment.kind == Kind::byte && reached.bytes == moment.number;
  }
  bool operator()(const record::PlainRequest& request) const {
    return moment.kind == Kind::http && moment.pattern && moment.pattern->matches(request.target);
  }
  bool operator()(const record::StreamEnded& end) const {
    return moment.kind == Kind::end && (!moment.from || (end.tap == Tap::sent && end.side == *moment.from));
  }
  bool operator()(const record::IdleReached& idle) const {
    return moment.kind == Kind::idle && idle.idle == moment.idle.count();
  }
  bool operator()(const record::FaultFired& fault) const {
    return moment.kind == Kind::fault && fault.name == moment.name;
  }
  bool operator()(const record::FaultHealed& fault) const {
    return moment.kind == Kind::healed && fault.name == moment.name;
  }
  bool operator()(const record::Mark& mark) const {
    return moment.kind == Kind::mark && mark.name == moment.name;
  }
  bool operator()(const record::ProcessChanged& process) const {
    return moment.kind == Kind::exit && process.change == record::ProcessChange::exited;
  }
  bool operator()(const record::OutputLine& output) const {
    return moment.kind == Kind::log && moment.pattern && moment.pattern->matches(output.line);
  }
  bool operator()(const auto&) const { return false; }
};

}  // namespace

bool is_of_connection(Kind kind) { return moment_kind(kind).scope != Scope::run; }
bool is_counted(const Moment& moment) {
  constexpr Kind counted[] = {Kind::message, Kind::frame, Kind::ping, Kind::pong, Kind::close};
  return !moment.done && std::ranges::find(counted, moment.kind) != std::end(counted);
}
bool is_on_wire(Kind kind) { return moment_kind(kind).scope == Scope::wire; }

bool MomentWatch::concerns(const Event& event) const {
  const record::Where& where = event.where;
  if (moment_.kind == Kind::exit || moment_.kind == Kind::log) {
    return where.party == moment_.of.value_or(moment_.at.value_or("sut"));
  }
  if (!is_of_connection(moment_.kind)) return true;
  if (moment_.at && where.link != *moment_.at && !(where.link.empty() && where.party == *moment_.at))
    return false;
  if (moment_.of && where.party != *moment_.of) return false;
  if (moment_.connection && where.connection != *moment_.connection) return false;
  return !moment_.from || !has_sender(moment_.kind) || sender(event) == moment_.from;
}

bool MomentWatch::is_due(Side from, std::uint64_t ordinal) {
  if (moment_.kind == Kind::close) return true;
  return (across_ ? ++counts_[from] : ordinal) == moment_.number;
}

bool MomentWatch::occurs_done(const Event& event, const record::Forwarded& forwarded) {
  if (moment_.kind == Kind::message_text || moment_.kind == Kind::message_size) {
    const auto key =
        std::pair(Connection(event.where.link, event.where.party, event.where.connection), forwarded.from);
    const auto found = matched_.find(key);
    return forwarded.message != 0 && found != matched_.end() && found->second.contains(forwarded.message);
  }
  const std::uint64_t ordinal = forwarded_ordinal(forwarded, moment_.kind);
  return ordinal != 0 && is_due(forwarded.from, ordinal);
}

bool MomentWatch::occurs(const Event& event) {
  if (const auto* message = std::get_if<record::MessageSeen>(&event.what)) {
    if (!matches(*message, moment_)) return false;
    if (!moment_.done) return true;
    const Connection connection(event.where.link, event.where.party, event.where.connection);
    matched_[{connection, message->from}].insert(message->number);
    return false;
  }
  if (const auto* forwarded = std::get_if<record::Forwarded>(&event.what)) {
    return moment_.done && occurs_done(event, *forwarded);
  }
  if (const auto* frame = std::get_if<FrameSeen>(&event.what)) {
    if (moment_.done || frame->tap != Tap::sent || !is_of_kind(*frame, moment_.kind)) return false;
    return is_due(frame->from, moment_.kind == Kind::frame ? frame->number : frame->of_kind);
  }
  return std::visit(Alone{moment_}, event.what);
}

bool MomentWatch::is_first(const Event& event) {
  if (across_) return came_on_.emplace().second;
  return came_on_.emplace(event.where.link, event.where.party, event.where.connection).second;
}

/// A connection with a plain HTTP head released its number: moments there do not count for the next one.
void MomentWatch::forget_predecessor(const Event& event) {
  if (across_ || !std::holds_alternative<record::Accepted>(event.what)) return;
  const Connection connection(event.where.link, event.where.party, event.where.connection);
  came_on_.erase(connection);
  matched_.erase({connection, Side::client});
  matched_.erase({connection, Side::server});
}

bool MomentWatch::feed(const Event& event) {
  forget_predecessor(event);
  if (!concerns(event) || !occurs(event)) return false;
  return !comes_once(moment_.kind) || is_first(event);
}

void MomentWatch::recall(const Event& event) {
  forget_predecessor(event);
  if (moment_.done && concerns(event)) occurs(event);
}

MomentSearch::MomentSearch(const Moment& moment, int connection)
    : watch_(moment), only_(moment.connection || !is_of_connection(moment.kind) ? 0 : connection) {}

bool MomentSearch::concerns(const Event& event) const {
  return only_ == 0 || event.where.connection == 0 || event.where.connection == only_;
}

bool MomentSearch::feed(const Event& event) { return concerns(event) && watch_.feed(event); }

void MomentSearch::recall(const Event& event) {
  if (concerns(event)) watch_.recall(event);
}

const Event* find_moment(const Moment& moment, const record::Events& events, int connection) {
  MomentSearch search(moment, connection);
  const auto found = std::ranges::find_if(events, [&](const Event& event) { return search.feed(event); });
  return found == events.end() ? nullptr : &*found;
}

}  // namespace wsfault::fault
