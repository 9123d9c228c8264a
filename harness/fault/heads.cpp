// Shared by the faults of the upgrade layer: which heads they act on, and rows of the catalogue.
#include "fault/heads.hpp"

namespace wsfault::fault {

bool is_final_answer(const Unit& unit) {
  if (unit.kind != Unit::Kind::head || unit.response == nullptr) return false;
  return unit.response->status == 101 || unit.response->status >= 200;
}

bool is_switch(const Unit& unit) { return is_final_answer(unit) && unit.response->status == 101; }

void remove_header(wire::Headers& headers, std::string_view name) {
  std::erase_if(headers,
                [&](const wire::Header& header) { return wire::find_header({header}, name).has_value(); });
}

Entry upgrade_entry(std::string_view name, std::string_view does, std::string_view imitates) {
  return {.name = name,
          .layer = "upgrade",
          .does = does,
          .imitates = imitates,
          .when = "upgrade",
          .connections = "all",
          .direction = "to-sut"};
}

Entry answer_entry(std::string_view name, std::string_view does, std::string_view imitates) {
  Entry entry = upgrade_entry(name, does, imitates);
  entry.direction = "to-client";
  entry.answers = true;
  return entry;
}

}  // namespace wsfault::fault
