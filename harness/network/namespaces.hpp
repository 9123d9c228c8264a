// Two network namespaces with a cable between them, made without root where the kernel allows it.
#pragma once

#include <sys/types.h>

#include <string>

#include "net/file_descriptor.hpp"

struct nl_sock;

namespace wsfault::network {

/// The calling process moves into the namespace of wsfault's own ends (near); a child that does nothing holds
/// the system's (far), and ends with its parent. Call it in a process with one thread.
class Namespaces {
 public:
  /// One sentence if it is not possible here; empty: made.
  std::string make();
  /// A process in the far namespace: its /proc/PID/ns/net, and ns/user.
  pid_t far_holder() const { return far_holder_; }
  /// Plugs the cable in or out at the near end, where its routes come and go with it. One sentence if that
  /// fails.
  std::string plug(bool in);
  /// The system goes on over a new cable, with an address of its own there; the former one is out at its end,
  /// for good. One sentence if that fails.
  std::string roam();
  /// A socket of sock_diag(7) that tells of the far namespace; not open: the kernel has none.
  const net::FileDescriptor& far_table() const { return far_table_; }

  Namespaces() = default;
  ~Namespaces();
  Namespaces(const Namespaces&) = delete;
  Namespaces& operator=(const Namespaces&) = delete;

 private:
  std::string leave_the_machine();
  /// Cables are numbered from 0 on.
  std::string lay_cable(int number);
  void add_ipv6(int cable);
  std::string add_more_addresses();
  int add_ways();

  int cable_ = 0;  // the one that is in use
  net::FileDescriptor far_table_;
  pid_t far_holder_ = 0;
  nl_sock* near_ = nullptr;  // talks to the kernel about the near namespace
  nl_sock* far_ = nullptr;
};

}  // namespace wsfault::network
