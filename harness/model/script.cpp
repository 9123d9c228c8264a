// What can be learned from a script without playing it.
#include "model/script.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace wsfault::model {
namespace {

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

struct Expects {
  bool operator()(const ExpectStep&) const { return true; }
  bool operator()(const RepeatStep& step) const { return expects(step.steps); }
  bool operator()(const RuleStep& step) const { return expects(step.steps); }
  bool operator()(const auto&) const { return false; }
};

constexpr std::string_view expect_words = "expect ";
constexpr std::string_view pause_words = "pause ";

struct FirstExpect {
  const ExpectStep* operator()(const ExpectStep& step) const { return &step; }
  const ExpectStep* operator()(const RepeatStep& step) const { return first_expect(step.steps); }
  const ExpectStep* operator()(const auto&) const { return nullptr; }
};

struct Awaited {
  std::string operator()(const ExpectStep& step) const { return to_string(step); }
  std::string operator()(const WaitStep& step) const {
    const auto* moment = std::get_if<fault::Moment>(&step.what);
    return moment ? "wait " + fault::to_string(*moment)
                  : fmt::format("{}{}", pause_words, format_duration(std::get<Duration>(step.what)));
  }
  std::string operator()(const RepeatStep& step) const {
    for (const Step& inner : step.steps) {
      if (std::string text = awaited(inner); !text.empty()) return text;
    }
    return {};
  }
  std::string operator()(const auto&) const { return {}; }
};

/// Every kind of step is named, so a new one does not compile until its moments are handled.
struct VisitWaits {
  const MomentVisitor& visit;

  void operator()(const WaitStep& step) const {
    if (const auto* moment = std::get_if<fault::Moment>(&step.what)) visit(*moment);
  }
  void operator()(const RepeatStep& step) const { visit_waits(step.steps, visit); }
  void operator()(const RuleStep& step) const { visit_waits(step.steps, visit); }
  void operator()(const AcceptStep&) const {}
  void operator()(const RespondStep&) const {}
  void operator()(const ExpectStep&) const {}
  void operator()(const SendStep&) const {}
  void operator()(const PingStep&) const {}
  void operator()(const FrameStep&) const {}
  void operator()(const RawStep&) const {}
  void operator()(const MarkStep&) const {}
  void operator()(const CloseStep&) const {}
};

/// Every mark of a script, including those in blocks and rules.
template <typename Steps, typename Visit>
void visit_marks(Steps& steps, const Visit& visit) {
  for (auto& step : steps) {
    if (auto* mark = std::get_if<MarkStep>(&step.what)) visit(*mark);
    if (auto* repeat = std::get_if<RepeatStep>(&step.what)) visit_marks(repeat->steps, visit);
    if (auto* rule = std::get_if<RuleStep>(&step.what)) visit_marks(rule->steps, visit);
  }
}

template <typename Upstream, typename Visit>
void visit_marks_of(Upstream& upstream, const Visit& visit) {
  if (upstream.steps) visit_marks(*upstream.steps, visit);
  for (auto& session : upstream.sessions) visit_marks(session.steps, visit);
}

bool reaches(const Steps& steps, const std::string& mark) {
  return std::ranges::any_of(steps, [&](const Step& step) {
    const auto* reached = std::get_if<MarkStep>(&step.what);
    const auto* repeat = std::get_if<RepeatStep>(&step.what);
    const auto* rule = std::get_if<RuleStep>(&step.what);
    return (reached && reached->name == mark) || (repeat && reaches(repeat->steps, mark)) ||
           (rule && rule->on.kind != fault::Moment::Kind::http && reaches(rule->steps, mark));
  });
}

}  // namespace

void let_marks_inject(Upstream& upstream, const std::set<std::string>& marks) {
  visit_marks_of(upstream, [&](MarkStep& mark) { mark.injects = mark.injects || marks.contains(mark.name); });
}

void let_marks_inject(Client& client, const std::set<std::string>& marks) {
  if (!client.steps) return;
  visit_marks(*client.steps,
              [&](MarkStep& mark) { mark.injects = mark.injects || marks.contains(mark.name); });
}

std::set<std::string> injecting_marks(const Upstream& upstream) {
  std::set<std::string> names;
  visit_marks_of(upstream, [&](const MarkStep& mark) {
    if (mark.injects) names.insert(mark.name);
  });
  return names;
}

bool reaches(const Upstream& upstream, const std::string& mark) {
  return (upstream.steps && reaches(*upstream.steps, mark)) ||
         std::ranges::any_of(upstream.sessions,
                             [&](const Session& session) { return reaches(session.steps, mark); });
}

bool reaches(const Client& client, const std::string& mark) {
  return client.steps && reaches(*client.steps, mark);
}

bool expects(const Steps& steps) {
  return std::any_of(steps.begin(), steps.end(),
                     [](const Step& step) { return std::visit(Expects{}, step.what); });
}

const ExpectStep* first_expect(std::span<const Step> steps) {
  for (const Step& step : steps) {
    if (const ExpectStep* found = std::visit(FirstExpect{}, step.what)) return found;
  }
  return nullptr;
}

std::string to_string(const ExpectStep& step) {
  return fmt::format("{}{}", expect_words, step.pattern.to_string());
}

bool is_pause(std::string_view awaited) { return awaited.starts_with(pause_words); }
bool ends_by_itself(std::string_view awaited) {
  return is_pause(awaited) || awaited.starts_with(expect_words);
}

std::string awaited(const Step& step) { return std::visit(Awaited{}, step.what); }

void visit_waits(const Steps& steps, const MomentVisitor& visit) {
  for (const Step& step : steps) std::visit(VisitWaits{visit}, step.what);
}

void visit_waits(const Upstream& upstream, const MomentVisitor& visit) {
  if (upstream.steps) visit_waits(*upstream.steps, visit);
  for (const Session& session : upstream.sessions) visit_waits(session.steps, visit);
}

void visit_waits(const Client& client, const MomentVisitor& visit) {
  visit(client.start);
  if (client.steps) visit_waits(*client.steps, visit);
}

Duration waiting_time(const Steps& steps) {
  Duration total(0);
  for (const Step& step : steps)
    total = std::min(total + std::visit(WaitingTime{}, step.what), longest_duration);
  return total;
}

}  // namespace wsfault::model
