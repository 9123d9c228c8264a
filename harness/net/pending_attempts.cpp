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
#include <chrono>
#include <cstring>
#include <iterator>

namespace wsfault::net {
namespace {

namespace ip = boost::asio::ip;
using Attempts = std::optional<std::vector<PendingAttempt>>;
using Clock = std::chrono::steady_clock;

/// How old an answer may be: so many times what it cost, within these bounds. The size of the kernel's table depends on
/// the machine's memory.
constexpr Clock::duration fresh = std::chrono::milliseconds(10), stale = std::chrono::milliseconds(100);
constexpr int age_in_costs = 20;

/// The request of old is for both families at once; with that of today the kernel goes through its table twice.
struct Request {
  nlmsghdr header{};
  inet_diag_req what{};
};

Request all_that_wait() {
  Request request;
  request.header.nlmsg_len = sizeof request;
  request.header.nlmsg_type = TCPDIAG_GETSOCK;
  request.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
  request.what.idiag_states = 1U << TCP_SYN_SENT;
  return request;
}

ip::address address_of(int family, const __be32* bytes) {
  if (family == AF_INET) return ip::address_v4(ntohl(bytes[0]));
  ip::address_v6::bytes_type raw;
  std::memcpy(raw.data(), bytes, raw.size());
  const ip::address_v6 address(raw);
  if (address.is_v4_mapped()) return ip::make_address_v4(ip::v4_mapped, address);
  return address;
}

PendingAttempt attempt_of(const inet_diag_msg& socket) {
  return {{address_of(socket.idiag_family, socket.id.idiag_src), ntohs(socket.id.idiag_sport)},
          {address_of(socket.idiag_family, socket.id.idiag_dst), ntohs(socket.id.idiag_dport)}};
}

Attempts all_attempts(int socket) {
  const Request request = all_that_wait();
  if (socket < 0 || ::send(socket, &request, sizeof request, 0) < 0) return std::nullopt;
  std::vector<PendingAttempt> found;
  for (;;) {
    alignas(nlmsghdr) std::array<char, 16 * 1024> buffer;
    const ssize_t size = ::recv(socket, buffer.data(), buffer.size(), 0);
    if (size <= 0) return std::nullopt;
    auto left = static_cast<std::size_t>(size);
    for (auto* message = reinterpret_cast<nlmsghdr*>(buffer.data()); NLMSG_OK(message, left);
         message = NLMSG_NEXT(message, left)) {
      if (message->nlmsg_type == NLMSG_DONE) return found;
      if (message->nlmsg_type != TCPDIAG_GETSOCK) return std::nullopt;
      found.push_back(attempt_of(*static_cast<const inet_diag_msg*>(NLMSG_DATA(message))));
    }
  }
}

/// Of this namespace, for all that ask: many cases that run at once have each an address in the dark.
const Attempts& own_attempts(Asked when) {
  thread_local struct {
    FileDescriptor socket;
    Clock::time_point until{};
    Attempts found;
  } last;
  if (when == Asked::lately && Clock::now() < last.until) return last.found;
  if (!last.socket.is_open())
    last.socket = FileDescriptor(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG));
  const auto asked = Clock::now();
  last.found = all_attempts(last.socket.get());
  if (!last.found) last.socket.reset();  // the rest of an answer may be in it
  last.until = Clock::now() + std::clamp((Clock::now() - asked) * age_in_costs, fresh, stale);
  return last.found;
}

}  // namespace

Attempts attempts_to(const std::string& host, std::uint16_t port, const FileDescriptor* table, Asked asked) {
  boost::system::error_code no_address;
  const ip::address address = ip::make_address(host, no_address);
  if (no_address) return std::nullopt;
  const Attempts all = table == nullptr ? own_attempts(asked) : all_attempts(table->get());
  if (!all) return std::nullopt;
  std::vector<PendingAttempt> here;
  std::ranges::copy_if(*all, std::back_inserter(here), [&](const PendingAttempt& attempt) {
    return attempt.to.port() == port && (address.is_unspecified() || attempt.to.address() == address);
  });
  return here;
}

}  // namespace wsfault::net
