// What the parts of the opinion on a gateway have in common.
#include "verdict/oracle/gateway_parts.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "value/words.hpp"
#include "verdict/oracle/deadlines.hpp"
#include "verdict/oracle/gateway_words.hpp"

namespace wsfault::verdict::oracle {

using Verdict = verdict::State;

std::int64_t Scene::later(std::int64_t from, Duration limit) const {
  return deadline(from, limit, log.process, scenario, moment.now);
}

bool Scene::frozen_now() const {
  return std::ranges::any_of(log.process.frozen,
                             [&](const Span& span) { return !span.until && span.from <= moment.now; });
}

Opinion wait_until(std::int64_t due, std::string says, Cause cause, const Scene& scene) {
  const Moment& moment = scene.moment;
  if (moment.now <= due && !moment.over) return {Verdict::pending, {}, Cause::none, due + 1};
  if (scene.frozen_now()) return {};  // nothing until it is thawed
  if (moment.now <= due) says += ", when the run ended";
  return {Verdict::violated, std::move(says), cause};
}

Opinion opinion_on_time(const GatewayCase& it, const GatewayTimes& times) {
  if (it.did.at < times.earliest) {
    const bool reload = it.broke().effect.kind == EffectKind::reloaded;
    return {Verdict::violated,
            fmt::format("{} before its {} allows", measured(Duration(times.earliest - it.did.at)),
                        reload ? "drain time" : "limit"),
            reload ? Cause::drain_too_short : Cause::limit_too_early};
  }
  if (!times.due || it.did.at <= *times.due || it.row.allows(Outcome::Kind::stays_open)) return {};
  return {Verdict::violated, fmt::format("{} too late", measured(Duration(it.did.at - *times.due))),
          times.declared ? Cause::none : it.row.limit.missing};
}

Opinion opinion_on_nothing(const GatewayCase& it, const GatewayTimes& times, const Scene& scene) {
  if (it.row.allows(Outcome::Kind::stays_open)) {
    // What it may do, it does soon; and what it may not do yet, it must not have done by then.
    const std::int64_t until = std::max(times.earliest, scene.later(it.broke().at, grace));
    const bool waits = scene.moment.now <= until && !scene.moment.over && it.began.by == Began::process;
    return waits ? Opinion{Verdict::pending, {}, Cause::none, until + 1} : Opinion{};
  }
  if (!times.due) return {};
  const bool unlimited = !times.declared && it.row.limit.missing != Cause::none;
  const Cause otherwise = it.state == State::before_101 ? Cause::hides_the_failure : Cause::left_open;
  return wait_until(*times.due, unlimited ? "nothing ever ended it" : "not in its time",
                    unlimited ? it.row.limit.missing : otherwise, scene);
}

Finding finding_of(const Opinion& opinion, std::string expected, std::string seen, int connection,
                   Cause fallback) {
  Finding result;
  result.state = opinion.state;
  result.subject = "appropriate";
  result.expected = std::move(expected);
  result.seen = opinion.says.empty() ? std::move(seen) : fmt::format("{}: {}", opinion.says, seen);
  result.connection = connection;
  result.look_again = opinion.look_again;
  if (opinion.state == Verdict::holds || opinion.state == Verdict::pending) return result;
  const CauseRow& row = describe(opinion.cause != Cause::none ? opinion.cause : fallback);
  result.cause = row.cause;
  result.remedy = row.remedy;
  return result;
}

Finding perhaps_dying(std::string_view who, std::int64_t cut, std::int64_t until) {
  Finding finding =
      finding_of({Verdict::pending, {}, Cause::none, until}, fmt::format("the {} lives on", who),
                 "it ended a connection without a Close, as its end would", 0, Cause::none);
  finding.at = cut;
  return finding;
}

}  // namespace wsfault::verdict::oracle
