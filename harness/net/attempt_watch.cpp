#include "net/attempt_watch.hpp"

#include <errno.h>
#include <linux/filter.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cstring>
#include <optional>
#include <utility>

#include "net/file_descriptor.hpp"

namespace wsfault::net {
namespace {

// RFC 9293 3.1: where the header of a segment has its destination and its flags.
constexpr std::uint32_t destination_port = 2;
constexpr std::uint32_t flags = 13;
constexpr std::uint32_t syn = 0x02;
constexpr std::uint32_t syn_and_ack = 0x12;

/// Passes the first segments of connections to that port only, so that other traffic costs nothing here.
bool filter(int socket, std::uint16_t port) {
  std::array<sock_filter, 8> program = {{
      {BPF_LDX | BPF_B | BPF_MSH, 0, 0, 0},
      {BPF_LD | BPF_H | BPF_IND, 0, 0, destination_port},
      {BPF_JMP | BPF_JEQ | BPF_K, 0, 4, port},
      {BPF_LD | BPF_B | BPF_IND, 0, 0, flags},
      {BPF_ALU | BPF_AND | BPF_K, 0, 0, syn_and_ack},
      {BPF_JMP | BPF_JEQ | BPF_K, 0, 1, syn},
      {BPF_RET | BPF_K, 0, 0, 128},
      {BPF_RET | BPF_K, 0, 0, 0},
  }};
  const sock_fprog code{program.size(), program.data()};
  return ::setsockopt(socket, SOL_SOCKET, SO_ATTACH_FILTER, &code, sizeof code) == 0;
}

int open_raw(const asio::ip::address_v4& address, std::uint16_t port) {
  const int socket = ::socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_TCP);
  if (socket < 0) return -1;
  sockaddr_in own{};
  own.sin_family = AF_INET;
  own.sin_addr.s_addr = htonl(address.to_uint());
  const int on = 1;
  const bool ready =
      ::setsockopt(socket, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on) == 0 && filter(socket, port) &&
      ::bind(socket, reinterpret_cast<const sockaddr*>(&own), sizeof own) == 0;
  if (ready) return socket;
  ::close(socket);
  return -1;
}

std::chrono::nanoseconds since_epoch(const timespec& time) {
  return std::chrono::seconds(time.tv_sec) + std::chrono::nanoseconds(time.tv_nsec);
}

/// A segment with its IPv4 header, and its age by the kernel's stamp (socket(7): SO_TIMESTAMPNS).
struct Segment {
  std::array<unsigned char, 256> bytes{};
  std::size_t size = 0;
  std::chrono::nanoseconds ago{0};
};

/// What came before the filter was attached has passed none: its first segment to that address and port?
bool is_attempt(const Segment& segment, const asio::ip::address_v4& address, std::uint16_t port) {
  constexpr std::size_t destination = 16;  // RFC 791 3.1
  const std::size_t tcp = std::size_t{4} * (segment.bytes[0] & 0x0FU);
  if (segment.size <= tcp + flags) return false;
  const auto own = address.to_bytes();
  const auto at = [&](std::size_t index) { return segment.bytes[index]; };
  return std::equal(own.begin(), own.end(), segment.bytes.begin() + destination) &&
         ((at(tcp + destination_port) << 8U) | at(tcp + destination_port + 1)) == port &&
         (at(tcp + flags) & syn_and_ack) == syn;
}

/// The next one that was received; none: there is none, `error` says why.
std::optional<Segment> read_segment(int socket, int& error) {
  Segment segment;
  iovec part{segment.bytes.data(), segment.bytes.size()};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(timespec))> control;
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  const ssize_t size = ::recvmsg(socket, &message, 0);
  if (size < 0) {
    error = errno;
    return std::nullopt;
  }
  segment.size = static_cast<std::size_t>(size);
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  timespec stamp = now;
  for (cmsghdr* each = CMSG_FIRSTHDR(&message); each; each = CMSG_NXTHDR(&message, each)) {
    if (each->cmsg_level == SOL_SOCKET && each->cmsg_type == SCM_TIMESTAMPNS)
      std::memcpy(&stamp, CMSG_DATA(each), sizeof stamp);
  }
  // The clock may have been set meanwhile.
  segment.ago = std::clamp(since_epoch(now) - since_epoch(stamp), std::chrono::nanoseconds(0),
                           std::chrono::nanoseconds(std::chrono::minutes(1)));
  return segment;
}

}  // namespace

struct AttemptWatch::State {
  asio::posix::stream_descriptor socket;
  asio::ip::address_v4 address;
  std::uint16_t port;
  OnAttempt on_attempt;
};

/// Until there is none left (EAGAIN), or another error.
int AttemptWatch::read_all(State& state) {
  int error = 0;
  while (const auto segment = read_segment(state.socket.native_handle(), error)) {
    if (is_attempt(*segment, state.address, state.port)) state.on_attempt(segment->ago);
    if (!state.socket.is_open()) return EBADF;
  }
  return error;
}

void AttemptWatch::prepare() {
  static const FileDescriptor keeps_it_on = [] {
    FileDescriptor socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    const int on = 1;
    if (socket.is_open()) ::setsockopt(socket.get(), SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
    return socket;
  }();
}

AttemptWatch::AttemptWatch(const asio::any_io_executor& executor, const std::string& host, std::uint16_t port,
                           OnAttempt on_attempt) {
  boost::system::error_code no_address;
  const auto address = asio::ip::make_address(host, no_address);
  if (no_address || !address.is_v4()) return;
  const int socket = open_raw(address.to_v4(), port);
  if (socket < 0) return;
  state_ = std::make_shared<State>(
      State{asio::posix::stream_descriptor(executor, socket), address.to_v4(), port, std::move(on_attempt)});
}

AttemptWatch::~AttemptWatch() { stop(); }

void AttemptWatch::stop() {
  if (!state_) return;
  boost::system::error_code ignored;
  state_->socket.close(ignored);
}

void AttemptWatch::drain() {
  if (!state_ || !state_->socket.is_open()) return;
  int error = 0;
  do {
    error = read_all(*state_);
  } while (error == EINTR);
}

/// The watch itself may be gone before the task first runs.
Task<void> AttemptWatch::run() { return watch(state_); }

Task<void> AttemptWatch::watch(std::shared_ptr<State> state) {
  if (!state) co_return;
  boost::system::error_code ended;
  while (!ended && state->socket.is_open()) {
    const int error = read_all(*state);
    if (error == EAGAIN || error == EINTR) {
      co_await state->socket.async_wait(asio::posix::stream_descriptor::wait_read,
                                        asio::redirect_error(asio::use_awaitable, ended));
    } else {
      co_return;
    }
  }
}

}  // namespace wsfault::net
