// Systems in a network of their own: in every seat, side by side on the same port, and nothing of it is left.
#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <filesystem>
#include <map>
#include <set>
#include <utility>

#include "e2e/program.hpp"
#include "network/possible.hpp"

namespace wsfault::e2e {
namespace {

constexpr const char* client_in_it = R"(title   = "It comes back, from a network of its own"
role    = "client"
isolate = true

[[fault]]
inject = "reset"
when   = "message 3"

[[expect]]
reconnect = true
within    = "5s"
)";
constexpr const char* gateway_in_it = R"(title   = "It answers 502, from a network of its own"
role    = "gateway"
isolate = true

[[fault]]
inject = "refuse"

[[expect]]
status = [502, 503]
since  = "start"
)";
constexpr const char* server_in_it = R"(title   = "It echoes, from a network of its own"
role    = "server"
isolate = true

[[client]]
steps = [{ send = "hello" }, { expect = "hello" }, { close = 1000 }]
)";

class Isolation : public testing::Test {
 protected:
  void SetUp() override {
    if (const std::string why = network::why_impossible(WSFAULT_PROGRAM); !why.empty()) GTEST_SKIP() << why;
  }
};

/// Ten servers at once: each listens on the same port.
TEST_F(Isolation, EverySeatLivesInANetworkOfItsOwnAndLeavesNothing) {
  const Folder folder;
  Program run({"run", folder.write("client.toml", client_in_it), folder.write("gateway.toml", gateway_in_it),
               folder.write("server.toml", server_in_it), "--repeat", "10", "--require-network"});
  const Finished finished = run.wait();
  EXPECT_EQ(finished.code, 0) << finished.out;
  EXPECT_NE(finished.out.find("40 passed"), std::string::npos) << finished.out;  // two kinds of gateway
  EXPECT_TRUE(run.marked().empty());
  EXPECT_TRUE(run.left_no_folder());
}

/// The name of the URL stands for all addresses of the link, and the kernel says which attempts wait there.
TEST_F(Isolation, AClientFindsAllAddressesByAName) {
  const Folder folder;
  const std::string file = folder.write("addresses.toml", R"(title = "The first address is dark"
role  = "client"

[link]
addresses = 2

[[fault]]
inject  = "dark"
address = 1
when    = "start"

[[expect]]
event  = { moment = "open", connection = 1 }
since  = "start"
within = "4s"
)");
  for (const char* defect : {"", " --defect first-address-only"}) {
    Program run({"run", file, "--require-network", "--set", "handshake_limit=1s", "--client",
                 std::string(WSFAULT_PROGRAM) + " reference client --url ${url}" + defect});
    const Finished finished = run.wait();
    EXPECT_EQ(finished.code, *defect == 0 ? 0 : 1) << finished.out;
    EXPECT_EQ(finished.out.find("The client tries one address of several only.") != std::string::npos,
              *defect != 0)
        << finished.out;
  }
}

/// As for any other case, a client without backoff fails in it.
/// The raw socket that sees refused attempts is in another network: that none was seen proves nothing.
TEST_F(Isolation, AttemptsThatAreRefusedInItAreNotMissed) {
  const Folder folder;
  const std::string file = folder.write("refused.toml", R"(title   = "Nobody listens at first"
role    = "client"
isolate = true

[[fault]]
inject = "refuse"
lasts  = "1s"

[[expect]]
event  = "open"
since  = "healed refuse"
within = "5s"
)");
  for (const char* report : {"none", "json"}) {
    const Finished finished = run_program(
        {"run", file, "--client", fmt::format("{} reference client --url ${{url}}", WSFAULT_PROGRAM), "--report", report});
    EXPECT_EQ(finished.code, 0) << report << ": " << finished.out;
  }
}

TEST_F(Isolation, WhatIsWrongIsSeenInItToo) {
  const Folder folder;
  Program run({"run", folder.write("client.toml", client_in_it), "--system", "reference-client", "--set",
               "defect=no-reconnect"});
  const Finished finished = run.wait();
  EXPECT_EQ(finished.code, 1) << finished.out;
}

constexpr const char* cable_out = R"(title    = "The cable is out for long"
role     = "client"
deadline = "50s"

[[fault]]
at     = "network"
inject = "unplug"
when   = "message 3"
lasts  = "40s"
)";

/// The lines of the timelines that it printed.
std::string timelines_in(const std::string& printed) {
  std::string lines;
  bool inside = false;
  for (std::size_t begin = 0; begin < printed.size();) {
    const std::size_t end = std::min(printed.find('\n', begin), printed.size());
    const std::string line = printed.substr(begin, end - begin);
    const bool label = line.starts_with("  ") && line.size() > 2 && line[2] >= 'a' && line[2] <= 'z';
    if (label || line.empty()) inside = line.starts_with("  timeline");
    if (inside) lines += line + '\n';
    begin = end + 1;
  }
  return lines;
}

class FaultOfTheNetwork : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    if (const std::string why = network::why_impossible(WSFAULT_PROGRAM); !why.empty()) GTEST_SKIP() << why;
  }
};

/// The case fails by an expectation that nothing can meet, so that its timeline is printed.
TEST_P(FaultOfTheNetwork, IsToldOfTheNetworkAndNotOfTheLink) {
  const Folder folder;
  const std::string text = fmt::format(R"(title = "Something is wrong with the network"
role  = "client"

[[fault]]
at     = "network"
{}

[[expect]]
close  = 4999
within = "4s"
since  = "open"
)",
                                       GetParam());
  const Finished run = run_program({"run", folder.write("net.toml", text), "--system", "reference-client",
                                    "--set", "heartbeat=1500ms", "--require-network"});
  EXPECT_EQ(run.code, 1) << run.out;
  const std::string told = timelines_in(run.out);
  EXPECT_NE(told.find(" network"), std::string::npos) << run.out;
  EXPECT_NE(told.find(" fired"), std::string::npos) << run.out;
  EXPECT_EQ(told.find("link"), std::string::npos) << told;
}
INSTANTIATE_TEST_SUITE_P(
    Each, FaultOfTheNetwork,
    testing::Values("inject = \"unplug\"\nwhen = \"message 3\"\nlasts = \"2s\"",
                    "inject = \"partition\"\nwhen = \"message 3\"\nlasts = \"2s\"",
                    "inject = \"unreachable\"\nwhen = \"message 3\"\nlasts = \"2s\"",
                    "inject = \"syn_drop\"\nwhen = \"message 3\"\nlasts = \"2s\"",
                    "inject = \"loss\"\nratio = 0.1\nwhen = \"message 3\"\nlasts = \"1s\"",
                    "inject = \"rate\"\nrate = \"1kB\"\nwhen = \"message 3\"\nlasts = \"1s\"",
                    "inject = \"firewall\"\nidle = \"1s\"", "inject = \"roam\"\nwhen = \"message 3\""),
    [](const auto& info) {
      const std::string text = info.param;
      return text.substr(10, text.find('"', 10) - 10);
    });

/// The network namespaces in which processes live, by their inodes.
std::set<std::string> inhabited_networks() {
  std::set<std::string> found;
  for (const auto& process : std::filesystem::directory_iterator("/proc")) {
    std::error_code none;  // a process that is gone, or of another user
    const auto network = std::filesystem::read_symlink(process.path() / "ns/net", none);
    if (!none) found.insert(network.string());
  }
  return found;
}

class EndOfANetwork : public testing::TestWithParam<int> {
 protected:
  void SetUp() override {
    if (const std::string why = network::why_impossible(WSFAULT_PROGRAM); !why.empty()) GTEST_SKIP() << why;
  }
};

/// A network namespace that is held open, so that the kernel gives its inode to no other while a test looks for it.
class HeldNetwork {
 public:
  explicit HeldNetwork(pid_t pid)
      : descriptor_(::open(fmt::format("/proc/{}/ns/net", pid).c_str(), O_RDONLY | O_CLOEXEC)) {
    std::error_code gone;
    name_ = std::filesystem::read_symlink(fmt::format("/proc/self/fd/{}", descriptor_), gone).string();
  }
  HeldNetwork(HeldNetwork&& other) noexcept
      : descriptor_(std::exchange(other.descriptor_, -1)), name_(std::move(other.name_)) {}
  ~HeldNetwork() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  /// As /proc names it; empty: the process was gone.
  const std::string& name() const { return name_; }

 private:
  int descriptor_;
  std::string name_;
};

TEST_P(EndOfANetwork, LeavesNoNamespaceNoProcessAndNoFolder) {
  const Folder folder;
  Program run({"run", folder.write("cable.toml", cable_out), "--system", "reference-client", "--require-network"});
  const auto own = std::filesystem::read_symlink("/proc/self/ns/net").string();
  std::map<std::string, HeldNetwork> networks;
  ASSERT_TRUE(eventually([&] {
    networks.clear();
    for (const pid_t pid : run.marked()) {
      HeldNetwork network(pid);
      if (!network.name().empty() && network.name() != own) networks.emplace(network.name(), std::move(network));
    }
    return networks.size() == 2;
  })) << networks.size();
  run.signal(GetParam());
  run.wait();
  EXPECT_TRUE(eventually([&] { return run.marked().empty(); })) << run.marked().size() << " are left";
  EXPECT_TRUE(eventually([&] { return run.left_no_folder(); }));
  for (const auto& [name, held] : networks)
    EXPECT_TRUE(eventually([&] { return !inhabited_networks().contains(name); })) << name;
}
INSTANTIATE_TEST_SUITE_P(Signals, EndOfANetwork, testing::Values(SIGINT, SIGTERM, SIGKILL),
                         [](const auto& info) { return "Signal" + std::to_string(info.param); });

}  // namespace
}  // namespace wsfault::e2e
