// Where a proxy listens, and to what it passes on.
#pragma once

#include <cstdint>
#include <string>

#include "net/asio.hpp"
#include "value/result.hpp"

namespace wsfault::proxy {

struct Route {
  std::string listen_host = "127.0.0.1";
  std::uint16_t listen_port = 0;
  std::string server_host;  ///< empty: a fake upstream of its own
  std::uint16_t server_port = 0;
  bool server_tls = false;  ///< wss://
  bool operator==(const Route&) const = default;
};

/// Where a proxy is to listen ("HOST:PORT", ":8080"; empty: any port of all addresses) and what stands behind it
/// ("HOST:PORT", ws://, wss://; empty: a fake upstream). A name of the former is resolved. The error is one sentence.
net::Task<Result<Route>> read_route(std::string listen, std::string upstream);

/// "127.0.0.1:8080", "[::]:8080"
std::string listen_text(const Route& route);
/// "localhost:9000", "wss://example.com:443"; empty: a fake upstream of its own.
std::string upstream_text(const Route& route);

}  // namespace wsfault::proxy
