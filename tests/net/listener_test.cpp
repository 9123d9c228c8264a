// A port that refuses and accepts in turn and never loses its number.
#include "net/listener.hpp"

#include <errno.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/event_gate.hpp"
#include "net/file_descriptor.hpp"
#include "run_task.hpp"

namespace wsfault::net {
namespace {

using namespace std::chrono_literals;

Task<DialResult> dial_to(const Listener& listener) { return dial("127.0.0.1", listener.port(), 10s); }

/// The result for another server that binds to this port: 0 or errno.
int bind_as_another_server(std::uint16_t port) {
  const FileDescriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const int on = 1;
  ::setsockopt(socket.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return ::bind(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 ? 0 : errno;
}

TEST(Listener, RefusesUntilItListens) {
  run_task([]() -> Task<void> {
    Listener listener(co_await asio::this_coro::executor, "127.0.0.1");
    EXPECT_NE(listener.port(), 0);
    EXPECT_EQ(listener.host(), "127.0.0.1");
    EXPECT_FALSE(listener.is_listening());
    EXPECT_EQ((co_await dial_to(listener)).error, ECONNREFUSED);
    listener.listen();
    EXPECT_TRUE(listener.is_listening());
    EXPECT_TRUE((co_await dial_to(listener)).socket);
  });
}

TEST(Listener, StopsAndListensAgainOnTheSamePort) {
  run_task([]() -> Task<void> {
    Listener listener(co_await asio::this_coro::executor, "127.0.0.1");
    const std::uint16_t port = listener.port();
    for (int round = 0; round < 3; ++round) {
      listener.listen();
      auto dialled = co_await dial_to(listener);
      auto accepted = co_await listener.accept();
      EXPECT_FALSE(co_await accepted.value().write("hello"));
      EXPECT_EQ(co_await read_text(dialled.socket.value(), 5), "hello");
      listener.stop_listening();
      EXPECT_EQ((co_await dial_to(listener)).error, ECONNREFUSED);
      EXPECT_EQ(listener.port(), port);
    }
  });
}

TEST(Listener, KeepsAcceptedConnectionsWhenItStops) {
  run_task([]() -> Task<void> {
    Listener listener(co_await asio::this_coro::executor, "127.0.0.1");
    listener.listen();
    auto dialled = co_await dial_to(listener);
    auto accepted = co_await listener.accept();
    listener.stop_listening();
    EXPECT_FALSE(co_await dialled.socket.value().write("still"));
    EXPECT_EQ(co_await read_text(accepted.value(), 5), "still");
  });
}

TEST(Listener, StoppingResetsWhatIsNotAccepted) {
  run_task([]() -> Task<void> {
    Listener listener(co_await asio::this_coro::executor, "127.0.0.1");
    listener.listen();
    auto dialled = co_await dial_to(listener);
    listener.stop_listening();
    char buffer[8];
    const ReadResult result = co_await dialled.socket.value().read_some(buffer);
    EXPECT_EQ(result.end.value().kind, EndKind::reset);
  });
}

TEST(Listener, KeepsItsPortFromOthersWhileItDoesNotListen) {
  run_task([]() -> Task<void> {
    Listener listener(co_await asio::this_coro::executor, "127.0.0.1");
    EXPECT_EQ(bind_as_another_server(listener.port()), EADDRINUSE);
    listener.listen();
    EXPECT_EQ(bind_as_another_server(listener.port()), EADDRINUSE);
    listener.stop_listening();
    EXPECT_EQ(bind_as_another_server(listener.port()), EADDRINUSE);
    EXPECT_THROW(Listener(co_await asio::this_coro::executor, "127.0.0.1", listener.port()),
                 boost::system::system_error);
    const std::uint16_t port = listener.port();
    listener.close();
    EXPECT_EQ(bind_as_another_server(port), 0);
  });
}

TEST(Listener, BindsAgainOverTheTimeWaitOfItsOwnConnections) {
  run_task([]() -> Task<void> {
    const auto executor = co_await asio::this_coro::executor;
    Listener first(executor, "127.0.0.1");
    first.listen();
    auto dialled = co_await dial_to(first);
    auto accepted = co_await first.accept();
    accepted.value().close();  // the side that ends first stays in TIME_WAIT
    EXPECT_EQ(co_await read_text(dialled.socket.value(), 1), "");
    dialled.socket.value().close();
    const std::uint16_t port = first.port();
    first.close();
    Listener second(executor, "127.0.0.1", port);
    second.listen();
    EXPECT_TRUE((co_await dial_to(second)).socket);
  });
}

TEST(Listener, BindsOverTheTimeWaitOfAnotherServer) {
  run_task([]() -> Task<void> {
    const auto executor = co_await asio::this_coro::executor;
    asio::ip::tcp::acceptor other(executor, {asio::ip::make_address("127.0.0.1"), 0});  // SO_REUSEADDR alone
    const std::uint16_t port = other.local_endpoint().port();
    auto dialled = co_await dial("127.0.0.1", port, 10s);
    other.accept().close();
    EXPECT_EQ(co_await read_text(dialled.socket.value(), 1), "");
    dialled.socket.value().close();
    other.close();
    Listener listener(executor, "127.0.0.1", port);
    listener.listen();
    EXPECT_EQ(bind_as_another_server(port), EADDRINUSE);
    EXPECT_TRUE((co_await dial_to(listener)).socket);
    listener.stop_listening();
    EXPECT_EQ(bind_as_another_server(port), EADDRINUSE);
    listener.listen();
    EXPECT_TRUE((co_await dial_to(listener)).socket);
  });
}

TEST(Listener, AcceptWaitsWhileItDoesNotListen) {
  run_task([]() -> Task<void> {
    Listener listener(co_await asio::this_coro::executor, "127.0.0.1");
    const auto stop_and_listen = [&]() -> Task<DialResult> {
      listener.listen();
      co_await sleep_for(1ms);
      listener.stop_listening();
      co_await sleep_for(1ms);
      listener.listen();
      co_return co_await dial_to(listener);
    };
    const auto [accepted, dialled] = co_await (listener.accept() && stop_and_listen());
    EXPECT_EQ(accepted.value().peer_port(), dialled.socket.value().local_port());
  });
}

TEST(Listener, CloseEndsAcceptInEitherState) {
  for (const bool listens : {true, false}) {
    run_task([listens]() -> Task<void> {
      Listener listener(co_await asio::this_coro::executor, "127.0.0.1");
      if (listens) listener.listen();
      const auto close = [&]() -> Task<void> {
        listener.close();
        co_return;
      };
      const auto accepted = co_await (listener.accept() && close());
      EXPECT_FALSE(accepted.has_value());
      EXPECT_FALSE((co_await listener.accept()).has_value());
      listener.listen();
      EXPECT_FALSE(listener.is_listening());
    });
  }
}

TEST(Listener, DestructionEndsAccept) {
  run_task([]() -> Task<void> {
    auto listener = std::make_unique<Listener>(co_await asio::this_coro::executor, "127.0.0.1");
    listener->listen();
    const auto destroy = [&]() -> Task<void> {
      listener.reset();
      co_return;
    };
    const auto accepted = co_await (listener->accept() && destroy());
    EXPECT_FALSE(accepted.has_value());
  });
}

TEST(Listener, CancellationEndsAcceptInEitherState) {
  for (const bool listens : {true, false}) {
    run_task([listens]() -> Task<void> {
      Listener listener(co_await asio::this_coro::executor, "127.0.0.1");
      if (listens) listener.listen();
      bool ended = false;
      const auto accept = [&]() -> Task<void> {
        EXPECT_FALSE((co_await listener.accept()).has_value());
        ended = true;
      };
      co_await (accept() || sleep_for(2ms));
      EXPECT_TRUE(ended);
    });
  }
}

TEST(Listener, ListensOnIpv6) {
  run_task([]() -> Task<void> {
    Listener listener(co_await asio::this_coro::executor, "::1");
    listener.listen();
    auto dialled = co_await dial("::1", listener.port(), 10s);
    EXPECT_EQ(dialled.socket.value().peer(), "[::1]:" + std::to_string(listener.port()));
  });
}

}  // namespace
}  // namespace wsfault::net
