// Each order is made from that of the first round.
#include "cli/repetitions.hpp"

#include <fmt/format.h>

#include "report/case_text.hpp"

namespace wsfault::cli {
namespace {

constexpr std::size_t most_kept = 100;

}  // namespace

std::vector<runner::CaseOrder> make_orders(const RunOptions& options, const runner::LoadedCases& loaded) {
  std::vector<runner::CaseOrder> orders;
  for (const scenario::LoadedCase& one : loaded.cases) {
    const std::uint64_t seed = *options.seed;
    orders.push_back({&one, one.scenario.id, seed,
                      runner::repeat_command(program_path(), one, options.asked, seed), 1,
                      orders.size() + 1});
  }
  return orders;
}

runner::CaseOrder repeated(const runner::CaseOrder& first, int round, std::size_t cases,
                           const RunOptions& options) {
  runner::CaseOrder order = first;
  const auto later = static_cast<std::uint64_t>(round - 1);
  order.id = fmt::format("{}#{}", first.id, round);
  order.seed = first.seed + later;
  order.repeat = runner::repeat_command(program_path(), *first.loaded, options.asked, order.seed);
  order.round = round;
  order.position = first.position + later * cases;
  return order;
}

std::vector<runner::CaseOrder> all_rounds(const std::vector<runner::CaseOrder>& orders,
                                          const RunOptions& options) {
  if (options.repeat == 1) return orders;
  std::vector<runner::CaseOrder> all;
  for (int round = 1; round <= options.repeat; ++round) {
    for (const runner::CaseOrder& order : orders)
      all.push_back(repeated(order, round, orders.size(), options));
  }
  return all;
}

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
