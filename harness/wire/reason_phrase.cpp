#include "wire/reason_phrase.hpp"

#include <algorithm>

namespace wsfault::wire {

std::string_view reason_phrase(int status) {
  struct Phrase {
    int status;
    std::string_view text;
  };
  static constexpr Phrase phrases[] = {{103, "Early Hints"},
                                       {200, "OK"},
                                       {201, "Created"},
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
                                       {409, "Conflict"},
                                       {413, "Content Too Large"},
                                       {426, "Upgrade Required"},
                                       {429, "Too Many Requests"},
                                       {431, "Request Header Fields Too Large"},
                                       {500, "Internal Server Error"},
                                       {502, "Bad Gateway"},
                                       {503, "Service Unavailable"},
                                       {504, "Gateway Timeout"}};
  const auto* found = std::ranges::find(phrases, status, &Phrase::status);
  return found == std::end(phrases) ? "Status" : found->text;
}

}  // namespace wsfault::wire
