// Faults of a frame's header: bits and lengths that no endpoint may send.
#include "fault/frame_entries.hpp"

namespace wsfault::fault {
namespace {

struct ReservedBits {
  std::uint8_t rsv;
};
struct NonMinimalLength {
  std::uint8_t bits;
};

ConnectionActions reserved_bits(const FaultSpec& spec, const ReservedBits& own, const Situation& situation) {
  const Side to = target(spec, situation);
  const wire::FrameSpec frame{.rsv = own.rsv, .opcode = opcode_text, .payload = "reserved bits"};
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

ConnectionActions non_minimal_length(const FaultSpec& spec, const NonMinimalLength& own,
                                     const Situation& situation) {
  const Side to = target(spec, situation);
  const bool longest = own.bits == 64;
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
  entry.reads_messages = true;
  return firing_entry(
      std::move(entry), fault::reserved_bits,
      {{&ReservedBits::rsv,
        {.name = "rsv",
         .fallback = "2",
         .low = 1,
         .high = 7,
         .doc = "which: RSV1 is 4 (the offer of permessage-deflate, which makes it legal, is taken away), "
                "RSV2 is 2, RSV3 is 1, or their sum"}}});
}

Entry length_overflow() {
  return firing_entry(illegal_entry("length_overflow",
                                    "A frame whose 64-bit length has its most significant bit set (RFC 6455 "
                                    "5.2): whatever follows is inside it."),
                      fault::length_overflow);
}

Entry non_minimal_length() {
  Entry entry = illegal_entry("non_minimal_length",
                              "A short text frame whose length is written in more bytes than it needs (RFC "
                              "6455 5.2).");
  entry.imitates = "A home-made encoder.";
  return firing_entry(std::move(entry), fault::non_minimal_length,
                      {{&NonMinimalLength::bits,
                        {.name = "bits",
                         .fallback = "16",
                         .low = 16,
                         .high = 64,
                         .names = {"16", "64"},
                         .doc = "the form of the length"}}});
}

}  // namespace entries
}  // namespace wsfault::fault
