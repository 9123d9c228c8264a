// URLs parsed with Boost.URL.
#include "value/url.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <charconv>
#include <optional>

#include "wire/field.hpp"

namespace wsfault {
namespace {

constexpr std::uint16_t usual_secure_port = 443;
/// RFC 3986 2.2 and 2.3, and the percent sign.
constexpr std::string_view characters_of_urls =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/?#[]@!$&'()*+,;=%";

/// Boost.URL 1.81 reduces a port above 65535 modulo 65536.
std::optional<std::uint16_t> port_of(std::string_view digits) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (error != std::errc() || end != digits.data() + digits.size() || port == 0) return std::nullopt;
  return port;
}

}  // namespace

Result<WebSocketUrl> parse_url(std::string_view url) {
  const auto parsed = boost::urls::parse_uri(url);
  if (!parsed) {
    const std::size_t strange = url.find_first_not_of(characters_of_urls);
    if (strange == std::string_view::npos)
      return Error{fmt::format("\"{}\" is not a URL: {}", url, parsed.error().message())};
    return Error{fmt::format("\"{}\" is not a URL: byte {} of it, '{}', must be written %{:02X}", url,
                             strange + 1, url.substr(strange, 1), static_cast<unsigned char>(url[strange]))};
  }
  const std::string scheme = wire::lowered(std::string_view(parsed->scheme()));
  if (parsed->has_userinfo()) {
    // The URL is not shown: it contains a password.
    return Error{fmt::format(
        "\"{}://…@{}\" has a user name in it, which no WebSocket URL has (RFC 6455 3): a header can send it, "
        "'Authorization: Basic …'",
        scheme, std::string_view(parsed->encoded_host_and_port()))};
  }
  if (scheme != "ws" && scheme != "wss")
    return Error{fmt::format("\"{}\" is not a WebSocket URL: it must begin with ws:// or wss://", url)};
  if (parsed->has_fragment())
    return Error{
        fmt::format("\"{}\" has a fragment, which no WebSocket URL has (RFC 6455 3): %23 is a #", url)};
  WebSocketUrl read;
  read.tls = scheme == "wss";
  if (read.tls) read.port = usual_secure_port;
  read.host = parsed->host_address();
  if (read.host.empty()) return Error{fmt::format("\"{}\" has no host", url)};
  if (parsed->has_port() && !std::string_view(parsed->port()).empty()) {
    const auto port = port_of(std::string_view(parsed->port()));
    if (!port) return Error{fmt::format("\"{}\": the port must be 1 to 65535", url)};
    read.port = *port;
  }
  read.authority = std::string(parsed->encoded_host_and_port());
  read.path = std::string(parsed->encoded_target());
  if (!read.path.starts_with('/')) read.path.insert(0, "/");  // RFC 6455 3: an empty path means "/"
  return read;
}

std::string wrong_request_path(std::string_view path) {
  if (!path.starts_with('/')) return "must begin with \"/\"";
  const auto wrong =
      std::ranges::find_if(path, [](unsigned char c) { return c <= 0x20 || c >= 0x7F || c == '#'; });
  if (wrong == path.end()) return {};
  const auto column = wrong - path.begin() + 1;
  if (*wrong == '#') return fmt::format("has a fragment at character {}: %23 is a #", column);
  if (*wrong == ' ') return fmt::format("has a space at character {}: %20 is one", column);
  return fmt::format("has a byte at {} that must be percent-encoded: %{:02X}", column,
                     static_cast<unsigned char>(*wrong));
}

}  // namespace wsfault
