#include "cli/repetitions.hpp"

#include "report/case_text.hpp"

namespace wsfault::cli {
namespace {

constexpr std::size_t most_kept = 100;

}  // namespace

void Retention::take(report::CaseResult& result) {
  const bool is_kept = report::needs_a_look(result) && ++kept_ <= most_kept;
  if (is_kept) return;
  if (logs_.is_logged(result.outcome)) written_ = logs_.write(result) && written_;
  report::explain(result);
  // Not `= {}`, which empties them but keeps their memory.
  result.events = record::Events();
  result.output = std::vector<record::OutputLine>();
}

}  // namespace wsfault::cli
