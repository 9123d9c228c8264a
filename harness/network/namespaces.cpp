#include "network/namespaces.hpp"

#include <errno.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <linux/if_addr.h>
#include <linux/netlink.h>
#include <net/if.h>
#include <netlink/route/addr.h>
#include <netlink/route/link.h>
#include <netlink/route/link/veth.h>
#include <netlink/socket.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstring>
#include <memory>
#include <string_view>

#include "network/addresses.hpp"

namespace wsfault::network {
namespace {

using Link = std::unique_ptr<rtnl_link, decltype(&rtnl_link_put)>;
using Local = std::unique_ptr<rtnl_addr, decltype(&rtnl_addr_put)>;
using Binary = std::unique_ptr<nl_addr, decltype(&nl_addr_put)>;

std::string failed(std::string_view what) { return fmt::format("{}: {}", what, std::strerror(errno)); }
std::string refused(std::string_view what, int error) {
  return error < 0 ? fmt::format("{}: {}", what, nl_geterror(error)) : std::string();
}

bool write_file(const char* path, const std::string& text) {
  const int file = ::open(path, O_WRONLY | O_CLOEXEC);
  if (file < 0) return false;
  const bool written = ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  ::close(file);
  return written;
}

/// In the new user namespace this user is itself: what it starts there has no more rights than before.
std::string map_own_user(uid_t user, gid_t group) {
  if (!write_file("/proc/self/setgroups", "deny") && errno != ENOENT) return failed("no user of its own (setgroups)");
  if (!write_file("/proc/self/uid_map", fmt::format("{0} {0} 1", user))) return failed("no user of its own (uid_map)");
  if (!write_file("/proc/self/gid_map", fmt::format("{0} {0} 1", group))) return failed("no group of its own (gid_map)");
  return {};
}

nl_sock* open_route_socket() {
  nl_sock* socket = nl_socket_alloc();
  if (socket != nullptr && nl_connect(socket, NETLINK_ROUTE) < 0) {
    nl_socket_free(socket);
    return nullptr;
  }
  return socket;
}

int set_up(nl_sock* socket, const char* name, bool up) {
  rtnl_link* found = nullptr;
  if (const int error = rtnl_link_get_kernel(socket, 0, name, &found); error < 0) return error;
  const Link link(found, &rtnl_link_put);
  const Link change(rtnl_link_alloc(), &rtnl_link_put);
  if (up) rtnl_link_set_flags(change.get(), IFF_UP);
  if (!up) rtnl_link_unset_flags(change.get(), IFF_UP);
  return rtnl_link_change(socket, link.get(), change.get(), 0);
}

int add_address(nl_sock* socket, const char* name, std::string_view address) {
  rtnl_link* found = nullptr;
  if (const int error = rtnl_link_get_kernel(socket, 0, name, &found); error < 0) return error;
  const Link link(found, &rtnl_link_put);
  nl_addr* parsed = nullptr;
  const bool v6 = address.find(':') != std::string_view::npos;
  const std::string text = fmt::format("{}/{}", address, v6 ? prefix_length6 : prefix_length);
  if (const int error = nl_addr_parse(text.c_str(), AF_UNSPEC, &parsed); error < 0) return error;
  const Binary binary(parsed, &nl_addr_put);
  const Local local(rtnl_addr_alloc(), &rtnl_addr_put);
  rtnl_addr_set_ifindex(local.get(), rtnl_link_get_ifindex(link.get()));
  if (const int error = rtnl_addr_set_local(local.get(), binary.get()); error < 0) return error;
  if (v6) rtnl_addr_set_flags(local.get(), IFA_F_NODAD);  // nobody else is there: it can be used at once
  return rtnl_addr_add(socket, local.get(), 0);
}

/// A process that only keeps its namespace alive.
pid_t fork_holder() {
  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid != 0) return pid;
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::prctl(PR_SET_NAME, "wsfault-network");
  if (::getppid() != parent) ::_exit(0);
  for (;;) ::pause();
}

}  // namespace

Namespaces::~Namespaces() {
  if (near_ != nullptr) nl_socket_free(near_);
  if (far_ != nullptr) nl_socket_free(far_);
  if (far_holder_ > 0) ::kill(far_holder_, SIGKILL);
}

/// Who may make network namespaces needs no user namespace, in which much of the machine belongs to nobody.
std::string Namespaces::leave_the_machine() {
  if (::unshare(CLONE_NEWNET) == 0) return {};
  const uid_t user = ::geteuid();
  const gid_t group = ::getegid();
  if (::unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0) return failed("no namespaces of one's own (unshare)");
  return map_own_user(user, group);
}

std::string Namespaces::make() {
  if (std::string wrong = leave_the_machine(); !wrong.empty()) return wrong;
  far_ = open_route_socket();
  if (far_ == nullptr) return failed("no netlink");
  far_diagnosis_ = net::FileDescriptor(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG));
  far_holder_ = fork_holder();
  if (far_holder_ < 0) return failed("fork");
  if (::unshare(CLONE_NEWNET) != 0) return failed("no second namespace (unshare)");
  near_ = open_route_socket();
  if (near_ == nullptr) return failed("no netlink");
  return lay_cable();
}

std::string Namespaces::lay_cable() {
  if (const int error = rtnl_link_veth_add(near_, near_cable, far_cable, far_holder_); error < 0)
    return refused("no cable (veth)", error);
  struct End {
    nl_sock* socket;
    const char* cable;
    std::string_view address;
  };
  for (const End& end : {End{near_, near_cable, near_address}, End{far_, far_cable, far_address}}) {
    for (const int error : {set_up(end.socket, "lo", true), add_address(end.socket, end.cable, end.address),
                            set_up(end.socket, end.cable, true)}) {
      if (error < 0) return refused("no cable", error);
    }
  }
  for (const std::string_view address : more_near_addresses) {
    if (const int error = add_address(near_, near_cable, address); error < 0)
      return refused("no cable", error);
  }
  add_ipv6();
  return {};
}

/// A kernel may have none.
void Namespaces::add_ipv6() {
  add_address(near_, near_cable, near_address6);
  add_address(far_, far_cable, far_address6);
}

std::string Namespaces::plug(bool in) {
  const int error = set_up(near_, near_cable, in);
  if (in && error >= 0) add_ipv6();  // the kernel took it away with the cable
  return refused(in ? "the cable cannot be plugged in" : "the cable cannot be unplugged", error);
}

}  // namespace wsfault::network
