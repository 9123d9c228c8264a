// The connection between the harness and the process that holds a network: a socket of packets at a path.
#pragma once

#include <string>

#include "net/file_descriptor.hpp"

namespace wsfault::network {

/// Listens there for the holder, without blocking. Not open: errno says why.
net::FileDescriptor listen_at(const std::string& path);
/// The holder's end of the connection. Not open: errno says why.
net::FileDescriptor call(const std::string& path);

}  // namespace wsfault::network
