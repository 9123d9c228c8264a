#include "net/pending_attempts.hpp"

#include <arpa/inet.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <boost/asio/ip/address.hpp>
#include <cstring>

#include "net/file_descriptor.hpp"

namespace wsfault::net {
namespace {

namespace ip = boost::asio::ip;

struct Request {
  nlmsghdr header{};
  inet_diag_req_v2 what{};
};

Request request_for(int family, std::uint16_t port) {
  Request request;
  request.header.nlmsg_len = sizeof request;
  request.header.nlmsg_type = SOCK_DIAG_BY_FAMILY;
  request.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
  request.what.sdiag_family = static_cast<__u8>(family);
  request.what.sdiag_protocol = IPPROTO_TCP;
  request.what.idiag_states = (1U << TCP_SYN_SENT) | (1U << TCP_ESTABLISHED);
  request.what.id.idiag_dport = htons(port);
  return request;
}

/// An IPv4 address inside of IPv6 is one of IPv4.
ip::address address_of(int family, const __be32* bytes) {
  if (family == AF_INET) return ip::address_v4(ntohl(bytes[0]));
  ip::address_v6::bytes_type raw;
  std::memcpy(raw.data(), bytes, raw.size());
  const ip::address_v6 address(raw);
  if (address.is_v4_mapped()) return ip::make_address_v4(ip::v4_mapped, address);
  return address;
}

std::string text_of(const ip::address& address, std::uint16_t port) {
  const std::string host = address.is_v6() ? "[" + address.to_string() + "]" : address.to_string();
  return host + ":" + std::to_string(port);
}

class Dump {
 public:
  Dump(const ip::address& host, std::uint16_t port, const FileDescriptor* table) : host_(host), port_(port) {
    if (table == nullptr) own_ = FileDescriptor(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG));
    socket_ = table == nullptr ? own_.get() : table->get();
  }

  /// False: the kernel does not say.
  bool read(int family) {
    const Request request = request_for(family, port_);
    if (socket_ < 0 || ::send(socket_, &request, sizeof request, 0) < 0) return false;
    for (;;) {
      alignas(nlmsghdr) std::array<char, 16 * 1024> buffer;
      const ssize_t size = ::recv(socket_, buffer.data(), buffer.size(), 0);
      if (size <= 0) return false;
      auto left = static_cast<std::size_t>(size);
      for (auto* message = reinterpret_cast<nlmsghdr*>(buffer.data()); NLMSG_OK(message, left);
           message = NLMSG_NEXT(message, left)) {
        if (message->nlmsg_type == NLMSG_DONE) return true;
        if (message->nlmsg_type != SOCK_DIAG_BY_FAMILY) return false;
        take(*static_cast<const inet_diag_msg*>(NLMSG_DATA(message)));
      }
    }
  }

  std::vector<PendingAttempt> found;

 private:
  void take(const inet_diag_msg& socket) {
    const int family = socket.idiag_family;
    const bool leads_here = host_.is_unspecified() || address_of(family, socket.id.idiag_dst) == host_;
    if (ntohs(socket.id.idiag_dport) != port_ || !leads_here) return;
    found.push_back({text_of(address_of(family, socket.id.idiag_src), ntohs(socket.id.idiag_sport)),
                     socket.idiag_state == TCP_ESTABLISHED});
  }

  ip::address host_;
  std::uint16_t port_;
  FileDescriptor own_;
  int socket_ = -1;
};

}  // namespace

std::optional<std::vector<PendingAttempt>> attempts_to(const std::string& host, std::uint16_t port,
                                                       const FileDescriptor* table) {
  boost::system::error_code no_address;
  const ip::address address = ip::make_address(host, no_address);
  if (no_address) return std::nullopt;
  Dump dump(address, port, table);
  // A program may connect to an IPv4 address with a socket of IPv6.
  const bool read = (address.is_v6() || dump.read(AF_INET)) && dump.read(AF_INET6);
  return read ? std::optional(std::move(dump.found)) : std::nullopt;
}

}  // namespace wsfault::net
