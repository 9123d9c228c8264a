// The oracle's opinion on one connection of a client.
#include "verdict/oracle/client.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "value/words.hpp"
#include "verdict/oracle/client_outcome.hpp"
#include "verdict/oracle/deadlines.hpp"
#include "verdict/oracle/reporting.hpp"

namespace wsfault::verdict::oracle {
namespace {

using Verdict = verdict::State;
using Kind = Outcome::Kind;

class ClientJudge {
 public:
  ClientJudge(const Leg& connection, const trace::View& seen, const Case& scenario, Moment moment,
              Break broke)
      : connection_(connection),
        seen_(seen),
        scenario_(scenario),
        moment_(moment),
        broke_(std::move(broke)),
        row_(appropriate(broke_.state, broke_.effect, model::Role::client, model::Kind::none,
                         scenario.system.traits, scenario.system.dialect)),
        times_(deadlines_of(broke_, row_, seen.process, scenario, moment.now)),
        reporting_(reporting_of(scenario.system, seen.any_report)),
        promised_(broke_.state == State::before_101 ? !reporting_.wire_only() : reporting_.closes) {}

  std::optional<Finding> judge() {
    if (const auto opened = opened_without_101(it())) return finding(*opened);
    switch (broke_.effect.kind) {
      case EffectKind::stopped:
        return std::nullopt;
      case EffectKind::nothing:
        return finding(by_itself());
      case EffectKind::frozen:
        return finding(report());
      case EffectKind::refused:
        return refused();
      default:
        break;
    }
    if (broke_.state == State::closing) return settle(closing());
    const auto noticed = noticed_at();
    if (!noticed) return settle(unnoticed());
    return settle(worst_of({in_time(*noticed), report(), opinion_on_wire(it(), reporting_.wire_only()),
                            refusal_ends_it(), tcp_end(*noticed)}));
  }

 private:
  Situation it() const { return {connection_, broke_, row_, scenario_}; }
  std::int64_t later(std::int64_t from, Duration limit) const {
    return deadline(from, limit, seen_.process, scenario_, moment_.now);
  }

  /// Waits for `due`: pending until then, violated behind it or where nothing will follow.
  Opinion wait_for(std::int64_t due, std::string says, Cause cause) const {
    if (moment_.now <= due && !moment_.over) return {Verdict::pending, {}, Cause::none, due + 1};
    if (moment_.now <= due) says += ", when the run ended";
    return {Verdict::violated, std::move(says), cause};
  }

  /// First sign that it knows: a report, its Close, its end of TCP, its next attempt, its exit.
  std::optional<std::int64_t> noticed_at() const {
    std::optional<std::int64_t> first;
    const auto sign = [&](std::optional<std::int64_t> at) {
      if (at && *at >= broke_.at) first = std::min(first.value_or(*at), *at);
    };
    if (const auto told = end_report(it(), reporting_.closes)) sign(told->at);
    if (const auto close = connection_.own_close()) sign(close->at);
    if (connection_.own_end) sign(connection_.own_end->at);
    sign(connection_.next_attempt());
    sign(seen_.process.exited_after(broke_.at));
    return first;
  }

  /// What a client may do is to go on as if nothing were: then time alone decides.
  Opinion unnoticed() const {
    if (!times_.notice) return {};
    if (moment_.now <= *times_.notice && !moment_.over)
      return {Verdict::pending, {}, Cause::none, *times_.notice + 1};
    const bool stays = row_.allows(Kind::stays_open);
    if (stays) return {Verdict::warned, "it took it and went on", Cause::bad_frame_accepted};
    if (reporting_.wire_only()) return {Verdict::inconclusive, "wire only, and the wire shows nothing of it"};
    const bool unlimited = !row_.limit.at_once() && !row_.limit.value;
    return wait_for(*times_.notice, unlimited ? "nothing ever noticed" : "it did not notice in its time",
                    unlimited ? row_.limit.missing : Cause::none);
  }

  Opinion in_time(std::int64_t noticed) const {
    if (noticed < times_.earliest) {
      return {
          Verdict::violated,
          fmt::format("it gave up {} before its limit allows", measured(Duration(times_.earliest - noticed))),
          Cause::limit_too_early};
    }
    if (!times_.notice || noticed <= *times_.notice) return {};
    const std::string late =
        fmt::format("it noticed {} too late", measured(Duration(noticed - *times_.notice)));
    // Bytes that are no head may yet become one for a reader that waits for a line's end.
    const auto handshake = scenario_.system.traits.duration("handshake_limit");
    if (broke_.effect.kind == EffectKind::garbage && handshake &&
        noticed <= later(broke_.at, *handshake + grace)) {
      return {Verdict::warned, late + ", but within its handshake limit"};
    }
    const bool unlimited = !row_.limit.at_once() && !row_.limit.value;
    return {Verdict::violated, late, unlimited ? row_.limit.missing : Cause::none};
  }

  /// By when the report must be there: with the notice, or when the closing handshake that it began is over.
  std::int64_t report_due() const {
    std::int64_t due = times_.notice.value_or(broke_.at);
    if (const auto noticed = noticed_at()) due = std::max(due, later(*noticed, grace));
    for (const auto& close : {connection_.own_close(), connection_.peer_close()}) {
      if (!close) continue;
      std::int64_t over = closing_deadline(close->at, seen_.process, scenario_, moment_.now);
      if (connection_.ended) over = std::min(over, later(std::max(close->at, connection_.ended->at), grace));
      due = std::max(due, over);
    }
    return due;
  }

  Opinion report() const {
    const auto told = end_report(it(), reporting_.closes);
    if (!told) {
      // Who follows a redirect may say nothing of it.
      if (!promised_ || row_.allows(Kind::follows)) return {};
      return wait_for(report_due(), "the end was not reported", Cause::none);
    }
    const Opinion opinion = opinion_on_report(it(), *told->fact);
    if (opinion.state == Verdict::violated || !promised_ || !row_.limit.binds || told->at <= report_due())
      return opinion;
    return {Verdict::violated,
            fmt::format("it reported the end {} too late", measured(Duration(told->at - report_due())))};
  }

  /// RFC 6455 4.1: a client that refuses a 101 also ends the connection.
  Opinion refusal_ends_it() const {
    const bool ended = connection_.own_end || connection_.ended || seen_.process.exited_after(broke_.at) ||
                       seen_.process.stopped_after(broke_.at);
    if (broke_.effect.kind != EffectKind::invalid_101 || ended) return {};
    return wait_for(report_due(), "it refused the 101 but stays connected", Cause::none);
  }

  std::optional<std::int64_t> tcp_ended_at() const {
    std::optional<std::int64_t> first = seen_.process.exited_after(broke_.at);
    const auto sign = [&](std::optional<std::int64_t> at) {
      if (at) first = std::min(first.value_or(*at), *at);
    };
    if (connection_.own_end) sign(connection_.own_end->at);
    if (connection_.ended) sign(connection_.ended->at);
    return first;
  }

  /// Where the peer does not end TCP, the client does in its close limit.
  Opinion tcp_end(std::int64_t from) const {
    if (!row_.ends_tcp) return {};
    for (const auto& close : {connection_.own_close(), connection_.peer_close()}) {
      if (close) from = std::max(from, close->at);
    }
    const std::int64_t due = closing_deadline(from, seen_.process, scenario_, moment_.now);
    const auto ended = tcp_ended_at();
    if (ended && *ended <= due) return {};
    if (!ended && seen_.process.stopped_after(from)) return {};
    const bool limited = scenario_.system.traits.duration("close_limit").has_value();
    const Cause cause = limited ? Cause::closing_unanswered : Cause::no_close_limit;
    if (ended) {
      return {Verdict::violated, fmt::format("it ended TCP {} too late", measured(Duration(*ended - due))),
              cause};
    }
    if (reporting_.wire_only() && !connection_.own_close() && moment_.now > due) {
      return {Verdict::inconclusive, "wire only, and the wire shows no end of TCP"};
    }
    return wait_for(due, "it never ended TCP behind the Close", cause);
  }

  /// Told to stop, it closed first.
  Opinion closing() const {
    Opinion told;
    if (const auto report = end_report(it(), false)) told = opinion_on_report(it(), *report->fact);
    const auto close = connection_.own_close();
    const Opinion end = tcp_end(close->at);
    const auto limit = scenario_.system.traits.duration("close_limit");
    Opinion early;
    const bool alone =
        broke_.effect.kind == EffectKind::no_close_reply && connection_.own_end && !connection_.ended;
    if (alone && limit && connection_.own_end->at < close->at + scaled(*limit, 0.8).count()) {
      early = {Verdict::warned, "it did not wait for the peer's Close as long as its limit says",
               Cause::limit_too_early};
    }
    return worst_of({told, end, early});
  }

  Opinion by_itself() const {
    if (!broke_.effect.detail.empty()) {
      return {Verdict::warned, fmt::format("it ended the connection by itself: {}", broke_.effect.detail)};
    }
    return {Verdict::violated, "it ended the connection by itself", Cause::ends_by_itself};
  }

  /// Attempts that find nobody leave no trace on the wire: reports speak, or a connection made later.
  std::optional<Finding> refused() {
    for (const SeenReport& close : connection_.reports().closes) {
      if (!while_refused(close.at))
        return finding({Verdict::violated, "it reported an end that is already reported"});
      const Opinion opinion = opinion_on_report(it(), *close.fact);
      if (opinion.state == Verdict::violated) return finding(opinion);
    }
    if (!connection_.reports().closes.empty() || !connection_.reports().errors.empty()) return finding({});
    if (seen_.size() > 1) return std::nullopt;  // it was connected before, or came later: no attempt is known
    std::int64_t from = std::max(broke_.at, seen_.ready.value_or(broke_.at));
    for (const trace::ProcessEvent& event : seen_.process.events) {
      if (event.change == record::ProcessChange::started) from = std::max(from, event.at);
    }
    const std::int64_t due = later(from, undeclared);
    if (reporting_.wire_only() && (moment_.now > due || moment_.over)) {
      return finding({Verdict::inconclusive, "wire only, and a refused attempt leaves nothing on the wire"});
    }
    return finding(wait_for(due, "the failed attempt was not reported", Cause::none));
  }

  bool while_refused(std::int64_t at) const {
    return std::ranges::any_of(seen_.refused, [&](const Span& span) {
      return at >= span.from && (!span.until || at <= later(*span.until, grace));
    });
  }

  /// Quiet that nobody imposed and whose time is not up when the run ends was no break.
  std::optional<Finding> settle(const Opinion& opinion) {
    const bool up = times_.notice && moment_.now > *times_.notice;
    const bool only_quiet = broke_.effect.kind == EffectKind::silence && !broke_.imposed && !noticed_at();
    if (only_quiet && moment_.over && !up) return std::nullopt;
    if (broke_.state == State::closing && moment_.over && opinion.state == Verdict::violated &&
        opinion.says.ends_with("when the run ended")) {
      return std::nullopt;
    }
    return finding(opinion);
  }

  std::string expected() const {
    std::string text = "the sut " + to_string(row_.fine);
    if (times_.notice_limit) text += " within " + format_duration(*times_.notice_limit);
    return text + " after " + to_string(broke_.effect);
  }

  std::optional<std::int64_t> decided_by(Verdict state) const {
    const auto told = end_report(it(), reporting_.closes);
    if (told && state != Verdict::holds) return told->at;
    return broke_.at;
  }

  Finding finding(const Opinion& opinion) const {
    Finding result;
    result.state = opinion.state;
    result.subject = "appropriate";
    result.expected = expected();
    result.seen = what_it_did(it(), reporting_.wire_only());
    if (!opinion.says.empty()) result.seen = fmt::format("{}: {}", opinion.says, result.seen);
    result.at = decided_by(opinion.state);
    result.connection = connection_.number();
    result.look_again = opinion.look_again;
    if (opinion.state == Verdict::holds || opinion.state == Verdict::pending) return result;
    const Cause cause =
        opinion.cause != Cause::none ? opinion.cause : cause_of(broke_, quiet_before(connection_, broke_));
    result.cause = describe(cause).cause;
    result.remedy = describe(cause).remedy;
    return result;
  }

  const Leg& connection_;
  const trace::View& seen_;
  const Case& scenario_;
  Moment moment_;
  Break broke_;
  Row row_;
  Deadlines times_;
  Reporting reporting_;
  bool promised_;
};

/// Reports that belong to no connection, where none was refused.
std::optional<Finding> unowned(const Leg& nobody) {
  if (nobody.reports().closes.empty()) return std::nullopt;
  Finding finding;
  finding.state = Verdict::violated;
  finding.subject = "appropriate";
  finding.expected = "the sut reports each end once";
  finding.seen = fmt::format("it reported {} more", counted(nobody.reports().closes.size(), "end"));
  finding.at = nobody.reports().closes.front().at;
  finding.cause = describe(Cause::ends_by_itself).cause;
  finding.remedy = describe(Cause::ends_by_itself).remedy;
  return finding;
}

}  // namespace

std::optional<Finding> judge_client(const Leg& connection, const trace::View& seen, const Case& scenario,
                                    Moment moment) {
  if (connection.number() == 0 && !connection.of->unreachable) return unowned(connection);
  auto broke = first_break(connection, seen.process);
  if (!broke) return std::nullopt;
  return ClientJudge(connection, seen, scenario, moment, std::move(*broke)).judge();
}

}  // namespace wsfault::verdict::oracle
