// Attempts to connect where nobody listens.
#include "net/attempt_watch.hpp"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstring>
#include <thread>

#include "net/dial.hpp"
#include "net/event_gate.hpp"
#include "net/file_descriptor.hpp"
#include "net/listener.hpp"
#include "run_task.hpp"

namespace wsfault::net {
namespace {

using namespace std::chrono_literals;

/// Does the kernel stamp a packet as it arrives? Otherwise its stamp is the time at which it is read.
bool kernel_stamps() {
  const FileDescriptor socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  const int on = 1;
  ::setsockopt(socket.get(), SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
  sockaddr_in own{};
  own.sin_family = AF_INET;
  own.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof own;
  auto* address = reinterpret_cast<sockaddr*>(&own);
  EXPECT_EQ(::bind(socket.get(), address, size), 0);
  EXPECT_EQ(::getsockname(socket.get(), address, &size), 0);
  EXPECT_EQ(::sendto(socket.get(), "x", 1, 0, address, size), 1);
  std::this_thread::sleep_for(5ms);  // it lies there
  char byte = 0;
  iovec part{&byte, 1};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(timespec))> control;
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  EXPECT_EQ(::recvmsg(socket.get(), &message, 0), 1);
  timespec stamp{};
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  if (const cmsghdr* each = CMSG_FIRSTHDR(&message)) std::memcpy(&stamp, CMSG_DATA(each), sizeof stamp);
  const auto age = std::chrono::seconds(now.tv_sec - stamp.tv_sec) + std::chrono::nanoseconds(now.tv_nsec - stamp.tv_nsec);
  return age >= 5ms;
}

/// It begins with that when its own workers come to it.
void await_stamps() {
  AttemptWatch::prepare();
  const auto deadline = std::chrono::steady_clock::now() + 20s;
  while (!kernel_stamps()) ASSERT_LT(std::chrono::steady_clock::now(), deadline);
}

/// Waits until as many have been seen; false: it saw nothing, because it may not.
Task<bool> sees_attempts(int wanted) {
  const auto executor = co_await asio::this_coro::executor;
  await_stamps();
  Listener listener(executor, "127.0.0.1");  // bound: the port is nobody else's, and nobody listens there
  Listener other(executor, "127.0.0.1");
  EventGate changed(executor);
  int seen = 0;
  std::chrono::nanoseconds oldest{0};
  AttemptWatch watch(executor, "127.0.0.1", listener.port(), [&](std::chrono::nanoseconds ago) {
    ++seen;
    oldest = std::max(oldest, ago);
    changed.notify();
  });
  if (!watch.is_active()) co_return false;
  TaskGroup tasks(executor);
  tasks.spawn(watch.run());
  for (int i = 0; i < wanted; ++i) {
    const auto refused = co_await dial("127.0.0.1", listener.port(), 10s);
    EXPECT_FALSE(refused.socket);
    const auto elsewhere = co_await dial("127.0.0.1", other.port(), 10s);
    EXPECT_FALSE(elsewhere.socket);
  }
  const auto deadline = std::chrono::steady_clock::now() + 10s;
  while (seen < wanted && std::chrono::steady_clock::now() < deadline) co_await changed.wait_until(deadline);
  EXPECT_EQ(seen, wanted);
  asio::ip::tcp::socket late(executor);
  boost::system::error_code refused;
  late.connect({asio::ip::make_address("127.0.0.1"), listener.port()}, refused);
  const auto busy = std::chrono::steady_clock::now() + 30ms;
  while (std::chrono::steady_clock::now() < busy) {}  // nothing reads meanwhile
  while (seen == wanted && std::chrono::steady_clock::now() < deadline)
    co_await changed.wait_until(deadline);
  EXPECT_EQ(seen, wanted + 1);
  EXPECT_GE(oldest, 30ms);
  asio::ip::tcp::socket last(executor);
  last.connect({asio::ip::make_address("127.0.0.1"), listener.port()}, refused);
  EXPECT_EQ(seen, wanted + 1) << "nothing has read it yet";
  watch.drain();
  EXPECT_EQ(seen, wanted + 2);
  watch.stop();
  watch.drain();
  co_await tasks.join();
  co_return true;
}

TEST(AttemptWatch, SeesEachAttemptAndNoneOfAnotherPort) {
  bool allowed = false;
  run_task([&]() -> Task<void> { allowed = co_await sees_attempts(3); });
  if (!allowed) GTEST_SKIP() << "raw sockets are not allowed here";
}

/// A raw socket gets every segment of the machine until its filter is attached.
TEST(AttemptWatch, SeesNoneOfAnotherPortThatCameAsItBegan) {
  bool allowed = true;
  run_task([&]() -> Task<void> {
    const auto executor = co_await asio::this_coro::executor;
    Listener listener(executor, "127.0.0.1");
    Listener other(executor, "127.0.0.1");
    std::atomic<bool> over = false;
    std::thread elsewhere([&over, port = other.port()] {
      while (!over) {
        asio::io_context context;
        asio::ip::tcp::socket socket(context);
        boost::system::error_code refused;
        socket.connect({asio::ip::make_address("127.0.0.1"), port}, refused);
      }
    });
    int seen = 0;
    for (int i = 0; i < 1000 && allowed; ++i) {
      AttemptWatch watch(executor, "127.0.0.1", listener.port(), [&](auto) { ++seen; });
      allowed = watch.is_active();
      TaskGroup tasks(executor);
      tasks.spawn(watch.run());
      // It reads what is there before it waits, and so before this resumes.
      co_await asio::post(executor, asio::use_awaitable);
      watch.stop();
      co_await tasks.join();
    }
    over = true;
    elsewhere.join();
    EXPECT_EQ(seen, 0);
  });
  if (!allowed) GTEST_SKIP() << "raw sockets are not allowed here";
}

TEST(AttemptWatch, OfSomethingThatIsNoAddressSeesNothing) {
  run_task([]() -> Task<void> {
    AttemptWatch watch(co_await asio::this_coro::executor, "no address", 80, [](auto) {});
    EXPECT_FALSE(watch.is_active());
    co_await watch.run();
  });
}

}  // namespace
}  // namespace wsfault::net
