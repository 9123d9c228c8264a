// What a server did about a break, held against the row and its time.
#include "verdict/oracle/server_outcome.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "value/words.hpp"
#include "verdict/oracle/gateway_words.hpp"
#include "verdict/oracle/row.hpp"
#include "wire/close_code.hpp"

namespace wsfault::verdict::oracle {
namespace {

using Verdict = verdict::State;
using Kind = Outcome::Kind;

bool is_among(const Outcomes& outcomes, const Did& did) {
  return std::ranges::any_of(outcomes, [&](const Outcome& each) {
    switch (did.kind) {
      case Did::Kind::answer:
        return each.matches(Kind::status, did.value);
      case Did::Kind::open:
        return each.is(Kind::opens);
      case Did::Kind::close:
        return each.matches(Kind::close, did.value);
      case Did::Kind::end:
        return each.is(Kind::ends);
      case Did::Kind::garbage:
      case Did::Kind::nothing:
        return false;
    }
    return false;
  });
}

/// What it is that a server lacks which did not do what is due.
Cause lack_of(const ServerCase& it) {
  switch (it.broke.effect.kind) {
    case EffectKind::answer:
    case EffectKind::invalid_101:
    case EffectKind::garbage:
      return it.broke.state == State::before_101 ? Cause::request_unchecked : Cause::bad_frame_accepted;
    case EffectKind::illegal_frame:
      return it.broke.effect.detail == message_too_big ? Cause::no_message_limit : Cause::bad_frame_accepted;
    case EffectKind::bad_compression:
    case EffectKind::close_invalid:
      return Cause::bad_frame_accepted;
    case EffectKind::close:
      if (!wire::may_be_on_wire(it.broke.effect.value))
        return it.did.is(Did::Kind::close) && it.did.value == it.broke.effect.value
                   ? Cause::illegal_code_echoed
                   : Cause::bad_frame_accepted;
      // It took a legal code for an illegal one.
      if (it.did.is(Did::Kind::close) && (it.did.value == 1002 || it.did.value == 1007))
        return Cause::code_unknown;
      return Cause::no_close_reply;
    case EffectKind::close_empty:
      return Cause::no_close_reply;
    case EffectKind::silence:
      if (it.broke.effect.detail == reads_no_more) return Cause::no_write_limit;
      return it.broke.state == State::before_101 ? Cause::no_handshake_limit : Cause::no_heartbeat;
    case EffectKind::stopped:
      return it.did.is(Did::Kind::nothing) ? Cause::drain_endless : Cause::no_goodbye;
    case EffectKind::nothing:
    case EffectKind::reloaded:
      return Cause::ends_by_itself;
    default:
      return Cause::left_open;
  }
}

/// What says why is a SHOULD (RFC 6455 7.1.7), and an answer before the end a courtesy.
std::string_view mildly(const ServerCase& it) {
  if (it.did.is(Did::Kind::end)) {
    return it.broke.state == State::before_101 ? "it ended the connection without an answer"
                                               : "it ended the connection without a Close (7.1.7: SHOULD)";
  }
  return "another answer than the usual";
}

Opinion on_the_deed(const ServerCase& it) {
  if (is_among(it.row.fine, it.did)) return {};
  const Cause cause = lack_of(it);
  if (is_among(it.row.warned, it.did)) return {Verdict::warned, std::string(mildly(it)), cause};
  return {Verdict::violated, {}, cause};
}

Opinion on_the_time(const ServerCase& it) {
  if (it.did.at < it.times.earliest) {
    return {Verdict::violated,
            fmt::format("{} before its limit allows", measured(Duration(it.times.earliest - it.did.at))),
            Cause::limit_too_early};
  }
  if (!it.times.notice || it.did.at <= *it.times.notice) return {};
  const bool unlimited = !it.row.limit.at_once() && !it.row.limit.value;
  return {Verdict::violated, fmt::format("{} too late", measured(Duration(it.did.at - *it.times.notice))),
          unlimited ? it.row.limit.missing : lack_of(it)};
}

Opinion on_nothing(const ServerCase& it, const ServerScene& scene) {
  // What follows an RST nobody sees; and the end of a killed process is its kernel's affair.
  if (is_out_of_sight(it.served) || it.broke.effect.kind == EffectKind::killed) return {};
  if (!it.times.notice) return {};
  if (it.row.allows(Kind::stays_open)) {
    if (scene.moment.now <= *it.times.notice && !scene.moment.over)
      return {Verdict::pending, {}, Cause::none, *it.times.notice + 1};
    return {Verdict::warned, "it took it and went on", lack_of(it)};
  }
  const bool unlimited = !it.row.limit.at_once() && !it.row.limit.value;
  return scene.wait_until(*it.times.notice, unlimited ? "nothing ever ended it" : "not in its time",
                          unlimited ? it.row.limit.missing : lack_of(it));
}

}  // namespace

std::int64_t ServerScene::later(std::int64_t from, Duration limit) const {
  return deadline(from, limit, log.process, scenario, moment.now);
}

Opinion ServerScene::wait_until(std::int64_t due, std::string says, Cause cause) const {
  if (moment.now <= due && !moment.over) return {Verdict::pending, {}, Cause::none, due + 1};
  const bool stands_still =
      std::ranges::any_of(log.process.frozen, [](const Span& span) { return !span.until; });
  if (stands_still) return {};  // nothing until it is thawed
  if (moment.now <= due) says += ", when the run ended";
  return {Verdict::violated, std::move(says), cause};
}

ServerCase server_case(const Leg& served, const Break& broke, const Row& row, const ServerScene& scene) {
  ServerCase it{served, broke, row,
                deadlines_of(broke, row, scene.log.process, scene.scenario, scene.moment.now),
                did_to_client(served, broke.state)};
  // It may go as soon as it is told to.
  if (broke.effect.kind == EffectKind::stopped) it.times.earliest = broke.at;
  return it;
}

Opinion opinion_on_server(const ServerCase& it, const ServerScene& scene) {
  if (it.did.is(Did::Kind::nothing)) return on_nothing(it, scene);
  return worst_of({on_the_deed(it), on_the_time(it)});
}

Opinion opinion_on_tcp_end(const Leg& served, const ServerScene& scene) {
  const Leg& seen = served;
  const auto own = seen.own_close();
  if (!own) return {};
  const auto peer = seen.peer_close();
  const std::int64_t due =
      peer ? scene.later(std::max(own->at, peer->at), grace)
           : closing_deadline(own->at, scene.log.process, scene.scenario, scene.moment.now);
  if (seen.own_end && seen.own_end->at <= due) return {};
  if (seen.ended && seen.ended->at <= due) return {};  // its client was first
  // Its process took the connection with it.
  const auto gone = scene.log.process.exited_after(own->at);
  if (gone && *gone <= due) return {};
  const bool limited = scene.scenario.system.traits.duration("close_limit").has_value();
  const Cause cause = peer || limited ? Cause::tcp_left_open : Cause::no_close_limit;
  if (seen.own_end)
    return {Verdict::violated,
            fmt::format("it ended TCP {} too late", measured(Duration(seen.own_end->at - due))), cause};
  return scene.wait_until(due, "it never ended TCP behind its Close", cause);
}

}  // namespace wsfault::verdict::oracle
