#include "runner/case_results.hpp"

#include <algorithm>

#include "verdict/judge.hpp"

namespace wsfault::runner {
namespace {

report::CaseResult not_run(const CaseOrder& order, const std::string& reason, verdict::Outcome outcome) {
  const model::Scenario& scenario = order.loaded->scenario;
  report::CaseResult result;
  result.id = order.id;
  result.position = order.position;
  result.title = scenario.title;
  result.file = scenario.file;
  result.role = to_string(scenario.role);
  result.system = order.loaded->judged.system.name;
  result.outcome = outcome;
  result.reason = reason;
  result.seed = order.seed;
  result.repeat = order.repeat;
  return result;
}

}  // namespace

report::CaseResult skipped_case(const CaseOrder& order, const std::string& reason) {
  return not_run(order, reason, verdict::Outcome::skipped);
}

report::CaseResult broken_case(const CaseOrder& order, const std::string& reason) {
  return not_run(order, reason, verdict::Outcome::error);
}

namespace {

/// Keeps the last record last.
void break_log(report::CaseResult& result, const scenario::LoadedCase& loaded, double timeout_scale,
               const std::string& trouble) {
  if (result.events.empty()) return;
  record::Event ended = result.events.back();
  auto* ending = std::get_if<record::RunEnded>(&ended.what);
  if (!ending) return;
  ending->reason = record::EndReason::error;
  result.events.back() = {ended.at, {}, record::HarnessError{trouble}};
  result.events.push_back(std::move(ended));
  verdict::Case judged = loaded.judged;
  judged.timeout_scale = timeout_scale;
  result.judgement = verdict::judge(judged, result.events, result.events.back().at, true);
}

}  // namespace

void add_trouble_of_end(report::CaseResult& result, const scenario::LoadedCase& loaded, double timeout_scale,
                        const std::string& trouble) {
  if (trouble.empty()) return;
  if (result.reason.empty()) result.reason = trouble;
  if (result.outcome <= verdict::Outcome::failed) return;
  result.outcome = verdict::Outcome::error;
  break_log(result, loaded, timeout_scale, trouble);
}

void sum_up(report::CaseResult& result) {
  const auto is_detail = [](const record::Event& event) {
    const auto* frame = std::get_if<record::FrameSeen>(&event.what);
    const auto* report = std::get_if<record::Report>(&event.what);
    return (frame != nullptr && frame->opcode != 8) || (report != nullptr && report->event == "message") ||
           std::holds_alternative<record::MessageSeen>(event.what) ||
           std::holds_alternative<record::BodySeen>(event.what) ||
           std::holds_alternative<record::Forwarded>(event.what) ||
           std::holds_alternative<record::OutputLine>(event.what) ||
           std::holds_alternative<record::UsageSample>(event.what);
  };
  result.events.erase(std::remove_if(result.events.begin(), result.events.end(), is_detail),
                      result.events.end());
  result.events.shrink_to_fit();
  result.output = {};
}

}  // namespace wsfault::runner
