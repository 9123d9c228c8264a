// A case's files are found by its position, because ids may be equal.
#include "cli/case_logs.hpp"

#include <fmt/format.h>

#include "cli/report_file.hpp"
#include "record/json.hpp"

namespace wsfault::cli {
namespace {

using verdict::Outcome;

/// The output of the system on one of its streams; no file if it is empty.
bool write_output(const std::string& file, const report::CaseResult& result, std::string_view stream) {
  std::string text;
  for (const record::OutputLine& output : result.output) {
    if (output.stream == stream) text.append(output.line.view()) += '\n';
  }
  return text.empty() || write_report(file, text);
}

}  // namespace

CaseLogs::CaseLogs(const Outputs& outputs, const std::vector<report::LogCase>& cases, int rounds)
    : folder_(outputs.log), all_(outputs.log_all), numbered_(rounds > 1), names_(report::log_names(cases)) {}

bool CaseLogs::is_logged(Outcome outcome) const {
  if (folder_.empty()) return false;
  return all_ || (outcome != Outcome::passed && outcome != Outcome::skipped);
}

bool CaseLogs::write(const report::CaseResult& result) const {
  if (!is_logged(result.outcome) || result.events.empty()) return true;
  const std::size_t place = result.position - 1;
  std::string file = folder_ + "/" + names_.at(place % names_.size());
  if (numbered_) file += fmt::format("#{}", place / names_.size() + 1);
  bool ok = write_report(file + ".jsonl", record::to_json_lines(result.events));
  for (const char* stream : {"stdout", "stderr"})
    ok = write_output(fmt::format("{}.{}.txt", file, stream), result, stream) && ok;
  return ok;
}

}  // namespace wsfault::cli
