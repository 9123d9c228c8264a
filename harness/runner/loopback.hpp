// Separate loopback addresses for systems that listen where they are told to.
#pragma once

#include <cstdint>
#include <string>

#include "net/asio.hpp"

namespace wsfault::runner {

struct Address {
  std::string host;
  std::uint16_t port = 0;
  /// "127.81.4.9:40123", "[::1]:9000"
  std::string text() const;
};

/// A 127.x.y.z that other programs on this machine hardly use, with a port that is free there. Throws
/// boost::system::system_error if there is none.
Address free_loopback_address(const net::asio::any_io_executor& executor);

}  // namespace wsfault::runner
