// What running a plan needs beyond its cases: a look at what runs already, and the setting of the run.
#pragma once

#include <string>
#include <string_view>

#include "cli/run_plan.hpp"

namespace wsfault::cli {

/// One sentence if the external system, or the real upstream, cannot be tested.
std::string look_around(std::string_view command, const RunPlan& plan);
/// The plan must outlive it.
runner::RunSetting setting_of(const RunPlan& plan, net::Warden& warden);

}  // namespace wsfault::cli
