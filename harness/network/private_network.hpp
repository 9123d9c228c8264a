// A network of a case's own: the system under test lives in it, and the ends of wsfault that it talks to.
#pragma once

#include <sys/types.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "net/asio.hpp"
#include "net/child.hpp"
#include "net/file_descriptor.hpp"
#include "network/disturbance.hpp"
#include "network/flows.hpp"
#include "value/result.hpp"

namespace wsfault::network {

class PrivateNetwork {
 public:
  /// Starts its holder, `program` itself, and waits for it (20 s at most). `folder` exists; a socket is made
  /// in it for a moment. The error is one sentence: why it cannot be had on this machine.
  static net::Task<Result<std::unique_ptr<PrivateNetwork>>> make(net::asio::any_io_executor executor,
                                                                 net::Warden& warden, std::string program,
                                                                 std::string folder);
  /// All of it is gone with it: the kernel takes namespaces, cable and rules away with their last process and
  /// socket.
  ~PrivateNetwork();
  PrivateNetwork(const PrivateNetwork&) = delete;
  PrivateNetwork& operator=(const PrivateNetwork&) = delete;

  /// A TCP socket at wsfault's end of the cable. Throws std::system_error.
  net::FileDescriptor socket(int family) const;
  /// Begins a disturbance of that name: letters and digits, unlike that of all others. One sentence if that
  /// fails.
  std::string disturb(const std::string& name, const Disturbance& disturbance,
                      const std::vector<Path>& paths);
  /// Ends it; `roam` has no end.
  std::string repair(const std::string& name, const Disturbance& disturbance);
  /// What connection tracking knows of that port; it tracks while a firewall stands.
  Result<std::vector<Flow>> flows(std::uint16_t port) const;
  /// A socket of sock_diag(7) that tells of the system's sockets; not open: nothing does.
  net::FileDescriptor far_table() const;
  /// A process at the system's end: who joins its namespaces lives there.
  pid_t far_process() const { return far_process_; }

 private:
  PrivateNetwork(net::Child holder, net::FileDescriptor control, pid_t far_process);
  std::string rules(std::string commands) const;

  int unplugged_ = 0;  // disturbances that hold the cable out
  net::Child holder_;
  net::FileDescriptor control_;
  pid_t far_process_;
};

}  // namespace wsfault::network
