// What can be told of a script without playing it.
#include "model/script.hpp"

#include <algorithm>

#include "wire/close_code.hpp"

namespace wsfault::model {
namespace {

struct SendsIllegal {
  bool operator()(const FrameStep&) const { return true; }
  bool operator()(const RawStep&) const { return true; }
  bool operator()(const CloseStep& step) const { return step.code && !wire::may_be_on_wire(*step.code); }
  bool operator()(const RepeatStep& step) const { return sends_illegal(step.steps); }
  bool operator()(const RuleStep& step) const { return sends_illegal(step.steps); }
  bool operator()(const auto&) const { return false; }
};

struct WaitingTime {
  Duration operator()(const WaitStep& step) const {
    const Duration* duration = std::get_if<Duration>(&step.what);
    return duration ? *duration : Duration(0);
  }
  Duration operator()(const RepeatStep& step) const {
    return scaled(waiting_time(step.steps), static_cast<double>(step.times));
  }
  Duration operator()(const auto&) const { return Duration(0); }
};

}  // namespace

bool sends_illegal(const Steps& steps) {
  return std::any_of(steps.begin(), steps.end(),
                     [](const Step& step) { return std::visit(SendsIllegal{}, step.what); });
}

Duration waiting_time(const Steps& steps) {
  Duration total(0);
  for (const Step& step : steps)
    total = std::min(total + std::visit(WaitingTime{}, step.what), longest_duration);
  return total;
}

}  // namespace wsfault::model
