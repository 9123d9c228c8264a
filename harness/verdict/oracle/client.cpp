#include "verdict/oracle/client.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "value/words.hpp"
#include "verdict/oracle/client_closing.hpp"
#include "verdict/oracle/client_report.hpp"
#include "verdict/oracle/limits.hpp"
#include "verdict/oracle/pongs.hpp"
#include "verdict/oracle/words.hpp"
#include "wire/close_code.hpp"
#include "wire/handshake.hpp"

namespace wsfault::verdict::oracle {
namespace {

using Verdict = verdict::State;

constexpr TimeWords time_words = {.early = "it gave up {} before its limit allows",
                                  .late = "it noticed {} too late",
                                  .never = "it did not notice in its time",
                                  .unlimited = "it did not notice"};

constexpr char answers_pings[] = "the sut answers each ping with a pong that has its data (RFC 6455 5.5.3)";

Opinion on_pongs(const Leg& connection, const Scene& scene) {
  return worst_of({on_late_pong(connection, scene, answers_pings), on_pongs(connection, scene, answers_pings)});
}

class ClientJudge {
 public:
  ClientJudge(const Leg& connection, const trace::View& seen, const Scene& scene, Break broke)
      : connection_(connection),
        seen_(seen),
        scene_(scene),
        broke_(std::move(broke)),
        row_(appropriate({model::Role::client}, broke_.phase, broke_.effect, scene.traits(),
                         scene.scenario.system.dialect)),
        limits_(limits_of(broke_, row_, scene)),
        reporting_(reporting_of(scene.scenario.system, seen.any_report)),
        promised_(broke_.phase == Phase::before_101 ? !reporting_.wire_only() : reporting_.closes) {}

  std::optional<Finding> judge() {
    if (const auto opened = opened_in_spite(it())) return finding(*opened);
    switch (broke_.effect.kind) {
      case EffectKind::stopped:
        return std::nullopt;
      case EffectKind::nothing:
        return finding(by_itself());
      case EffectKind::frozen:
        return finding(reported());
      case EffectKind::refused:
      case EffectKind::unconnected:
        return refused();
      default:
        break;
    }
    if (broke_.phase == Phase::closing) return settle(on_closing(it(), scene_));
    const auto noticed = noticed_at();
    const Opinion pongs = on_pongs(connection_, scene_);
    if (!noticed) return settle(worst_of({unnoticed(), on_delivered(it(), seen_), pongs}));
    return settle(
        worst_of({on_close_reply(it(), scene_), timely(*noticed), reported(), on_wire(it(), reporting_.wire_only()),
                  on_delivered(it(), seen_), refusal_ends_it(), on_end_of_tcp(it(), scene_, *noticed), pongs}));
  }

 private:
  Broken it() const { return {connection_, broke_, row_, scene_.scenario.system}; }

  /// Of a fleet nobody knows whose attempt it is.
  std::optional<std::int64_t> next_attempt() const {
    return scene_.scenario.instances() > 1 ? std::nullopt : connection_.next_attempt();
  }

  /// First sign that it knows: a report, its Close, its end of TCP, its exit.
  std::optional<std::int64_t> dated_sign() const {
    std::optional<std::int64_t> first;
    const auto sign = [&](std::optional<std::int64_t> at) {
      if (at && *at >= broke_.at) first = std::min(first.value_or(*at), *at);
    };
    if (const auto told = end_report(it(), reporting_.closes)) sign(told->at);
    if (const auto close = connection_.own_close()) sign(close->at);
    sign(own_end(connection_, scene_));
    sign(seen_.process.exited_after(broke_.at));
    return first;
  }

  /// A next attempt shows that it knows, too, but not since when.
  std::optional<std::int64_t> noticed_at() const {
    std::optional<std::int64_t> first = dated_sign();
    if (const auto next = next_attempt(); next && *next >= broke_.at)
      first = std::min(first.value_or(*next), *next);
    return first;
  }

  /// What a client may do is to go on as if nothing were: then time alone decides.
  Opinion unnoticed() const {
    const bool in_the_dark = reporting_.wire_only() && !row_.allows(ReactionKind::stays_open);
    const bool up = limits_.is_up(scene_.horizon) || (limits_.due && scene_.horizon.over);
    if (in_the_dark && up && row_.limit.at_once())
      return {Verdict::inconclusive,
              fmt::format("it does not report, and the wire does not show whether it noticed{}",
                          reporting_.may_yet ? "; if it is to, say so (--report json)"
                                             : "; only reports would (--report json)")};
    TimeWords words = time_words;
    if (in_the_dark) words.never = "TCP is still open";
    return on_nothing(limits_, row_, scene_, lack_of_limit(), words);
  }

  /// What it lacks that has not noticed in its time though it says when it does.
  Cause lack_of_limit() const {
    const bool silence = broke_.effect.kind == EffectKind::silence;
    if (silence && broke_.phase == Phase::open && connection_.sends_no_pings()) return Cause::no_heartbeat;
    if (!row_.limit.at_once()) return Cause::limit_too_late;
    if (is_illegal(broke_.effect)) return Cause::bad_frame_accepted;
    const bool answered = broke_.effect.kind == EffectKind::answer || broke_.effect.kind == EffectKind::garbage ||
                          broke_.effect.kind == EffectKind::invalid_101;
    return answered && broke_.phase == Phase::before_101 ? Cause::handshake_unchecked : Cause::end_unreported;
  }

  Opinion timely(std::int64_t noticed) const {
    const Opinion opinion = in_time(noticed, limits_, row_, Cause::limit_too_late, time_words);
    if (opinion.state == Verdict::violated && noticed >= limits_.earliest) {
      if (dated_sign() != noticed) return {};
      // Bytes that are no head may yet become one for a reader that waits for a line's end.
      const auto handshake = scene_.limit("handshake_limit");
      const bool within_handshake = broke_.effect.kind == EffectKind::garbage && handshake &&
                                    noticed <= scene_.later(broke_.at, *handshake + grace);
      if (within_handshake)
        return {Verdict::warned, opinion.says + ", but within its handshake limit", Cause::limit_too_late};
    }
    return opinion;
  }

  /// By when the report must be there: with the notice, or when the closing handshake that it began is over.
  std::int64_t report_due() const {
    std::int64_t due = limits_.due.value_or(broke_.at);
    if (const auto noticed = noticed_at()) due = std::max(due, scene_.later(*noticed, grace));
    for (const auto& close : {connection_.own_close(), connection_.peer_close()}) {
      if (!close) continue;
      std::int64_t over = scene_.closing_due(close->at);
      if (connection_.ended)
        over = std::min(over, scene_.later(std::max(close->at, connection_.ended->at), grace));
      due = std::max(due, over);
    }
    return due;
  }

  Opinion reported() const {
    const auto report = end_report(it(), reporting_.closes);
    if (!report) {
      // Who follows a redirect may say nothing of it.
      if (row_.allows(ReactionKind::follows)) return {};
      // It may report only when the closing handshake is over.
      const bool closing = (connection_.own_close() || connection_.peer_close()) && !connection_.ended;
      const Declared limit = closing ? scene_.declared("close_limit") : Declared{.length = Duration(0)};
      const Opinion waits = scene_.wait_for(limit, report_due(), "the end was not reported",
                                            Cause::end_unreported, Cause::end_unreported);
      if (promised_) return waits;
      return reporting_.may_yet && waits.state == Verdict::pending ? waits : Opinion{};
    }
    const Opinion opinion = on_report(it(), *report->fact);
    if (opinion.state == Verdict::violated || !promised_ || !row_.limit.binds || report->at <= report_due())
      return opinion;
    return {Verdict::violated,
            fmt::format("it reported the end {} too late", measured(Duration(report->at - report_due()))),
            row_.limit.at_once() ? Cause::end_unreported : Cause::limit_too_late};
  }

  /// RFC 6455 4.1: a client that refuses a 101 also ends the connection.
  Opinion refusal_ends_it() const {
    const bool ended = connection_.own_end || connection_.ended || seen_.process.exited_after(broke_.at) ||
                       seen_.process.stopped_after(broke_.at);
    if (broke_.effect.kind != EffectKind::invalid_101 || ended) return {};
    return scene_.wait_until(report_due(), "it refused the 101 but stays connected", Cause::tcp_kept)
        .expecting("the sut ends TCP once it has refused a 101");
  }

  /// A client that offered subprotocols may fail the connection where none was picked (WHATWG, WebSockets
  /// Standard).
  bool wanted_a_subprotocol() const {
    constexpr std::string_view name = "Sec-WebSocket-Protocol";
    const auto& request = connection_.request;
    const auto& answer = connection_.answer;
    return request && answer && wire::find_header(request->fact->head->headers, name) &&
           !wire::find_header(answer->fact->head->headers, name);
  }

  Opinion by_itself() const {
    if (wanted_a_subprotocol() && connection_.passed.empty()) return {};
    if (!broke_.effect.detail.empty()) {
      return {Verdict::warned, fmt::format("it ended the connection by itself: {}", broke_.effect.detail),
              Cause::ends_by_itself};
    }
    return {Verdict::violated, "it ended the connection by itself", Cause::ends_by_itself};
  }

  /// Attempts that find nobody leave no trace on the wire: reports speak, or a connection made later.
  std::optional<Finding> refused() {
    for (const SeenReport& close : connection_.reports().closes) {
      if (!while_refused(close.at))
        return finding(
            {Verdict::violated, "it reported an end that is already reported", Cause::end_reported_twice});
      const Opinion opinion = on_report(it(), *close.fact);
      if (opinion.state == Verdict::violated) return finding(opinion);
    }
    if (!connection_.reports().closes.empty() || !connection_.reports().errors.empty()) return finding({});
    if (seen_.size() > 1) return std::nullopt;  // it was connected before, or came later: no attempt is known
    if (!seen_.unanswered.empty()) return std::nullopt;  // each attempt is judged by itself
    const bool dark = broke_.effect.kind == EffectKind::unconnected;
    std::int64_t from = std::max(broke_.at, seen_.ready.value_or(broke_.at));
    for (const trace::ProcessEvent& event : seen_.process.events) {
      if (event.change == record::ProcessChange::started) from = std::max(from, event.at);
    }
    const std::int64_t due =
        dark ? scene_.due_after(from, row_.declared) : scene_.later(from, scene_.scenario.wait);
    if (reporting_.wire_only() && (scene_.horizon.now > due || scene_.horizon.over)) {
      return finding(
          {Verdict::inconclusive, fmt::format("it does not report, and {} leaves nothing on the wire",
                                              dark ? "an attempt without an answer" : "a refused attempt")});
    }
    if (dark)
      return finding(scene_.wait_for(row_.declared, due, "the failed attempt was not reported",
                                     Cause::no_handshake_limit, Cause::no_handshake_limit));
    const Opinion waits = scene_.wait_until(due, "the failed attempt was not reported", Cause::end_unreported);
    const bool seen = seen_.first_attempt || std::ranges::any_of(seen_.refused, &trace::Refusal::unseen);
    if (waits.state == Verdict::violated && !seen)
      return finding({Verdict::inconclusive, "no attempt of it to connect was seen", Cause::none});
    return finding(waits);
  }

  bool while_refused(std::int64_t at) const {
    // Who waits for an answer in the dark may go on waiting for some time when it is over.
    const Duration limit = scene_.limit("handshake_limit").value_or(scene_.scenario.wait);
    return std::ranges::any_of(seen_.refused, [&](const trace::Refusal& span) {
      const Duration echo = span.dark ? limit + grace : grace;
      return at >= span.from && (!span.until || at <= scene_.later(*span.until, echo));
    });
  }

  /// Quiet that nobody imposed and whose time is not up when the run ends was no break.
  std::optional<Finding> settle(const Opinion& opinion) {
    const bool up = limits_.is_up(scene_.horizon);
    const bool only_quiet = broke_.effect.kind == EffectKind::silence && !broke_.imposed && !noticed_at();
    if (only_quiet && scene_.horizon.over && !up) return std::nullopt;
    if (broke_.phase == Phase::closing && scene_.horizon.over && opinion.state == Verdict::violated &&
        opinion.says.ends_with("when the run ended")) {
      return std::nullopt;
    }
    return finding(opinion);
  }

  std::string expected() const {
    if (broke_.effect.kind == EffectKind::nothing) return "the sut stays open while nothing breaks its connection";
    std::string text = "the sut " + to_string(row_.fine);
    if (limits_.length) text += " within " + format_duration(*limits_.length);
    return fmt::format("{} after {}", text, what_broke(broke_));
  }

  std::optional<std::int64_t> decided_by(Verdict state) const {
    const auto told = end_report(it(), reporting_.closes);
    if (told && state != Verdict::holds) return told->at;
    return broke_.at;
  }

  Finding finding(const Opinion& opinion) const {
    Finding result =
        finding_of(opinion, expected(), what_it_did(it(), reporting_, scene_.process), connection_.number());
    result.broke = what_broke(broke_);
    result.at = decided_by(opinion.state);
    return result;
  }

  const Leg& connection_;
  const trace::View& seen_;
  Scene scene_;
  Break broke_;
  Row row_;
  Limits limits_;
  Reporting reporting_;
  bool promised_;
};

/// Reports that belong to no connection, where none was refused.
std::optional<Finding> unowned(const Leg& nobody) {
  const auto& closes = nobody.reports().closes;
  // An attempt whose packets were lost reached nobody who could have seen it.
  if (closes.empty() || nobody.of->loses_packets(0, closes.front().at + 1)) return std::nullopt;
  return at_time(
      finding_of({Verdict::violated, {}, Cause::end_reported_twice}, "the sut reports each end once",
                 fmt::format("it reported {} more", counted(closes.size(), "end")), 0),
      closes.front().at);
}

/// RFC 6455 4.1: until the answer has come, the client sends nothing but its request.
std::optional<Finding> spoke_before_the_101(const Leg& connection) {
  if (connection.sent.empty() || !connection.request || connection.garbage) return std::nullopt;
  const SeenFrame frame = connection.sent.front();
  if (connection.answer && connection.answer->index < frame.index) return std::nullopt;
  return at_time(finding_of({Verdict::violated, {}, Cause::breaks_protocol},
                            "the sut sends no frame before it has the answer to its handshake (RFC 6455 4.1)",
                            "it sent one before any answer had reached it", connection.number()),
                 frame.at);
}

/// Nothing broke it: it answers pings.
std::optional<Finding> unbroken(const Leg& connection, const Scene& scene) {
  const Opinion opinion = on_pongs(connection, scene);
  if (opinion.state == Verdict::holds) return std::nullopt;
  return at_time(finding_of(opinion, answers_pings, {}, connection.number()),
                 connection.received_heartbeats.pings().back().at);
}

}  // namespace

std::optional<Finding> judge_client(const Leg& connection, const trace::View& seen, const Case& scenario,
                                    Horizon horizon) {
  const bool met_nobody = connection.of->unreachable || connection.of->dark;
  if (connection.number() == 0 && connection.of->partly_reachable) return std::nullopt;
  if (connection.number() == 0 && !met_nobody) return unowned(connection);
  if (auto hasty = spoke_before_the_101(connection)) return hasty;
  auto broke = first_break(connection, seen.process, scenario.system.traits);
  const Scene scene{scenario, seen.process, seen.ready, horizon};
  if (!broke) return unbroken(connection, scene);
  return ClientJudge(connection, seen, scene, std::move(*broke)).judge();
}

}  // namespace wsfault::verdict::oracle
