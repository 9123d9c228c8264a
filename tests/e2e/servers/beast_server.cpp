// An echo server with Boost.Beast's own WebSocket, written as in its examples, with what a production server
// adds: time, size and connection limits, and a drain at SIGTERM.
//
//   beast_server --host=127.0.0.1 --port=8080 --idle-timeout=1s --drain=1s …
//
// Needs Boost.Asio and Boost.Beast as headers, and threads; nothing of the harness.
#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>
#include <charconv>
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdint>
#include <iostream>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;

using Milliseconds = std::chrono::milliseconds;
using Stream = websocket::stream<beast::tcp_stream>;
using Request = http::request<http::string_body>;
constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

/// "500ms", "1.5s", "64KiB", "100": in ms or bytes.
std::uint64_t parse_number(std::string_view text) {
  static const std::map<std::string_view, double> units = {
      {"", 1}, {"ms", 1}, {"s", 1000}, {"m", 60'000}, {"KiB", 1024}, {"MiB", 1024 * 1024}};
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const auto unit = units.find(std::string_view(end, text.data() + text.size()));
  if (error != std::errc() || unit == units.end())
    throw std::invalid_argument("no number: " + std::string(text));
  return static_cast<std::uint64_t>(std::llround(number * unit->second));
}

struct Options {
  std::string host = "127.0.0.1";
  std::uint64_t port = 8080;
  std::uint64_t idle_timeout = 30'000;
  std::uint64_t handshake_limit = 10'000;
  std::uint64_t close_limit = 10'000;
  std::uint64_t drain = 10'000;
  std::uint64_t max_connections = 1000;
  std::uint64_t max_message = 1024 * 1024;
};

Options parse_options(int argc, char** argv) {
  Options options;
  const std::map<std::string_view, std::uint64_t*> numbers = {{"--port", &options.port},
                                                              {"--idle-timeout", &options.idle_timeout},
                                                              {"--handshake-limit", &options.handshake_limit},
                                                              {"--close-limit", &options.close_limit},
                                                              {"--drain", &options.drain},
                                                              {"--max-connections", &options.max_connections},
                                                              {"--max-message", &options.max_message}};
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    const auto equals = std::min(argument.find('='), argument.size());
    const std::string_view name = argument.substr(0, equals);
    const std::string_view value = argument.substr(std::min(equals + 1, argument.size()));
    const auto found = numbers.find(name);
    if (name == "--host") {
      options.host = value;
    } else if (found != numbers.end()) {
      *found->second = parse_number(value);
    } else {
      throw std::invalid_argument("unknown option: " + std::string(argument));
    }
  }
  return options;
}

/// The bytes are not HTTP; false for no request or half a request.
bool is_malformed(beast::error_code error) {
  return error.category() == http::make_error_code(http::error::bad_method).category() &&
         error != http::error::end_of_stream && error != http::error::partial_message;
}

class Server {
 public:
  Server(asio::io_context& context, Options options)
      : context_(context),
        options_(std::move(options)),
        acceptor_(context),
        signals_(context, SIGTERM, SIGINT) {
    const asio::ip::tcp::endpoint endpoint(asio::ip::make_address(options_.host),
                                           static_cast<std::uint16_t>(options_.port));
    acceptor_.open(endpoint.protocol());
    acceptor_.set_option(asio::socket_base::reuse_address(true));
    acceptor_.bind(endpoint);
    acceptor_.listen();
  }

  asio::awaitable<void> accept_all() {
    for (;;) {
      auto [error, socket] = co_await acceptor_.async_accept(as_result);
      if (error == asio::error::operation_aborted) co_return;
      if (!error) asio::co_spawn(context_, serve(beast::tcp_stream(std::move(socket))), asio::detached);
    }
  }

  asio::awaitable<void> stop_on_signal() {
    co_await signals_.async_wait(as_result);
    stopping_ = true;
    acceptor_.close();
    for (Stream* stream : open_)
      stream->async_close(websocket::close_code::going_away, [](beast::error_code) {});
    if (open_.empty()) context_.stop();
    asio::steady_timer timer(context_, Milliseconds(options_.drain));
    co_await timer.async_wait(as_result);
    context_.stop();
  }

 private:
  asio::awaitable<void> serve(beast::tcp_stream tcp) {
    beast::flat_buffer buffer;
    Request request;
    tcp.expires_after(Milliseconds(options_.handshake_limit));
    const auto [error, size] = co_await http::async_read(tcp, buffer, request, as_result);
    if (is_malformed(error)) co_return co_await refuse(tcp, http::status::bad_request);
    if (error) co_return;
    if (!websocket::is_upgrade(request)) co_return co_await refuse(tcp, http::status::upgrade_required);
    const bool full = stopping_ || open_.size() >= options_.max_connections;
    if (full) co_return co_await refuse(tcp, http::status::service_unavailable);
    tcp.expires_never();
    co_await converse(std::move(tcp), std::move(request));
  }

  static asio::awaitable<void> refuse(beast::tcp_stream& tcp, http::status status) {
    http::response<http::empty_body> answer(status, 11);
    if (status == http::status::upgrade_required) answer.set(http::field::upgrade, "websocket");
    answer.keep_alive(false);
    answer.prepare_payload();
    co_await http::async_write(tcp, answer, as_result);
    beast::error_code ignored;
    tcp.socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
  }

  asio::awaitable<void> converse(beast::tcp_stream tcp, Request request) {
    Stream stream(std::move(tcp));
    stream.set_option(websocket::stream_base::timeout{Milliseconds(options_.close_limit),
                                                      Milliseconds(options_.idle_timeout), true});
    stream.set_option(websocket::stream_base::decorator([&request](websocket::response_type& answer) {
      const bool offered = http::token_list(request[http::field::sec_websocket_protocol]).exists("chat");
      if (offered) answer.set(http::field::sec_websocket_protocol, "chat");
    }));
    stream.read_message_max(options_.max_message);
    const auto [error] = co_await stream.async_accept(request, as_result);
    if (error) co_return;
    open_.insert(&stream);
    co_await echo(stream);
    open_.erase(&stream);
    if (stopping_ && open_.empty()) context_.stop();
  }

  static asio::awaitable<void> echo(Stream& stream) {
    beast::flat_buffer buffer;
    for (;;) {
      const auto [error, size] = co_await stream.async_read(buffer, as_result);
      if (error) co_return;
      stream.text(stream.got_text());
      const auto [failed, written] = co_await stream.async_write(buffer.data(), as_result);
      if (failed) co_return;
      buffer.consume(buffer.size());
    }
  }

  asio::io_context& context_;
  Options options_;
  asio::ip::tcp::acceptor acceptor_;
  asio::signal_set signals_;
  std::set<Stream*> open_;
  bool stopping_ = false;
};

}  // namespace

int main(int argc, char** argv) {
  try {
    asio::io_context context{1};
    Server server(context, parse_options(argc, argv));
    const auto rethrow = [](std::exception_ptr failed) {
      if (failed) std::rethrow_exception(failed);
    };
    asio::co_spawn(context, server.accept_all(), rethrow);
    asio::co_spawn(context, server.stop_on_signal(), rethrow);
    context.run();
  } catch (const std::exception& error) {
    std::cerr << "beast_server: " << error.what() << '\n';
    return 2;
  }
}
