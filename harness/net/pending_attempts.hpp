// Attempts to connect that still wait for an answer to their SYN, as this machine's kernel knows them.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "net/file_descriptor.hpp"

namespace wsfault::net {

/// A socket that has sent a SYN and waits. Both addresses as the peer of its connection has them: those of IPv4 inside
/// of IPv6 are of IPv4.
struct PendingAttempt {
  boost::asio::ip::tcp::endpoint from, to;
};

/// The kernel goes through the table of all its sockets for an answer, so that one of this namespace is shared by those
/// who ask within some milliseconds, unless it must be of now.
enum class Asked { lately, now };

/// Those to host:port of this network namespace (sock_diag(7)), or of the one in which the socket `table` of sock_diag
/// was made: no right is needed for it. None: the kernel does not say.
std::optional<std::vector<PendingAttempt>> attempts_to(const std::string& host, std::uint16_t port,
                                                       const FileDescriptor* table = nullptr,
                                                       Asked asked = Asked::lately);

}  // namespace wsfault::net
