// Collects the moments of faults, expectations and scripts.
#include "runner/moments_of.hpp"

#include <algorithm>

#include "actor/asked_moments.hpp"
#include "fault/catalogue.hpp"

namespace wsfault::runner {
namespace {

using fault::Moment;

/// All moments that a case uses.
void visit_all(const scenario::LoadedCase& loaded, const model::MomentVisitor& visit) {
  for (const fault::FaultSpec& spec : loaded.judged.faults) visit(spec.when);
  for (const verdict::Expectation& expectation : loaded.judged.expectations) {
    if (expectation.since) visit(*expectation.since);
    for (const Moment& moment : expectation.what.nature.moments) visit(moment);
  }
  for (const model::Upstream& upstream : loaded.scenario.upstreams) model::visit_waits(upstream, visit);
  for (const model::Client& client : loaded.scenario.clients) model::visit_waits(client, visit);
}

bool agrees_on_compression(const model::Steps& steps) {
  return std::ranges::any_of(steps, [](const model::Step& step) {
    const auto* accept = std::get_if<model::AcceptStep>(&step.what);
    return accept && wire::names_extension(accept->headers, "permessage-deflate");
  });
}

/// A script whose 101 agrees to compression requires compression, whatever the case asks of messages: the
/// client's offer stays, because the 101 would otherwise answer no offer.
bool agrees_on_compression(const model::Upstream& upstream) {
  return (upstream.steps && agrees_on_compression(*upstream.steps)) ||
         std::ranges::any_of(upstream.sessions, [](const model::Session& session) {
           return agrees_on_compression(session.steps);
         });
}

bool reads_messages(const fault::FaultSpec& spec) { return fault::find_entry(spec.inject)->reads_messages; }

bool strikes_when_accepted(const fault::FaultSpec& spec) {
  return spec.strikes_connections && spec.when.kind == Moment::Kind::connect;
}

}  // namespace

std::vector<Moment> moments_of(const scenario::LoadedCase& loaded) {
  std::vector<Moment> all;
  visit_all(loaded, [&](const Moment& moment) { all.push_back(moment); });
  return all;
}

void ask_for_moments(const scenario::LoadedCase& loaded, actor::LinkSetting& setting) {
  visit_all(loaded, [&](const Moment& moment) { actor::ask_for(moment, true, setting); });
  const bool reads =
      setting.holds_messages > 0 ||
      std::ranges::any_of(loaded.judged.faults, [](const auto& spec) { return reads_messages(spec); }) ||
      std::ranges::any_of(loaded.judged.expectations,
                          [](const auto& each) { return each.what.nature.reads_messages; });
  setting.declines_compression =
      reads && std::ranges::none_of(loaded.scenario.upstreams,
                                    [](const auto& upstream) { return agrees_on_compression(upstream); });
  setting.numbers_at_once =
      !setting.bytes.empty() || std::ranges::any_of(loaded.judged.faults, strikes_when_accepted);
}

}  // namespace wsfault::runner
