// URLs by Boost.URL.
#include "runner/target.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <cctype>

namespace wsfault::runner {

Result<Target> parse_target(std::string_view url) {
  const auto parsed = boost::urls::parse_uri(url);
  if (!parsed) return Error{fmt::format("\"{}\" is not a URL: {}", url, parsed.error().message())};
  std::string scheme(parsed->scheme());
  std::ranges::transform(scheme, scheme.begin(), [](unsigned char c) { return std::tolower(c); });
  if (scheme != "ws" && scheme != "wss")
    return Error{fmt::format("\"{}\" is not a WebSocket URL: it must begin with ws:// or wss://", url)};
  Target target;
  target.tls = scheme == "wss";
  if (target.tls) target.port = 443;
  target.host = parsed->host_address();
  if (target.host.empty()) return Error{fmt::format("\"{}\" has no host", url)};
  if (parsed->has_port()) {
    target.port = parsed->port_number();
    if (target.port == 0) return Error{fmt::format("\"{}\": the port must be 1 to 65535", url)};
  }
  target.authority = std::string(parsed->encoded_host_and_port());
  target.path = std::string(parsed->encoded_target());
  if (!target.path.starts_with('/')) target.path.insert(0, "/");  // RFC 6455 3
  return target;
}

}  // namespace wsfault::runner
