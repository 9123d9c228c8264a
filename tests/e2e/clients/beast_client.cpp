// A client with Boost.Beast's own WebSocket, written as in its examples, with a loop that reconnects with
// exponential backoff and full jitter. Prints what it sees as JSON lines.
//
// wss:// trusts what OpenSSL trusts by default (SSL_CERT_FILE), and verifies the host.
//
//   beast_client ws://127.0.0.1:8080/ --idle-timeout=1s --handshake-limit=1s --backoff-max=1600ms …
//
// Needs Boost.Asio and Boost.Beast as headers, Boost.JSON, OpenSSL and threads; nothing of the harness.
#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/ssl/impl/src.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/ssl.hpp>
#include <boost/beast/websocket.hpp>
#include <boost/beast/websocket/ssl.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <charconv>
#include <chrono>
#include <cmath>
#include <csignal>
#include <iostream>
#include <map>
#include <optional>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace json = boost::json;
namespace websocket = beast::websocket;

using Milliseconds = std::chrono::milliseconds;
namespace ssl = asio::ssl;
using PlainStream = websocket::stream<beast::tcp_stream>;
using TlsStream = websocket::stream<beast::ssl_stream<beast::tcp_stream>>;
constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

/// "500ms", "1.5s", "2m".
Milliseconds parse_duration(std::string_view text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const std::string_view unit(end, text.data() + text.size());
  const double factor = unit == "ms" ? 1 : unit == "s" ? 1000 : unit == "m" ? 60000 : 0;
  if (error != std::errc() || factor == 0) throw std::invalid_argument("no duration: " + std::string(text));
  return Milliseconds(std::llround(number * factor));
}

struct Options {
  bool secure = false;
  std::string host;
  std::string port = "80";
  std::string target = "/";
  Milliseconds idle_timeout{30'000};
  Milliseconds handshake_limit{10'000};
  Milliseconds backoff_first{500};
  double backoff_factor = 2;
  Milliseconds backoff_max{30'000};
};

void take_url(std::string_view url, Options& options) {
  options.secure = url.starts_with("wss://");
  const std::string_view scheme = options.secure ? "wss://" : "ws://";
  if (!url.starts_with(scheme)) throw std::invalid_argument("no ws:// or wss:// URL: " + std::string(url));
  if (options.secure) options.port = "443";
  url.remove_prefix(scheme.size());
  const auto slash = std::min(url.find('/'), url.size());
  if (slash < url.size()) options.target = url.substr(slash);
  const std::string_view authority = url.substr(0, slash);
  const auto colon = authority.rfind(':');
  options.host = authority.substr(0, colon);
  if (colon != std::string_view::npos) options.port = authority.substr(colon + 1);
}

Options parse_options(int argc, char** argv) {
  if (argc < 2) throw std::invalid_argument("usage: beast_client ws://host:port/path [--name=value …]");
  Options options;
  take_url(argv[1], options);
  const std::map<std::string_view, Milliseconds*> durations = {
      {"--idle-timeout", &options.idle_timeout},
      {"--handshake-limit", &options.handshake_limit},
      {"--backoff-first", &options.backoff_first},
      {"--backoff-max", &options.backoff_max}};
  for (int i = 2; i < argc; ++i) {
    const std::string_view argument = argv[i];
    const auto equals = std::min(argument.find('='), argument.size());
    const std::string_view name = argument.substr(0, equals);
    const std::string value(argument.substr(std::min(equals + 1, argument.size())));
    if (name == "--backoff-factor") {
      options.backoff_factor = std::stod(value);
    } else if (const auto found = durations.find(name); found != durations.end()) {
      *found->second = parse_duration(value);
    } else {
      throw std::invalid_argument("unknown option: " + std::string(argument));
    }
  }
  return options;
}

void report(const json::object& line) { std::cout << json::serialize(line) << std::endl; }

/// Closes after which the same request would fail again.
bool is_final_code(unsigned code) {
  constexpr unsigned final_codes[] = {1000, 1002, 1003, 1007, 1008, 1009, 1010};
  return std::ranges::find(final_codes, code) != std::end(final_codes) || (code >= 4400 && code < 4500);
}

bool is_final_status(unsigned status) {
  return status >= 300 && status < 500 && status != 408 && status != 425 && status != 429;
}

template <typename Stream>
class Client {
 public:
  Client(asio::io_context& context, Options options)
      : context_(context), options_(std::move(options)), signals_(context, SIGTERM, SIGINT), pause_(context) {
    trust_.set_default_verify_paths();
    trust_.set_verify_mode(ssl::verify_peer);
  }

  asio::awaitable<void> run() {
    while (!stopping_) {
      const End end = co_await attempt();
      if (stopping_ || end.final) break;
      co_await wait_to_come_back(end.at_least);
    }
    if (!stopping_) {
      pause_.expires_at(asio::steady_timer::time_point::max());
      co_await pause_.async_wait(as_result);
    }
    context_.stop();
  }

  asio::awaitable<void> stop_on_signal() {
    co_await signals_.async_wait(as_result);
    stopping_ = true;
    pause_.cancel();
    if (live_ != nullptr) {
      co_await live_->async_close(websocket::close_code::going_away, as_result);
    } else {
      context_.stop();
    }
  }

 private:
  struct End {
    bool final = false;
    Milliseconds at_least{0};
  };

  asio::awaitable<End> attempt() {
    Stream stream = make_stream(co_await asio::this_coro::executor);
    if (const auto failed = co_await connect(stream)) {
      report({{"event", "error"}, {"message", failed->message()}});
      co_return End{};
    }
    http::response<http::string_body> answer;
    const auto [error] = co_await stream.async_handshake(answer, options_.host + ":" + options_.port,
                                                         options_.target, as_result);
    if (error) co_return refused(error, answer);
    attempts_ = 0;
    report({{"event", "open"}});
    live_ = &stream;
    const auto ended = co_await read_messages(stream);
    live_ = nullptr;
    co_return closed(ended, stream.reason());
  }

  static constexpr bool is_tls = std::is_same_v<Stream, TlsStream>;

  Stream make_stream(const asio::any_io_executor& executor) {
    if constexpr (is_tls) {
      return Stream(executor, trust_);
    } else {
      return Stream(executor);
    }
  }

  /// Name, TCP, TLS, and the stream's own time limits.
  asio::awaitable<std::optional<beast::error_code>> connect(Stream& stream) {
    asio::ip::tcp::resolver resolver(co_await asio::this_coro::executor);
    const auto [unresolved, endpoints] =
        co_await resolver.async_resolve(options_.host, options_.port, as_result);
    if (unresolved) co_return unresolved;
    auto& tcp = beast::get_lowest_layer(stream);
    tcp.expires_after(options_.handshake_limit);
    const auto [unconnected, endpoint] = co_await tcp.async_connect(endpoints, as_result);
    if (unconnected) co_return unconnected;
    if constexpr (is_tls) {
      auto& tls = stream.next_layer();
      SSL_set_tlsext_host_name(tls.native_handle(), options_.host.c_str());
      tls.set_verify_callback(ssl::host_name_verification(options_.host));
      const auto [refused] = co_await tls.async_handshake(ssl::stream_base::client, as_result);
      if (refused) co_return refused;
    }
    tcp.expires_never();
    stream.set_option(websocket::stream_base::timeout{options_.handshake_limit, options_.idle_timeout, true});
    co_return std::nullopt;
  }

  static End refused(beast::error_code error, const http::response<http::string_body>& answer) {
    json::object line{{"event", "error"}, {"message", error.message()}};
    End end;
    if (error == websocket::error::upgrade_declined) {
      line["status"] = answer.result_int();
      end.final = is_final_status(answer.result_int());
      const std::string_view retry_after = answer[http::field::retry_after];
      int seconds = 0;
      std::from_chars(retry_after.data(), retry_after.data() + retry_after.size(), seconds);
      end.at_least = std::chrono::seconds(seconds);
    }
    report(line);
    return end;
  }

  static asio::awaitable<beast::error_code> read_messages(Stream& stream) {
    beast::flat_buffer buffer;
    for (;;) {
      const auto [error, size] = co_await stream.async_read(buffer, as_result);
      if (error) co_return error;
      if (stream.got_text())
        report({{"event", "message"}, {"text", beast::buffers_to_string(buffer.data())}});
      if (!stream.got_text()) report({{"event", "message"}, {"bytes", size}});
      buffer.consume(buffer.size());
    }
  }

  /// The code of the received Close, however TCP ended after it; Beast has no value for a missing code.
  static unsigned close_code(bool clean, const websocket::close_reason& reason) {
    constexpr unsigned no_status = 1005;
    constexpr unsigned abnormal = 1006;
    if (reason) return reason.code;
    return clean ? no_status : abnormal;
  }

  static End closed(beast::error_code error, const websocket::close_reason& reason) {
    const bool clean = error == websocket::error::closed;
    const unsigned code = close_code(clean, reason);
    report({{"event", "close"},
            {"code", code},
            {"reason", std::string_view(reason.reason.data(), reason.reason.size())},
            {"clean", clean},
            {"error", error.message()}});
    return {is_final_code(code), Milliseconds(0)};
  }

  asio::awaitable<void> wait_to_come_back(Milliseconds at_least) {
    const double cap = std::min<double>(
        static_cast<double>(options_.backoff_max.count()),
        static_cast<double>(options_.backoff_first.count()) * std::pow(options_.backoff_factor, attempts_));
    ++attempts_;
    const auto delay =
        at_least + Milliseconds(std::llround(std::uniform_real_distribution<>(0, cap)(random_)));
    report({{"event", "reconnecting"}, {"delay_ms", delay.count()}});
    pause_.expires_after(delay);
    co_await pause_.async_wait(as_result);
  }

  asio::io_context& context_;
  Options options_;
  asio::signal_set signals_;
  asio::steady_timer pause_;
  ssl::context trust_{ssl::context::tls_client};
  std::mt19937 random_{std::random_device{}()};
  Stream* live_ = nullptr;  ///< while a connection is open
  int attempts_ = 0;        ///< since a connection last opened
  bool stopping_ = false;
};

template <typename Stream>
void run_client(Options options) {
  asio::io_context context{1};
  Client<Stream> client(context, std::move(options));
  const auto rethrow = [](std::exception_ptr failed) {
    if (failed) std::rethrow_exception(failed);
  };
  asio::co_spawn(context, client.run(), rethrow);
  asio::co_spawn(context, client.stop_on_signal(), rethrow);
  context.run();
}

}  // namespace

int main(int argc, char** argv) {
  try {
    Options options = parse_options(argc, argv);
    if (options.secure) {
      run_client<TlsStream>(std::move(options));
    } else {
      run_client<PlainStream>(std::move(options));
    }
  } catch (const std::exception& error) {
    std::cerr << "beast_client: " << error.what() << '\n';
    return 2;
  }
}
