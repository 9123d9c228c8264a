// A client of WebSocket over a plain socket, which keeps nothing back: the system under test of these tests.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

class WebSocketPeer {
 public:
  /// Open when it is made. Throws std::runtime_error where it is refused.
  explicit WebSocketPeer(std::uint16_t port);
  ~WebSocketPeer();
  WebSocketPeer(const WebSocketPeer&) = delete;
  WebSocketPeer& operator=(const WebSocketPeer&) = delete;

  void send(std::string_view text);
  /// The next text message; none: the connection has ended.
  std::optional<std::string> receive();
  /// Of its end, which this waits for: 1006 without a Close frame.
  int close_code();

 private:
  std::string read(std::size_t count);  // throws End
  struct End {};

  int socket_;
  int code_ = 1006;
  std::string buffer_;
};
