// Faults of the closing handshake: any Close, legal or not, and what is wrong around it.
#include "fault/frame_entries.hpp"

namespace wsfault::fault {
namespace {

struct Close {
  std::optional<std::uint16_t> code;
  std::string reason;
  std::optional<std::string> raw;

  std::string body() const {
    if (raw) return *raw;
    return code ? wire::close_payload(*code, reason) : std::string();
  }
};
struct TwoCloses : Close {
  std::uint16_t second_code;
};

BOOST_DEFINE_ENUM_CLASS(CloseFlaw, one_byte, bad_utf8)
struct BadClosePayload {
  CloseFlaw flaw;
};

/// The link replaces the peer and sends a Close to `to`; the other side of the link gets FIN.
ConnectionActions send_close(Side to, const std::string& body, const Situation& situation) {
  return {Inject{to, frame_from(wire::opposite(to), opcode_close, body, situation.random), Boundary::frame},
          Detach{Side::client}, Detach{Side::server}, SendFin{wire::opposite(to)}};
}

/// A Close, then `end`: a FIN comes after the peer's Close.
ConnectionActions send_close_and_end(const FaultSpec& spec, const std::string& body,
                                     const Situation& situation) {
  const Side to = target(spec, situation);
  ConnectionActions actions = send_close(to, body, situation);
  if (spec.end == EndWish::fin) actions.push_back(AwaitClose{to});
  append_end(actions, spec.end, to);
  return actions;
}

ConnectionActions close(const FaultSpec& spec, const Close& own, const Situation& situation) {
  return send_close_and_end(spec, own.body(), situation);
}

ConnectionActions bad_close_payload(const FaultSpec& spec, const BadClosePayload& own,
                                    const Situation& situation) {
  const bool half_a_code = own.flaw == CloseFlaw::one_byte;
  return send_close_and_end(spec, half_a_code ? "\x03" : wire::close_payload(1000, "caf\xC3"), situation);
}

/// A Close, then a frame that may not follow it; FIN after the peer's Close.
ConnectionActions send_after_close(const FaultSpec& spec, const Close& own, std::uint8_t opcode,
                                   std::string_view payload, const Situation& situation) {
  const Side to = target(spec, situation);
  ConnectionActions actions = send_close(to, own.body(), situation);
  actions.push_back(
      Inject{to, frame_from(wire::opposite(to), opcode, payload, situation.random), Boundary::now});
  actions.push_back(AwaitClose{to});
  actions.push_back(SendFin{to});
  return actions;
}

ConnectionActions two_closes(const FaultSpec& spec, const TwoCloses& own, const Situation& situation) {
  return send_after_close(spec, own, opcode_close, wire::close_payload(own.second_code), situation);
}

ConnectionActions data_after_close(const FaultSpec& spec, const Close& own, const Situation& situation) {
  return send_after_close(spec, own, opcode_text, "after the Close", situation);
}

/// With `follow` it is the peer's own TCP that goes on, and either end of it reaches the other side.
ConnectionActions close_then_hang(const FaultSpec& spec, const Close& own, const Situation& situation) {
  const Side to = target(spec, situation);
  ConnectionActions actions = send_close(to, own.body(), situation);
  if (spec.end != EndWish::follow) return actions;
  return {std::move(actions.front()), Detach{.from = Side::client, .end_passes = true},
          Detach{.from = Side::server, .end_passes = true}};
}

/// The peer's answer to a Close never arrives, nor anything after it; with `follow` its end of TCP does.
class NoCloseReply : public FaultWith<> {
 public:
  using FaultWith::FaultWith;
  Treatment treat(const Unit& unit, const Situation&) override {
    const bool is_close = unit.kind == Unit::Kind::control && unit.opcode == opcode_close;
    if (!is_close || !covers(spec_.direction, unit.from)) return {};
    return {.kind = Treatment::Kind::drop, .then = {Swallow{unit.from, spec_.end == EndWish::follow}}};
  }
};

template <typename Own>
Rows<Own> close_rows(std::string_view code) {
  return {{&Own::code,
           {.name = "code",
            .fallback = code,
            .optional = true,
            .low = 0,
            .high = 65535,
            .doc = "the close code, legal or not; without it the Close has no body"}},
          {&Own::reason, {.name = "reason", .optional = true, .doc = "the close reason"}},
          {&Own::raw,
           {.name = "raw",
            .optional = true,
            .doc = "the Close frame's whole body instead: text, or { hex = \"…\" }"}}};
}

Entry close_entry(std::string_view name, std::string_view does, std::string_view imitates) {
  return {.name = name, .layer = "websocket", .does = does, .imitates = imitates, .direction = "to-sut"};
}

}  // namespace

namespace entries {

Entry close() {
  Entry entry =
      close_entry("close",
                  "A Close frame with any code, reason and length; waits for the peer's Close (1 s at "
                  "most), then `end`.",
                  "A server that ends the connection, for whatever reason.");
  entry.ends = {"fin", "reset", "none"};
  return firing_entry(std::move(entry), fault::close, close_rows<Close>(""));
}

Entry no_close_reply() {
  Entry entry = close_entry("no_close_reply",
                            "The peer's answer to a Close never arrives, nor anything after it; with `end = "
                            "\"follow\"` only the end of its TCP does.",
                            "A server that is too busy, or gone, as its client says goodbye.");
  entry.ends = {"none", "follow"};
  entry.awaits = "the answer to a Close";
  return class_entry<NoCloseReply>(std::move(entry));
}

Entry close_then_hang() {
  Entry entry =
      close_entry("close_then_hang",
                  "A Close frame, and TCP never ends; with `end = \"follow\"` it ends when one of the "
                  "two peers ends it.",
                  "A server that says goodbye and forgets its socket.");
  entry.ends = {"none", "follow"};
  return firing_entry(std::move(entry), fault::close_then_hang, close_rows<Close>("1000"));
}

Entry data_after_close() {
  Entry entry =
      close_entry("data_after_close", "A text frame after the Close frame (RFC 6455 5.5.1 forbids it).",
                  "A server whose sender does not know that the connection is closing.");
  return firing_entry(std::move(entry), fault::data_after_close, close_rows<Close>("1000"));
}

Entry two_closes() {
  Entry entry = close_entry("two_closes",
                            "A second Close frame after the first (RFC 6455 5.5.1 forbids it); waits for the "
                            "peer's Close (1 s at most), then FIN.",
                            "A server in which the application and a time limit both end the connection.");
  Rows<TwoCloses> rows = close_rows<TwoCloses>("1000");
  rows.push_back({&TwoCloses::second_code,
                  {.name = "second_code",
                   .fallback = "1011",
                   .low = 0,
                   .high = 65535,
                   .doc = "the close code of the second one"}});
  return firing_entry(std::move(entry), fault::two_closes, rows);
}

Entry bad_close_payload() {
  Entry entry = close_entry(
      "bad_close_payload",
      "A Close frame with a body that none may have (RFC 6455 5.5.1); waits for the peer's Close (1 s at "
      "most), then `end`.",
      "A server that cuts its reason in the middle of a character, a home-made encoder.");
  entry.ends = {"fin", "reset", "none"};
  return firing_entry(
      std::move(entry), fault::bad_close_payload,
      {{&BadClosePayload::flaw,
        {.name = "flaw", .fallback = "one-byte", .doc = "half a code, or a reason that is not UTF-8"}}});
}

}  // namespace entries
}  // namespace wsfault::fault
