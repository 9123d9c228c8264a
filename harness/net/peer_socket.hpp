// What this machine's kernel knows of the socket at the other end of a connection.
#pragma once

#include <boost/asio/ip/tcp.hpp>

#include "net/file_descriptor.hpp"

namespace wsfault::net {

enum class PeerSocket {
  open,
  ended,   ///< its program has ended its direction, or closed the socket, even while its FIN waits or is lost
  unknown  ///< gone; or, without a table, on another machine or in another network namespace
};
/// The socket of `peer` in its connection to `local` (sock_diag(7)), in this network namespace or in the one in which
/// the socket `table` of sock_diag was made.
PeerSocket peer_socket(const boost::asio::ip::tcp::endpoint& peer, const boost::asio::ip::tcp::endpoint& local,
                       const FileDescriptor* table = nullptr);

}  // namespace wsfault::net
