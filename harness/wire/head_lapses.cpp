#include "wire/head_lapses.hpp"

#include <algorithm>
#include <set>

#include "wire/field.hpp"

namespace wsfault::wire {
namespace {

/// RFC 9110 5.6.2.
bool is_token(std::string_view text) {
  constexpr std::string_view separators = "()<>@,;:\\\"/[]?={} \t";
  return !text.empty() && std::ranges::all_of(text, [&](char each) {
    return each > 0x20 && each < 0x7F && separators.find(each) == std::string_view::npos;
  });
}

/// The elements as written: a sender makes no empty ones (RFC 9110 5.6.1).
std::vector<std::string_view> elements(const Headers& headers, std::string_view name) {
  std::vector<std::string_view> found;
  for (std::string_view value : values(headers, name)) {
    for (;;) {
      const auto comma = value.find(',');
      found.push_back(trim(value.substr(0, comma)));
      if (comma == std::string_view::npos) break;
      value.remove_prefix(comma + 1);
    }
  }
  return found;
}

}  // namespace

std::vector<HeadLapse> lapses_of(const RequestHead& request) {
  const auto offered = elements(request.headers, "Sec-WebSocket-Protocol");
  const bool unique = std::set(offered.begin(), offered.end()).size() == offered.size();
  if (std::ranges::all_of(offered, is_token) && unique) return {};
  return {{"bad-subprotocols", "RFC 6455 4.1"}};
}

std::vector<HeadLapse> lapses_of(const ResponseHead& response) {
  std::vector<HeadLapse> lapses;
  if (response.status < 100 || response.status > 199) return lapses;
  if (response.status == 101) {
    if (response.version < 11) lapses.push_back({"http-1-0-in-101", "RFC 6455 4.2.2, RFC 9110 15.2"});
    if (values(response.headers, "Sec-WebSocket-Accept").size() > 1)
      lapses.push_back({"two-accepts", "RFC 6455 11.3.3"});
  }
  if (find_header(response.headers, "Content-Length"))
    lapses.push_back({"content-length-in-1xx", "RFC 9110 8.6"});
  if (find_header(response.headers, "Transfer-Encoding"))
    lapses.push_back({"transfer-encoding-in-1xx", "RFC 9112 6.1"});
  return lapses;
}

bool folds_a_line(std::string_view head) {
  return head.find("\n ") != std::string_view::npos || head.find("\n\t") != std::string_view::npos;
}

bool ends_lines_in_lf(std::string_view bytes) {
  const auto end = bytes.find("\n\n");
  return end != std::string_view::npos && bytes.find("\r\n\r\n") > end;
}

}  // namespace wsfault::wire
