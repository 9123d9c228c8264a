#include "verdict/case_watch.hpp"

#include <algorithm>
#include <utility>

#include "trace/view.hpp"
#include "verdict/oracle/afterwards.hpp"
#include "verdict/oracle/client.hpp"
#include "verdict/oracle/client_messages.hpp"
#include "verdict/oracle/gateway.hpp"
#include "verdict/oracle/idle.hpp"
#include "verdict/oracle/server.hpp"
#include "verdict/oracle/side_by_side.hpp"
#include "verdict/oracle/unanswered.hpp"

namespace wsfault::verdict {
namespace {

constexpr auto pending = verdict::State::pending;
constexpr auto violated = verdict::State::violated;

/// Number 0 comes before all others.
std::size_t place_of(const trace::Connection& connection) {
  return connection.number == 0 ? 0 : connection.index + 1;
}

}  // namespace

/// What all opinions come to.
struct CaseWatch::Sum {
  bool pending = false;
  bool violated = false;
  std::int64_t look_again = 0;

  void wait(std::int64_t until) {
    pending = true;
    if (until != 0 && (look_again == 0 || until < look_again)) look_again = until;
  }
  void add(const Finding& finding) {
    if (finding.state == verdict::State::pending) wait(finding.look_again);
    violated = violated || finding.state == verdict::State::violated;
  }
};

void CaseWatch::Opinions::set(std::size_t place, std::optional<Said> said) {
  if (const auto before = said_.find(place); before != said_.end()) {
    if (before->second.state == violated) --violated_;
    pending_.erase(place);
    due_.erase({before->second.look_again, place});
    said_.erase(before);
  }
  if (!said) return;
  if (said->state == violated) ++violated_;
  if (said->state == pending) {
    pending_.insert(place);
    if (said->look_again != 0) due_.emplace(said->look_again, place);
  }
  said_.emplace(place, *said);
}

std::optional<CaseWatch::Said> CaseWatch::Opinions::first() const {
  if (said_.empty()) return std::nullopt;
  return said_.begin()->second;
}

std::vector<std::size_t> CaseWatch::Opinions::due(std::int64_t now) const {
  std::vector<std::size_t> places;
  for (const auto& [at, place] : due_) {
    if (at > now) break;
    places.push_back(place);
  }
  return places;
}

CaseWatch::CaseWatch(const Case& scenario, const trace::Trace& trace)
    : scenario_(scenario), trace_(trace), rosters_(scenario) {}

void CaseWatch::take(const trace::Connection& connection, const std::optional<Finding>& finding) {
  const std::size_t place = place_of(connection);
  judged_[place] = &connection;
  opinions_.set(place, finding ? std::optional(Said{finding->state, finding->look_again}) : std::nullopt);
}

std::vector<const trace::Connection*> CaseWatch::stale(std::int64_t now) {
  std::vector<const trace::Connection*> connections;
  const auto& changes = trace_.changes();
  if (common_changes_ != trace_.common_changes()) {
    for (const auto& [place, connection] : judged_) connections.push_back(connection);
  }
  connections.insert(connections.end(), changes.begin() + static_cast<std::ptrdiff_t>(changes_),
                     changes.end());
  for (const std::size_t place : opinions_.due(now)) connections.push_back(judged_.at(place));
  common_changes_ = trace_.common_changes();
  changes_ = changes.size();
  std::ranges::sort(connections);
  connections.erase(std::unique(connections.begin(), connections.end()), connections.end());
  return connections;
}

/// The first connection that broke decides; of the others only what is wrong counts.
void CaseWatch::look_at_client(std::int64_t now, Sum& sum) {
  const trace::View seen = trace::view(trace_, {});
  const bool replaced = is_replaced(scenario_, "sut", "sut");
  const int last_named = scenario_.last_named_connection();
  for (const trace::Connection* each : stale(now)) {
    if (each->link != "link" || each->party != "sut") continue;
    if (each->number <= last_named)
      cut_off_ = std::max(cut_off_, each->client.cut_off());
    if (replaced) continue;
    if (each->plain) {
      opinions_.set(place_of(*each), std::nullopt);
    } else {
      take(*each, oracle::judge_client(each->client, seen, scenario_, {now, false}));
    }
  }
  const auto process = oracle::judge_client_process(seen, scenario_, {now, false}, cut_off_);
  if (process) sum.add(*process);
  if (!replaced) {
    const auto first = opinions_.first();
    if (first && first->state == pending) sum.wait(first->look_again);
    if (!first && seen.size() == 0) sum.wait(0);
    sum.violated = sum.violated || opinions_.any_violated();
    if (const auto unanswered = oracle::judge_unanswered(seen, scenario_, {now, false})) sum.add(*unanswered);
  }
  for (const Finding& finding : oracle::judge_afterwards(seen, scenario_, {now, false})) sum.add(finding);
  if (const auto two = oracle::judge_side_by_side(seen, scenario_, {now, false})) sum.add(*two);
  if (const auto messages = oracle::judge_messages(trace_, scenario_, {now, false})) sum.add(*messages);
}

void CaseWatch::look_at_server(std::int64_t now, Sum& sum) {
  const oracle::Places places = oracle::places_of(trace_, scenario_.system.traits);
  const oracle::ServerScene scene{{scenario_, trace_.process("sut"), trace_.ready(), {now, false}}, places};
  const auto counts = [&](std::string_view party) { return !is_replaced_at(scenario_, party); };
  // Where places are limited, what one gets depends on all others.
  const bool all = scenario_.system.traits.integer("max_connections").has_value();
  if (all) common_changes_ = SIZE_MAX;
  for (const trace::Connection* each : stale(now)) {
    if (each->link != "link" || each->number == 0) continue;
    cut_off_ = std::max(cut_off_, each->server.cut_off());
    if (is_turned_away_visitor(each->server)) continue;
    if (counts(each->party.str())) take(*each, oracle::judge_served(each->server, scene));
  }
  std::optional<Finding> process;
  if (counts("sut")) process = oracle::judge_server_process(scene, cut_off_);
  if (process) sum.add(*process);
  if (opinions_.any_pending()) sum.wait(opinions_.look_again());
  sum.violated = sum.violated || opinions_.any_violated() || keeps_idle(scene);
  const bool nobody = judged_.empty() && !cut_off_ && !process && counts("client");
  if (nobody && oracle::served_legs(trace_).empty()) sum.wait(0);
}

/// Time alone makes it wrong to keep a connection, and nothing waits for that.
bool CaseWatch::keeps_idle(const oracle::ServerScene& scene) const {
  if (!scene.limit("idle_limit")) return false;
  return std::ranges::any_of(trace_.connections(), [&](const trace::Connection& each) {
    if (each.link != "link" || is_replaced_at(scenario_, each.party.str())) return false;
    if (!oracle::judge_idle(each.server, scene)) return false;
    const auto judged = oracle::judge_served(each.server, scene);
    return judged && judged->state == violated;
  });
}

const std::optional<oracle::Said>& CaseWatch::say_of(const oracle::Pair& pair, std::int64_t now) {
  std::size_t changed = pair.front->of->changed_in;
  if (pair.back) changed = std::max(changed, pair.back->of->changed_in);
  const SaidOfPair present{.back = pair.back ? pair.back->of : nullptr,
                           .changed = changed,
                           .refused = pair.refused,
                           .plain = pair.plain.has_value(),
                           .unclear = pair.unclear};
  const auto same = [&](const SaidOfPair& known) {
    return known.back == present.back && known.changed == present.changed &&
           known.refused == present.refused && known.plain == present.plain &&
           known.unclear == present.unclear;
  };
  const auto [known, is_new] = pairs_.try_emplace(pair.front, present);
  SaidOfPair& it = known->second;
  const oracle::Scene scene{scenario_, pairing_->process, pairing_->ready, {now, false}};
  const bool is_due = (it.said && it.said->finding.look_again != 0 && it.said->finding.look_again <= now) ||
                      oracle::judge_idle(pair, scene);
  if (!is_new && !is_due && same(it)) return it.said;
  it = present;
  if (auto passed = oracle::judge_passed(pair, scenario_, {now, false})) {
    it.said = oracle::Said{pair.front->party(), *std::move(passed)};
  } else {
    it.said = oracle::judge_pair(pair, *pairing_, scenario_, {now, false});
  }
  return it.said;
}

void CaseWatch::look_at_gateway(std::int64_t now, Sum& sum) {
  if (!pairing_ || changes_ != trace_.changes().size() || common_changes_ != trace_.common_changes()) {
    const bool contacted = pairing_ && pairing_->contacted;
    const bool struck = pairing_ && pairing_->backend_struck;
    pairing_.emplace(oracle::pair_up(trace_, scenario_.system.kind));
    const bool same = contacted == pairing_->contacted && struck == pairing_->backend_struck &&
                      common_changes_ == trace_.common_changes();
    if (!same) pairs_.clear();
    changes_ = trace_.changes().size();
    common_changes_ = trace_.common_changes();
  }
  const auto counts = [&](std::string_view party) { return !is_replaced_at(scenario_, party); };
  bool any = false;
  const auto take = [&](std::string_view party, const Finding& finding) {
    if (!counts(party)) return;
    any = true;
    sum.add(finding);
  };
  if (const auto process = oracle::judge_gateway_process(*pairing_, scenario_, {now, false}))
    take("sut", *process);
  for (const oracle::Pair& pair : pairing_->pairs) {
    if (is_turned_away_visitor(*pair.front)) continue;
    if (const auto& said = say_of(pair, now)) take(said->party, said->finding);
  }
  if (!any && pairing_->pairs.empty() && counts("client")) sum.wait(0);
}

void CaseWatch::look_at_oracle(std::int64_t now, Sum& sum) {
  if (!scenario_.appropriate) return;
  switch (scenario_.role) {
    case model::Role::client:
      return look_at_client(now, sum);
    case model::Role::gateway:
      return look_at_gateway(now, sum);
    case model::Role::server:
      return look_at_server(now, sum);
  }
}

/// What came in on one side of a gateway may yet come out of the other: there it is looked at anew each time.
bool CaseWatch::breaks_rules() {
  const trace::Connection* refused = trace_.caller("link", "sut").refused();
  const std::size_t reports =
      (refused ? refused->client.reports().errors.size() + refused->client.reports().closes.size() : 0) +
      trace_.all<record::AttemptRefused>().size() + trace_.unanswered("link").size();
  const std::array<std::size_t, 3> present = {trace_.unsound().size(), trace_.all<record::Accepted>().size(),
                                              reports};
  const bool again = scenario_.role == model::Role::gateway && !trace_.unsound().empty();
  if (std::exchange(ruled_, present) != present || again)
    breaks_rules_ = !judge_standing_rules(scenario_, trace_).empty();
  return breaks_rules_;
}

CaseWatch::State CaseWatch::look(std::int64_t now) {
  const record::Events& log = trace_.log();
  for (; read_ < trace_.read(); ++read_) rosters_.feed(log[read_]);
  const bool is_cut = !trace_.all<record::Cut>().empty();
  // Where something was cut, much is doubtful.
  if (is_cut) {
    const Judgement judgement = judge(scenario_, trace_, now, false);
    return {judgement.decided, judgement.outcome == Outcome::error, judgement.look_again};
  }
  Sum sum;
  for (const Expectation& expectation : scenario_.expectations)
    sum.add(judge_expectation(expectation, scenario_, trace_, now, false));
  look_at_oracle(now, sum);
  sum.violated = sum.violated || breaks_rules() || !judge_scripts(scenario_, trace_).empty();
  // What has failed fails the scenario, whether or not the fault still strikes.
  if (!sum.violated) {
    if (!judge_faults(scenario_, trace_).empty()) sum.wait(0);
    for (const Finding& finding : rosters_.opinions(false)) sum.add(finding);
    for (const Finding& finding : judge_faults_at_work(scenario_, trace_, now)) sum.add(finding);
  }
  const bool error = !trace_.all<record::HarnessError>().empty();
  return {!sum.pending || error, error, sum.look_again};
}

}  // namespace wsfault::verdict
