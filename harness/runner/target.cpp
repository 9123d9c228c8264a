// URLs by Boost.URL.
#include "runner/target.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/url/authority_view.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <cctype>
#include <charconv>
#include <optional>
#include <system_error>

namespace wsfault::runner {

namespace {

/// Boost.URL 1.81 takes a number beyond 65535 modulo 65536.
std::optional<std::uint16_t> port_of(std::string_view digits) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (digits.empty() || error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return port;
}

}  // namespace

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
    target.port = port_of(parsed->port()).value_or(0);
    if (target.port == 0) return Error{fmt::format("\"{}\": the port must be 1 to 65535", url)};
  }
  target.authority = std::string(parsed->encoded_host_and_port());
  target.path = std::string(parsed->encoded_target());
  if (!target.path.starts_with('/')) target.path.insert(0, "/");  // RFC 6455 3
  return target;
}

Result<Address> parse_address(std::string_view text) {
  const auto parsed = boost::urls::parse_authority(text);
  const bool is_whole = parsed && !parsed->host_address().empty() && !parsed->has_userinfo();
  const auto port = is_whole ? port_of(parsed->port()) : std::nullopt;
  if (!port) return Error{fmt::format("\"{}\": must be HOST:PORT", text)};
  return Address{parsed->host_address(), *port};
}

}  // namespace wsfault::runner
