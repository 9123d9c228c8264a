#include "net/peer_socket.hpp"

#include <arpa/inet.h>
#include <linux/inet_diag.h>
#include <linux/sock_diag.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>
#include <netinet/tcp.h>

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

}  // namespace

bool has_ended_its_direction(const tcp::endpoint& peer, const tcp::endpoint& local) {
  if (peer.address().is_v4() != local.address().is_v4()) return false;
  const std::unique_ptr<nl_sock, decltype(&nl_socket_free)> socket(nl_socket_alloc(), &nl_socket_free);
  if (!socket || nl_connect(socket.get(), NETLINK_SOCK_DIAG) < 0) return false;
  inet_diag_req_v2 asked = question(peer, local);
  int state = 0;
  nl_socket_modify_cb(socket.get(), NL_CB_VALID, NL_CB_CUSTOM, take_state, &state);
  if (nl_send_simple(socket.get(), SOCK_DIAG_BY_FAMILY, 0, &asked, sizeof asked) < 0) return false;
  return nl_recvmsgs_default(socket.get()) >= 0 && state != 0 && (bit(state) & ended) != 0;
}

}  // namespace wsfault::net
