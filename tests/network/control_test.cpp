// The harness and the holder of a network find each other by a path.
#include "network/control.hpp"

#include <errno.h>
#include <gtest/gtest.h>
#include <sys/socket.h>

#include <array>
#include <string>

#include "net/temporary_folder.hpp"

namespace wsfault::network {
namespace {

TEST(Control, WhoCallsIsHeard) {
  const net::TemporaryFolder folder;
  const std::string path = folder.path() + "/network";
  const net::FileDescriptor listening = listen_at(path);
  ASSERT_TRUE(listening.is_open());
  EXPECT_LT(::accept(listening.get(), nullptr, nullptr), 0);
  EXPECT_EQ(errno, EAGAIN) << "nobody has called yet, and it does not wait";
  const net::FileDescriptor holder = call(path);
  ASSERT_TRUE(holder.is_open());
  const net::FileDescriptor harness(::accept(listening.get(), nullptr, nullptr));
  ASSERT_TRUE(harness.is_open());
  ASSERT_EQ(::send(holder.get(), "made", 4, 0), 4);
  std::array<char, 16> packet{};
  EXPECT_EQ(::recv(harness.get(), packet.data(), packet.size(), 0), 4);
}

TEST(Control, WhereNobodyCanBeThereIsNoSocket) {
  const net::TemporaryFolder folder;
  EXPECT_FALSE(call(folder.path() + "/nobody").is_open());
  EXPECT_EQ(errno, ENOENT);
  const std::string too_long(200, 'x');
  EXPECT_FALSE(listen_at(folder.path() + "/" + too_long).is_open());
  EXPECT_EQ(errno, ENAMETOOLONG);
  EXPECT_FALSE(call(too_long).is_open());
  EXPECT_EQ(errno, ENAMETOOLONG);
}

}  // namespace
}  // namespace wsfault::network
