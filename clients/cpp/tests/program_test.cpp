// The program is started, found, and ends with whoever started it.
#include <arpa/inet.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <optional>
#include <wsfault/testing.hpp>

namespace wsfault {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::StartsWith;

constexpr int limit_ms = 30'000;

/// A connection to the program at that control port: it is closed when the program ends.
class Watch {
 public:
  explicit Watch(const std::string& url) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1))));
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&at), sizeof(at)) != 0)
      ADD_FAILURE() << url << " refuses";
  }
  ~Watch() { ::close(socket_); }
  bool ended() const {
    pollfd watched{socket_, POLLIN, 0};
    char byte = 0;
    return ::poll(&watched, 1, limit_ms) == 1 && ::recv(socket_, &byte, 1, 0) <= 0;
  }

 private:
  int socket_;
};

/// A process that starts a program (starter.cpp).
class Starter {
 public:
  explicit Starter(const char* ends) {
    std::array<int, 2> in{};
    std::array<int, 2> out{};
    if (::pipe2(in.data(), O_CLOEXEC) != 0 || ::pipe2(out.data(), O_CLOEXEC) != 0)
      throw std::runtime_error("no pipes");
    process_ = ::fork();
    if (process_ == 0) {
      ::dup2(in[0], STDIN_FILENO);
      ::dup2(out[1], STDOUT_FILENO);
      ::execl(WSFAULT_STARTER, "starter", ends, nullptr);
      ::_exit(127);
    }
    ::close(in[0]);
    ::close(out[1]);
    input_ = in[1];
    output_ = out[0];
    for (char c = 0; ::read(output_, &c, 1) == 1 && c != '\n';) url += c;
  }
  ~Starter() {
    ::close(input_);
    ::close(output_);
  }
  void go_on() const { EXPECT_EQ(::write(input_, "\n", 1), 1); }
  void kill(int number) const { ::kill(process_, number); }
  int wait() const {
    int status = 0;
    ::waitpid(process_, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }

  std::string url;

 private:
  pid_t process_ = -1;
  int input_ = -1;
  int output_ = -1;
};

std::string why_not(const StartOptions& options) {
  try {
    Wsfault::start(options);
  } catch (const WsfaultError& error) {
    return error.what();
  }
  return "it started";
}

TEST(Program, starts_on_a_free_port_says_its_version_and_stops) {
  Wsfault running = Wsfault::start();
  EXPECT_THAT(running.url(), StartsWith("http://127.0.0.1:"));
  EXPECT_THAT(running.version(), MatchesRegex("[0-9]+\\.[0-9]+\\.[0-9]+"));
  const Watch watch(running.url());
  running.stop();
  EXPECT_TRUE(watch.ended());
  try {
    running.session();
    FAIL() << "it answered";
  } catch (const WsfaultError& gone) {
    EXPECT_EQ(gone.status(), 0);
    EXPECT_THAT(gone.hint(), HasSubstr("which was started here, has ended"));
  }
}

TEST(Program, says_what_is_wrong_where_it_cannot_be_started) {
  EXPECT_THAT(why_not({.program = "/nowhere/wsfault"}),
              AllOf(HasSubstr("/nowhere/wsfault cannot be run: "),
                    HasSubstr("not found; say where it is with WSFAULT")));
  EXPECT_THAT(why_not({.options = {"--seed", "x"}}),
              AllOf(HasSubstr("ended with exit code 2: "), HasSubstr("--seed")));
}

TEST(Program, is_used_by_others_who_know_its_token_and_stays) {
  const std::string file = ::testing::TempDir() + "/token-" + std::to_string(::getpid());
  std::ofstream(file) << "secret\n";
  // The starter itself has no token: its first question is refused.
  EXPECT_THAT(why_not({.options = {"--token-file", file}}), HasSubstr("token"));
  std::remove(file.c_str());
  const Wsfault own = Wsfault::start();
  {
    Wsfault another = Wsfault::connect(own.url());
    EXPECT_EQ(another.version(), own.version());
  }
  EXPECT_EQ(Wsfault::connect(own.url() + "/").version(), own.version());
}

TEST(Program, is_that_of_the_environment) {
  const Wsfault own = Wsfault::start();
  ::setenv("WSFAULT_URL", own.url().c_str(), 1);
  EXPECT_EQ(Wsfault::from_environment().url(), own.url());
  ::unsetenv("WSFAULT_URL");
  EXPECT_NE(Wsfault::from_environment().url(), own.url());
}

TEST(Program, an_address_that_is_none_or_does_not_answer_is_an_error) {
  for (const char* url :
       {"127.0.0.1:8474", "https://127.0.0.1:1", "http://", "http://host:x", "http://a b:1"})
    EXPECT_THROW(Wsfault::connect(url), WsfaultError) << url;
  try {
    Wsfault::connect("http://127.0.0.1:1");
    FAIL() << "it answered";
  } catch (const WsfaultError& error) {
    EXPECT_STREQ(error.what(), "GET /v1: http://127.0.0.1:1 does not answer: Connection refused");
  }
}

struct End {
  const char* how;
  int code;
};
class EndsWithAProcess : public ::testing::TestWithParam<End> {};

TEST_P(EndsWithAProcess, that) {
  const Starter starter(GetParam().how);
  const Watch watch(starter.url);
  starter.go_on();
  EXPECT_EQ(starter.wait(), GetParam().code);
  EXPECT_TRUE(watch.ended());
}
INSTANTIATE_TEST_SUITE_P(Program, EndsWithAProcess,
                         ::testing::Values(End{"returns", 0}, End{"exits", 7}, End{"leaves", 8},
                                           End{"aborts", -SIGABRT}),
                         [](const auto& info) { return info.param.how; });

class EndsWithASignal : public ::testing::TestWithParam<int> {};

TEST_P(EndsWithASignal, of_who_started_it) {
  const Starter starter("returns");
  const Watch watch(starter.url);
  starter.kill(GetParam());
  EXPECT_EQ(starter.wait(), -GetParam());
  EXPECT_TRUE(watch.ended());
}
INSTANTIATE_TEST_SUITE_P(Program, EndsWithASignal, ::testing::Values(SIGINT, SIGTERM, SIGKILL),
                         [](const auto& info) { return std::to_string(info.param); });

}  // namespace
}  // namespace wsfault
