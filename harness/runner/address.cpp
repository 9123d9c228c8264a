// Addresses parsed with Boost.URL.
#include "runner/address.hpp"

#include <fmt/format.h>

#include <boost/url/authority_view.hpp>
#include <boost/url/parse.hpp>
#include <charconv>
#include <optional>
#include <system_error>

namespace wsfault::runner {

namespace {

/// Boost.URL 1.81 reduces a port above 65535 modulo 65536.
std::optional<std::uint16_t> port_of(std::string_view digits) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (digits.empty() || error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return port;
}

}  // namespace

Result<Address> parse_address(std::string_view text) {
  const auto parsed = boost::urls::parse_authority(text);
  const bool is_whole = parsed && !parsed->host_address().empty() && !parsed->has_userinfo();
  const auto port = is_whole ? port_of(parsed->port()) : std::nullopt;
  if (!port) return Error{fmt::format("\"{}\": must be HOST:PORT", text)};
  return Address{parsed->host_address(), *port};
}

void set_address(std::map<std::string, std::string>& variables, const std::string& name,
                 const Address& address) {
  variables[name] = address.text();
  variables[name + "_host"] = address.host;
  variables[name + "_port"] = std::to_string(address.port);
}

void set_upstreams(std::map<std::string, std::string>& variables, const std::vector<Address>& upstreams) {
  for (std::size_t i = 0; i < upstreams.size(); ++i)
    set_address(variables, i == 0 ? "upstream" : fmt::format("upstream{}", i + 1), upstreams[i]);
}

}  // namespace wsfault::runner
