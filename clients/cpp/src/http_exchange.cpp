// Requests of HTTP/1.0: the end of the answer is the end of the connection, unless its length is said.
#include "http_exchange.hpp"

#include <fmt/format.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <memory>
#include <optional>

namespace wsfault::client {
namespace {

using Clock = std::chrono::steady_clock;

class Socket {
 public:
  explicit Socket(int descriptor) : descriptor_(descriptor) {}
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  ~Socket() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  int get() const { return descriptor_; }

 private:
  int descriptor_;
};

std::string reason() { return std::strerror(errno); }

/// Empty once the socket is ready.
std::string await(const Socket& socket, short events, Clock::time_point due, int interrupt) {
  for (;;) {
    std::array<pollfd, 2> watched = {{{socket.get(), events, 0}, {interrupt, POLLIN, 0}}};
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(due - Clock::now());
    const int ready = ::poll(watched.data(), watched.size(),
                             static_cast<int>(std::clamp<std::int64_t>(left.count(), 0, 600'000)));
    if (ready < 0 && errno != EINTR) return reason();
    if (ready > 0 && watched[1].revents != 0) return "interrupted";
    if (ready > 0) return {};
    if (ready == 0 && Clock::now() >= due) return "no answer in time";
  }
}

std::string connect_to(const Socket& socket, const addrinfo& at, Clock::time_point due, int interrupt) {
  if (::connect(socket.get(), at.ai_addr, at.ai_addrlen) == 0) return {};
  if (errno != EINPROGRESS) return reason();
  if (std::string failed = await(socket, POLLOUT, due, interrupt); !failed.empty()) return failed;
  int error = 0;
  socklen_t size = sizeof(error);
  ::getsockopt(socket.get(), SOL_SOCKET, SO_ERROR, &error, &size);
  return error == 0 ? std::string() : std::strerror(error);
}

std::string send_all(const Socket& socket, std::string_view text, Clock::time_point due, int interrupt) {
  while (!text.empty()) {
    const ssize_t sent = ::send(socket.get(), text.data(), text.size(), MSG_NOSIGNAL);
    if (sent >= 0) {
      text.remove_prefix(static_cast<std::size_t>(sent));
    } else if (errno == EAGAIN) {
      if (std::string failed = await(socket, POLLOUT, due, interrupt); !failed.empty()) return failed;
    } else if (errno != EINTR) {
      return reason();
    }
  }
  return {};
}

/// The length of the body, once the head is there; none: it goes on until the end.
std::optional<std::size_t> stated_length(std::string_view head) {
  std::string lowered(head);
  std::ranges::transform(lowered, lowered.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  constexpr std::string_view field = "\r\ncontent-length:";
  const std::size_t at = lowered.find(field);
  if (at == std::string::npos) return std::nullopt;
  const std::size_t digits = lowered.find_first_of("0123456789", at + field.size());
  std::size_t length = 0;
  if (digits != std::string::npos)
    std::from_chars(lowered.data() + digits, lowered.data() + lowered.size(), length);
  return length;
}

bool is_whole(const std::string& text) {
  const std::size_t end = text.find("\r\n\r\n");
  if (end == std::string::npos) return false;
  const auto length = stated_length(std::string_view(text).substr(0, end + 2));
  return length && text.size() >= end + 4 + *length;
}

std::string receive(const Socket& socket, std::string& text, Clock::time_point due, int interrupt) {
  std::array<char, 16 * 1024> buffer;
  while (!is_whole(text)) {
    const ssize_t count = ::recv(socket.get(), buffer.data(), buffer.size(), 0);
    if (count == 0) return {};
    if (count > 0) {
      text.append(buffer.data(), static_cast<std::size_t>(count));
    } else if (errno == EAGAIN) {
      if (std::string failed = await(socket, POLLIN, due, interrupt); !failed.empty()) return failed;
    } else if (errno != EINTR) {
      return reason();
    }
  }
  return {};
}

Result<HttpAnswer> read_answer(const std::string& text) {
  const std::size_t end = text.find("\r\n\r\n");
  if (text.empty()) return Error{"the connection was closed without an answer"};
  int status = 0;
  const std::size_t space = text.find(' ');
  if (text.starts_with("HTTP/1.") && space != std::string::npos)
    std::from_chars(text.data() + space + 1, text.data() + text.size(), status);
  if (status == 0 || end == std::string::npos) return Error{"the answer is not HTTP"};
  if (stated_length(std::string_view(text).substr(0, end + 2)) && !is_whole(text))
    return Error{"the answer was cut"};
  return HttpAnswer{status, text.substr(end + 4)};
}

}  // namespace

Result<HttpAddress> read_http_url(std::string_view url) {
  constexpr std::string_view scheme = "http://";
  const Error wrong{fmt::format("{}: http://HOST:PORT is needed", url)};
  if (!url.starts_with(scheme)) return wrong;
  std::string_view authority = url.substr(scheme.size());
  if (authority.ends_with('/')) authority.remove_suffix(1);
  const std::size_t colon = authority.rfind(':');
  const bool has_port =
      colon != std::string_view::npos && authority.find(']', colon) == std::string_view::npos;
  std::string_view host = authority.substr(0, has_port ? colon : authority.size());
  const std::string_view port = has_port ? authority.substr(colon + 1) : "80";
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  if (host.empty() || host.find_first_of("/@?# ") != std::string_view::npos) return wrong;
  if (port.empty() || port.find_first_not_of("0123456789") != std::string_view::npos) return wrong;
  return HttpAddress{std::string(host), std::string(port), std::string(authority)};
}

Result<HttpAnswer> exchange(const HttpAddress& address, const HttpRequest& request, Clock::time_point due,
                            int interrupt) {
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (const int code = ::getaddrinfo(address.host.c_str(), address.port.c_str(), &wanted, &found); code != 0)
    return Error{::gai_strerror(code)};
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> all(found, ::freeaddrinfo);
  const std::string text =
      fmt::format("{} {} HTTP/1.0\r\nHost: {}\r\nContent-Length: {}\r\n{}\r\n{}", request.method,
                  request.target, address.authority, request.body.size(), request.fields, request.body);
  std::string failed;
  for (const addrinfo* each = all.get(); each != nullptr; each = each->ai_next) {
    const Socket socket(::socket(each->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    failed = socket.get() < 0 ? reason() : connect_to(socket, *each, due, interrupt);
    if (!failed.empty()) continue;
    std::string answer;
    failed = send_all(socket, text, due, interrupt);
    if (failed.empty()) failed = receive(socket, answer, due, interrupt);
    if (!failed.empty()) return Error{failed};
    return read_answer(answer);
  }
  return Error{failed};
}

}  // namespace wsfault::client
