// The client under test: it comes back after each end, and tells what it saw.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

class ChatClient {
 public:
  /// Called on the client's own thread.
  struct Listener {
    std::function<void()> opened;
    std::function<void(std::string text)> received;
    std::function<void(int code)> closed;
  };

  ChatClient(std::string host, std::uint16_t port, Listener listener);
  ~ChatClient();

 private:
  class Life;
  std::unique_ptr<Life> life_;
};
