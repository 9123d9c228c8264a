// Faults of a frame's header: bits and lengths that no endpoint may send.
#include "fault/frame_entries.hpp"

namespace wsfault::fault {
namespace {

ConnectionActions reserved_bits(const FaultSpec& spec, const Situation& situation) {
  const Side to = target(spec, situation);
  const wire::FrameSpec frame{.rsv = static_cast<std::uint8_t>(spec.integer("rsv")),
                              .opcode = opcode_text,
                              .payload = "reserved bits"};
  return {Inject{to, frame_from(wire::opposite(to), frame, situation.random)}};
}

ConnectionActions length_overflow(const FaultSpec& spec, const Situation& situation) {
  const Side to = target(spec, situation);
  const wire::FrameSpec frame{.opcode = opcode_binary,
                              .length_form = wire::LengthForm::bits64,
                              .declared_length = ~std::uint64_t{0},
                              .payload = "overflow"};
  return {Inject{to, frame_from(wire::opposite(to), frame, situation.random)}};
}

ConnectionActions non_minimal_length(const FaultSpec& spec, const Situation& situation) {
  const Side to = target(spec, situation);
  const bool longest = spec.integer("bits") == 64;
  const wire::FrameSpec frame{.opcode = opcode_text,
                              .length_form = longest ? wire::LengthForm::bits64 : wire::LengthForm::bits16,
                              .payload = "a length in too many bytes"};
  return {Inject{to, frame_from(wire::opposite(to), frame, situation.random)}};
}

}  // namespace

namespace entries {

Entry reserved_bits() {
  Entry entry = illegal_entry("reserved_bits",
                              "A text frame with reserved bits that no extension defines (RFC 6455 5.2).");
  entry.imitates = "A peer that uses an extension which was not agreed on.";
  entry.attributes = {
      {.name = "rsv",
       .type = AttributeType::integer,
       .fallback = "2",
       .low = 1,
       .high = 7,
       .doc = "which: RSV1 is 4 (the offer of permessage-deflate, which makes it legal, is taken "
              "away), RSV2 is 2, RSV3 is 1, or their sum"}};
  entry.reads_messages = true;
  entry.make = make_firing<fault::reserved_bits>;
  return entry;
}

Entry length_overflow() {
  Entry entry = illegal_entry("length_overflow",
                              "A frame whose 64-bit length has its most significant bit set (RFC 6455 5.2): "
                              "whatever follows is inside it.");
  entry.make = make_firing<fault::length_overflow>;
  return entry;
}

Entry non_minimal_length() {
  Entry entry = illegal_entry("non_minimal_length",
                              "A short text frame whose length is written in more bytes than it needs (RFC "
                              "6455 5.2).");
  entry.imitates = "A home-made encoder.";
  entry.attributes = {{.name = "bits",
                       .type = AttributeType::integer,
                       .fallback = "16",
                       .low = 16,
                       .high = 64,
                       .names = {"16", "64"},
                       .doc = "the form of the length"}};
  entry.make = make_firing<fault::non_minimal_length>;
  return entry;
}

}  // namespace entries
}  // namespace wsfault::fault
