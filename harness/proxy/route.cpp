#include "proxy/route.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "net/dial.hpp"
#include "runner/address.hpp"
#include "value/url.hpp"

namespace wsfault::proxy {
namespace {

constexpr std::chrono::seconds resolved_within{5};

std::string with_port(const std::string& host, std::uint16_t port) {
  return host.find(':') == std::string::npos ? fmt::format("{}:{}", host, port) : fmt::format("[{}]:{}", host, port);
}

/// The end of a sentence if it is wrong.
Result<bool> read_upstream(const std::string& text, Route& route) {
  if (text.find("://") != std::string::npos) {
    const auto url = parse_url(text);
    if (!url) return Error{url.error()};
    route.server_host = url->host;
    route.server_port = url->port;
    route.server_tls = url->tls;
    return true;
  }
  const auto address = runner::parse_address(text);
  if (!address) return Error{address.error() + ", ws://HOST:PORT or wss://HOST:PORT"};
  route.server_host = address->host;
  route.server_port = address->port;
  return true;
}

}  // namespace

net::Task<Result<Route>> read_route(std::string listen, std::string upstream) {
  Route route;
  if (!upstream.empty()) {
    if (const auto read = read_upstream(upstream, route); !read) co_return Error{read.error()};
  }
  if (listen.empty()) listen = ":0";
  if (listen.starts_with(':')) listen.insert(0, "[::]");
  const auto address = runner::parse_address(listen);
  if (!address) co_return Error{address.error()};
  route.listen_host = address->host;
  route.listen_port = address->port;
  if (!net::is_address(route.listen_host)) {
    const auto found = co_await net::addresses_of(route.listen_host, resolved_within);
    if (found.empty()) co_return Error{fmt::format("listen tcp: lookup {}: no such host", route.listen_host)};
    // Of a name with several addresses that of IPv4, as most servers take it.
    const auto v4 = std::ranges::find_if(found, [](const auto& each) { return each.find(':') == std::string::npos; });
    route.listen_host = v4 == found.end() ? found.front() : *v4;
  }
  co_return route;
}

std::string listen_text(const Route& route) { return with_port(route.listen_host, route.listen_port); }

std::string upstream_text(const Route& route) {
  if (route.server_host.empty()) return {};
  return (route.server_tls ? "wss://" : "") + with_port(route.server_host, route.server_port);
}

}  // namespace wsfault::proxy
