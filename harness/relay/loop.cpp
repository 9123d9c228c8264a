#include "relay/loop.hpp"

#include <errno.h>
#include <fcntl.h>
#include <sys/epoll.h>

#include <algorithm>
#include <array>
#include <boost/asio/post.hpp>
#include <chrono>
#include <system_error>

namespace wsfault::relay {
namespace {

using Clock = std::chrono::steady_clock;

/// The larger it is, the fewer calls large messages cost; it should stay in a processor's cache.
constexpr std::size_t buffer_size = 256 * 1024;
/// An answer that comes at once is not waited for: waking up costs more.
constexpr std::chrono::microseconds spins_for{10};
/// Then Asio has its turn.
constexpr std::chrono::milliseconds turn{1};

net::FileDescriptor make_epoll() {
  net::FileDescriptor made(::epoll_create1(EPOLL_CLOEXEC));
  if (!made.is_open()) throw std::system_error(errno, std::system_category(), "epoll_create1");
  return made;
}

}  // namespace

Watcher::Watcher(Loop& loop) : loop_(loop) { loop_.count(1); }
Watcher::~Watcher() { loop_.count(-1); }

Loop::Loop(net::asio::execution_context& context)
    : service(context),
      epoll_(make_epoll()),
      ready_(static_cast<net::asio::io_context&>(context)),
      buffer_(buffer_size) {
  ready_.assign(::fcntl(epoll_.get(), F_DUPFD_CLOEXEC, 0));
}

Loop::~Loop() = default;

Loop& Loop::of(const net::asio::any_io_executor& executor) {
  return net::asio::use_service<Loop>(executor.context());
}

void Loop::shutdown() {
  over_ = true;
  buried_.clear();
  net::error_code ignored;
  ready_.close(ignored);
}

bool Loop::watch(int socket, Watcher& watcher, unsigned which) {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  event.data.u64 = reinterpret_cast<std::uintptr_t>(&watcher) | which;
  const bool watched = ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, socket, &event) == 0;
  if (watched && !waits_) wait();
  return watched;
}

void Loop::forget(int socket) { ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, socket, nullptr); }

void Loop::bury(std::unique_ptr<Watcher> watcher) {
  std::erase(again_, watcher.get());
  buried_.push_back(std::move(watcher));
  // Whoever buries it may be one of its own functions.
  if (takes_turn_ || buried_.size() > 1) return;
  net::asio::post(ready_.get_executor(), [this] { buried_.clear(); });
}

void Loop::wait() {
  waits_ = watchers_ > 0;
  if (!waits_) return;
  ready_.async_wait(net::asio::posix::stream_descriptor::wait_read, [this](const net::error_code& error) {
    if (over_) return;
    if (error) return wait();  // the last one went; another may have come
    run();
  });
}

void Loop::count(int change) {
  watchers_ += change;
  if (watchers_ > 0 || !waits_ || over_) return;
  net::error_code ignored;
  ready_.cancel(ignored);
}

void Loop::run() {
  const auto end = Clock::now() + turn;
  auto idle_since = Clock::now();
  while (true) {
    const bool had_work = take_turn();
    const auto now = Clock::now();
    if (had_work) idle_since = now;
    if (now - idle_since > spins_for) return wait();
    if (now >= end) {
      net::asio::post(ready_.get_executor(), [this] {
        if (!over_) run();
      });
      return;
    }
  }
}

std::chrono::nanoseconds Loop::in_turn() const { return Clock::now() - turn_began_; }

/// False: there was nothing to do.
bool Loop::take_turn() {
  takes_turn_ = true;
  std::array<epoll_event, 128> events;
  const int count = ::epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()), 0);
  if (count > 0 || !again_.empty()) turn_began_ = Clock::now();
  for (int i = 0; i < count; ++i) {
    const std::uint64_t data = events[static_cast<std::size_t>(i)].data.u64;
    auto* watcher = reinterpret_cast<Watcher*>(static_cast<std::uintptr_t>(data & ~std::uint64_t{1}));
    watcher->ready(static_cast<unsigned>(data & 1U), events[static_cast<std::size_t>(i)].events);
  }
  std::swap(asked_, again_);
  for (Watcher* each : asked_) each->ready(0, 0);
  const bool had_work = count > 0 || !asked_.empty();
  asked_.clear();
  buried_.clear();
  takes_turn_ = false;
  return had_work;
}

}  // namespace wsfault::relay
