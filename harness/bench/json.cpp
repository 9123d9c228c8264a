// The JSON document, member by member.
#include "bench/json.hpp"

#include <boost/json.hpp>
#include <cmath>

#include "report/json_text.hpp"

namespace wsfault::bench {
namespace {

namespace json = boost::json;
using report::json_string;
using report::milliseconds;

json::value time_json(const std::optional<std::int64_t>& time) {
  return time ? json::value(milliseconds(*time)) : json::value();
}

json::value times_json(std::vector<std::int64_t> values) {
  const auto summary = summarise(std::move(values));
  if (!summary) return nullptr;
  return json::object{{"min", milliseconds(summary->min)},
                      {"p50", milliseconds(summary->p50)},
                      {"p90", milliseconds(summary->p90)},
                      {"p95", milliseconds(summary->p95)},
                      {"p99", milliseconds(summary->p99)},
                      {"max", milliseconds(summary->max)},
                      {"mean", milliseconds(std::llround(summary->mean))}};
}

json::value counts_json(std::vector<std::int64_t> values) {
  const auto summary = summarise(std::move(values));
  if (!summary) return nullptr;
  return json::object{{"min", summary->min},
                      {"p50", summary->p50},
                      {"p90", summary->p90},
                      {"p95", summary->p95},
                      {"p99", summary->p99},
                      {"max", summary->max},
                      {"mean", std::round(summary->mean * 1e3) / 1e3}};
}

/// "first_message": the names of members have no spaces.
std::string key_of(Phase phase) {
  std::string key(to_string(phase));
  for (char& c : key) {
    if (c == ' ') c = '_';
  }
  return key;
}

json::object fault_json(const Figures& figures) {
  json::object with;
  for (const auto& [name, value] : figures.with) with[name] = json_string(value);
  return {{"name", json_string(figures.fault)},
          {"with", std::move(with)},
          {"when", json_string(figures.when)},
          {"after_ms", milliseconds(figures.after.count())},
          {"down_ms", milliseconds(figures.down.count())},
          {"spread_ms", milliseconds(figures.spread.count())}};
}

json::object rounds_json(const Figures& figures) {
  json::array missed;
  for (const Missed& each : figures.missed)
    missed.push_back(json::object{{"round", each.number}, {"why", json_string(each.why)}});
  return {{"asked", figures.rounds},
          {"measured", figures.measured.size()},
          {"not_measured", missed},
          {"not_begun", figures.not_begun()},
          {"warmup", figures.warmup},
          {"parallel", figures.parallel},
          {"within_ms", milliseconds(figures.within.count())}};
}

double share(double value) { return std::round(value * 1e3) / 1e3; }

json::object harness_json(const Figures& figures) {
  json::array limited;
  for (const std::string& each : limits(figures)) limited.push_back(json_string(each));
  return {{"timers_late_ms", times_json(figures.timers_late)},
          {"faults_late_ms", times_json(faults_late(figures))},
          {"own_use", share(figures.use.own)},
          {"machine_use", share(figures.use.machine)},
          {"processors", figures.use.processors},
          {"limited", std::move(limited)}};
}

json::object phases_json(const Figures& figures) {
  json::object all;
  for (const Phase phase : phases) {
    all[key_of(phase)] = json::object{{"since_fault_ms", times_json(since_fault(figures, phase))},
                                      {"step_ms", times_json(steps(figures, phase))}};
  }
  return all;
}

json::object round_json(const Round& round) {
  json::object one{{"round", round.number}};
  for (const Phase phase : phases) one[key_of(phase) + "_ms"] = time_json(round.after[index_of(phase)]);
  for (const Count& count : counts()) one[count.key] = count.of(round);
  one["fault_late_ms"] = time_json(round.fault_late);
  return one;
}

}  // namespace

std::string print_json(const Figures& figures) {
  json::object in_a_round;
  for (const Count& count : counts()) in_a_round[count.key] = counts_json(values(figures, count));
  json::array each;
  for (const Round& round : figures.measured) each.push_back(round_json(round));
  return report::print_json(json::object{
      {"format", "wsfault-reconnect"},
      {"version", reconnect_version},
      {"wsfault", json_string(figures.wsfault)},
      {"client", json_string(figures.client)},
      {"client_version", report::text_or_null(figures.version)},
      {"fault", fault_json(figures)},
      {"rounds", rounds_json(figures)},
      {"seed", figures.seed},
      {"seconds", milliseconds(figures.wall.count()) / 1e3},
      {"interrupted", figures.interrupted},
      {"harness", harness_json(figures)},
      {"phases", phases_json(figures)},
      {"counts", std::move(in_a_round)},
      {"each", std::move(each)},
  });
}

}  // namespace wsfault::bench
