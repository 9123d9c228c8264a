// Drawn at random, because runs at the same time do not know of each other.
#include "runner/loopback.hpp"

#include <fmt/format.h>

#include <random>

#include "net/listener.hpp"

namespace wsfault::runner {

std::string Address::text() const {
  const bool is_ipv6 = host.find(':') != std::string::npos;
  return is_ipv6 ? fmt::format("[{}]:{}", host, port) : fmt::format("{}:{}", host, port);
}

Address free_loopback_address(const net::asio::any_io_executor& executor) {
  static std::random_device random;
  std::uniform_int_distribution<int> high(16, 250);  // 127.0.0.x is used by others
  std::uniform_int_distribution<int> low(1, 254);
  const std::string host = fmt::format("127.{}.{}.{}", high(random), low(random), low(random));
  net::Listener held(executor, host, 0);
  const std::uint16_t port = held.port();
  held.close();
  return {host, port};
}

}  // namespace wsfault::runner
