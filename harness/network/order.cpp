#include "network/order.hpp"

#include <errno.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <array>
#include <cstring>
#include <utility>

namespace wsfault::network {
namespace {

union Control {
  char bytes[CMSG_SPACE(sizeof(int))];
  cmsghdr align;
};

/// Two numbers, then the text.
struct Head {
  std::int32_t first = 0;
  std::int32_t second = 0;
};

bool send_packet(int socket, Head head, std::string_view text, int passed) {
  text = text.substr(0, longest_text);
  iovec parts[2] = {{&head, sizeof head}, {const_cast<char*>(text.data()), text.size()}};
  msghdr header{};
  header.msg_iov = parts;
  header.msg_iovlen = 2;
  Control control{};
  if (passed >= 0) {
    header.msg_control = control.bytes;
    header.msg_controllen = sizeof control.bytes;
    cmsghdr* part = CMSG_FIRSTHDR(&header);
    part->cmsg_level = SOL_SOCKET;
    part->cmsg_type = SCM_RIGHTS;
    part->cmsg_len = CMSG_LEN(sizeof passed);
    std::memcpy(CMSG_DATA(part), &passed, sizeof passed);
  }
  ssize_t sent = 0;
  do {
    sent = ::sendmsg(socket, &header, MSG_NOSIGNAL);
  } while (sent < 0 && errno == EINTR);
  return sent >= 0;
}

struct Packet {
  Head head;
  std::string text;
  net::FileDescriptor passed;
};

std::optional<Packet> receive_packet(int socket) {
  Packet packet;
  std::string text(longest_text, '\0');
  iovec parts[2] = {{&packet.head, sizeof packet.head}, {text.data(), text.size()}};
  Control control{};
  msghdr header{};
  header.msg_iov = parts;
  header.msg_iovlen = 2;
  header.msg_control = control.bytes;
  header.msg_controllen = sizeof control.bytes;
  ssize_t size = 0;
  do {
    size = ::recvmsg(socket, &header, MSG_CMSG_CLOEXEC);
  } while (size < 0 && errno == EINTR);
  if (size < static_cast<ssize_t>(sizeof packet.head)) return std::nullopt;
  text.resize(static_cast<std::size_t>(size) - sizeof packet.head);
  packet.text = std::move(text);
  const cmsghdr* part = CMSG_FIRSTHDR(&header);
  if (part != nullptr && part->cmsg_level == SOL_SOCKET && part->cmsg_type == SCM_RIGHTS) {
    int number = -1;
    std::memcpy(&number, CMSG_DATA(part), sizeof number);
    packet.passed = net::FileDescriptor(number);
  }
  return packet;
}

}  // namespace

bool send(int socket, const Order& order) {
  return send_packet(socket, {static_cast<std::int32_t>(order.kind), order.value}, order.text, -1);
}

bool send(int socket, const Answer& answer) {
  const int passed = answer.socket.is_open() ? answer.socket.get() : -1;
  const bool failed = !answer.error.empty();
  return send_packet(socket, {answer.pid, failed ? 1 : 0}, failed ? answer.error : answer.text, passed);
}

std::optional<Order> receive_order(int socket) {
  auto packet = receive_packet(socket);
  if (!packet || packet->head.first < 0 || packet->head.first > static_cast<std::int32_t>(Order::Kind::table))
    return std::nullopt;
  return Order{static_cast<Order::Kind>(packet->head.first), packet->head.second, std::move(packet->text)};
}

std::optional<Answer> receive_answer(int socket) {
  auto packet = receive_packet(socket);
  if (!packet) return std::nullopt;
  Answer answer;
  (packet->head.second != 0 ? answer.error : answer.text) = std::move(packet->text);
  answer.pid = packet->head.first;
  answer.socket = std::move(packet->passed);
  return answer;
}

}  // namespace wsfault::network
