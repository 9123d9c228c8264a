// Estimates: the numbers of clients and upstreams in a scenario are exact, how often a client connects is
// not.
#include "runner/descriptor_needs.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "runner/upstreams.hpp"

namespace wsfault::runner {
namespace {

constexpr std::size_t of_system = 3;        // stdout, stderr, and the socket to its keeper
constexpr std::size_t of_link = 2;          // a port that is held, and the listener
constexpr std::size_t of_upstream = 2;      // a port that is held, and the listener
constexpr std::size_t of_process = 4;       // that of an upstream also has its stdin
constexpr std::size_t of_link_end = 2;      // a connection through a link
constexpr std::size_t clients_at_once = 2;  // for a client under test: the old connection and the new one
constexpr std::size_t spare = 2;            // short-lived: files and probes

/// Opened for a moment when a process starts, and by the run itself.
constexpr std::size_t of_run = 24;

std::size_t clients_of(const model::Scenario& scenario) {
  std::size_t clients = 0;
  for (const model::Client& client : scenario.clients)
    clients += static_cast<std::size_t>(std::max(client.count, 1));
  return std::max<std::size_t>(clients, 1);
}

std::size_t upstreams_of(const scenario::LoadedCase& loaded) {
  std::size_t descriptors = 0;
  for (const model::Upstream& upstream : loaded.scenario.upstreams)
    descriptors += of_link + (has_own_process(loaded.judged, upstream) ? of_process : of_upstream);
  return descriptors;
}

}  // namespace

std::size_t descriptors_of(const scenario::LoadedCase& loaded) {
  const model::Scenario& scenario = loaded.scenario;
  const std::size_t fixed = of_system + upstreams_of(loaded) + spare;
  switch (scenario.role) {
    case model::Role::client:  // the link's two ends, and the upstream's
      return fixed + clients_at_once * (of_link_end + 1);
    case model::Role::gateway:  // the client's end, two links, and the upstream's end
      return fixed + of_link + clients_of(scenario) * (2 * of_link_end + 2);
    case model::Role::server:  // the client's end, and the link
      return fixed + of_link + clients_of(scenario) * (of_link_end + 1);
  }
  return fixed;
}

DescriptorPlan plan_descriptors(const std::vector<std::size_t>& needs, std::size_t rounds, std::size_t jobs,
                                std::size_t limit, std::size_t open) {
  DescriptorPlan plan;
  const std::size_t taken = open + of_run;
  plan.available = limit > taken ? limit - taken : 0;
  std::size_t sum = 0;
  std::size_t cases = 0;
  for (const std::size_t need : needs) {
    if (need > plan.available) continue;
    sum += need;
    ++cases;
  }
  const std::size_t wanted = std::max<std::size_t>(1, std::min(jobs, needs.size() * rounds));
  plan.jobs = wanted;
  if (cases == 0) return plan;
  const std::size_t each = std::max<std::size_t>(1, (sum + cases - 1) / cases);  // all cases may be skipped
  plan.jobs = std::clamp<std::size_t>(plan.available / each, 1, wanted);
  if (plan.jobs < std::min(wanted, cases * rounds)) {
    plan.sentence = fmt::format(
        "{} cases at once need about {} descriptors and the limit is {}: {} at once; raise it with `ulimit "
        "-n`",
        wanted, wanted * each + taken, limit, plan.jobs);
  }
  return plan;
}

std::string too_many_descriptors(std::size_t need, std::size_t available) {
  if (need <= available) return {};
  return fmt::format(
      "it needs about {} descriptors at once and there are {}: raise the limit with `ulimit -n`", need,
      available);
}

}  // namespace wsfault::runner
