// Faults of the closing handshake: any Close, legal or not, and what is wrong around it.
#include "fault/frame_entries.hpp"

namespace wsfault::fault {
namespace {

std::string close_body(const FaultSpec& spec) {
  if (spec.has("raw")) return spec.text("raw");
  if (!spec.has("code")) return {};
  const std::string reason = spec.has("reason") ? spec.text("reason") : "";
  return wire::close_payload(static_cast<std::uint16_t>(spec.integer("code")), reason);
}

/// The link replaces the peer and sends a Close to `to`; the other side of the link gets FIN.
ConnectionActions send_close(Side to, const std::string& body, const Situation& situation) {
  return {Inject{to, frame_from(wire::opposite(to), opcode_close, body, situation.random), Boundary::frame},
          Detach{Side::client}, Detach{Side::server}, SendFin{wire::opposite(to)}};
}

ConnectionActions close(const FaultSpec& spec, const Situation& situation) {
  const Side to = target(spec, situation);
  ConnectionActions actions = send_close(to, close_body(spec), situation);
  if (spec.end == EndWish::fin) actions.push_back(AwaitClose{to});
  append_end(actions, spec.end, to);
  return actions;
}

ConnectionActions bad_close_payload(const FaultSpec& spec, const Situation& situation) {
  const Side to = target(spec, situation);
  const bool half_a_code = spec.text("flaw") == "one-byte";
  const std::string body = half_a_code ? "\x03" : wire::close_payload(1000, "caf\xC3");
  ConnectionActions actions = send_close(to, body, situation);
  if (spec.end == EndWish::fin) actions.push_back(AwaitClose{to});
  append_end(actions, spec.end, to);
  return actions;
}

ConnectionActions two_closes(const FaultSpec& spec, const Situation& situation) {
  const Side to = target(spec, situation);
  ConnectionActions actions = send_close(to, close_body(spec), situation);
  const std::string second = wire::close_payload(static_cast<std::uint16_t>(spec.integer("second_code")));
  actions.push_back(
      Inject{to, frame_from(wire::opposite(to), opcode_close, second, situation.random), Boundary::now});
  actions.push_back(AwaitClose{to});
  actions.push_back(SendFin{to});
  return actions;
}

ConnectionActions close_then_hang(const FaultSpec& spec, const Situation& situation) {
  return send_close(target(spec, situation), close_body(spec), situation);
}

ConnectionActions data_after_close(const FaultSpec& spec, const Situation& situation) {
  const Side to = target(spec, situation);
  ConnectionActions actions = send_close(to, close_body(spec), situation);
  actions.push_back(Inject{
      to, frame_from(wire::opposite(to), opcode_text, "after the Close", situation.random), Boundary::now});
  actions.push_back(AwaitClose{to});
  actions.push_back(SendFin{to});
  return actions;
}

/// The peer's answer to a Close never arrives, nor anything after it.
class NoCloseReply : public ConnectionFault {
 public:
  explicit NoCloseReply(FaultSpec spec) : spec_(std::move(spec)) {}
  Treatment treat(const Unit& unit, const Situation&) override {
    if (!covers(spec_.direction, unit.from) || unit.kind != Unit::Kind::control ||
        unit.opcode != opcode_close)
      return {};
    return {.kind = Treatment::Kind::drop, .bytes = {}, .delay = {}, .then = {Swallow{unit.from}}};
  }

 private:
  FaultSpec spec_;
};

std::vector<Attribute> close_attributes(std::string_view code_fallback) {
  return {{.name = "code",
           .type = AttributeType::integer,
           .fallback = code_fallback,
           .optional = true,
           .low = 0,
           .high = 65535,
           .doc = "the close code, legal or not; without it the Close has no body"},
          {.name = "reason", .type = AttributeType::text, .optional = true, .doc = "the close reason"},
          {.name = "raw",
           .type = AttributeType::text,
           .optional = true,
           .doc = "the Close frame's whole body instead: text, or { hex = \"…\" }"}};
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
  entry.attributes = close_attributes("");
  entry.ends = {"fin", "reset", "none"};
  entry.illegal = true;
  entry.make = make_firing<fault::close>;
  return entry;
}

Entry no_close_reply() {
  Entry entry =
      close_entry("no_close_reply", "The peer's answer to a Close never arrives, nor anything behind it.",
                  "A server that is too busy, or gone, as its client says goodbye.");
  entry.make = make_treating<NoCloseReply>;
  return entry;
}

Entry close_then_hang() {
  Entry entry = close_entry("close_then_hang", "A Close frame, and TCP never ends.",
                            "A server that says goodbye and forgets its socket.");
  entry.attributes = close_attributes("1000");
  entry.illegal = true;
  entry.make = make_firing<fault::close_then_hang>;
  return entry;
}

Entry data_after_close() {
  Entry entry =
      close_entry("data_after_close", "A text frame behind the Close frame (RFC 6455 5.5.1 forbids it).",
                  "A server whose sender does not know that the connection is closing.");
  entry.attributes = close_attributes("1000");
  entry.illegal = true;
  entry.make = make_firing<fault::data_after_close>;
  return entry;
}

Entry two_closes() {
  Entry entry =
      close_entry("two_closes",
                  "A second Close frame behind the first (RFC 6455 5.5.1 forbids it); waits for the "
                  "peer's Close (1 s at most), then FIN.",
                  "A server in which the application and a time limit both end the connection.");
  entry.attributes = close_attributes("1000");
  entry.attributes.push_back({.name = "second_code",
                              .type = AttributeType::integer,
                              .fallback = "1011",
                              .low = 0,
                              .high = 65535,
                              .doc = "the close code of the second one"});
  entry.illegal = true;
  entry.make = make_firing<fault::two_closes>;
  return entry;
}

Entry bad_close_payload() {
  Entry entry = close_entry(
      "bad_close_payload",
      "A Close frame with a body that none may have (RFC 6455 5.5.1); waits for the peer's Close (1 s at "
      "most), then `end`.",
      "A server that cuts its reason in the middle of a character, a home-made encoder.");
  entry.attributes = {{.name = "flaw",
                       .type = AttributeType::one_of,
                       .fallback = "one-byte",
                       .names = {"one-byte", "bad-utf8"},
                       .doc = "half a code, or a reason that is not UTF-8"}};
  entry.ends = {"fin", "reset", "none"};
  entry.illegal = true;
  entry.make = make_firing<fault::bad_close_payload>;
  return entry;
}

}  // namespace entries
}  // namespace wsfault::fault
