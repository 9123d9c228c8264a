// What a TCP connection's end looks like from the other side, over loopback.
#include "net/socket.hpp"

#include <errno.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <vector>

#include "net/event_gate.hpp"
#include "run_task.hpp"

namespace wsfault::net {
namespace {

using namespace std::chrono_literals;

/// Waits until the kernel has the peer's RST, without consuming it.
void await_reset_in_kernel(Socket& socket) {
  pollfd wanted{socket.native_handle(), 0, 0};
  ASSERT_EQ(::poll(&wanted, 1, 10'000), 1);
  ASSERT_TRUE(wanted.revents & POLLERR);
}

Task<ReadResult> read_once(Socket& socket) {
  char buffer[64];
  co_return co_await socket.read_some(buffer);
}

void expect_end(const std::optional<StreamEnd>& end, EndKind kind, int error) {
  EXPECT_TRUE(end.has_value());
  if (!end) return;
  EXPECT_EQ(end->kind, kind);
  EXPECT_EQ(end->error, error);
}

/// Writes until the peer's window is closed; the write continues as long as `socket` allows.
constexpr std::size_t more_than_buffers_hold = 32 << 20;
Task<std::optional<StreamEnd>> write_too_much(Socket& socket) {
  const std::string bytes(more_than_buffers_hold, 'x');
  co_return co_await socket.write(bytes);
}

TEST(Socket, FinIsReadAsFinAndTheOtherDirectionGoesOn) {
  run_task([]() -> Task<void> {
    auto [near, far] = co_await connect();
    far.send_fin();
    expect_end((co_await read_once(near)).end, EndKind::fin, 0);
    EXPECT_FALSE(co_await near.write("still here"));
    EXPECT_EQ(co_await read_text(far, 10), "still here");
  });
}

TEST(Socket, ResetIsReadAsReset) {
  run_task([]() -> Task<void> {
    auto [near, far] = co_await connect();
    far.send_reset();
    EXPECT_FALSE(far.is_open());
    expect_end((co_await read_once(near)).end, EndKind::reset, ECONNRESET);
    expect_end((co_await read_once(near)).end, EndKind::reset, ECONNRESET);  // and stays one
  });
}

TEST(Socket, ClosingWithUnreadInputIsAReset) {
  run_task([]() -> Task<void> {
    auto [near, far] = co_await connect();
    EXPECT_FALSE(co_await near.write("unread"));
    EXPECT_EQ(co_await near.drained(10s), 0u);
    far.close();
    expect_end((co_await read_once(near)).end, EndKind::reset, ECONNRESET);
  });
}

/// close() with full buffers: the FIN waits in the peer's kernel behind what is not read here.
TEST(Socket, AnEndThatWaitsBehindUnreadBytesIsKnown) {
  run_task([]() -> Task<void> {
    auto [near, far] = co_await connect();
    const std::string bytes(1 << 20, 'x');
    while (::send(far.native_handle(), bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL) > 0) continue;
    EXPECT_FALSE(near.peer_socket() == PeerSocket::ended);
    far.close();
    EXPECT_TRUE(near.peer_socket() == PeerSocket::ended);
    EXPECT_FALSE(near.ended().has_value());
  });
}

TEST(Socket, AnOpenConnectionHasNotEndedAndAResetLeavesNoSocket) {
  run_task([]() -> Task<void> {
    auto [near, far] = co_await connect();
    EXPECT_FALSE(near.peer_socket() == PeerSocket::ended);
    far.send_fin();
    EXPECT_TRUE(near.peer_socket() == PeerSocket::ended);
    far.send_reset();
    EXPECT_FALSE(near.peer_socket() == PeerSocket::ended);  // the kernel knows nothing of it any more
  });
}

TEST(Socket, BytesBeforeAResetAreRead) {
  run_task([]() -> Task<void> {
    auto [near, far] = co_await connect();
    EXPECT_FALSE(co_await far.write("last words"));
    EXPECT_EQ(co_await far.drained(10s), 0u);
    far.send_reset();
    await_reset_in_kernel(near);
    EXPECT_EQ(co_await read_text(near, 10), "last words");
    expect_end((co_await read_once(near)).end, EndKind::reset, ECONNRESET);
  });
}

TEST(Socket, AResetMetByTheWriterIsNoFinToTheReader) {
  run_task([]() -> Task<void> {
    auto [near, far] = co_await connect();
    far.send_reset();
    await_reset_in_kernel(near);
    expect_end(co_await near.write("x"), EndKind::reset, ECONNRESET);
    expect_end(near.ended(), EndKind::reset, ECONNRESET);
    expect_end((co_await read_once(near)).end, EndKind::reset, ECONNRESET);
  });
}

TEST(Socket, BytesBeforeAResetMetByTheWriterAreRead) {
  run_task([]() -> Task<void> {
    auto [near, far] = co_await connect();
    EXPECT_FALSE(co_await far.write("last words"));
    EXPECT_EQ(co_await far.drained(10s), 0u);
    far.send_reset();
    await_reset_in_kernel(near);
    expect_end(co_await near.write("x"), EndKind::reset, ECONNRESET);
    EXPECT_FALSE((co_await near.wait_readable()).cancelled);
    EXPECT_EQ(co_await read_text(near, 10), "last words");
    expect_end((co_await read_once(near)).end, EndKind::reset, ECONNRESET);
  });
}

TEST(Socket, AResetReachesAWaitingReaderAndAWaitingWriter) {
  run_task([]() -> Task<void> {
    auto [near, far] = co_await connect();
    Socket& near_end = near;
    Socket& far_end = far;
    const auto reset_when_full = [&]() -> Task<void> {
      while (near_end.unacknowledged() == 0) co_await sleep_for(1ms);
      far_end.send_reset();
    };
    const auto [read, written] =
        co_await (read_once(near_end) && (write_too_much(near_end) && reset_when_full()));
    expect_end(read.end, EndKind::reset, ECONNRESET);
    expect_end(written, EndKind::reset, ECONNRESET);
  });
}

TEST(Socket, AWriteTellsWhatTheKernelTookBeforeItCanBeRead) {
  run_task([]() -> Task<void> {
    auto [near, far] = co_await connect();
    Socket& near_end = near;
    Socket& far_end = far;
    const std::string bytes(more_than_buffers_hold, 'x');
    std::size_t told = 0;
    int parts = 0;
    const Socket::OnSent tell = [&](std::string_view part) {
      EXPECT_EQ(part.data(), bytes.data() + told);
      told += part.size();
      ++parts;
    };
    const auto write = [&]() -> Task<void> { EXPECT_FALSE(co_await near_end.write(bytes, tell)); };
    const auto read = [&]() -> Task<void> {
      std::vector<char> buffer(64 * 1024);
      for (std::size_t have = 0; have < bytes.size();) {
        const ReadResult result = co_await far_end.read_some(buffer);
        have += result.size;
        EXPECT_LE(have, told);
        if (result.size == 0) break;
      }
    };
    co_await (write() && read());
    EXPECT_EQ(told, bytes.size());
    EXPECT_GT(parts, 1);
  });
}

TEST(Socket, AResetAfterAFinIsToldByWaitReset) {
  run_task([]() -> Task<void> {
    auto [near, far] = co_await connect();
    far.send_fin();
    expect_end((co_await read_once(near)).end, EndKind::fin, 0);
    Socket& near_end = near;
    Socket& far_end = far;
    const auto reset = [&]() -> Task<void> {
      far_end.send_reset();
      co_return;
    };
    const bool was_reset = co_await (near_end.wait_reset() && reset());
    EXPECT_TRUE(was_reset);
    expect_end(near.ended(), EndKind::reset, EPIPE);
  });
}

TEST(Socket, WaitResetIsFalseWhenBothSidesHaveEnded) {
  run_task([]() -> Task<void> {
    auto [near, far] = co_await connect();
    far.send_fin();
    expect_end((co_await read_once(near)).end, EndKind::fin, 0);
    near.send_fin();
    EXPECT_FALSE(co_await near.wait_reset());
    expect_end(near.ended(), EndKind::fin, 0);
  });
}

TEST(Socket, AWriterThatMeetsAResetAfterAFinSaysEpipe) {
  run_task([]() -> Task<void> {
    auto [near, far] = co_await connect();
    far.send_fin();
    far.send_reset();
    await_reset_in_kernel(near);
    expect_end(co_await near.write("x"), EndKind::reset, EPIPE);
  });
}

TEST(Socket, WritingAfterOurOwnFinIsNoEndOfThePeer) {
  run_task([]() -> Task<void> {
    auto [near, far] = co_await connect();
    near.send_fin();
    expect_end(co_await near.write("x"), EndKind::error, EPIPE);
    EXPECT_FALSE(near.ended());
    EXPECT_FALSE(co_await far.write("heard"));
    EXPECT_EQ(co_await read_text(near, 5), "heard");
  });
}

TEST(Socket, DrainedMeansAcknowledgedNotRead) {
  run_task([]() -> Task<void> {
    auto [near, far] = co_await connect();
    EXPECT_FALSE(co_await near.write("not read by anyone"));
    EXPECT_EQ(co_await near.drained(10s), 0u);
  });
}

TEST(Socket, OurFinIsNotCountedAsUnacknowledged) {
  run_task([]() -> Task<void> {
    auto [near, far] = co_await connect();
    EXPECT_FALSE(co_await near.write("abc"));
    near.send_fin();
    EXPECT_EQ(co_await near.drained(10s), 0u);
    EXPECT_EQ(near.unacknowledged(), 0u);
  });
}

TEST(Socket, DrainedSaysWhatIsLeftAtItsLimit) {
  run_task([]() -> Task<void> {
    auto [near, far] = co_await connect();
    co_await (write_too_much(near) || sleep_for(50ms));
    EXPECT_GT(co_await near.drained(5ms), 0u);
    while (near.unacknowledged() != 0)
      if ((co_await read_once(far)).end) break;
    EXPECT_EQ(near.unacknowledged(), 0u);
  });
}

TEST(Socket, DrainedDoesNotWaitForADeadConnection) {
  run_task([]() -> Task<void> {
    auto [near, far] = co_await connect();
    co_await (write_too_much(near) || sleep_for(50ms));
    far.send_reset();
    await_reset_in_kernel(near);
    EXPECT_GT(co_await near.drained(1h), 0u);
  });
}

TEST(Socket, CancelEndsTheWaitAndLeavesTheConnection) {
  run_task([]() -> Task<void> {
    auto [near, far] = co_await connect();
    Socket& near_end = near;
    const auto cancel = [&]() -> Task<void> {
      near_end.cancel();
      co_return;
    };
    const ReadResult read = co_await (read_once(near_end) && cancel());
    EXPECT_TRUE(read.cancelled);
    EXPECT_FALSE(read.end);
    EXPECT_FALSE(co_await far.write("go on"));
    EXPECT_EQ(co_await read_text(near, 5), "go on");
  });
}

TEST(Socket, CloseEndsReaderAndWriterAsCancelled) {
  run_task([]() -> Task<void> {
    auto [near, far] = co_await connect();
    Socket& near_end = near;
    const auto close = [&]() -> Task<void> {
      near_end.close();
      co_return;
    };
    const auto [read, written] = co_await (read_once(near_end) && (write_too_much(near_end) && close()));
    EXPECT_TRUE(read.cancelled);
    expect_end(written, EndKind::error, ECANCELED);
    EXPECT_TRUE((co_await read_once(near)).cancelled);
    EXPECT_EQ(near.unacknowledged(), 0u);
  });
}

TEST(Socket, KnowsItsPeerAfterTheEnd) {
  run_task([]() -> Task<void> {
    auto [near, far] = co_await connect();
    const std::string expected = "127.0.0.1:" + std::to_string(far.local_port());
    EXPECT_EQ(near.local_port(), far.peer_port());
    far.send_reset();
    expect_end((co_await read_once(near)).end, EndKind::reset, ECONNRESET);
    EXPECT_EQ(near.peer(), expected);
  });
}

TEST(Socket, SendsAtOnceAndIsClosedOnExec) {
  run_task([]() -> Task<void> {
    auto [near, far] = co_await connect();
    for (Socket* socket : {&near, &far}) {
      int no_delay = 0;
      socklen_t size = sizeof no_delay;
      ::getsockopt(socket->native_handle(), IPPROTO_TCP, TCP_NODELAY, &no_delay, &size);
      EXPECT_EQ(no_delay, 1);
      EXPECT_EQ(::fcntl(socket->native_handle(), F_GETFD), FD_CLOEXEC);
    }
  });
}

}  // namespace
}  // namespace wsfault::net
