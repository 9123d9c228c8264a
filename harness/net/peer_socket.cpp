#include "net/peer_socket.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/inet_diag.h>
#include <linux/sock_diag.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>
#include <netinet/tcp.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <memory>

namespace wsfault::net {
namespace {

using boost::asio::ip::address;
using boost::asio::ip::tcp;

constexpr std::uint32_t bit(int state) { return 1U << state; }
constexpr std::uint32_t ended = bit(TCP_FIN_WAIT1) | bit(TCP_FIN_WAIT2) | bit(TCP_CLOSING) | bit(TCP_LAST_ACK) |
                                bit(TCP_TIME_WAIT) | bit(TCP_CLOSE);

void put(const address& from, __be32 (&to)[4]) {
  const auto copy = [&](const auto& bytes) { std::ranges::copy(bytes, reinterpret_cast<unsigned char*>(to)); };
  if (from.is_v4()) return copy(from.to_v4().to_bytes());
  copy(from.to_v6().to_bytes());
}

inet_diag_req_v2 question(const tcp::endpoint& peer, const tcp::endpoint& local) {
  inet_diag_req_v2 asked{};
  asked.sdiag_family = peer.address().is_v4() ? AF_INET : AF_INET6;
  asked.sdiag_protocol = IPPROTO_TCP;
  asked.idiag_states = ~0U;
  asked.id.idiag_sport = htons(peer.port());
  asked.id.idiag_dport = htons(local.port());
  put(peer.address(), asked.id.idiag_src);
  put(local.address(), asked.id.idiag_dst);
  asked.id.idiag_cookie[0] = asked.id.idiag_cookie[1] = INET_DIAG_NOCOOKIE;
  return asked;
}

int take_state(nl_msg* message, void* state) {
  const nlmsghdr* header = nlmsg_hdr(message);
  if (header->nlmsg_len >= NLMSG_LENGTH(sizeof(inet_diag_msg)))
    *static_cast<int*>(state) = static_cast<const inet_diag_msg*>(nlmsg_data(header))->idiag_state;
  return NL_OK;
}

/// False: the kernel does not tell.
bool reach_table(nl_sock* socket, const FileDescriptor* table) {
  if (table == nullptr) return nl_connect(socket, NETLINK_SOCK_DIAG) >= 0;
  const int copy = ::fcntl(table->get(), F_DUPFD_CLOEXEC, 0);  // it is closed with `socket`
  if (copy < 0) return false;
  if (nl_socket_set_fd(socket, NETLINK_SOCK_DIAG, copy) >= 0) return true;
  ::close(copy);
  return false;
}

}  // namespace

PeerSocket peer_socket(const tcp::endpoint& peer, const tcp::endpoint& local, const FileDescriptor* table) {
  if (peer.address().is_v4() != local.address().is_v4()) return PeerSocket::unknown;
  const std::unique_ptr<nl_sock, decltype(&nl_socket_free)> socket(nl_socket_alloc(), &nl_socket_free);
  if (!socket || !reach_table(socket.get(), table)) return PeerSocket::open;
  nl_socket_disable_auto_ack(socket.get());  // it would be left in the table for the next question
  inet_diag_req_v2 asked = question(peer, local);
  int state = 0;
  nl_socket_modify_cb(socket.get(), NL_CB_VALID, NL_CB_CUSTOM, take_state, &state);
  if (nl_send_simple(socket.get(), SOCK_DIAG_BY_FAMILY, 0, &asked, sizeof asked) < 0) return PeerSocket::open;
  if (nl_recvmsgs_default(socket.get()) < 0 || state == 0) return PeerSocket::unknown;
  return (bit(state) & ended) != 0 ? PeerSocket::ended : PeerSocket::open;
}

}  // namespace wsfault::net
