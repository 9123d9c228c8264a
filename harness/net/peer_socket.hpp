// What this machine's kernel knows of the socket at the other end of a connection.
#pragma once

#include <boost/asio/ip/tcp.hpp>

namespace wsfault::net {

/// The program at `peer` has ended its direction of the connection to `local`, or closed the socket: true as soon as
/// it has, even while its FIN waits behind bytes that `local` does not read (sock_diag(7)). False also where the
/// kernel does not know the socket: the peer is on another machine or in another network namespace.
bool has_ended_its_direction(const boost::asio::ip::tcp::endpoint& peer, const boost::asio::ip::tcp::endpoint& local);

}  // namespace wsfault::net
