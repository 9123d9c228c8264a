// The table of violations: the name in logs, the section and one sentence for each.
#include <algorithm>

#include "wire/observer.hpp"

namespace wsfault::wire {
namespace {

using enum Violation;

struct Row {
  Violation violation;
  ViolationInfo info;
};

constexpr auto violations = std::to_array<Row>({
    {reserved_bits,
     {"reserved-bits", "RFC 6455 5.2", "An RSV bit is set that no negotiated extension defines."}},
    {reserved_opcode, {"reserved-opcode", "RFC 6455 5.2", "The opcode is one of the reserved ones."}},
    {unmasked_client_frame,
     {"unmasked-client-frame", "RFC 6455 5.1", "A client sent a frame without a mask."}},
    {masked_server_frame, {"masked-server-frame", "RFC 6455 5.1", "A server sent a masked frame."}},
    {non_minimal_length,
     {"non-minimal-length", "RFC 6455 5.2", "The payload length is written in more bytes than it needs."}},
    {length_overflow,
     {"length-overflow", "RFC 6455 5.2", "The most significant bit of a 64-bit payload length is set."}},
    {oversized_control,
     {"oversized-control", "RFC 6455 5.5", "A control frame has more than 125 bytes of payload."}},
    {fragmented_control, {"fragmented-control", "RFC 6455 5.5", "A control frame is fragmented."}},
    {orphan_continuation,
     {"orphan-continuation", "RFC 6455 5.4", "A continuation frame has no message to continue."}},
    {interleaved_message,
     {"interleaved-message", "RFC 6455 5.4", "A new message begins before the fragmented one has ended."}},
    {bad_utf8, {"bad-utf8", "RFC 6455 8.1", "A text message is not UTF-8."}},
    {close_body_one_byte,
     {"close-body-one-byte", "RFC 6455 5.5.1", "A Close frame has a body too short for a code."}},
    {close_code_reserved,
     {"close-code-reserved", "RFC 6455 7.4.1", "A Close frame carries 1005, 1006 or 1015."}},
    {close_code_invalid,
     {"close-code-invalid", "RFC 6455 7.4", "A Close frame carries a code that nobody may send."}},
    {close_reason_bad_utf8,
     {"close-reason-bad-utf8", "RFC 6455 5.5.1", "The reason of a Close frame is not UTF-8."}},
    {data_after_close, {"data-after-close", "RFC 6455 5.5.1", "A data frame was sent after one's own Close."}},
    {second_close, {"second-close", "RFC 6455 5.5.1", "A second Close frame was sent."}},
    {truncated_frame, {"truncated-frame", "RFC 6455 5.2", "The stream ended inside a frame."}},
});

constexpr bool in_order_of_the_enum() {
  for (std::size_t i = 0; i < violations.size(); ++i) {
    if (static_cast<std::size_t>(violations[i].violation) != i) return false;
  }
  return true;
}
static_assert(violations.size() == violation_count && in_order_of_the_enum());

}  // namespace

const ViolationInfo& describe(Violation violation) { return violations[static_cast<std::size_t>(violation)].info; }

std::optional<Violation> find_violation(std::string_view name) {
  const auto row = std::ranges::find(violations, name, [](const Row& each) { return each.info.name; });
  if (row == violations.end()) return std::nullopt;
  return row->violation;
}

}  // namespace wsfault::wire
