#include "net/socket_source.hpp"

#include <netinet/in.h>
#include <sys/socket.h>

namespace wsfault::net {

FileDescriptor new_tcp_socket(const SocketSource& source, int family) {
  if (source) return source(family);
  return FileDescriptor(::socket(family, SOCK_STREAM | SOCK_CLOEXEC, IPPROTO_TCP));
}

}  // namespace wsfault::net
