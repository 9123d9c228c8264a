// Standing rules: what the system under test may never put on a wire, whatever a scenario expects.
#include "verdict/standing_rules.hpp"

#include <fmt/format.h>

#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <variant>

#include "verdict/cause.hpp"
#include "verdict/judge.hpp"
#include "verdict/oracle/passed.hpp"
#include "verdict/storm.hpp"
#include "wire/close_code.hpp"
#include "wire/frame.hpp"

namespace wsfault::verdict {
namespace {

using record::Side;
using record::Tap;

/// The side on which the system stands at a link; none where it does not. Every link of a gateway but "front"
/// leads to an upstream.
std::optional<Side> own_side(model::Role role, std::string_view link) {
  switch (role) {
    case model::Role::client:
      return link == "link" ? std::optional(Side::client) : std::nullopt;
    case model::Role::server:
      return link == "link" ? std::optional(Side::server) : std::nullopt;
    case model::Role::gateway:
      if (link.empty()) return std::nullopt;
      return link == "front" ? Side::server : Side::client;
  }
  return std::nullopt;
}

/// What a gateway of kind `http` or `tcp` passes on untouched is not its own; none: all that it sends is.
std::optional<std::set<std::size_t>> own_frames(const Case& scenario, const trace::Trace& trace) {
  const bool tunnel = scenario.role == model::Role::gateway && scenario.system.kind != model::Kind::websocket;
  if (!tunnel) return std::nullopt;
  return oracle::own_frames(oracle::pair_up(trace, scenario.system.kind));
}

Finding violation(std::string_view rule, std::string expected, std::string seen, const record::Event& event) {
  Finding finding;
  finding.state = State::violated;
  finding.subject = fmt::format("standing rule: {}", rule);
  finding.expected = std::move(expected);
  finding.seen = std::move(seen);
  finding.cause = "The system under test broke the protocol by itself.";
  finding.remedy = "Look at the frame in the timeline, and at the library that wrote it.";
  finding.at = event.at;
  finding.connection = event.where.connection;
  return finding;
}

/// Whose attempts they are: only a client comes back, and only the system under test is judged.
std::optional<Finding> judge_storm(const Case& scenario, const trace::Trace& trace) {
  if (scenario.role != model::Role::client) return std::nullopt;
  std::vector<std::int64_t> attempts;
  std::vector<std::size_t> accepted;
  for (const auto& accept : trace.all<record::Accepted>()) {
    const record::Where& where = trace.where(accept.index);
    if (where.link != "link" || !(where.party == "sut" || where.party.empty())) continue;
    attempts.push_back(accept.at);
    accepted.push_back(accept.index);
  }
  const auto storm = find_storm(attempts, scenario.system.traits.backoff());
  if (!storm) return std::nullopt;
  std::size_t last = 0;
  while (attempts[last] < storm->at) ++last;
  Finding finding =
      violation("storm", "no more than 10 attempts in a second, nor 10 in a row within 200ms of each other",
                storm->text, trace.log()[accepted[last]]);
  finding.cause = describe(Cause::no_backoff).cause;
  finding.remedy = describe(Cause::no_backoff).remedy;
  return finding;
}

}  // namespace

void FrameRules::take(const record::Event& event, std::size_t index) {
  // A number that is given back begins anew.
  if (std::holds_alternative<record::Accepted>(event.what)) {
    closed_.erase({event.where.link, event.where.party, event.where.connection});
  }
  const auto* frame = std::get_if<record::FrameSeen>(&event.what);
  if (!frame || frame->tap != Tap::sent || own_side(role_, event.where.link) != frame->from) return;
  const bool is_close = frame->opcode == static_cast<std::uint8_t>(wire::Opcode::close);
  if (own_ && !own_->contains(index)) {
    // A Close of its own behind one that it passed on is a second one.
    if (is_close) closed_.insert({event.where.link, event.where.party, event.where.connection});
    return;
  }
  judge_mask(*frame, event);
  if (is_close) judge_code(*frame, event);
  judge_order(*frame, event);
}

/// Each rule is said once; a client without masks breaks it with every frame.
void FrameRules::add(std::string_view rule, std::string expected, std::string seen,
                     const record::Event& event) {
  if (!said_.insert(std::string(rule)).second) return;
  findings_.push_back(violation(rule, std::move(expected), std::move(seen), event));
}

void FrameRules::judge_mask(const record::FrameSeen& frame, const record::Event& event) {
  if (frame.from == Side::client && !frame.masked) {
    add("mask", "a client masks every frame (RFC 6455 5.1)",
        fmt::format("frame {} has no mask", frame.number), event);
  }
  if (frame.from == Side::server && frame.masked) {
    add("mask", "a server masks no frame (RFC 6455 5.1)", fmt::format("frame {} has a mask", frame.number),
        event);
  }
}

void FrameRules::judge_code(const record::FrameSeen& frame, const record::Event& event) {
  if (!frame.code || !wire::is_reserved_for_reporting(*frame.code)) return;
  add("reserved code", "1005, 1006 and 1015 are never in a Close frame (RFC 6455 7.4.1)",
      fmt::format("its Close carries {}", *frame.code), event);
}

void FrameRules::judge_order(const record::FrameSeen& frame, const record::Event& event) {
  const auto connection = std::tuple(event.where.link, event.where.party, event.where.connection);
  const bool is_close = frame.opcode == static_cast<std::uint8_t>(wire::Opcode::close);
  if (!closed_.contains(connection)) {
    if (is_close) closed_.insert(connection);
    return;
  }
  if (is_close) {
    add("second close", "one Close on a connection (RFC 6455 5.5.1)", "it sent a second Close", event);
  } else if (!wire::is_control(frame.opcode)) {
    add("data after close", "no data frame after one's own Close (RFC 6455 5.5.1)",
        fmt::format("it sent a {} frame after its Close", wire::opcode_name(frame.opcode)), event);
  }
}

bool is_storm(const Case& scenario, const trace::Trace& trace) {
  return judge_storm(scenario, trace).has_value();
}

std::vector<Finding> judge_standing_rules(const Case& scenario, const trace::Trace& trace) {
  FrameRules rules(scenario.role, own_frames(scenario, trace));
  std::size_t index = 0;
  for (const record::Event& event : trace.events()) rules.take(event, index++);
  std::vector<Finding> findings = rules.findings();
  if (auto storm = judge_storm(scenario, trace)) findings.push_back(std::move(*storm));
  return findings;
}

}  // namespace wsfault::verdict
