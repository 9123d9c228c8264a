// What expectations must observe: the resources that the system uses, and whether it serves a new client.
#include <algorithm>

#include "runner/stage_scripts.hpp"
#include "runner/usage.hpp"

namespace wsfault::runner {
namespace {

constexpr Duration between_samples = std::chrono::milliseconds(50);
constexpr Duration between_visits = std::chrono::milliseconds(100);

/// Connects, sends a message, and leaves after the echo.
model::Client visiting_client(const std::string& name, Duration limit) {
  model::Client client;
  client.name = name;
  const std::string word = "are you alive";
  model::ExpectStep echo;
  echo.pattern = *TextPattern::parse(word);
  echo.within = limit;
  model::CloseStep close;
  close.code = 1000;
  client.steps = {{model::SendStep{{word, false, {}}}}, {std::move(echo)}, {std::move(close)}};
  return client;
}

/// The moment from which the expectation counts, as the judge takes it (docs/scenarios.md, Expectations).
fault::Moment since_of(const verdict::Expectation& expectation, const verdict::Case& judged) {
  if (expectation.since) return *expectation.since;
  fault::Moment moment;
  moment.kind = judged.faults.size() == 1 ? fault::Moment::Kind::fault : fault::Moment::Kind::open;
  if (judged.faults.size() == 1) moment.name = judged.faults.front().name;
  return moment;
}

}  // namespace

void Stage::look_as_expected() {
  bool samples = false;
  for (const verdict::Expectation& expectation : loaded().judged.expectations) {
    const verdict::Nature& nature = expectation.what.nature;
    samples = samples || nature.samples_usage;
    // A client under test reconnects by itself, and a named client connects in its own script.
    if (!nature.visits || !front_ || !(expectation.of.empty() || expectation.of == "sut")) continue;
    tasks_.spawn(visit(since_of(expectation, loaded().judged), *nature.limit));
  }
  if (samples) tasks_.spawn(sample_usage());
}

net::Task<void> Stage::sample_usage() {
  while (!closing_) {
    if (sut_ && sut_->running()) {
      if (const auto usage = usage_of_tree(sut_->pid())) log_.record({{}, "sut", 0}, *usage);
    }
    co_await net::sleep_for(between_samples);
  }
}

/// Tries until one has its echo or the time is over: the system may just be starting.
net::Task<void> Stage::visit(fault::Moment since, Duration limit) {
  auto& scripts = client_scripts_[visitor_.str()];
  if (!scripts) scripts = std::make_unique<Scripts>(*this, front_->name(), visitor_.str());
  const model::Client& model = visiting_.emplace_back(visiting_client(visitor_.str(), limit));
  co_await scripts->until(since, 0);
  const auto deadline = std::chrono::steady_clock::now() + limit;
  while (!closing_ && !visitor_served_ && std::chrono::steady_clock::now() < deadline) {
    Probe& probe = visitors_.emplace_back();
    probe.model = &model;
    probe.client = std::make_unique<actor::ProbeClient>(executor_, model, *scripts, order_.seed);
    co_await play(probe);
    if (!visitor_served_) co_await net::sleep_for(between_visits);
  }
}

}  // namespace wsfault::runner
