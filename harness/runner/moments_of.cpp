// Collects the moments of faults, expectations and scripts.
#include "runner/moments_of.hpp"

#include "fault/catalogue.hpp"

namespace wsfault::runner {
namespace {

using fault::Moment;

/// All moments that a case speaks of.
void visit_all(const scenario::LoadedCase& loaded, const model::MomentVisitor& visit) {
  for (const fault::FaultSpec& spec : loaded.judged.faults) visit(spec.when);
  for (const verdict::Expectation& expectation : loaded.judged.expectations) {
    if (expectation.since) visit(*expectation.since);
    if (const auto* event = std::get_if<verdict::EventExpected>(&expectation.what)) visit(event->moment);
    if (const auto* order = std::get_if<verdict::OrderExpected>(&expectation.what)) {
      for (const Moment& moment : order->moments) visit(moment);
    }
  }
  for (const model::Upstream& upstream : loaded.scenario.upstreams) model::visit_waits(upstream, visit);
  for (const model::Client& client : loaded.scenario.clients) model::visit_waits(client, visit);
}

void add_byte(const Moment& moment, actor::LinkSetting& setting) {
  for (const wire::Side side : {wire::Side::client, wire::Side::server}) {
    if (!moment.from || *moment.from == side) setting.bytes.emplace_back(side, moment.number);
  }
}

}  // namespace

std::vector<Moment> moments_of(const scenario::LoadedCase& loaded) {
  std::vector<Moment> all;
  visit_all(loaded, [&](const Moment& moment) { all.push_back(moment); });
  return all;
}

void ask_for_moments(const scenario::LoadedCase& loaded, actor::LinkSetting& setting) {
  visit_all(loaded, [&](const Moment& moment) {
    if (moment.done) setting.tells_forwarded = true;
    if (moment.kind == Moment::Kind::idle) setting.idles.push_back(moment.idle);
    if (moment.kind == Moment::Kind::byte) add_byte(moment, setting);
    if (moment.kind == Moment::Kind::message_text || moment.kind == Moment::Kind::message_size) {
      setting.holds_messages = true;
      setting.declines_compression = true;
    }
  });
  for (const fault::FaultSpec& spec : loaded.judged.faults) {
    if (fault::find_entry(spec.inject)->reads_messages) setting.declines_compression = true;
  }
  for (const verdict::Expectation& expectation : loaded.judged.expectations) {
    if (std::holds_alternative<verdict::MessageExpected>(expectation.what) ||
        std::holds_alternative<verdict::DeliveryExpected>(expectation.what)) {
      setting.declines_compression = true;
    }
  }
}

}  // namespace wsfault::runner
