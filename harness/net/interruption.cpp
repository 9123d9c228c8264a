// A signal handler that only records the signal, wakes the loop and starts a last timer; the loop does the
// rest.
#include "net/interruption.hpp"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <string_view>
#include <system_error>
#include <vector>

namespace wsfault::net {
namespace {

/// Time after the first signal; the documentation promises 3 s.
constexpr timespec last_resort_after{2, 700'000'000};

// Signals belong to the process, and a handler can use only globals.
std::atomic<int> came{0};
static_assert(std::atomic<int>::is_always_lock_free);
int wake = -1;  // an eventfd: readable from the first signal on
timer_t last_resort;

void on_signal(int number) {
  const int error = errno;
  int none = 0;
  if (came.compare_exchange_strong(none, number)) {
    ::signal(SIGINT, SIG_DFL);
    ::signal(SIGTERM, SIG_DFL);
    ::signal(SIGHUP, SIG_IGN);  // a terminal that closes may send several
    const itimerspec once{{}, last_resort_after};
    ::timer_settime(last_resort, 0, &once, nullptr);
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t written = ::write(wake, &one, sizeof one);
  }
  errno = error;
}

void on_last_resort(int) {
  constexpr std::string_view words =
      "\nwsfault: interrupted, and it could not end in time: reports may be missing\n";
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, words.data(), words.size());
  ::_exit(interruption_exit_code(130));
}

void handle(int number, void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = SA_RESTART;
  for (const int other : {SIGINT, SIGTERM, SIGHUP}) ::sigaddset(&action.sa_mask, other);
  ::sigaction(number, &action, nullptr);
}

bool is_ignored(int number) {
  struct sigaction action {};
  return ::sigaction(number, nullptr, &action) == 0 && action.sa_handler == SIG_IGN;
}

}  // namespace

void expect_interruption() {
  if (wake >= 0) return;
  wake = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (wake < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
  sigevent alarm{};
  alarm.sigev_notify = SIGEV_SIGNAL;
  alarm.sigev_signo = SIGALRM;
  if (::timer_create(CLOCK_MONOTONIC, &alarm, &last_resort) != 0)
    throw std::system_error(errno, std::generic_category(), "timer_create");
  handle(SIGALRM, on_last_resort);
  handle(SIGINT, on_signal);
  handle(SIGTERM, on_signal);
  if (!is_ignored(SIGHUP)) handle(SIGHUP, on_signal);
}

int interruption() { return came; }

int interruption_exit_code(int otherwise) {
  if (came == 0) return otherwise;
  return came == SIGHUP ? 129 : 130;
}

InterruptionWatch::InterruptionWatch(asio::io_context& io, std::chrono::nanoseconds grace,
                                     std::function<void()> noticed)
    : io_(io), grace_(grace), noticed_(std::move(noticed)), wake_(io), grace_over_(io) {
  if (wake < 0) return;
  const int copy = ::fcntl(wake, F_DUPFD_CLOEXEC, 0);
  if (copy < 0) throw std::system_error(errno, std::generic_category(), "dup");
  wake_.assign(copy);
  wake_.async_wait(asio::posix::stream_descriptor::wait_read, [this](const error_code& error) {
    if (error) return;
    give_up_later();
    if (noticed_) noticed_();
  });
}

void InterruptionWatch::give_up_later() {
  grace_over_.expires_after(grace_);
  grace_over_.async_wait([this](const error_code& error) {
    if (error || !wake_.is_open()) return;
    gave_up_ = true;
    io_.stop();
  });
}

void InterruptionWatch::cancel() {
  error_code ignored;
  wake_.close(ignored);
  grace_over_.cancel();
}

void leave_behind(std::shared_ptr<void> what) {
  static auto& all = *new std::vector<std::shared_ptr<void>>();
  all.push_back(std::move(what));
}

}  // namespace wsfault::net
