// Which connections of a link a fault strikes: those that are there, and those that come.
#include <algorithm>
#include <utility>

#include "actor/fast_lane.hpp"
#include "actor/link.hpp"

namespace wsfault::actor {
namespace {

bool lists(const fault::FaultSpec& spec, const std::string& party, int number, std::optional<int> address) {
  return number > 0 && (!spec.address || spec.address == address) && (!spec.of || *spec.of == party) &&
         spec.connections.contains(number);
}

/// It strikes no connection that comes now.
bool is_over(const Strike& strike, fault::Clock::time_point now) {
  if (strike.spec->whole_link && strike.spec->acts_once) return strike.from <= now;
  return strike.until && *strike.until <= now;
}

}  // namespace

std::vector<Strike> Link::standing_for(const std::string& party, int number,
                                       std::optional<std::int16_t> address) const {
  std::vector<Strike> found;
  if (number <= 0) return found;
  const auto now = fault::Clock::now();
  for (const Strike& strike : standing_) {
    if (!lists(*strike.spec, party, number, address) || is_over(strike, now)) continue;
    // What lasts no time strikes each that comes as it came.
    found.push_back(strike.spec->acts_once ? Strike(*strike.spec, now) : strike);
  }
  return found;
}

/// The other side's script names its own side for a connection; the number is then that of the only client.
std::vector<Connection*> Link::living_of(const std::string& party, int connection) const {
  const bool is_client = accepted_.contains(party);
  std::vector<Connection*> found;
  for (const auto& living : connections_) {
    if (living->number() == connection && (!is_client || living->party() == party))
      found.push_back(living.get());
  }
  return found;
}

bool Link::may_strike(const fault::FaultSpec& spec, const std::string& party, int connection) const {
  const auto& wanted = spec.connections.request;
  if (!wanted && !spec.address) return true;
  const std::vector<Connection*> living = living_of(party, connection);
  if (!living.empty() && spec.address && living.back()->address() != spec.address) return false;
  if (!wanted) return true;
  return living.empty() || !living.back()->request() || wanted->matches(*living.back()->request());
}

void Link::strike(const fault::FaultSpec& spec, const std::string& party, int connection) {
  if (lane_) lane_->leave(connection);
  const Strike strike(spec, fault::Clock::now());
  for (Connection* living : living_of(party, connection)) living->strike(strike);
}

bool Link::is_spared(const Strike& strike, const std::string& party, int number) {
  if (!strike.to_be_drawn || strike.spec->probability >= 1) return false;
  if (std::uniform_real_distribution<double>(0, 1)(random_) < strike.spec->probability) return false;
  setting_.log->record({setting_.name, party, number}, record::FaultSpared{strike.spec->name});
  return true;
}

void Link::strike_all(const fault::FaultSpec& spec, bool drawn) {
  leave_fast_lane();
  Strike strike(spec, fault::Clock::now());
  strike.to_be_drawn = drawn;
  standing_.push_back(strike);
  for (const auto& living : connections_) {
    if (lists(spec, living->party(), living->number(), living->address()) &&
        !is_spared(strike, living->party(), living->number()))
      living->strike(strike);
  }
}

std::vector<std::pair<std::string, int>> Link::strike_open_ones(const fault::FaultSpec& spec) {
  leave_fast_lane();
  Strike strike(spec, fault::Clock::now());
  strike.to_be_drawn = true;
  std::vector<std::pair<std::string, int>> met;
  for (const auto& living : connections_) {
    if (!living->is_open() || !lists(spec, living->party(), living->number(), living->address())) continue;
    met.emplace_back(living->party(), living->number());
    if (!is_spared(strike, living->party(), living->number())) living->strike(strike);
  }
  return met;
}

void Link::withdraw(const fault::FaultSpec& spec) {
  std::erase_if(standing_, [&](const Strike& each) { return each.spec == &spec; });
  for (const auto& living : connections_) living->withdraw(spec);
}

bool Link::knows(const fault::FaultSpec& spec) const {
  return std::ranges::any_of(standing_, [&](const Strike& each) { return each.spec == &spec; }) ||
         std::ranges::any_of(connections_, [&](const auto& each) { return each->knows(spec); });
}

}  // namespace wsfault::actor
