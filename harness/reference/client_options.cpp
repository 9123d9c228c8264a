// URLs of the reference client.
#include "reference/client_options.hpp"

#include <fmt/format.h>

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <charconv>

namespace wsfault::reference {
namespace {

constexpr std::uint16_t usual_port = 80;
constexpr std::uint16_t usual_secure_port = 443;

/// Boost.URL lets a port of any size pass.
std::optional<std::uint16_t> parse_port(std::string_view digits, std::uint16_t usual) {
  if (digits.empty()) return usual;
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (error != std::errc() || end != digits.data() + digits.size() || port == 0) return std::nullopt;
  return port;
}

}  // namespace

Result<Target> parse_target(std::string_view url) {
  const auto parsed = boost::urls::parse_uri(url);
  if (!parsed) return Error{fmt::format(R"("{}" is no URL)", url)};
  const bool secure = parsed->scheme() == "wss";
  if (!secure && parsed->scheme() != "ws")
    return Error{fmt::format(R"("{}": only ws:// and wss:// are spoken here)", url)};
  if (parsed->encoded_host().empty()) return Error{fmt::format(R"("{}" names no host)", url)};
  const auto port = parse_port(std::string_view(parsed->port()), secure ? usual_secure_port : usual_port);
  if (!port) return Error{fmt::format(R"("{}": the port is 1 to 65535)", url)};
  Target target;
  target.host = parsed->host_address();
  target.port = *port;
  target.secure = secure;
  target.authority = std::string(parsed->encoded_host_and_port());
  if (!parsed->encoded_path().empty()) target.path = std::string(parsed->encoded_path());
  if (parsed->has_query()) target.path += "?" + std::string(parsed->encoded_query());
  return target;
}

}  // namespace wsfault::reference
