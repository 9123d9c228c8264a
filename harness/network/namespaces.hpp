// Two network namespaces with a cable between them, made without root where the kernel allows it.
#pragma once

#include <sys/types.h>

#include <string>

#include "net/file_descriptor.hpp"

struct nl_sock;

namespace wsfault::network {

/// The calling process moves into the namespace of wsfault's own ends (near); a child that does nothing holds the
/// system's (far), and ends with its parent. Call it in a process with one thread.
class Namespaces {
 public:
  /// One sentence if it is not possible here; empty: made.
  std::string make();
  /// A process in the far namespace: its /proc/PID/ns/net, and ns/user.
  pid_t far_holder() const { return far_holder_; }
  /// sock_diag(7) of the far namespace; not open, where the kernel has none.
  const net::FileDescriptor& far_diagnosis() const { return far_diagnosis_; }
  /// Plugs the cable in or out at the near end, where its routes come and go with it. One sentence if that fails.
  std::string plug(bool in);

  Namespaces() = default;
  ~Namespaces();
  Namespaces(const Namespaces&) = delete;
  Namespaces& operator=(const Namespaces&) = delete;

 private:
  std::string leave_the_machine();
  std::string lay_cable();
  void add_ipv6();

  pid_t far_holder_ = 0;
  net::FileDescriptor far_diagnosis_;
  nl_sock* near_ = nullptr;  // talks to the kernel about the near namespace
  nl_sock* far_ = nullptr;
};

}  // namespace wsfault::network
