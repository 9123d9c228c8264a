// What /proc shows for this process and a child of it.
#include "runner/usage.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <utility>
#include <vector>

namespace wsfault::runner {
namespace {

constexpr std::size_t megabytes = 64 << 20;

/// A child that keeps its resources until it is ended.
class Holder {
 public:
  Holder(std::size_t memory, int sockets) {
    int ready[2];
    EXPECT_EQ(::pipe(ready), 0);
    pid_ = ::fork();
    if (pid_ == 0) {
      std::vector<char> held(memory, 'x');
      for (int i = 0; i < sockets; ++i) ::socket(AF_INET, SOCK_STREAM, 0);
      if (::write(ready[1], held.data(), 1) != 1) ::_exit(1);
      while (true) ::pause();
    }
    ::close(ready[1]);
    char is_ready = 0;
    EXPECT_EQ(::read(ready[0], &is_ready, 1), 1);
    ::close(ready[0]);
  }
  ~Holder() { end(); }
  void end() {
    if (pid_ == 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(std::exchange(pid_, 0), nullptr, 0);
  }
  pid_t pid() const { return pid_; }

 private:
  pid_t pid_ = 0;
};

TEST(Usage, CountsTheSocketsOfTheWholeTree) {
  const auto before = usage_of_tree(::getpid());
  const Holder holder(1, 7);
  const auto with_child = usage_of_tree(::getpid());
  ASSERT_TRUE(before && with_child);
  EXPECT_EQ(with_child->sockets, before->sockets * 2 + 7);  // a fork also has its parent's descriptors
}

TEST(Usage, CountsResidentMemoryOfTheWholeTree) {
  const auto before = usage_of_tree(::getpid());
  const Holder holder(megabytes, 0);
  const auto with_child = usage_of_tree(::getpid());
  ASSERT_TRUE(before && with_child);
  EXPECT_GE(with_child->memory, before->memory + megabytes);
  EXPECT_EQ(usage_of_tree(holder.pid())->sockets, before->sockets);
}

TEST(Usage, OfAProcessThatHasEndedIsNone) {
  Holder holder(1, 0);
  const pid_t pid = holder.pid();
  holder.end();
  EXPECT_FALSE(usage_of_tree(pid));
}

}  // namespace
}  // namespace wsfault::runner
