// Steps, rules, and automatic answers.
#include "actor/script_player.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "net/shortage.hpp"
#include "wire/frame.hpp"

namespace wsfault::actor {
namespace {

using fault::Clock;

constexpr Duration peer_close_within = std::chrono::seconds(5);
/// How long a step that injects waits for bytes that do not move.
constexpr Duration moves_within = std::chrono::seconds(2);
constexpr std::size_t most_replying = 1024 * 1024;
constexpr const char* by_the_end = "no such message came before the connection ended";
constexpr int default_messages = 10;
constexpr Duration default_interval = std::chrono::milliseconds(20);

std::string replaced(std::string text, const std::string& name, const std::string& value) {
  for (std::size_t at = text.find(name); at != std::string::npos; at = text.find(name, at + value.size())) {
    text.replace(at, name.size(), value);
  }
  return text;
}

/// A step that needs only what came before the connection's end, even if the script reaches it later.
bool outlives_connection(const model::Step& step) {
  return std::holds_alternative<model::ExpectStep>(step.what) ||
         std::holds_alternative<model::MarkStep>(step.what) ||
         std::holds_alternative<model::RepeatStep>(step.what);
}

}  // namespace

ScriptPlayer::ScriptPlayer(const net::asio::any_io_executor& executor, Side self, Outbox& outbox,
                           ScriptHost& host, int connection, const model::Steps* steps, std::uint64_t seed)
    : self_(self),
      outbox_(outbox),
      host_(host),
      connection_(connection),
      steps_(steps),
      expects_(steps != nullptr && model::expects(*steps)),
      random_(seed),
      changed_(executor),
      tasks_(executor, [this](const std::exception_ptr& thrown) {
        host_.record(connection_, record::HarnessError{net::describe_failure(thrown)});
      }) {}

void ScriptPlayer::close() {
  closed_ = true;
  changed_.notify();
}

net::Task<void> ScriptPlayer::play() {
  if (steps_ == nullptr) {
    co_await default_conversation();
  } else {
    co_await play(*steps_, {}, 0, {});
  }
  const bool cut_off = steps_ == nullptr ? closed_ : is_over(0);
  if (!cut_off) host_.record(connection_, record::ScriptDone{});
}

net::Task<void> ScriptPlayer::default_conversation() {
  for (int i = 0; i < default_messages && !closed_ && !close_sent_; ++i) {
    send_frame({.payload = fmt::format("message {}", host_.next_sequence())});
    co_await pause(default_interval);
  }
}

struct ScriptPlayer::Performer {
  ScriptPlayer& self;
  Captures& captures;
  int course;
  const std::string& afterwards;

  /// What a rule sends in response to the peer counts as a reply.
  void sent_since(std::uint64_t before) const {
    if (course != 0) self.note_reply(before);
  }
  void push(std::string bytes) const {
    const std::uint64_t before = self.outbox_.pushed();
    self.outbox_.push(std::move(bytes), Clock::now(), {}, true);
    sent_since(before);
  }

  // Only before the 101, because the handshake has already used them.
  net::Task<void> operator()(const model::AcceptStep&) { co_return; }
  net::Task<void> operator()(const model::RespondStep&) { co_return; }
  net::Task<void> operator()(const model::ExpectStep& step) { co_await self.expect(step, captures, course); }
  net::Task<void> operator()(const model::SendStep& step) {
    const std::string payload = self.filled(step.payload, captures);
    const bool binary = step.payload.binary || step.payload.size;
    const std::uint64_t before = self.outbox_.pushed();
    self.send_frame({.opcode = static_cast<std::uint8_t>(binary ? 2 : 1), .payload = payload});
    sent_since(before);
    co_await self.outbox_.room();
  }
  net::Task<void> operator()(const model::WaitStep& step) {
    if (const auto* duration = std::get_if<Duration>(&step.what)) {
      co_await self.pause(*duration);
    } else {
      co_await self.host_.until(std::get<fault::Moment>(step.what), self.connection_);
    }
  }
  net::Task<void> operator()(const model::PingStep& step) {
    const std::uint64_t before = self.outbox_.pushed();
    const std::string data = self.filled(step.data, captures);
    self.send_frame({.opcode = 9, .payload = data});
    sent_since(before);
    co_return;
  }
  net::Task<void> operator()(const model::FrameStep& step) {
    const std::string payload = self.filled(step.payload, captures);
    wire::FrameSpec spec{.fin = step.fin, .rsv = step.rsv, .opcode = step.opcode, .payload = payload};
    spec.declared_length = step.declared_length;
    if (step.masked.value_or(self.self_ == Side::client)) spec.masking_key = wire::MaskingKey{1, 2, 3, 4};
    push(wire::encode_frame(spec));
    co_return;
  }
  net::Task<void> operator()(const model::RawStep& step) {
    push(step.bytes);
    co_return;
  }
  net::Task<void> operator()(const model::RepeatStep& step) {
    std::string again = model::awaited({step});
    if (again.empty()) again = afterwards;
    for (std::int64_t i = 0; i < step.times && !self.is_over(course); ++i) {
      std::string next = i + 1 < step.times ? again : afterwards;
      co_await self.play(step.steps, captures, course, std::move(next));
    }
  }
  net::Task<void> operator()(const model::RuleStep& step) {
    self.rules_.push_back({&step, fault::MomentWatch(step.on), captures});
    co_return;
  }
  net::Task<void> operator()(const model::MarkStep& step) {
    if (!step.injects) {
      self.host_.record(self.connection_, record::Mark{step.name});
      co_return;
    }
    const std::uint64_t written = self.outbox_.pushed();
    co_await self.outbox_.until_written(written, moves_within);
    co_await self.host_.inject(self.connection_, step.name, written);
  }
  net::Task<void> operator()(const model::CloseStep& step) {
    std::string body;
    if (step.code) body = wire::close_payload(*step.code, self.filled(step.reason, captures));
    co_await self.say_close(std::move(body));
  }
};

net::Task<void> ScriptPlayer::play(const model::Steps& steps, Captures captures, int course,
                                   std::string afterwards) {
  std::vector<std::string> next(steps.size() + 1, afterwards);  // at each step: what is awaited from there on
  for (std::size_t i = steps.size(); i-- > 0;) {
    next[i] = model::awaited(steps[i]);
    if (next[i].empty()) next[i] = next[i + 1];
  }
  for (std::size_t i = 0; i < steps.size() && !failed_; ++i) {
    if (closed_ && !outlives_connection(steps[i])) cut_off_.insert(course);
    if (cut_off_.contains(course)) {
      if (const auto* expected = model::first_expect(std::span(steps).subspan(i))) miss(*expected, by_the_end);
      co_return;
    }
    if (!closed_) awaits(course, next[i]);
    co_await std::visit(Performer{*this, captures, course, next[i + 1]}, steps[i].what);
  }
  if (!closed_ && !failed_) awaits(course, std::move(afterwards));
}

/// That course plays no more steps.
bool ScriptPlayer::is_over(int course) const { return failed_ || cut_off_.contains(course); }

net::Task<std::optional<model::RespondStep>> ScriptPlayer::play_request_rule(const model::RuleStep& rule,
                                                                             std::string target) {
  Captures captures;
  if (rule.on.pattern) {
    for (auto& [name, value] : rule.on.pattern->captures(target)) captures[name] = value;
  }
  const auto end = std::ranges::find_if(rule.steps, [](const model::Step& step) {
    return std::holds_alternative<model::RespondStep>(step.what);
  });
  const model::Steps before(rule.steps.begin(), end);
  co_await play(before, captures, ++courses_, {});
  if (end == rule.steps.end()) co_return std::nullopt;
  model::RespondStep respond = std::get<model::RespondStep>(end->what);
  respond.body = filled(respond.body, captures);
  co_return respond;
}

void ScriptPlayer::awaits(int course, std::string step) {
  if (step.empty()) {
    awaits_.erase(course);
  } else {
    awaits_[course] = std::move(step);
  }
  const std::string now = awaits_.empty() ? std::string() : awaits_.begin()->second;
  if (now != std::exchange(awaits_told_, now)) host_.record(connection_, record::ScriptAwaits{now});
}

net::Task<void> ScriptPlayer::expect(const model::ExpectStep& step, Captures& captures, int course) {
  const auto deadline = Clock::now() + step.within;
  while (!failed_) {
    while (!inbox_.empty()) {
      const Message message = std::move(inbox_.front());
      inbox_.pop_front();
      if (!step.pattern.matches(message.payload)) continue;
      for (auto& [name, value] : step.pattern.captures(message.payload)) captures[name] = value;
      co_return;
    }
    if (closed_) {
      cut_off_.insert(course);  // no more messages will come
      miss(step, by_the_end);
      co_return;
    }
    if (Clock::now() >= deadline) {
      miss(step, fmt::format("no such message came within {}", format_duration(step.within)));
      co_return;
    }
    co_await changed_.wait_until(deadline);
  }
}

void ScriptPlayer::miss(const model::ExpectStep& step, std::string detail) {
  if (compressed_ > 0) detail += fmt::format("; {}", record::unreadable(compressed_));
  host_.record(connection_, record::ScriptFailed{model::to_string(step), std::move(detail)});
  failed_ = true;
  changed_.notify();
}

net::Task<void> ScriptPlayer::pause(Duration duration) {
  const auto due = Clock::now() + duration;
  while (!closed_ && !failed_ && Clock::now() < due) co_await changed_.wait_until(due);
}

/// Sends a Close, waits for the peer's, then ends writing.
net::Task<void> ScriptPlayer::say_close(std::string body) {
  if (!close_sent_) send_frame({.opcode = 8, .payload = body});
  close_sent_ = true;
  const auto due = Clock::now() + peer_close_within;
  while (!closed_ && !failed_ && !close_seen_ && Clock::now() < due) co_await changed_.wait_until(due);
  // RFC 6455 7.1.1: after the closing handshake the server ends TCP; without an answer the side that closed
  // ends it.
  if (self_ == Side::server || !close_seen_) outbox_.push_fin();
}

// --- sending

std::string ScriptPlayer::filled(const std::string& text, const Captures& captures) {
  std::string result = text;
  if (result.find("${seq}") != std::string::npos) {
    result = replaced(std::move(result), "${seq}", std::to_string(host_.next_sequence()));
  }
  for (const auto& [name, value] : captures) result = replaced(std::move(result), "${" + name + "}", value);
  return result;
}

std::string ScriptPlayer::filled(const model::Payload& payload, const Captures& captures) {
  if (payload.size) return std::string(static_cast<std::size_t>(*payload.size), 'x');
  return payload.binary ? payload.text : filled(payload.text, captures);
}

void ScriptPlayer::reply(wire::FrameSpec spec) {
  const std::uint64_t before = outbox_.pushed();
  send_frame(spec);
  note_reply(before);
}

void ScriptPlayer::note_reply(std::uint64_t before) {
  const std::uint64_t end = outbox_.pushed();
  if (end == before) return;  // nothing more is written
  replies_.push_back({end, static_cast<std::size_t>(end - before)});
  replying_ += replies_.back().size;
}

net::Task<void> ScriptPlayer::room() {
  while (!outbox_.over()) {
    while (!replies_.empty() && replies_.front().end <= outbox_.written()) {
      replying_ -= replies_.front().size;
      replies_.pop_front();
    }
    if (replying_ <= most_replying) co_return;
    co_await outbox_.until_written(replies_.front().end, moves_within);
  }
}

void ScriptPlayer::send_frame(wire::FrameSpec spec) {
  if (self_ == Side::client) {
    const auto draw = random_();
    spec.masking_key =
        wire::MaskingKey{static_cast<std::uint8_t>(draw), static_cast<std::uint8_t>(draw >> 8),
                         static_cast<std::uint8_t>(draw >> 16), static_cast<std::uint8_t>(draw >> 24)};
  }
  outbox_.push(wire::encode_frame(spec), Clock::now(), {}, false);
}

}  // namespace wsfault::actor
