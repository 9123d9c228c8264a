// Shared by the faults of the upgrade layer: which heads they act on, and rows of the catalogue.
#include "fault/heads.hpp"

#include <algorithm>

namespace wsfault::fault {

std::string_view reason_phrase(int status) {
  struct Phrase {
    int status;
    std::string_view text;
  };
  static constexpr Phrase phrases[] = {{103, "Early Hints"},
                                       {200, "OK"},
                                       {204, "No Content"},
                                       {301, "Moved Permanently"},
                                       {302, "Found"},
                                       {303, "See Other"},
                                       {307, "Temporary Redirect"},
                                       {308, "Permanent Redirect"},
                                       {400, "Bad Request"},
                                       {401, "Unauthorized"},
                                       {403, "Forbidden"},
                                       {404, "Not Found"},
                                       {405, "Method Not Allowed"},
                                       {408, "Request Timeout"},
                                       {426, "Upgrade Required"},
                                       {429, "Too Many Requests"},
                                       {500, "Internal Server Error"},
                                       {502, "Bad Gateway"},
                                       {503, "Service Unavailable"},
                                       {504, "Gateway Timeout"}};
  const auto* found = std::ranges::find(phrases, status, &Phrase::status);
  return found == std::end(phrases) ? "Status" : found->text;
}

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
