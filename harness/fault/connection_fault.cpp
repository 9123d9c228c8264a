// Building blocks of actions that several faults share.
#include "fault/connection_fault.hpp"

#include <fmt/format.h>

#include "value/words.hpp"

namespace wsfault::fault {

std::vector<Side> receivers(Direction direction) {
  switch (direction) {
    case Direction::to_client:
      return {Side::client};
    case Direction::to_server:
      return {Side::server};
    case Direction::both:
      return {Side::client, Side::server};
  }
  return {};
}

Side target(const FaultSpec& spec, const Situation& situation) {
  return spec.direction == Direction::both ? situation.sut : receivers(spec.direction).front();
}

bool covers(Direction direction, Side from) {
  return direction == Direction::both || (direction == Direction::to_client) == (from == Side::server);
}

void append_end(ConnectionActions& actions, EndWish end, Side to) {
  switch (end) {
    case EndWish::fin:
      actions.push_back(SendFin{to});
      break;
    case EndWish::reset:
      actions.push_back(SendReset{to});
      break;
    case EndWish::reset_next:
      actions.push_back(ResetNext{});
      break;
    case EndWish::none:
    case EndWish::follow:
    case EndWish::close:
      break;
  }
}

ConnectionActions end_both(EndWish end) {
  ConnectionActions actions{Detach{Side::client}, Detach{Side::server}};
  append_end(actions, end, Side::client);
  append_end(actions, end, Side::server);
  return actions;
}

ConnectionActions close_both(Direction direction, std::string_view body, const Situation& situation) {
  if (!situation.open) return end_both(EndWish::fin);
  const auto opcode = static_cast<std::uint8_t>(wire::Opcode::close);
  ConnectionActions actions;
  for (const Side to : receivers(direction)) {
    actions.push_back(
        Inject{to, frame_from(wire::opposite(to), opcode, body, situation.random), Boundary::frame});
  }
  actions.insert(actions.end(), {Detach{Side::client}, Detach{Side::server}});
  if (direction != Direction::both) actions.push_back(SendFin{wire::opposite(receivers(direction).front())});
  for (const Side to : receivers(direction)) {
    actions.push_back(AwaitClose{to});
    actions.push_back(SendFin{to});
  }
  return actions;
}

std::string frame_from(Side sender, std::uint8_t opcode, std::string_view payload, std::mt19937_64& random) {
  return frame_from(sender, wire::FrameSpec{.opcode = opcode, .payload = payload}, random);
}

std::string frame_from(Side sender, wire::FrameSpec frame, std::mt19937_64& random) {
  if (sender == Side::client) {
    const std::uint64_t draw = random();
    frame.masking_key =
        wire::MaskingKey{static_cast<std::uint8_t>(draw), static_cast<std::uint8_t>(draw >> 8),
                         static_cast<std::uint8_t>(draw >> 16), static_cast<std::uint8_t>(draw >> 24)};
  }
  return wire::encode_frame(frame);
}

namespace {

struct DescribeConnectionAction {
  std::string operator()(const Inject& a) const {
    return fmt::format("{} injected to {}", counted(a.bytes.size(), "byte"), to_string(a.to));
  }
  std::string operator()(const InjectStream& a) const {
    return fmt::format("{} injected to {}", a.what, to_string(a.to));
  }
  std::string operator()(const SendFin& a) const {
    return fmt::format("FIN {}to {}", a.truncates ? "without close_notify " : "", to_string(a.to));
  }
  std::string operator()(const SendReset& a) const { return fmt::format("RST to {}", to_string(a.to)); }
  std::string operator()(const Detach&) const { return {}; }
  std::string operator()(const Swallow& a) const {
    return fmt::format("what {} sends vanishes", to_string(a.from));
  }
  std::string operator()(const Stall& a) const {
    return fmt::format("nothing is read from {}", to_string(a.from));
  }
  std::string operator()(const Release& a) const {
    return fmt::format("{} units go on in another order", a.units.size());
  }
  std::string operator()(const Resume&) const { return "resumed"; }
  std::string operator()(const NoDial&) const { return "not connected to the server"; }
  std::string operator()(const ShowCertificate& a) const {
    switch (a.shown) {
      case Shown::good:
        return {};
      case Shown::unknown_authority:
        return "a certificate of an unknown authority is shown";
      case Shown::expired:
        return "an expired certificate is shown";
      case Shown::other_host:
        return "a certificate for another host is shown";
    }
    return {};
  }
  std::string operator()(const Misconduct& a) const {
    return fmt::format("{} in the TLS handshake with {}", a.hangs ? "silence" : "alert and FIN",
                       to_string(a.to));
  }
  std::string operator()(const AwaitClose&) const { return {}; }
  std::string operator()(const AwaitBytes&) const { return {}; }
  std::string operator()(const ResetNext&) const { return "RST to the next packet"; }
  std::string operator()(const Tell&) const { return {}; }
};

}  // namespace

std::string describe(const ConnectionActions& actions) {
  std::string text;
  for (const ConnectionAction& action : actions) {
    const std::string part = std::visit(DescribeConnectionAction{}, action);
    if (part.empty()) continue;
    if (!text.empty()) text += ", ";
    text += part;
  }
  return text;
}

std::string describe(const Treatment& treatment) {
  std::string text;
  switch (treatment.kind) {
    case Treatment::Kind::pass:
      text = "passed";
      break;
    case Treatment::Kind::drop:
      text = "dropped";
      break;
    case Treatment::Kind::replace:
      text = "replaced by " + counted(treatment.bytes.size(), "byte");
      break;
    case Treatment::Kind::delay:
      text = fmt::format("delayed by {}", format_duration(treatment.delay));
      break;
    case Treatment::Kind::hold:
      text = fmt::format("held for what follows, at most {}", format_duration(treatment.delay));
      break;
    case Treatment::Kind::aside:
      if (treatment.delay > Duration(0))
        text = fmt::format("held for {}, and what follows overtakes it", format_duration(treatment.delay));
      break;
    case Treatment::Kind::pace:
      text =
          fmt::format("slowed to {} a second", counted(static_cast<std::uint64_t>(treatment.rate), "byte"));
      break;
    case Treatment::Kind::slice:
      text = fmt::format("cut into {} pieces", treatment.sizes.size());
      break;
  }
  const std::string then = describe(treatment.then);
  if (then.empty() || text.empty()) return text + then;
  return text + ", " + then;
}

}  // namespace wsfault::fault
