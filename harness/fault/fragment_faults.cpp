// Faults of fragmentation: fragmented control frames, fragments that do not form a message.
#include "fault/frame_entries.hpp"

namespace wsfault::fault {
namespace {

struct OversizedControl {
  std::size_t size;
};

ConnectionActions oversized_control(const FaultSpec& spec, const OversizedControl& own,
                                    const Situation& situation) {
  const Side to = target(spec, situation);
  const std::string payload(own.size, 'x');
  return {
      Inject{to, frame_from(wire::opposite(to), opcode_ping, payload, situation.random), Boundary::frame}};
}

ConnectionActions fragmented_control(const FaultSpec& spec, const Situation& situation) {
  const Side to = target(spec, situation);
  const wire::FrameSpec frame{.fin = false, .opcode = opcode_ping, .payload = "in fragments"};
  return {Inject{to, frame_from(wire::opposite(to), frame, situation.random), Boundary::frame}};
}

ConnectionActions orphan_continuation(const FaultSpec& spec, const Situation& situation) {
  const Side to = target(spec, situation);
  return {Inject{to, frame_from(wire::opposite(to), opcode_continuation, "orphan", situation.random)}};
}

ConnectionActions interleaved_message(const FaultSpec& spec, const Situation& situation) {
  const Side to = target(spec, situation);
  const wire::FrameSpec unfinished{.fin = false, .opcode = opcode_text, .payload = "unfinished"};
  // The second message is complete, so that what follows is valid again.
  return {Inject{to, frame_from(wire::opposite(to), unfinished, situation.random) +
                         frame_from(wire::opposite(to), opcode_text, "another", situation.random)}};
}

}  // namespace

namespace entries {

Entry oversized_control() {
  return firing_entry(
      illegal_entry("oversized_control", "A ping with more than 125 bytes of payload (RFC 6455 5.5)."),
      fault::oversized_control,
      {{&OversizedControl::size,
        {.name = "size", .fallback = "126B", .low = 126, .high = 64 * 1024, .doc = "of the payload"}}});
}

Entry fragmented_control() {
  return firing_entry(
      illegal_entry("fragmented_control", "A ping that is only a first fragment (RFC 6455 5.5)."),
      fault::fragmented_control);
}

Entry orphan_continuation() {
  Entry entry = illegal_entry("orphan_continuation",
                              "A continuation frame with no message to continue (RFC 6455 5.4).");
  entry.imitates = "A server whose threads write to one socket, a proxy that lost a frame.";
  return firing_entry(std::move(entry), fault::orphan_continuation);
}

Entry interleaved_message() {
  Entry entry = illegal_entry("interleaved_message",
                              "A whole message after the first fragment of another one (RFC 6455 5.4).");
  entry.imitates = "A server whose threads write to one socket.";
  return firing_entry(std::move(entry), fault::interleaved_message);
}

}  // namespace entries
}  // namespace wsfault::fault
