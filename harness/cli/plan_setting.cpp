#include "cli/plan_setting.hpp"

#include <algorithm>

#include "cli/watcher.hpp"
#include "net/interruption.hpp"
#include "runner/precheck.hpp"

namespace wsfault::cli {

std::string look_around(std::string_view command, const RunPlan& plan) {
  if (net::interruption() != 0) return {};
  if (plan.external) {
    const std::string wrong = plan.external_is_server
                                  ? runner::look_for_server(*plan.external, plan.timeout_scale)
                                  : runner::look_for_gateway(*plan.external, plan.timeout_scale);
    if (!wrong.empty() && net::interruption() == 0) return masked(wrong, plan.secrets);
  }
  if (plan.upstream.empty() || net::interruption() != 0) return {};
  // It may be the client that starts it.
  const std::string wrong = runner::look_for_upstream(plan.upstream, plan.timeout_scale);
  if (!wrong.empty()) warn(command, {wrong + ": is it to be started by the client?"});
  return {};
}

runner::RunSetting setting_of(const RunPlan& plan, net::Warden& warden) {
  runner::RunSetting setting{.warden = &warden,
                             .program = program_path(),
                             .timeout_scale = plan.timeout_scale,
                             .wait = plan.wait,
                             .stop_grace = std::chrono::milliseconds(500),
                             .listen = plan.listen,
                             .advertise = plan.advertise};
  if (plan.external) setting.external = &*plan.external;
  const auto shared = std::ranges::find(plan.systems, true, &model::System::share);
  if (!plan.external && shared != plan.systems.end()) setting.shared_system = &*shared;
  return setting;
}

}  // namespace wsfault::cli
