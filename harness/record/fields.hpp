// The name of each event in a log and the names of its members: one description for writing and for reading.
#pragma once

#include <array>
#include <concepts>
#include <string_view>
#include <type_traits>
#include <variant>

#include "record/event.hpp"

namespace wsfault::record {

/// In the order of the variant.
inline constexpr auto event_names = std::to_array<std::string_view>({
    "run_started",
    "ready",
    "mark",
    "script_failed",
    "script_done",
    "script_awaits",
    "run_ended",
    "harness_error",
    "accepted",
    "dialled",
    "dial_failed",
    "tls_handshake",
    "stream_ended",
    "connection_over",
    "request_seen",
    "response_seen",
    "not_http",
    "opened",
    "plain_request",
    "frame_seen",
    "message_seen",
    "forwarded",
    "byte_reached",
    "violation_seen",
    "idle_reached",
    "effect",
    "fault_fired",
    "fault_healed",
    "fault_spared",
    "process_changed",
    "output_line",
    "report",
    "usage_sample",
    "cut",
    "attempt_refused",
    "body_seen",
    "attempt_unanswered",
});
static_assert(event_names.size() == std::variant_size_v<What>);

/// A T to read into, or a const T to write.
template <typename Given, typename T>
concept Is = std::same_as<std::remove_const_t<Given>, T>;

// describe(fields, event) calls fields("name", event.member) for every member. fields.where_true() is for a
// boolean that is left out where it is false, as in logs older than the member.

template <typename Given>
requires std::is_empty_v<Given>
void describe(auto&, Given&) {}

void describe(auto& fields, Is<RunStarted> auto& event) { fields("resolved", *event.resolved); }

void describe(auto& fields, Is<Mark> auto& event) { fields("name", event.name); }

void describe(auto& fields, Is<ScriptFailed> auto& event) {
  fields("step", event.step);
  fields("detail", event.detail);
}

void describe(auto& fields, Is<ScriptAwaits> auto& event) { fields("step", event.step); }

void describe(auto& fields, Is<RunEnded> auto& event) {
  fields("reason", event.reason);
  fields("stalled", event.stalled);
}

void describe(auto& fields, Is<Cut> auto& event) { fields("what", event.what); }

void describe(auto& fields, Is<HarnessError> auto& event) { fields("message", event.message); }

void describe(auto& fields, Is<Accepted> auto& event) {
  fields("peer", event.peer);
  fields("waited", event.waited);
  fields("address", event.address);
}

void describe(auto& fields, Is<DialFailed> auto& event) { fields("error", event.error); }

void describe(auto& fields, Is<TlsHandshake> auto& event) {
  fields("side", event.side);
  fields("version", event.version);
  fields("error", event.error);
}

void describe(auto& fields, Is<StreamEnded> auto& event) {
  fields("tap", event.tap);
  fields("side", event.side);
  fields("how", event.how);
  fields("error", event.error);
  fields("unacknowledged", event.unacknowledged);
  fields("inside", event.inside);
  fields("truncated", event.truncated);
  fields.where_true("waits", event.waits);
}

void describe(auto& fields, Is<RequestSeen> auto& event) {
  fields("tap", event.tap);
  fields("method", event.head->method);
  fields("target", event.head->target);
  fields("version", event.head->version);
  fields("headers", event.head->headers);
  fields("upgrade", event.upgrade);
  fields("flaws", *event.flaws);
  fields("declined", event.declined);
}

void describe(auto& fields, Is<ResponseSeen> auto& event) {
  fields("tap", event.tap);
  fields("status", event.head->status);
  fields("reason", event.head->reason);
  fields("version", event.head->version);
  fields("headers", event.head->headers);
  fields("flaws", *event.flaws);
  fields("second", event.second);
}

void describe(auto& fields, Is<BodySeen> auto& event) {
  fields("tap", event.tap);
  fields("from", event.from);
  fields("size", event.size);
  fields("text", event.text);
  fields("whole", event.whole);
}

void describe(auto& fields, Is<NotHttp> auto& event) {
  fields("tap", event.tap);
  fields("from", event.from);
  fields("start", event.start);
}

void describe(auto& fields, Is<PlainRequest> auto& event) {
  fields("method", event.method);
  fields("target", event.target);
}

void describe(auto& fields, Is<FrameSeen> auto& event) {
  fields("tap", event.tap);
  fields("from", event.from);
  fields("number", event.number);
  fields("of_kind", event.of_kind);
  fields("fin", event.fin);
  fields("rsv", event.rsv);
  fields("opcode", event.opcode);
  fields("masked", event.masked);
  fields("length", event.length);
  fields("code", event.code);
  fields("text", event.text);
  fields("injected", event.injected);
  fields("of", event.of);
  fields.where_true("compressed", event.compressed);
}

void describe(auto& fields, Is<MessageSeen> auto& event) {
  fields("tap", event.tap);
  fields("from", event.from);
  fields("number", event.number);
  fields("opcode", event.opcode);
  fields("size", event.size);
  fields("payload", event.payload);
  fields.where_true("compressed", event.compressed);
}

void describe(auto& fields, Is<Forwarded> auto& event) {
  fields("from", event.from);
  fields("frame", event.frame);
  fields("message", event.message);
  fields("ping", event.ping);
  fields("pong", event.pong);
  fields("close", event.close);
}

void describe(auto& fields, Is<ByteReached> auto& event) {
  fields("from", event.from);
  fields("bytes", event.bytes);
}

void describe(auto& fields, Is<ViolationSeen> auto& event) {
  fields("tap", event.tap);
  fields("from", event.from);
  fields("frame", event.frame);
  fields("violation", event.violation);
  fields("section", event.section);
}

void describe(auto& fields, Is<IdleReached> auto& event) { fields("idle", event.idle); }

void describe(auto& fields, Is<LinkEffect> auto& event) {
  fields("kind", event.kind);
  fields("to", event.to);
  fields("address", event.address);
  fields.where_true("unseen", event.unseen);
}

void describe(auto& fields, Is<AttemptRefused> auto& event) {
  fields("address", event.address);
  fields("ago", event.ago);
}

void describe(auto& fields, Is<AttemptUnanswered> auto& event) {
  fields("change", event.change);
  fields("peer", event.peer);
  fields("address", event.address);
}

void describe(auto& fields, Is<FaultFired> auto& event) {
  fields("name", event.name);
  fields("inject", event.inject);
  fields("done", event.done);
}

void describe(auto& fields, Is<FaultHealed> auto& event) { fields("name", event.name); }

void describe(auto& fields, Is<FaultSpared> auto& event) { fields("name", event.name); }

void describe(auto& fields, Is<ProcessChanged> auto& event) {
  fields("change", event.change);
  fields("pid", event.pid);
  fields("code", event.code);
  fields("signal", event.signal);
  fields.where_true("main_only", event.main_only);
}

void describe(auto& fields, Is<OutputLine> auto& event) {
  fields("stream", event.stream);
  fields("line", event.line);
}

void describe(auto& fields, Is<Report> auto& event) {
  fields("event", event.event);
  fields("code", event.code);
  fields("reason", event.reason);
  fields("clean", event.clean);
  fields("text", event.text);
  fields("status", event.status);
}

void describe(auto& fields, Is<UsageSample> auto& event) {
  fields("memory", event.memory);
  fields("sockets", event.sockets);
}

}  // namespace wsfault::record
