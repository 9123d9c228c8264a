// What a script sees: messages and frames that it waits for, and the rules that they start.
#include <fmt/format.h>

#include <algorithm>

#include "actor/script_player.hpp"
#include "net/shortage.hpp"
#include "wire/frame.hpp"
#include "wire/plain_echo.hpp"

namespace wsfault::actor {

// --- what the peer sent

void ScriptPlayer::see(const record::What& event) {
  if (const auto* message = std::get_if<record::MessageSeen>(&event)) this->message(*message);
  if (const auto* frame = std::get_if<record::FrameSeen>(&event)) control(*frame);
  try_rules(event);
}

std::size_t ScriptPlayer::echo(std::string_view bytes) {
  if (steps_ != nullptr || self_ != Side::server || closed_ || close_sent_) return 0;
  wire::PlainEcho echo = wire::echo_plain(bytes);
  if (echo.size == 0) return 0;
  const std::uint64_t before = outbox_.pushed();
  outbox_.push(std::move(echo.frames), fault::Clock::now(), {}, false);
  note_reply(before);
  return echo.size;
}

void ScriptPlayer::message(const record::MessageSeen& message) {
  if (steps_ == nullptr) {
    // The default upstream echoes. Its client does not, because an echo of an echo would never end.
    if (!close_sent_ && self_ == Side::server) reply({.opcode = message.opcode, .payload = message.payload});
    return;
  }
  if (!expects_) return;
  if (message.compressed) {
    ++compressed_;
    return;
  }
  inbox_.push_back({message.opcode, message.payload});
  changed_.notify();
}

void ScriptPlayer::control(const record::FrameSeen& frame) {
  if (frame.opcode == 9 && !close_sent_) reply({.opcode = 10, .payload = frame.text});
  if (frame.opcode != 8) return;
  close_seen_ = true;
  // A rule of the script's own says what is answered.
  const bool has_rule = std::ranges::any_of(
      rules_, [](const Rule& rule) { return rule.step->on.kind == fault::Moment::Kind::close; });
  if (!close_sent_ && !has_rule) {
    close_sent_ = true;
    const std::string body = frame.code ? wire::close_payload(*frame.code) : std::string();
    send_frame({.opcode = 8, .payload = body});
    if (self_ == Side::server) outbox_.push_fin();  // RFC 6455 7.1.1: the server ends TCP first
  }
  changed_.notify();
}

void ScriptPlayer::try_rules(const record::What& event) {
  for (std::size_t i = 0; i < rules_.size(); ++i) {
    Rule& rule = rules_[i];
    const record::Event whole{0, {{}, {}, connection_}, event};
    if (closed_ || failed_ || !rule.watch.feed(whole)) continue;
    Captures captures = rule.captures;
    if (const auto* message = std::get_if<record::MessageSeen>(&event);
        message != nullptr && rule.watch.moment().pattern) {
      for (auto& [name, value] : rule.watch.moment().pattern->captures(message->payload))
        captures[name] = value;
    }
    // A pattern's rule applies to every message that matches, not only to the first.
    if (rule.watch.moment().pattern) rule.watch = fault::MomentWatch(rule.step->on);
    tasks_.spawn(play(rule.step->steps, std::move(captures), ++courses_, {}));
  }
}

}  // namespace wsfault::actor
