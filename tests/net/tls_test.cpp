// TLS over loopback: handshakes and refusals, records in both directions, and the three ends.
#include <errno.h>
#include <gtest/gtest.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <stdexcept>

#include "net/certificates.hpp"
#include "net/event_gate.hpp"
#include "net/socket.hpp"
#include "run_task.hpp"
#include "temporary_folder.hpp"

namespace wsfault::net {
namespace {

using namespace std::chrono_literals;

constexpr auto plenty = 30s;

/// An authority, its certificate, and the requirements of its clients.
struct Pki {
  TemporaryFolder folder;
  CertificateAuthority authority{"test", folder.path() + "/ca.pem"};

  TlsContext server() const { return server({"localhost", "127.0.0.1"}, Validity::now); }
  TlsContext server(const std::vector<std::string>& hosts, Validity validity) const {
    const auto files = authority.issue(folder.path() + "/leaf", hosts, validity);
    return TlsContext::server(files.certificate, files.key);
  }
  TlsContext client() const { return TlsContext::client({.ca_file = authority.file()}); }
  TlsContext client(TlsDemands demands) const {
    demands.ca_file = authority.file();
    return TlsContext::client(demands);
  }
};

struct Met {
  TlsOutcome client;
  TlsOutcome server;
};

/// `near` is the client. A client that refuses ends TCP, as real ones do.
Task<Met> meet(Connection& connection, TlsContext client, TlsContext server, std::string name = "localhost") {
  const auto as_client = [&]() -> Task<TlsOutcome> {
    TlsOutcome outcome = co_await connection.near.start_tls(client, name, plenty);
    if (!outcome.error.empty()) connection.near.close();
    co_return outcome;
  };
  auto [one, other] = co_await (as_client() && connection.far.start_tls(server, std::string(), plenty));
  Met met;
  met.client = std::move(one);
  met.server = std::move(other);
  co_return met;
}

Task<ReadResult> read_a_piece(Socket& socket) {
  char buffer[64];
  co_return co_await socket.read_some(buffer);
}

TEST(Tls, BothSidesMeetByNameAndByAddress) {
  for (const char* name : {"localhost", "127.0.0.1"}) {
    run_task([name]() -> Task<void> {
      const Pki pki;
      Connection connection = co_await connect();
      const Met met = co_await meet(connection, pki.client(), pki.server(), name);
      EXPECT_EQ(met.client.error, "");
      EXPECT_EQ(met.server.error, "");
      EXPECT_EQ(met.client.version, "TLSv1.3");
      EXPECT_FALSE(co_await connection.near.write("ping"));
      EXPECT_EQ(co_await read_text(connection.far, 4), "ping");
      EXPECT_FALSE(co_await connection.far.write("pong"));
      EXPECT_EQ(co_await read_text(connection.near, 4), "pong");
    });
  }
}

// --- refusals

struct Refusal {
  const char* name;
  std::vector<std::string> hosts;
  Validity validity;
  bool known_authority;
  const char* peer;
  const char* client;  ///< what the client reports
  const char* server;  ///< what the server sees of it
};

class TlsRefusal : public testing::TestWithParam<Refusal> {};

TEST_P(TlsRefusal, IsSaidByBoth) {
  run_task([]() -> Task<void> {
    const Pki pki;
    const Pki other;
    Connection connection = co_await connect();
    const TlsContext trusting = GetParam().known_authority ? pki.client() : other.client();
    const TlsContext serving = pki.server(GetParam().hosts, GetParam().validity);
    const Met met = co_await meet(connection, trusting, serving, GetParam().peer);
    EXPECT_EQ(met.client.error, GetParam().client);
    EXPECT_EQ(met.server.error, GetParam().server);
    EXPECT_FALSE(connection.far.has_tls());
  });
}

INSTANTIATE_TEST_SUITE_P(
    All, TlsRefusal,
    testing::Values(Refusal{"Expired",
                            {"localhost"},
                            Validity::over,
                            true,
                            "localhost",
                            "certificate verify failed: certificate has expired",
                            "the peer refused: alert \"certificate expired\""},
                    Refusal{"OtherName",
                            {"example.test"},
                            Validity::now,
                            true,
                            "localhost",
                            "certificate verify failed: hostname mismatch",
                            "the peer refused: alert \"bad certificate\""},
                    Refusal{"OtherAddress",
                            {"192.0.2.1"},
                            Validity::now,
                            true,
                            "127.0.0.1",
                            "certificate verify failed: IP address mismatch",
                            "the peer refused: alert \"bad certificate\""},
                    Refusal{"UnknownAuthority",
                            {"localhost"},
                            Validity::now,
                            false,
                            "localhost",
                            "certificate verify failed: unable to get local issuer certificate",
                            "the peer refused: alert \"unknown CA\""}),
    [](const auto& row) { return std::string(row.param.name); });

TEST(Tls, DemandsCanBeLeftOut) {
  struct Row {
    TlsDemands demands;
    std::vector<std::string> hosts;
    Validity validity;
  };
  const Row rows[] = {{{.any_certificate = true}, {"example.test"}, Validity::over},
                      {{.any_name = true}, {"example.test"}, Validity::now},
                      {{.any_time = true}, {"localhost"}, Validity::over}};
  for (const Row& row : rows) {
    run_task([&row]() -> Task<void> {
      const Pki pki;
      Connection connection = co_await connect();
      const Met met = co_await meet(connection, pki.client(row.demands), pki.server(row.hosts, row.validity));
      EXPECT_EQ(met.client.error, "");
    });
  }
}

TEST(Tls, APeerThatClosesOrSpeaksSomethingElseIsToldApart) {
  run_task([]() -> Task<void> {
    const Pki pki;
    auto [near, far] = co_await connect();
    far.send_fin();
    EXPECT_EQ((co_await near.start_tls(pki.client(), "localhost", plenty)).error,
              "peer closed during the handshake");
    auto [one, other] = co_await connect();
    EXPECT_FALSE(co_await other.write("SSH-2.0-OpenSSH_9.2\r\n"));
    EXPECT_EQ((co_await one.start_tls(pki.client(), "localhost", plenty)).error,
              "the peer does not speak TLS");
  });
}

TEST(Tls, AHandshakeHasItsLimit) {
  run_task([]() -> Task<void> {
    const Pki pki;
    auto [near, far] = co_await connect();
    const TlsOutcome outcome = co_await near.start_tls(pki.client(), "localhost", 50ms);
    EXPECT_EQ(outcome.error, "no TLS handshake in time");
    EXPECT_TRUE(outcome.timed_out);
  });
}

TEST(Tls, AnAbortIsAnAlertToTheOther) {
  run_task([]() -> Task<void> {
    const Pki pki;
    auto [near, far] = co_await connect();
    auto [client, server] = co_await (near.start_tls(pki.client(), "localhost", plenty) &&
                                      far.start_tls(pki.server(), std::string(), plenty, TlsConduct::aborts));
    EXPECT_EQ(client.error, "the peer refused: alert \"handshake failure\"");
    EXPECT_EQ(server.error, "we sent the alert \"handshake failure\"");
  });
}

TEST(TlsContext, SaysWhichFileIsWrong) {
  const Pki pki;
  const auto message = [](const std::function<void()>& make) {
    try {
      make();
    } catch (const std::runtime_error& error) {
      return std::string(error.what());
    }
    return std::string("nothing");
  };
  EXPECT_EQ(message([] { TlsContext::client({.ca_file = "/nowhere.pem"}); }),
            "/nowhere.pem: No such file or directory");
  const auto files = pki.authority.issue(pki.folder.path() + "/leaf", {"a"});
  EXPECT_TRUE(message([&] {
                TlsContext::server(files.key, files.key);
              }).starts_with(files.key + ": there is no certificate in it"));
}

// --- the three ends, and bytes

TEST(Tls, AFinIsACloseNotify) {
  run_task([]() -> Task<void> {
    const Pki pki;
    Connection connection = co_await connect();
    co_await meet(connection, pki.client(), pki.server());
    connection.far.send_fin();
    const ReadResult read = co_await read_a_piece(connection.near);
    EXPECT_TRUE(read.end && read.end->kind == EndKind::fin && !read.end->truncated);
    EXPECT_FALSE(co_await connection.near.write("still here"));
    EXPECT_EQ(co_await read_text(connection.far, 10), "still here");
  });
}

TEST(Tls, AFinAloneIsTruncation) {
  run_task([]() -> Task<void> {
    const Pki pki;
    Connection connection = co_await connect();
    co_await meet(connection, pki.client(), pki.server());
    connection.far.send_fin_truncating();
    const ReadResult read = co_await read_a_piece(connection.near);
    EXPECT_TRUE(read.end && read.end->kind == EndKind::fin && read.end->truncated);
  });
}

TEST(Tls, AResetIsAReset) {
  run_task([]() -> Task<void> {
    const Pki pki;
    Connection connection = co_await connect();
    co_await meet(connection, pki.client(), pki.server());
    EXPECT_FALSE(co_await connection.far.write("last words"));
    EXPECT_EQ(co_await connection.far.drained(10s), 0u);
    connection.far.send_reset();
    EXPECT_EQ(co_await read_text(connection.near, 10), "last words");
    const ReadResult read = co_await read_a_piece(connection.near);
    EXPECT_TRUE(read.end && read.end->kind == EndKind::reset && read.end->error == ECONNRESET);
  });
}

TEST(Tls, ManyBytesPassBothWaysAtOnce) {
  run_task([]() -> Task<void> {
    const Pki pki;
    Connection connection = co_await connect();
    co_await meet(connection, pki.client(), pki.server());
    const std::string bytes(8 << 20, 'x');
    auto [one, other, there, back] =
        co_await (connection.near.write(bytes) && connection.far.write(bytes) &&
                  read_text(connection.far, bytes.size()) && read_text(connection.near, bytes.size()));
    EXPECT_FALSE(one || other);
    EXPECT_TRUE(there == bytes && back == bytes);
  });
}

/// Unread bytes in the kernel.
int unread(Socket& socket) {
  int size = 0;
  EXPECT_EQ(::ioctl(socket.native_handle(), FIONREAD, &size), 0);
  return size;
}

// Otherwise the peer could answer before the writer knows that it has written.
TEST(Tls, AReaderDoesNotSendWhatTheWriterIsAboutTo) {
  run_task([]() -> Task<void> {
    const Pki pki;
    Connection connection = co_await connect();
    co_await meet(connection, pki.client(), pki.server());
    EXPECT_FALSE(co_await connection.near.write("one"));
    EXPECT_EQ(co_await read_text(connection.far, 3), "one");
    bool written = false;
    const auto write = [&]() -> Task<void> {
      EXPECT_FALSE(co_await connection.near.write("two"));
      written = true;
    };
    const auto look = [&]() -> Task<void> {
      EXPECT_FALSE(written) << "it must let others run first, for this test to show anything";
      EXPECT_EQ(unread(connection.far), 0);
      EXPECT_FALSE(co_await connection.far.write("answer"));
    };
    const auto read = [&]() -> Task<void> { EXPECT_EQ(co_await read_text(connection.near, 6), "answer"); };
    co_await (write() && read() && look());
    EXPECT_TRUE(written);
    EXPECT_EQ(co_await read_text(connection.far, 3), "two");
  });
}

TEST(Tls, AWriterWaitsForItsReader) {
  run_task([]() -> Task<void> {
    const Pki pki;
    Connection connection = co_await connect();
    co_await meet(connection, pki.client(), pki.server());
    const std::string more_than_buffers_hold(32 << 20, 'x');
    auto first = co_await (connection.near.write(more_than_buffers_hold) || sleep_for(200ms));
    EXPECT_EQ(first.index(), 1u);
    EXPECT_GT(connection.near.unacknowledged(), 0u);
  });
}

TEST(Tls, GarbageIsAnError) {
  run_task([]() -> Task<void> {
    const Pki pki;
    Connection connection = co_await connect();
    co_await meet(connection, pki.client(), pki.server());
    const std::string garbage("\x17\x03\x03\x00\x20 these are no bytes of a record", 37);
    EXPECT_EQ(::send(connection.far.native_handle(), garbage.data(), garbage.size(), 0), 37);
    const ReadResult read = co_await read_a_piece(connection.near);
    EXPECT_TRUE(read.end && read.end->kind == EndKind::error && read.end->error == EPROTO);
  });
}

}  // namespace
}  // namespace wsfault::net
