// The budgets of a log.
#include "record/keeping.hpp"

#include <algorithm>
#include <utility>

namespace wsfault::record {
namespace {

constexpr std::uint8_t close_opcode = 8;
constexpr std::uint8_t ping_opcode = 9;
constexpr std::uint8_t pong_opcode = 10;

std::size_t index(Tap tap) { return tap == Tap::sent ? 0 : 1; }

}  // namespace

std::size_t Keeping::KeyHash::operator()(const Key& key) const {
  const std::uint64_t place = (std::uint64_t{key.link.id()} << 32) | key.party.id();
  return std::hash<std::uint64_t>()(place * 0x9E3779B97F4A7C15ULL ^
                                    static_cast<std::uint32_t>(key.connection));
}

Keeping::~Keeping() {
  if (budget_.room) budget_.room->used -= kept_;
}

bool Keeping::full() const {
  const bool run_is_full = budget_.room && budget_.room->used >= budget_.room->events;
  return kept_ >= (run_is_full ? std::min(budget_.assured, budget_.events) : budget_.events);
}

std::optional<Event> Keeping::take(const Event& event, bool wanted) {
  if (!has_room(event)) {
    if (!wanted || wanted_ == budget_.wanted) return std::nullopt;
    ++wanted_;
  }
  ++kept_;
  if (budget_.room) ++budget_.room->used;
  Event kept = event;
  bool is_new = false;
  if (auto* message = std::get_if<MessageSeen>(&kept.what)) keep_payload(message->payload);
  if (auto* body = std::get_if<BodySeen>(&kept.what)) keep_payload(body->text);
  if (auto* report = std::get_if<Report>(&kept.what)) keep_payload(report->text);
  if (auto* frame = std::get_if<FrameSeen>(&kept.what)) frame->text = shared(frame->text, is_new);
  return kept;
}

std::vector<CutKind> Keeping::newly_cut() { return std::exchange(newly_cut_, {}); }

bool Keeping::has_room(const Event& event) {
  if (const auto* output = std::get_if<OutputLine>(&event.what)) return has_room_for(*output);
  if (const auto* report = std::get_if<Report>(&event.what)) return has_room_for(*report);
  if (event.where.connection == 0) return true;
  const Key key{event.where.link, event.where.party, event.where.connection};
  if (std::holds_alternative<Accepted>(event.what)) {
    connections_[key] = {};  // a number may be reused
    return true;
  }
  if (const auto* frame = std::get_if<FrameSeen>(&event.what)) return has_room_for(*frame, connections_[key]);
  if (const auto* message = std::get_if<MessageSeen>(&event.what))
    return has_room_for(*message, connections_[key]);
  if (const auto* violation = std::get_if<ViolationSeen>(&event.what))
    return has_room_for(*violation, connections_[key]);
  if (const auto* response = std::get_if<ResponseSeen>(&event.what))
    return has_room_for(*response, connections_[key]);
  if (std::holds_alternative<Forwarded>(event.what)) return !full() || leave_out(CutKind::messages);
  return true;
}

bool Keeping::has_room_for(const FrameSeen& frame, Connection& connection) {
  if (frame.opcode == ping_opcode) return has_room_for_ping(frame, connection);
  if (frame.opcode == pong_opcode) return has_room_for_pong(frame, connection);
  Direction& direction = connection.from(frame.from);
  const std::size_t tap = index(frame.tap);
  if (frame.opcode == close_opcode) return take_repeated(direction.closes[tap], CutKind::closes);
  const bool completes = frame.tap == Tap::arrived && direction.frames[1] < direction.frames[0];
  if (full() && !completes) return leave_out(CutKind::messages);
  ++direction.frames[tap];
  direction.last_message[tap] = frame.of_kind;
  return true;
}

bool Keeping::has_room_for_ping(const FrameSeen& frame, Connection& connection) {
  auto& pings = connection.from(frame.from).pings;
  const bool completes = frame.tap == Tap::arrived && pings[1] < pings[0];
  if (full_of_pings() && !completes) return leave_out(CutKind::pings);
  ++pings_;
  ++pings[index(frame.tap)];
  return true;
}

bool Keeping::has_room_for_pong(const FrameSeen& frame, Connection& connection) {
  const std::size_t asked = connection.from(wire::opposite(frame.from)).pings[0];
  std::size_t& answered = connection.from(frame.from).pongs[index(frame.tap)];
  if (full_of_pings() && answered >= asked) return leave_out(CutKind::pings);
  ++pings_;
  ++answered;
  return true;
}

bool Keeping::has_room_for(const MessageSeen& message, Connection& connection) {
  const std::uint64_t last = connection.from(message.from).last_message[index(message.tap)];
  return !full() || message.number <= last || leave_out(CutKind::messages);
}

bool Keeping::has_room_for(const ViolationSeen& violation, Connection& connection) {
  return take_repeated(connection.from(violation.from).violations[index(violation.tap)], CutKind::violations);
}

bool Keeping::has_room_for(const ResponseSeen& response, Connection& connection) {
  if (!wire::is_interim(response.head->status)) return true;
  return take_repeated(connection.from(Side::server).interim[index(response.tap)], CutKind::answers);
}

bool Keeping::has_room_for(const OutputLine& output) {
  const std::size_t cost = output.line.size() + cost_of_line;
  if (output_ + cost > budget_.output) {
    output_ = budget_.output;  // a shorter line later would make the log look complete
    return leave_out(CutKind::output);
  }
  output_ += cost;
  return true;
}

bool Keeping::has_room_for(const Report& report) {
  const bool repeats = report.event == "message" && full();
  if (repeats || reports_ >= budget_.reports) return leave_out(CutKind::reports);
  ++reports_;
  return true;
}

bool Keeping::take_repeated(std::size_t& taken, CutKind kind) {
  if (taken >= budget_.repeated) return leave_out(kind);
  ++taken;
  return true;
}

bool Keeping::leave_out(CutKind kind) {
  const std::uint32_t bit = std::uint32_t{1} << static_cast<unsigned>(kind);
  if ((cut_ & bit) == 0) newly_cut_.push_back(kind);
  cut_ |= bit;
  return false;
}

void Keeping::keep_payload(Text& payload) {
  bool is_new = false;
  payload = shared(payload, is_new);
  if (!is_new || payload.size() <= payload_left) return;
  if (payload_ + payload.size() > budget_.payload) {
    payload = Text(payload.view().substr(0, payload_left));
    leave_out(CutKind::payloads);
    return;
  }
  payload_ += payload.size();
}

Text Keeping::shared(const Text& text, bool& is_new) {
  if (text.empty()) return text;
  Text& slot = pool_[std::hash<std::string_view>()(text.view()) % pool_size];
  is_new = slot != text;
  if (is_new) slot = text;
  return slot;
}

}  // namespace wsfault::record
