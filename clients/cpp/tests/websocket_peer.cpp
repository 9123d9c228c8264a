#include "websocket_peer.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

namespace {

constexpr timeval limit{30, 0};
constexpr std::uint8_t opcode_text = 1;
constexpr std::uint8_t opcode_close = 8;
constexpr std::uint8_t opcode_ping = 9;

std::string frame(std::uint8_t opcode, std::string_view payload) {  // masked with zeros
  return std::string{static_cast<char>(0x80 | opcode), static_cast<char>(0x80 | payload.size())} +
         std::string(4, '\0') + std::string(payload);
}

}  // namespace

WebSocketPeer::WebSocketPeer(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in at{};
  at.sin_family = AF_INET;
  at.sin_port = htons(port);
  at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&at), sizeof(at)) != 0) {
    ::close(socket_);
    throw std::runtime_error("refused");
  }
  const std::string request =
      "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: "
      "websocket\r\nSec-WebSocket-Version: 13\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
  ::send(socket_, request.data(), request.size(), MSG_NOSIGNAL);
  std::string head;
  while (!head.ends_with("\r\n\r\n")) head += read(1);
}

WebSocketPeer::~WebSocketPeer() { ::close(socket_); }

void WebSocketPeer::send(std::string_view text) {
  const std::string bytes = frame(opcode_text, text);
  ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
}

std::optional<std::string> WebSocketPeer::receive() {
  try {
    for (;;) {
      const std::string head = read(2);
      const std::string payload = read(static_cast<std::uint8_t>(head[1]) & 0x7F);
      const std::uint8_t opcode = static_cast<std::uint8_t>(head[0]) & 0x0F;
      if (opcode == opcode_text) return payload;
      if (opcode == opcode_ping) {
        const std::string pong = frame(0xA, payload);
        ::send(socket_, pong.data(), pong.size(), MSG_NOSIGNAL);
      }
      if (opcode == opcode_close) {
        code_ = static_cast<std::uint8_t>(payload.at(0)) << 8 | static_cast<std::uint8_t>(payload.at(1));
        const std::string echo = frame(opcode_close, payload.substr(0, 2));
        ::send(socket_, echo.data(), echo.size(), MSG_NOSIGNAL);
      }
    }
  } catch (End) {
    return std::nullopt;
  }
}

int WebSocketPeer::close_code() {
  while (receive()) {
  }
  return code_;
}

std::string WebSocketPeer::read(std::size_t count) {
  std::array<char, 4096> bytes;
  while (buffer_.size() < count) {
    const ssize_t got = ::recv(socket_, bytes.data(), bytes.size(), 0);
    if (got < 0 && errno == EAGAIN) throw std::runtime_error("nothing came in 30s");
    if (got <= 0) throw End{};
    buffer_.append(bytes.data(), static_cast<std::size_t>(got));
  }
  std::string taken = buffer_.substr(0, count);
  buffer_.erase(0, count);
  return taken;
}
