#include "network/control.hpp"

#include <errno.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cstring>

namespace wsfault::network {
namespace {

using Attach = int (*)(int socket, const sockaddr* address, socklen_t size);

/// A socket of that address, by bind(2) or connect(2).
net::FileDescriptor socket_at(const std::string& path, int flags, Attach attach) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) {
    errno = ENAMETOOLONG;
    return {};
  }
  std::memcpy(address.sun_path, path.data(), path.size());
  net::FileDescriptor socket(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | flags, 0));
  if (!socket.is_open()) return {};
  if (attach(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) return socket;
  const int error = errno;  // close(2) may change it
  socket.reset();
  errno = error;
  return {};
}

}  // namespace

net::FileDescriptor listen_at(const std::string& path) {
  net::FileDescriptor socket = socket_at(path, SOCK_NONBLOCK, ::bind);
  if (socket.is_open() && ::listen(socket.get(), 1) != 0) return {};
  return socket;
}

net::FileDescriptor call(const std::string& path) { return socket_at(path, 0, ::connect); }

}  // namespace wsfault::network
