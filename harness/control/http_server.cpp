// HTTP by Beast. Slow and oversize requests, and connections beyond the limit, are answered and ended.
#include "control/http_server.hpp"

#include <fcntl.h>

#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/url.hpp>
#include <algorithm>
#include <list>
#include <utility>

#include "control/problem.hpp"
#include "net/dial.hpp"
#include "net/event_gate.hpp"
#include "net/file_descriptor.hpp"
#include "net/shortage.hpp"
#include "net/task_group.hpp"
#include "wire/field.hpp"

namespace wsfault::control {
namespace {

namespace beast = boost::beast;
namespace http = beast::http;
using net::as_result;

constexpr std::size_t longest_head = 16 * 1024;
constexpr std::chrono::seconds whole_within{15};  // a request, as Toxiproxy's
constexpr std::chrono::seconds idle_for{60};      // between two requests
constexpr std::chrono::seconds written_within{30};
constexpr std::chrono::milliseconds shortage_pause{50};
/// So many calls are served although all other descriptors are used up: what uses them up can be ended by a call.
constexpr std::size_t most_spares = 8;

/// False: the target is not of the form of RFC 9112 3.2.
bool read_target(std::string_view target, Request& request) {
  const auto url = boost::urls::parse_origin_form(target);
  if (!url) return false;
  request.path = url->path();
  for (const auto& each : url->params()) request.query[each.key] = each.value;
  return true;
}

Request request_of(http::request<http::string_body>& message) {
  Request request;
  request.method = std::string(message.method_string());
  for (const auto& field : message) request.fields[wire::lowered({field.name_string().data(), field.name_string().size()})] = std::string(field.value());
  request.body = std::move(message.body());
  return request;
}

/// Without port and brackets.
std::string host_of(std::string_view authority) {
  if (authority.starts_with('[')) return std::string(authority.substr(1, authority.find(']') - 1));
  return std::string(authority.substr(0, authority.find(':')));
}

}  // namespace

std::string why_not_from_a_page(const Request& request, const ServerSetting& setting) {
  const std::string host = host_of(request.field("host"));
  // A name that somebody else's DNS leads here would make their page one of ours; a GET of such a page has no Origin.
  if (setting.token.empty() && !host.empty() && host != "localhost" && host != setting.host && !net::is_address(host))
    return "this port was reached by the name " + host + ", which is not its own (--token allows it)";
  const std::string& origin = request.field("origin");
  if (origin.empty() || origin == "http://" + request.field("host")) return {};
  const auto allowed = [&](const std::string& each) { return each == "*" || each == origin; };
  if (std::ranges::any_of(setting.origins, allowed)) return {};
  return "pages of " + origin + " may not use this port (--cors allows it)";
}

class HttpServer::Impl : public std::enable_shared_from_this<HttpServer::Impl> {
 public:
  Impl(const net::asio::any_io_executor& executor, ServerSetting setting, Serve serve)
      : executor_(executor),
        setting_(std::move(setting)),
        serve_(std::move(serve)),
        acceptor_(executor, {net::asio::ip::make_address(setting_.host), setting_.port}),
        tasks_(executor, [](const std::exception_ptr&) {}),
        stopping_(executor) {}

  std::uint16_t port() const { return acceptor_.local_endpoint().port(); }

  net::Task<void> accept_all() {
    while (!closing_) {
      auto [error, socket] = co_await acceptor_.async_accept(as_result);
      if (closing_) break;
      if (error && net::is_shortage(error.value()) && !spares_.empty()) {
        spares_.pop_back();
        continue;
      }
      if (error) {
        // Those that are served end sooner or later.
        co_await net::sleep_for(shortage_pause);
        continue;
      }
      if (open_ >= setting_.most_connections) continue;  // closed at once: more would starve those served
      tasks_.spawn(serve(std::move(socket)));
    }
  }

  net::Task<void> run() {
    keep_spares();
    tasks_.spawn(accept_all());
    while (!closing_) co_await stopping_.wait();
    const auto due = std::chrono::steady_clock::now() + std::chrono::seconds(1);
    if (co_await tasks_.all_ended_until(due)) co_return;
    for (beast::tcp_stream* stream : streams_) stream->cancel();
    co_await tasks_.all_ended();
  }

  void close() {
    closing_ = true;
    boost::system::error_code ignored;
    acceptor_.close(ignored);
    for (beast::tcp_stream* stream : idle_) stream->cancel();
    stopping_.notify();
  }

 private:
  net::Task<void> serve(net::tcp::socket socket) {
    ++open_;
    beast::tcp_stream stream(std::move(socket));
    const auto place = streams_.insert(streams_.end(), &stream);
    co_await net::finally(serve_requests(stream), ended(stream));
    streams_.erase(place);
    --open_;
    keep_spares();
  }

  void keep_spares() {
    while (spares_.size() < most_spares) {
      net::FileDescriptor spare(::open("/dev/null", O_RDONLY | O_CLOEXEC));
      if (!spare.is_open()) return;
      spares_.push_back(std::move(spare));
    }
  }

  net::Task<void> ended(beast::tcp_stream& stream) {
    boost::system::error_code ignored;
    stream.socket().shutdown(net::tcp::socket::shutdown_both, ignored);
    stream.close();
    co_return;
  }

  net::Task<void> serve_requests(beast::tcp_stream& stream) {
    stream.socket().set_option(net::tcp::no_delay(true));
    beast::flat_buffer buffer(longest_head + setting_.most_body);
    bool first = true;
    while (!closing_) {
      if (!std::exchange(first, false) || buffer.size() == 0) {
        const bool more = co_await await_bytes(stream, buffer);
        if (!more) co_return;
      }
      http::request_parser<http::string_body> parser;
      parser.header_limit(longest_head);
      parser.body_limit(setting_.most_body);
      stream.expires_after(whole_within);
      const auto [error, size] = co_await http::async_read(stream, buffer, parser, as_result);
      if (error) {
        co_await refuse(stream, error);
        co_return;
      }
      const bool keeps = parser.get().keep_alive();
      const bool head = parser.get().method() == http::verb::head;
      const unsigned version = parser.get().version();
      Request request = request_of(parser.get());
      Response response;
      if (const auto hosts = parser.get().count(http::field::host); hosts > 1 || (version >= 11 && hosts == 0)) {
        response = problem(400, "a request of HTTP/1.1 names its Host, once (RFC 9112 3.2)");
      } else if (read_target(parser.get().target(), request)) {
        stream.expires_never();
        response = co_await respond(request);
      } else {
        response = problem(400, "the request's target is not a path");
      }
      stream.expires_after(written_within);
      if (!co_await write(stream, std::move(response), request, version, keeps, head) || !keeps) co_return;
    }
  }

  /// Between two requests: until bytes come. False: none will.
  net::Task<bool> await_bytes(beast::tcp_stream& stream, beast::flat_buffer& buffer) {
    if (buffer.size() > 0) co_return true;
    stream.expires_after(idle_for);
    const auto place = idle_.insert(idle_.end(), &stream);
    const auto [error, size] = co_await stream.async_read_some(buffer.prepare(4096), as_result);
    idle_.erase(place);
    if (error) co_return false;
    buffer.commit(size);
    co_return true;
  }

  net::Task<Response> respond(const Request& request) {
    if (const std::string wrong = why_not_from_a_page(request, setting_); !wrong.empty())
      co_return problem(403, wrong);
    if (request.method == "OPTIONS" && request.fields.contains("access-control-request-method"))
      co_return Response{.status = 204};
    if (!setting_.token.empty() && request.field("authorization") != "Bearer " + setting_.token) {
      Response response = problem(401, "this port needs a token: Authorization: Bearer TOKEN");
      response.fields.emplace_back("WWW-Authenticate", "Bearer");
      co_return response;
    }
    co_return co_await serve_(request);
  }

  /// What can be said of a request that could not be read.
  net::Task<void> refuse(beast::tcp_stream& stream, const boost::system::error_code& error) {
    if (error == http::error::end_of_stream || error == net::asio::error::operation_aborted) co_return;
    Response response;
    if (error == beast::error::timeout) {
      response = problem(408, "the request was not complete in 15 s");
      stream.expires_after(std::chrono::seconds(1));
    } else if (error == http::error::body_limit) {
      response = problem(413, "the body is longer than 1 MiB");
    } else if (error == http::error::header_limit || error == http::error::buffer_overflow) {
      response = problem(431, "the head is longer than 16 KiB");
    } else if (error.category() == boost::system::error_code(http::error::bad_method).category()) {
      response = problem(400, error.message());
    } else {
      co_return;
    }
    stream.expires_after(std::chrono::seconds(1));
    const Request none;  // no temporary: GCC 12 destroys those of a co_await's arguments twice
    if (!co_await write(stream, std::move(response), none, 11, false, false)) co_return;
    // An end over unread bytes would be an RST, which takes the answer away from who has not read it yet.
    boost::system::error_code ignored;
    stream.socket().shutdown(net::tcp::socket::shutdown_send, ignored);
    stream.expires_after(std::chrono::seconds(1));
    std::vector<char> rest(16 * 1024);
    const auto bytes = net::asio::buffer(rest);
    for (;;) {
      const auto [over, size] = co_await stream.async_read_some(bytes, as_result);
      if (over) co_return;
    }
  }

  void add_fields(auto& message, const Response& response, const Request& request, bool keeps) const {
    message.set(http::field::server, "wsfault");
    if (response.status != 204) message.set(http::field::content_type, response.type);
    for (const auto& [name, value] : response.fields) message.set(name, value);
    const std::string& origin = request.field("origin");
    if (!origin.empty() && why_not_from_a_page(request, setting_).empty()) {
      message.set(http::field::access_control_allow_origin, origin);
      message.set(http::field::vary, "Origin");
      if (request.method == "OPTIONS") {
        message.set(http::field::access_control_allow_methods, "GET, POST, PATCH, DELETE");
        message.set(http::field::access_control_allow_headers, "Content-Type, Authorization, Last-Event-ID");
      }
    }
    message.keep_alive(keeps);
  }

  net::Task<bool> write(beast::tcp_stream& stream, Response response, const Request& request, unsigned version,
                        bool keeps, bool head) {
    if (response.stream) co_return co_await write_stream(stream, std::move(response), request, version);
    http::response<http::string_body> message;
    message.version(version);
    message.result(static_cast<unsigned>(response.status));
    add_fields(message, response, request, keeps);
    message.body() = std::move(response.body);
    message.prepare_payload();
    if (response.status == 204) message.erase(http::field::content_length);
    if (head) message.body().clear();
    http::serializer<false, http::string_body> serializer(message);
    const auto [error, size] = head ? co_await http::async_write_header(stream, serializer, as_result)
                                    : co_await http::async_write(stream, serializer, as_result);
    co_return !error;
  }

  net::Task<bool> write_stream(beast::tcp_stream& stream, Response response, const Request& request,
                               unsigned version) {
    http::response<http::empty_body> message;
    message.version(version);
    message.result(static_cast<unsigned>(response.status));
    add_fields(message, response, request, false);
    const bool chunked = version >= 11;
    if (chunked) message.chunked(true);
    http::serializer<false, http::empty_body> serializer(message);
    const auto [error, size] = co_await http::async_write_header(stream, serializer, as_result);
    if (error) co_return false;
    const WritePart part = [&](std::string text) -> net::Task<bool> {
      stream.expires_after(written_within);
      boost::system::error_code failed;
      std::size_t written = 0;
      // Variables, not temporaries: GCC 12 destroys those of a co_await's arguments twice.
      const auto bytes = net::asio::buffer(text);
      const auto chunk = http::make_chunk(bytes);
      if (chunked) {
        std::tie(failed, written) = co_await net::asio::async_write(stream, chunk, as_result);
      } else {
        std::tie(failed, written) = co_await net::asio::async_write(stream, bytes, as_result);
      }
      stream.expires_never();
      co_return !failed && !closing_;
    };
    co_await response.stream(part);
    const auto last = http::make_chunk_last();
    stream.expires_after(written_within);
    if (chunked) co_await net::asio::async_write(stream, last, as_result);
    co_return false;
  }

  net::asio::any_io_executor executor_;
  ServerSetting setting_;
  Serve serve_;
  net::tcp::acceptor acceptor_;
  net::TaskGroup tasks_;
  net::EventGate stopping_;
  std::list<beast::tcp_stream*> streams_;
  std::vector<net::FileDescriptor> spares_;
  std::list<beast::tcp_stream*> idle_;
  std::size_t open_ = 0;
  bool closing_ = false;
};

HttpServer::HttpServer(const net::asio::any_io_executor& executor, ServerSetting setting, Serve serve)
    : impl_(std::make_shared<Impl>(executor, std::move(setting), std::move(serve))) {}
HttpServer::~HttpServer() = default;
std::uint16_t HttpServer::port() const { return impl_->port(); }
net::Task<void> HttpServer::run() { co_await impl_->run(); }
void HttpServer::close() { impl_->close(); }

}  // namespace wsfault::control
