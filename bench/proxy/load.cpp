// The traffic of the proxy benchmark: an upstream that echoes or sends without end, and a client that
// measures what passes between the two. WebSocket frames, or raw bytes of the same sizes; one thread and one
// epoll each.
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "net/file_descriptor.hpp"
#include "wire/frame.hpp"
#include "wire/handshake.hpp"

namespace wsfault::bench {
namespace {

using Clock = std::chrono::steady_clock;
using net::FileDescriptor;

constexpr std::size_t buffer_size = 256 * 1024;
const std::string key = "dGhlIHNhbXBsZSBub25jZQ==";  // RFC 6455 1.3

[[noreturn]] void fail(const char* what) {
  std::perror(what);
  std::exit(1);
}

struct Load {
  std::string mode;  // throughput, pingpong, connect, idle
  std::uint16_t port = 0;
  int connections = 1;
  std::size_t size = 64;  // of a message's payload, or of a block of raw bytes
  double seconds = 1;
  bool raw = false;
  std::size_t window = 1;  // of pingpong: so many messages of a connection are under way
};

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  return address;
}

void send_at_once(int socket) {
  const int on = 1;
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

void watch(int epoll, int socket, std::uint32_t events, int change = EPOLL_CTL_ADD) {
  epoll_event event{};
  event.events = events;
  event.data.fd = socket;
  if (::epoll_ctl(epoll, change, socket, &event) != 0) fail("epoll_ctl");
}

/// What a peer is told first: raw bytes have no request line. 1 echoes, 2 sends blocks of the size that
/// follows.
std::string opening_of(const Load& load) {
  const bool sends = load.mode == "throughput";
  if (load.raw)
    return (sends ? std::string("\2") : std::string("\1")) +
           std::string(reinterpret_cast<const char*>(&load.size), sizeof load.size);
  return "GET /" + (sends ? std::to_string(load.size) : std::string("echo")) +
         " HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: " +
         key + "\r\nSec-WebSocket-Version: 13\r\nUser-Agent: wsfault-bench\r\n\r\n";
}

std::string answer_to_opening() {
  return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: "
         "Upgrade\r\nSec-WebSocket-Accept: " +
         wire::accept_key(key) + "\r\n\r\n";
}

/// As many whole messages as a large write takes.
std::string blocks(std::size_t size, bool raw) {
  std::string all;
  const std::string payload(size, 'x');
  do {
    if (raw) {
      all += payload;
    } else {
      wire::append_frame(all, {.opcode = 2, .payload = payload});
    }
  } while (all.size() < buffer_size);
  return all;
}

// --- upstream

struct Served {
  FileDescriptor socket;
  std::string input;                     // not understood yet
  std::string output;                    // echoed, not taken by the kernel
  const std::string* endless = nullptr;  // sent again and again
  std::size_t at = 0;
  bool opened = false;
  bool raw = false;
};

class Upstream {
 public:
  /// `sleeps_ms`: before it answers.
  Upstream(std::uint16_t port, int sleeps_ms)
      : sleeps_ms_(sleeps_ms), epoll_(::epoll_create1(0)), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0)) {
    const int on = 1;
    ::setsockopt(listener_.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    sockaddr_in address = loopback(port);
    if (::bind(listener_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) fail("bind");
    if (::listen(listener_.get(), 4096) != 0) fail("listen");
    socklen_t size = sizeof address;
    ::getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&address), &size);
    std::printf("%d\n", ntohs(address.sin_port));
    std::fflush(stdout);
    watch(epoll_.get(), listener_.get(), EPOLLIN);
  }

  [[noreturn]] void run() {
    std::array<epoll_event, 256> events;
    while (true) {
      const int count = ::epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()), -1);
      for (int i = 0; i < count; ++i) {
        const int socket = events[static_cast<std::size_t>(i)].data.fd;
        if (socket == listener_.get()) {
          accept_all();
        } else if (const auto found = served_.find(socket);
                   found != served_.end() && !serve(*found->second)) {
          served_.erase(found);
        }
      }
    }
  }

 private:
  void accept_all() {
    while (true) {
      const int socket = ::accept4(listener_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (socket < 0) return;
      send_at_once(socket);
      auto served = std::make_unique<Served>();
      served->socket = FileDescriptor(socket);
      served_[socket] = std::move(served);
      watch(epoll_.get(), socket, EPOLLIN | EPOLLOUT | EPOLLET);
    }
  }

  /// False: it is over.
  bool serve(Served& one) {
    while (true) {
      const ssize_t size = ::recv(one.socket.get(), buffer_.data(), buffer_.size(), 0);
      if (size == 0) return false;
      if (size < 0) {
        if (errno == EAGAIN) break;
        return false;
      }
      one.input.append(buffer_.data(), static_cast<std::size_t>(size));
      if (!one.opened && !open(one)) continue;
      if (one.raw && !one.endless) one.output += std::exchange(one.input, {});
      if (!one.raw) echo(one);
      if (static_cast<std::size_t>(size) < buffer_.size()) break;
    }
    if (sleeps_ms_ > 0 && !one.output.empty()) std::this_thread::sleep_for(std::chrono::milliseconds(sleeps_ms_));
    return send(one);
  }

  bool open(Served& one) {
    std::size_t size = 0;
    std::size_t block = 0;
    if (one.input.front() <= 2) {
      if (one.input.size() < 1 + sizeof block) return false;
      one.raw = true;
      if (one.input.front() == 2) std::memcpy(&block, one.input.data() + 1, sizeof block);
      size = 1 + sizeof block;
    } else {
      const std::size_t end = one.input.find("\r\n\r\n");
      if (end == std::string::npos) return false;
      size = end + 4;
      block = std::strtoull(one.input.c_str() + 5, nullptr, 10);
      one.output = answer_;
    }
    one.input.erase(0, size);
    one.opened = true;
    if (block > 0) {
      std::string& made = endless_[{block, one.raw}];
      if (made.empty()) made = blocks(block, one.raw);
      one.endless = &made;
    }
    return true;
  }

  static void echo(Served& one) {
    std::string_view input = one.input;
    while (input.size() >= 2 && input.size() >= wire::frame_header_size(input[1])) {
      const wire::FrameHeader header = wire::decode_frame_header(input.data());
      if (input.size() < header.size + header.length) break;
      std::string payload(input.substr(header.size, header.length));
      if (header.masking_key) wire::mask(payload.data(), payload.size(), *header.masking_key);
      wire::append_frame(one.output, {.opcode = header.opcode, .payload = payload});
      input.remove_prefix(header.size + header.length);
    }
    one.input.erase(0, one.input.size() - input.size());
  }

  static bool send(Served& one) {
    while (!one.output.empty() || one.endless) {
      const std::string_view next =
          !one.output.empty() ? std::string_view(one.output) : std::string_view(*one.endless).substr(one.at);
      const ssize_t size = ::send(one.socket.get(), next.data(), next.size(), MSG_NOSIGNAL);
      if (size < 0) return errno == EAGAIN;
      if (!one.output.empty()) {
        one.output.erase(0, static_cast<std::size_t>(size));
      } else {
        one.at = (one.at + static_cast<std::size_t>(size)) % one.endless->size();
      }
    }
    return true;
  }

  int sleeps_ms_;
  FileDescriptor epoll_;
  FileDescriptor listener_;
  std::vector<char> buffer_ = std::vector<char>(buffer_size);
  const std::string answer_ = answer_to_opening();
  std::map<int, std::unique_ptr<Served>> served_;
  std::map<std::pair<std::size_t, bool>, std::string> endless_;
};

// --- client

struct Dialled {
  FileDescriptor socket;
  std::size_t head_left = 0;  // bytes of the 101 that have not come
  std::size_t answer = 0;     // bytes of the current echo that have come
  Clock::time_point asked;
};

class Client {
 public:
  explicit Client(const Load& load)
      : load_(load),
        epoll_(::epoll_create1(0)),
        opening_(opening_of(load)),
        head_(load.raw ? 0 : answer_to_opening().size()),
        echo_size_(load.size) {
    const std::string payload(load.size, 'x');
    question_ = payload;
    if (!load.raw) {
      question_.clear();
      for (std::size_t i = 0; i < load.window; ++i)
        wire::append_frame(question_,
                           {.opcode = 2, .masking_key = wire::MaskingKey{1, 2, 3, 4}, .payload = payload});
      echo_size_ = load.window * wire::encode_frame({.opcode = 2, .payload = payload}).size();
    }
  }

  void run() {
    if (load_.mode == "connect") return connect_again_and_again();
    for (int i = 0; i < load_.connections; ++i) open_one(true);
    if (load_.mode == "idle") return stay();
    if (load_.mode == "pingpong")
      for (auto& [socket, one] : dialled_) ask(one);
    // What begins is not what is measured.
    measure(load_.seconds / 5);
    bytes_ = 0;
    round_trips_.clear();
    const double took = measure(load_.seconds);
    print(took);
  }

 private:
  /// `waits`: until the 101 has come.
  Dialled& open_one(bool waits) {
    FileDescriptor socket(::socket(AF_INET, SOCK_STREAM, 0));
    const sockaddr_in address = loopback(load_.port);
    if (::connect(socket.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
      fail("connect");
    send_at_once(socket.get());
    if (::send(socket.get(), opening_.data(), opening_.size(), MSG_NOSIGNAL) < 0) fail("send");
    const int number = socket.get();
    Dialled& one = dialled_[number];
    one.socket = std::move(socket);
    one.head_left = head_;
    while (waits && one.head_left > 0) {
      const ssize_t size = ::recv(number, buffer_.data(), one.head_left, 0);
      if (size <= 0) fail("recv");
      one.head_left -= static_cast<std::size_t>(size);
    }
    watch(epoll_.get(), number, EPOLLIN);
    return one;
  }

  void ask(Dialled& one) {
    one.asked = Clock::now();
    one.answer = 0;
    std::string_view left = question_;
    while (!left.empty()) {
      const ssize_t size = ::send(one.socket.get(), left.data(), left.size(), MSG_NOSIGNAL);
      if (size < 0) fail("send");
      left.remove_prefix(static_cast<std::size_t>(size));
    }
  }

  double measure(double seconds) {
    const auto begin = Clock::now();
    const auto end =
        begin + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
    std::array<epoll_event, 256> events;
    while (Clock::now() < end) {
      const int count = ::epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()), 1000);
      for (int i = 0; i < count; ++i) read(dialled_.at(events[static_cast<std::size_t>(i)].data.fd));
    }
    return std::chrono::duration<double>(Clock::now() - begin).count();
  }

  void read(Dialled& one) {
    const ssize_t size = ::recv(one.socket.get(), buffer_.data(), buffer_.size(), MSG_DONTWAIT);
    if (size < 0 && errno == EAGAIN) return;
    if (size <= 0) fail("recv");
    bytes_ += static_cast<std::size_t>(size);
    if (load_.mode != "pingpong") return;
    one.answer += static_cast<std::size_t>(size);
    if (one.answer < echo_size_) return;
    round_trips_.push_back(std::chrono::duration<double, std::micro>(Clock::now() - one.asked).count());
    ask(one);
  }

  /// So many at once; each is ended with FIN as soon as its 101 has come, and replaced when the FIN is
  /// answered.
  void connect_again_and_again() {
    const auto begin = Clock::now();
    const auto end =
        begin + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(load_.seconds));
    std::size_t opened = 0;
    for (int i = 0; i < load_.connections; ++i) open_one(false);
    std::array<epoll_event, 256> events;
    while (Clock::now() < end) {
      const int count = ::epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()), 1000);
      for (int i = 0; i < count; ++i) {
        Dialled& one = dialled_.at(events[static_cast<std::size_t>(i)].data.fd);
        const int number = one.socket.get();
        const ssize_t size = ::recv(number, buffer_.data(), buffer_.size(), 0);
        if (size > 0) {
          one.head_left -= std::min(one.head_left, static_cast<std::size_t>(size));
          if (one.head_left == 0) ::shutdown(number, SHUT_WR);
        } else {
          if (one.head_left > 0) fail("an upgrade was not answered");
          ++opened;
          dialled_.erase(number);
          open_one(false);
        }
      }
    }
    const double took = std::chrono::duration<double>(Clock::now() - begin).count();
    std::printf("{\"connections_per_second\": %.1f}\n", static_cast<double>(opened) / took);
  }

  /// Until its input ends.
  void stay() {
    std::printf("{\"open\": %zu}\n", dialled_.size());
    std::fflush(stdout);
    char ignored = 0;
    while (::read(STDIN_FILENO, &ignored, 1) > 0) continue;
  }

  double quantile(double part) const {
    if (round_trips_.empty()) return 0;
    return round_trips_[std::min(round_trips_.size() - 1,
                                 static_cast<std::size_t>(part * static_cast<double>(round_trips_.size())))];
  }

  void print(double took) {
    std::ranges::sort(round_trips_);
    std::printf("{\"bytes_per_second\": %.0f, \"round_trips\": %zu, \"messages_per_second\": %.0f, \"p50_us\": %.2f, "
                "\"p99_us\": %.2f}\n",
                static_cast<double>(bytes_) / took, round_trips_.size(),
                static_cast<double>(round_trips_.size() * load_.window) / took, quantile(0.5), quantile(0.99));
  }

  Load load_;
  FileDescriptor epoll_;
  std::string opening_;
  std::size_t head_;
  std::string question_;
  std::size_t echo_size_;
  std::map<int, Dialled> dialled_;
  std::vector<char> buffer_ = std::vector<char>(buffer_size);
  std::size_t bytes_ = 0;
  std::vector<double> round_trips_;
};

int usage() {
  std::fputs(
      "proxy_load upstream [PORT [MILLISECONDS]]\nproxy_load throughput|pingpong|connect|idle PORT CONNECTIONS SIZE SECONDS "
      "[raw]\nproxy_load echo PORT CONNECTIONS SIZE SECONDS WINDOW\n",
      stderr);
  return 2;
}

}  // namespace
}  // namespace wsfault::bench

int main(int argc, char** argv) {
  using namespace wsfault::bench;
  if (argc < 2) return usage();
  const std::string mode = argv[1];
  if (mode == "upstream") Upstream(static_cast<std::uint16_t>(argc > 2 ? std::atoi(argv[2]) : 0), argc > 3 ? std::atoi(argv[3]) : 0).run();
  if (argc < 6) return usage();
  // An echo is a ping-pong of several at a time.
  Load load{.mode = mode == "echo" ? "pingpong" : mode,
            .port = static_cast<std::uint16_t>(std::atoi(argv[2])),
            .connections = std::atoi(argv[3]),
            .size = static_cast<std::size_t>(std::atoll(argv[4])),
            .seconds = std::atof(argv[5]),
            .raw = argc > 6 && mode != "echo",
            .window = argc > 6 && mode == "echo" ? static_cast<std::size_t>(std::atoi(argv[6])) : 1};
  Client(load).run();
  return 0;
}
