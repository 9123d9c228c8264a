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
#include <netlink/route/nexthop.h>
#include <netlink/route/route.h>
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
using Route = std::unique_ptr<rtnl_route, decltype(&rtnl_route_put)>;
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
  if (!write_file("/proc/self/setgroups", "deny") && errno != ENOENT)
    return failed("no user of its own (setgroups)");
  if (!write_file("/proc/self/uid_map", fmt::format("{0} {0} 1", user)))
    return failed("no user of its own (uid_map)");
  if (!write_file("/proc/self/gid_map", fmt::format("{0} {0} 1", group)))
    return failed("no group of its own (gid_map)");
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

std::string near_end(int cable) { return fmt::format("near{}", cable); }
std::string far_end(int cable) { return fmt::format("far{}", cable); }
bool is_v6(std::string_view address) { return address.find(':') != std::string_view::npos; }
/// The first cable has the addresses that all know; a system that has roamed is met under another one.
std::string address_on(int cable, std::string_view first) {
  return fmt::format("10.77.{}{}", cable, first.substr(first.rfind('.')));
}

std::string address6_on(int cable, std::string_view first) {
  if (cable == 0) return std::string(first);
  return fmt::format("{}:{}{}", first.substr(0, first.find("::")), cable, first.substr(first.find("::")));
}

int set_up(nl_sock* socket, const std::string& name, bool up) {
  rtnl_link* found = nullptr;
  if (const int error = rtnl_link_get_kernel(socket, 0, name.c_str(), &found); error < 0) return error;
  const Link link(found, &rtnl_link_put);
  const Link change(rtnl_link_alloc(), &rtnl_link_put);
  if (up) rtnl_link_set_flags(change.get(), IFF_UP);
  if (!up) rtnl_link_unset_flags(change.get(), IFF_UP);
  return rtnl_link_change(socket, link.get(), change.get(), 0);
}

Binary parse_address(const std::string& text) {
  nl_addr* parsed = nullptr;
  if (nl_addr_parse(text.c_str(), AF_UNSPEC, &parsed) < 0) parsed = nullptr;
  return {parsed, &nl_addr_put};
}

int add_address(nl_sock* socket, const std::string& name, const std::string& address) {
  rtnl_link* found = nullptr;
  if (const int error = rtnl_link_get_kernel(socket, 0, name.c_str(), &found); error < 0) return error;
  const Link link(found, &rtnl_link_put);
  const bool v6 = is_v6(address);
  const Binary binary = parse_address(fmt::format("{}/{}", address, v6 ? prefix_length6 : prefix_length));
  const Local local(rtnl_addr_alloc(), &rtnl_addr_put);
  rtnl_addr_set_ifindex(local.get(), rtnl_link_get_ifindex(link.get()));
  if (const int error = rtnl_addr_set_local(local.get(), binary.get()); error < 0) return error;
  if (v6) rtnl_addr_set_flags(local.get(), IFA_F_NODAD);  // nobody else is there: it can be used at once
  return rtnl_addr_add(socket, local.get(), 0);
}

/// The way to one address, through a neighbour on that cable.
int add_route(nl_sock* socket, const std::string& name, std::string_view to, const std::string& through) {
  rtnl_link* found = nullptr;
  if (const int error = rtnl_link_get_kernel(socket, 0, name.c_str(), &found); error < 0) return error;
  const Link link(found, &rtnl_link_put);
  const Binary address = parse_address(std::string(to));
  const Binary gateway = parse_address(through);
  const Route route(rtnl_route_alloc(), &rtnl_route_put);
  rtnl_nexthop* hop = rtnl_route_nh_alloc();
  rtnl_route_nh_set_ifindex(hop, rtnl_link_get_ifindex(link.get()));
  rtnl_route_nh_set_gateway(hop, gateway.get());
  rtnl_route_add_nexthop(route.get(), hop);
  if (const int error = rtnl_route_set_dst(route.get(), address.get()); error < 0) return error;
  return rtnl_route_add(socket, route.get(), NLM_F_REPLACE);
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
  far_table_ = net::FileDescriptor(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG));
  far_holder_ = fork_holder();
  if (far_holder_ < 0) return failed("fork");
  if (::unshare(CLONE_NEWNET) != 0) return failed("no second namespace (unshare)");
  near_ = open_route_socket();
  if (near_ == nullptr) return failed("no netlink");
  for (nl_sock* socket : {near_, far_}) {
    if (const int error = set_up(socket, "lo", true); error < 0) return refused("no loopback", error);
  }
  return lay_cable(cable_);
}

std::string Namespaces::lay_cable(int number) {
  struct End {
    nl_sock* socket;
    std::string cable;
    std::string address;
  };
  const End near{near_, near_end(number), address_on(number, near_address)};
  const End far{far_, far_end(number), address_on(number, far_address)};
  if (const int error = rtnl_link_veth_add(near_, near.cable.c_str(), far.cable.c_str(), far_holder_);
      error < 0)
    return refused("no cable (veth)", error);
  for (const End& end : {near, far}) {
    for (const int error :
         {add_address(end.socket, end.cable, end.address), set_up(end.socket, end.cable, true)}) {
      if (error < 0) return refused("no cable", error);
    }
  }
  add_ipv6(number);
  return number == 0 ? add_more_addresses() : std::string();
}

/// They stay at the near end of the first cable.
std::string Namespaces::add_more_addresses() {
  for (const std::string_view address : more_near_addresses) {
    if (const int error = add_address(near_, near_end(0), std::string(address)); error < 0)
      return refused("no cable", error);
  }
  return {};
}

/// A kernel may have none.
void Namespaces::add_ipv6(int cable) {
  add_address(near_, near_end(cable), address6_on(cable, near_address6));
  add_address(far_, far_end(cable), address6_on(cable, far_address6));
}

std::string Namespaces::plug(bool in) {
  const int error = set_up(near_, near_end(cable_), in);
  if (in && error >= 0) add_ipv6(cable_);  // the kernel took it away with the cable
  return refused(in ? "the cable cannot be plugged in" : "the cable cannot be unplugged", error);
}

std::string Namespaces::roam() {
  if (std::string wrong = lay_cable(cable_ + 1); !wrong.empty()) return wrong;
  if (const int error = set_up(far_, far_end(cable_), false); error < 0)
    return refused("the former cable cannot be unplugged", error);
  ++cable_;
  return refused("no way over the new cable", add_ways());
}

/// To what stays at the near end of the first cable.
int Namespaces::add_ways() {
  const std::string cable = far_end(cable_);
  const std::string through = address_on(cable_, near_address);
  if (const int error = add_route(far_, cable, near_address, through); error < 0) return error;
  for (const std::string_view address : more_near_addresses) {
    if (const int error = add_route(far_, cable, address, through); error < 0) return error;
  }
  add_route(far_, cable, near_address6, address6_on(cable_, near_address6));  // a kernel may have no IPv6
  return 0;
}

}  // namespace wsfault::network
