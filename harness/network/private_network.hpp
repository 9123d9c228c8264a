// A network of a case's own: the system under test lives in it, and the ends of wsfault that it talks to.
#pragma once

#include <sys/types.h>

#include <memory>
#include <optional>
#include <string>

#include "net/asio.hpp"
#include "net/child.hpp"
#include "net/file_descriptor.hpp"
#include "value/result.hpp"

namespace wsfault::network {

class PrivateNetwork {
 public:
  /// Starts its holder, `program` itself, and waits for it (5 s at most). `folder` exists; a socket is made in it for
  /// a moment. The error is one sentence: why it cannot be had on this machine.
  static net::Task<Result<std::unique_ptr<PrivateNetwork>>> make(net::asio::any_io_executor executor,
                                                                 net::Warden& warden, std::string program,
                                                                 std::string folder);
  /// All of it is gone with it: the kernel takes namespaces, cable and rules away with their last process and socket.
  ~PrivateNetwork();
  PrivateNetwork(const PrivateNetwork&) = delete;
  PrivateNetwork& operator=(const PrivateNetwork&) = delete;

  /// A TCP socket at wsfault's end of the cable. Throws std::system_error.
  net::FileDescriptor socket(int family) const;
  /// Asks for the sockets of the system (net::attempts_to); not open: the kernel does not say.
  net::FileDescriptor diagnosis() const;
  /// The cable: in, or out. One sentence if that fails.
  std::string plug(bool in) const;
  /// Commands of nft(8), at wsfault's end. One sentence if they are refused.
  std::string rules(std::string commands) const;
  /// A process at the system's end: who joins its namespaces lives there.
  pid_t far_process() const { return far_process_; }

 private:
  PrivateNetwork(net::Child holder, net::FileDescriptor control, pid_t far_process);

  net::Child holder_;
  net::FileDescriptor control_;
  pid_t far_process_;
};

}  // namespace wsfault::network
