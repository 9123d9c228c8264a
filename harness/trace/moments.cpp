#include "trace/moments.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

namespace wsfault::trace {
namespace {

std::uint64_t place(record::Name party, int connection) {
  return (std::uint64_t{party.id()} << 32) | static_cast<std::uint32_t>(connection);
}

}  // namespace

/// A moment on the wire comes only with events of that connection.
Moments::Group& Moments::group_of(const fault::Moment& moment, int connection) {
  const int number = moment.connection.value_or(connection);
  if (!fault::is_on_wire(moment.kind) || number == 0) return anywhere_;
  return on_connection_[place(moment.of ? record::Name(*moment.of) : record::Name(), number)];
}

void Moments::await(const fault::Moment& moment, int connection, Came came) {
  auto& awaited = by_name_[fmt::format("{} of {}", to_string(moment), connection)];
  if (!awaited) {
    awaited = std::make_unique<Awaited>(Awaited{fault::MomentSearch(moment, connection), false, {}});
    awaited->came =
        std::ranges::any_of(log_, [&](const record::Event& event) { return awaited->search.feed(event); });
    if (!awaited->came) group_of(moment, connection).push_back(awaited.get());
  }
  if (awaited->came) return came();
  awaited->waiting.push_back(std::move(came));
}

void Moments::feed(Group& group, const record::Event& event) {
  std::vector<Came> woken;
  std::erase_if(group, [&](Awaited* each) {
    if (!each->search.feed(event)) return false;
    each->came = true;
    std::ranges::move(std::exchange(each->waiting, {}), std::back_inserter(woken));
    return true;
  });
  for (const Came& came : woken) came();
}

void Moments::see(const record::Event& event) {
  feed(anywhere_, event);
  if (event.where.connection == 0) return;
  for (const record::Name party : {record::Name(), event.where.party}) {
    const auto group = on_connection_.find(place(party, event.where.connection));
    if (group != on_connection_.end()) feed(group->second, event);
  }
}

void Moments::give_up() {
  for (auto& [name, awaited] : by_name_) {
    for (const Came& came : std::exchange(awaited->waiting, {})) came();
  }
}

}  // namespace wsfault::trace
