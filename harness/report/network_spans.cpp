#include "report/network_spans.hpp"

#include <algorithm>
#include <variant>

#include "fault/catalogue.hpp"

namespace wsfault::report {
namespace {

using record::Event;
using record::Where;

/// The message at which a fault fires is recorded a little before it.
constexpr std::int64_t just_before = 10'000'000;  // ns

bool is_on_network(const record::FaultFired& fired) {
  const fault::Entry* entry = fault::find_entry(fired.inject.view());
  return entry != nullptr && entry->stand == fault::Stand::network;
}

bool is_effect(const Event& event) { return std::holds_alternative<record::LinkEffect>(event.what); }

bool same_place(const Where& one, const Where& other) {
  return one.link == other.link && one.party == other.party && one.connection == other.connection;
}

}  // namespace

NetworkSpans::NetworkSpans(const record::Events& events) {
  for (std::size_t i = 0; i < events.size(); ++i) {
    const Event& event = events[i];
    if (std::holds_alternative<record::FaultHealed>(event.what)) heal(event, i, events);
    const auto* fired = std::get_if<record::FaultFired>(&event.what);
    if (fired == nullptr || !is_on_network(*fired)) continue;
    Span span{.fault = fired->name.str(),
              .where = event.where,
              .links = {event.where.link.str()},
              .from = event.at};
    for (std::size_t effect = i + 1; effect < events.size() && is_effect(events[effect]); ++effect) {
      told_.insert(effect);
      span.links.insert(events[effect].where.link.str());
    }
    spans_.push_back(std::move(span));
  }
}

void NetworkSpans::heal(const Event& event, std::size_t index, const record::Events& events) {
  const auto& healed = std::get<record::FaultHealed>(event.what);
  const auto span = std::ranges::find_if(spans_, [&](const Span& each) {
    return each.until == INT64_MAX && healed.name.view() == each.fault && same_place(each.where, event.where);
  });
  if (span == spans_.end()) return;
  span->until = event.at;
  for (std::size_t effect = index; effect > 0 && is_effect(events[effect - 1]); --effect)
    told_.insert(effect - 1);
}

bool NetworkSpans::acts(const Event& event) const {
  if (const auto* fired = std::get_if<record::FaultFired>(&event.what)) return is_on_network(*fired);
  if (const auto* healed = std::get_if<record::FaultHealed>(&event.what))
    return std::ranges::any_of(spans_, [&](const Span& each) {
      return healed->name.view() == each.fault && same_place(each.where, event.where);
    });
  if (const auto* effect = std::get_if<record::LinkEffect>(&event.what))
    return effect->unseen && effect->kind != record::LinkEffectKind::refused;
  // It may be answered, or given up, once the fault has healed.
  return std::holds_alternative<record::AttemptUnanswered>(event.what) && began(event.where, event.at);
}

bool NetworkSpans::began(const Where& where, std::int64_t at) const {
  return std::ranges::any_of(spans_, [&](const Span& each) {
    return at >= each.from - just_before && each.links.contains(where.link.str());
  });
}

bool NetworkSpans::loses(const Where& where, std::int64_t at) const {
  return std::ranges::any_of(spans_, [&](const Span& each) {
    const bool concerns = each.where.connection == 0 || each.where.connection == where.connection;
    return concerns && at >= each.from - just_before && at <= each.until &&
           each.links.contains(where.link.str());
  });
}

}  // namespace wsfault::report
