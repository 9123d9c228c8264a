// Where the TCP sockets of a party are made: in this machine's network, or in one of a case's own.
#pragma once

#include <functional>

#include "net/file_descriptor.hpp"

namespace wsfault::net {

/// Makes a TCP socket of that address family; empty: one of this machine's network. Throws std::system_error.
using SocketSource = std::function<FileDescriptor(int family)>;

/// A new TCP socket, close-on-exec; not open, and errno says why, if this machine has none to give.
FileDescriptor new_tcp_socket(const SocketSource& source, int family);

}  // namespace wsfault::net
