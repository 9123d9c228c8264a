#include "chat_client.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/websocket.hpp>
#include <chrono>
#include <random>
#include <thread>

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = beast::websocket;

constexpr int no_close_frame = 1006;  // RFC 6455 7.1.5
constexpr std::chrono::milliseconds shortest_pause{25};
constexpr std::chrono::milliseconds longest_pause{75};

class ChatClient::Life {
 public:
  Life(std::string host, std::uint16_t port, Listener listener)
      : host_(std::move(host)), port_(port), listener_(std::move(listener)) {
    asio::co_spawn(io_, live(), asio::detached);
    thread_ = std::thread([this] { io_.run(); });
  }
  ~Life() {
    io_.stop();
    thread_.join();
  }

 private:
  asio::awaitable<void> live() {
    std::mt19937 random(std::random_device{}());
    std::uniform_int_distribution<> pause(shortest_pause.count(), longest_pause.count());
    for (;;) {
      co_await converse();
      asio::steady_timer timer(io_, std::chrono::milliseconds(pause(random)));
      co_await timer.async_wait(asio::use_awaitable);
    }
  }

  asio::awaitable<void> converse() {
    websocket::stream<beast::tcp_stream> socket(io_);
    bool is_open = false;
    try {
      const asio::ip::tcp::endpoint server(asio::ip::make_address(host_), port_);
      co_await socket.next_layer().async_connect(server, asio::use_awaitable);
      co_await socket.async_handshake(host_ + ":" + std::to_string(port_), "/", asio::use_awaitable);
      is_open = true;
      listener_.opened();
      for (;;) {
        beast::flat_buffer message;
        co_await socket.async_read(message, asio::use_awaitable);
        listener_.received(beast::buffers_to_string(message.data()));
      }
    } catch (const boost::system::system_error& end) {
      const bool was_closed = end.code() == websocket::error::closed;
      if (is_open) listener_.closed(was_closed ? socket.reason().code : no_close_frame);
    }
  }

  asio::io_context io_{1};
  std::string host_;
  std::uint16_t port_;
  Listener listener_;
  std::thread thread_;
};

ChatClient::ChatClient(std::string host, std::uint16_t port, Listener listener)
    : life_(std::make_unique<Life>(std::move(host), port, std::move(listener))) {}

ChatClient::~ChatClient() = default;
