// Scripts: reads each single step.
#include <fmt/format.h>

#include <limits>

#include "scenario/payload.hpp"
#include "scenario/script.hpp"

namespace wsfault::scenario {
namespace {

constexpr std::size_t longest_control_payload = 125;  // RFC 6455 5.5
constexpr std::size_t longest_close_reason = 123;
constexpr std::int64_t longest_declared = std::numeric_limits<std::int64_t>::max();

}  // namespace

/// accept = true, or a table.
std::optional<ScriptReader::Content> ScriptReader::accept(TableReader& reader) {
  const Value& value = *reader.raw("accept");
  if (value.boolean() && *value.boolean()) return model::AcceptStep{};
  if (!value.table()) {
    reader.error(value, fmt::format("`accept` is true or a table, found {}", value.type_name()),
                 R"({ accept = { subprotocol = "chat", headers = { X-Id = "7" } } })");
    return std::nullopt;
  }
  TableReader details(value, diagnostics_, "`accept`");
  model::AcceptStep step;
  step.subprotocol = details.text("subprotocol");
  if (const Value* headers = details.raw("headers")) step.headers = read_headers(*headers, diagnostics_);
  details.finish();
  return step;
}

std::optional<ScriptReader::Content> ScriptReader::respond(TableReader& reader) {
  model::RespondStep step;
  const std::optional<std::int64_t> status = reader.integer("respond", 100, 999);
  if (const Value* headers = reader.raw("headers")) step.headers = read_headers(*headers, diagnostics_);
  step.body = reader.text("body").value_or("");
  step.stays_open = reader.one_of("end", {"fin", "none"}) == "none";
  if (!status) return std::nullopt;
  step.status = static_cast<int>(*status);
  return step;
}

std::optional<ScriptReader::Content> ScriptReader::expect(TableReader& reader) {
  model::ExpectStep step;
  const std::optional<std::string> text = reader.text("expect");
  if (const std::optional<Duration> within = reader.positive_duration("within")) step.within = *within;
  if (!text) return std::nullopt;
  const Result<TextPattern> pattern = TextPattern::parse(*text);
  if (!pattern) {
    reader.error(*reader.raw("expect"), pattern.error());
    return std::nullopt;
  }
  step.pattern = *pattern;
  return step;
}

std::optional<ScriptReader::Content> ScriptReader::send(TableReader& reader) {
  const std::optional<model::Payload> payload = read_payload(*reader.raw("send"), "send", diagnostics_);
  if (!payload) return std::nullopt;
  return model::SendStep{*payload};
}

/// A duration begins with a digit, a moment never does.
std::optional<ScriptReader::Content> ScriptReader::wait(TableReader& reader) {
  const Value& value = *reader.raw("wait");
  const bool digit =
      value.text() && !value.text()->empty() && value.text()->front() >= '0' && value.text()->front() <= '9';
  if (digit) {
    const std::optional<Duration> duration = reader.duration("wait");
    if (!duration) return std::nullopt;
    return model::WaitStep{*duration};
  }
  const std::optional<fault::Moment> moment = fault::read_moment(value, diagnostics_);
  if (!moment) return std::nullopt;
  yield_.moments.push_back({*moment, value.place});
  return model::WaitStep{*moment};
}

std::optional<ScriptReader::Content> ScriptReader::ping(TableReader& reader) {
  const std::optional<std::string> data = reader.text("ping");
  if (!data) return std::nullopt;
  if (data->size() > longest_control_payload) {
    reader.error(*reader.raw("ping"), fmt::format("a ping carries at most 125 bytes, found {}", data->size()),
                 "a `frame` may carry more");
    return std::nullopt;
  }
  return model::PingStep{*data};
}

std::optional<ScriptReader::Content> ScriptReader::frame(TableReader& reader) {
  TableReader details(*reader.raw("frame"), diagnostics_, "`frame`");
  model::FrameStep step;
  step.opcode = static_cast<std::uint8_t>(details.integer("opcode", 0, 15).value_or(1));
  step.rsv = static_cast<std::uint8_t>(details.integer("rsv", 0, 7).value_or(0));
  step.fin = details.boolean("fin").value_or(true);
  step.masked = details.boolean("masked");
  if (const auto length = details.integer("length", 0, longest_declared)) {
    step.declared_length = static_cast<std::uint64_t>(*length);
  }
  if (const Value* payload = details.raw("payload")) {
    step.payload = read_payload(*payload, "payload", diagnostics_).value_or(model::Payload{});
  }
  details.finish();
  return step;
}

std::optional<ScriptReader::Content> ScriptReader::raw(TableReader& reader) {
  const std::optional<std::string> bytes = read_bytes(*reader.raw("raw"), "raw", diagnostics_);
  if (!bytes) return std::nullopt;
  return model::RawStep{*bytes};
}

std::optional<ScriptReader::Content> ScriptReader::mark(TableReader& reader) {
  const std::optional<std::string> name = read_name(*reader.raw("mark"), "mark", diagnostics_);
  if (!name) return std::nullopt;
  yield_.marks.push_back(*name);
  return model::MarkStep{*name, false};
}

/// close = 1011, or true or "empty" for a Close without a body.
std::optional<ScriptReader::Content> ScriptReader::close(TableReader& reader) {
  const Value& value = *reader.raw("close");
  model::CloseStep step;
  step.reason = reader.text("reason").value_or("");
  const bool empty = (value.boolean() && *value.boolean()) || (value.text() && *value.text() == "empty");
  if (!empty && !value.integer()) {
    reader.error(value, fmt::format("`close` is a code, or \"empty\"; found {}", value.type_name()));
    return std::nullopt;
  }
  if (empty && !step.reason.empty()) {
    reader.error(*reader.raw("reason"), "an empty Close has no reason", "a reason follows a code");
    return std::nullopt;
  }
  if (step.reason.size() > longest_close_reason) {
    reader.error(*reader.raw("reason"),
                 fmt::format("a close reason has at most 123 bytes, found {}", step.reason.size()),
                 "a `frame` may carry more");
    return std::nullopt;
  }
  if (empty) return step;
  const std::optional<std::int64_t> code = reader.integer("close", 0, 65535);
  if (!code) return std::nullopt;
  step.code = static_cast<std::uint16_t>(*code);
  return step;
}

}  // namespace wsfault::scenario
