#include "fault/read_network_place.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <utility>

namespace wsfault::fault {
namespace {

/// The link between the system and that party; null: there is none.
const std::string* link_to(const Seats& seats, const std::string& party) {
  if (std::ranges::find(seats.parties, party) == seats.parties.end() || party == "sut") return nullptr;
  if (seats.links.size() == 1) return &seats.links.front();
  const std::string* link = seats.find_link(party);
  return link != nullptr ? link : &seats.links.front();  // a client's
}

std::string between_text(const Seats& seats) {
  std::vector<std::string> pairs;
  for (const std::string& party : seats.parties) {
    if (link_to(seats, party) != nullptr) pairs.push_back(fmt::format(R"(["sut", "{}"])", party));
  }
  return fmt::format("allowed: {}", fmt::join(pairs, ", "));
}

/// A name that no party has is an error.
bool is_party(TableReader& table, const Value& name, const Seats& seats) {
  if (std::ranges::find(seats.parties, *name.text()) != seats.parties.end()) return true;
  const std::vector<std::string_view> names(seats.parties.begin(), seats.parties.end());
  table.error(name, fmt::format("unknown party \"{}\" in `between`", *name.text()),
              suggest(*name.text(), names));
  return false;
}

/// The system is at one end of the cable, and all others at the other.
void read_between(TableReader& table, const Seats& seats, FaultSpec& spec) {
  spec.links = seats.links;
  const Value* between = table.raw("between");
  if (between == nullptr) return;
  const Value::Array* named = between->array();
  std::vector<std::string> parties;
  for (const Value& each : named != nullptr ? *named : Value::Array()) {
    if (each.text() == nullptr) continue;
    if (!is_party(table, each, seats)) return;
    parties.push_back(*each.text());
  }
  if (parties.size() == 2 && parties[1] == "sut") std::swap(parties[0], parties[1]);
  const std::string* link = parties.size() == 2 && parties[0] == "sut" ? link_to(seats, parties[1]) : nullptr;
  if (link == nullptr) {
    table.error(*between, "`between` names the system under test and one of its peers", between_text(seats));
    return;
  }
  spec.links = {*link};
}

}  // namespace

void read_network_place(TableReader& table, const Entry& entry, const Seats& seats, FaultSpec& spec) {
  if (const Value* at = table.raw("at");
      at != nullptr && (at->text() == nullptr || *at->text() != "network")) {
    const std::string found = at->text() != nullptr ? *at->text() : std::string(at->type_name());
    table.error(*at, fmt::format("`{}` stands on the network, it cannot stand at \"{}\"", entry.name, found),
                suggest(found, {"network"}) + "; `between` says whom it separates");
  }
  read_between(table, seats, spec);
  spec.at = spec.links.size() == 1 ? spec.links.front() : seats.default_link;
  if (entry.answers && !seats.served_by_sut.empty())
    table.error(fmt::format("`{}` is for clients: others find the system at its address", entry.name));
}

}  // namespace wsfault::fault
