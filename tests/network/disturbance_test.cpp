// What the packet filter is told of a disturbance; that it is taken, and works,
// tests/network/private_network_test.cpp shows.
#include "network/disturbance.hpp"

#include <gtest/gtest.h>

#include "network/flows.hpp"

namespace wsfault::network {
namespace {

using namespace std::chrono_literals;
using Kind = Disturbance::Kind;

constexpr Path link{80, true};     // of a client, or behind a gateway
constexpr Path front{443, false};  // of a server, or before a gateway

struct Row {
  const char* name;
  Disturbance disturbance;
  Path path;
  const char* in;   // what the chain of packets from the system says
  const char* out;  // and of those to it; empty: there is none
};
std::ostream& operator<<(std::ostream& out, const Row& row) { return out << row.name; }

std::string chain_of(const std::string& rules, const std::string& hook) {
  const auto begin = rules.find("hook " + hook + " priority 0;\n");
  if (begin == std::string::npos) return {};
  const auto from = rules.find('\n', begin) + 1;
  return rules.substr(from, rules.find("\n}", from) - from);
}

class Rules : public testing::TestWithParam<Row> {};
TEST_P(Rules, AreThoseOfTheDisturbance) {
  const Row& row = GetParam();
  const std::string rules = rules_of(row.disturbance, "t", {row.path});
  EXPECT_EQ(chain_of(rules, "input"), row.in) << rules;
  EXPECT_EQ(chain_of(rules, "output"), row.out) << rules;
}
INSTANTIATE_TEST_SUITE_P(
    Kinds, Rules,
    testing::Values(
        Row{"drop", {.kind = Kind::drop}, link, "tcp dport 80 drop", "tcp sport 80 drop"},
        Row{"drop_at_the_front", {.kind = Kind::drop}, front, "tcp sport 443 drop", "tcp dport 443 drop"},
        Row{"syn", {.kind = Kind::drop_syn}, link, "tcp dport 80 tcp flags & (syn | ack) == syn drop", ""},
        Row{"syn_at_the_front",
            {.kind = Kind::drop_syn},
            front,
            "",
            "tcp dport 443 tcp flags & (syn | ack) == syn drop"},
        Row{"unreachable",
            {.kind = Kind::unreachable},
            link,
            "tcp dport 80 reject with icmpx type host-unreachable",
            "tcp sport 80 drop"},
        Row{"loss",
            {.kind = Kind::loss, .ratio = 0.05},
            link,
            "tcp dport 80 numgen random mod 1000000 < 50000 drop",
            "tcp sport 80 numgen random mod 1000000 < 50000 drop"},
        Row{"loss_one_way",
            {.kind = Kind::loss, .to_client = false, .ratio = 1},
            link,
            "tcp dport 80 numgen random mod 1000000 < 1000000 drop",
            ""},
        Row{"loss_at_the_front",
            {.kind = Kind::loss, .to_client = false, .ratio = 1},
            front,
            "",
            "tcp dport 443 numgen random mod 1000000 < 1000000 drop"},
        Row{"rate",
            {.kind = Kind::rate, .to_server = false, .rate = 1000},
            link,
            "",
            "tcp sport 80 limit rate over 1000 bytes/second burst 1000 bytes drop"},
        Row{"firewall",
            {.kind = Kind::firewall, .idle = 1500ms},
            link,
            "tcp dport 80 ct state new tcp flags & (syn | ack) != syn drop\ntcp dport 80 ct state invalid "
            "drop",
            "tcp sport 80 ct state new tcp flags & (syn | ack) != syn drop\ntcp sport 80 ct state invalid "
            "drop"},
        Row{"unplug", {.kind = Kind::unplug}, link, "", ""}),
    [](const auto& info) { return std::string(info.param.name); });

TEST(Rules, CountAFirewallsSilenceInWholeSeconds) {
  const auto rules = [](Duration idle) {
    return rules_of({.kind = Kind::firewall, .idle = idle}, "t", {link});
  };
  EXPECT_NE(rules(1500ms).find("established: 2 }"), std::string::npos);
  EXPECT_NE(rules(1ms).find("established: 1 }"), std::string::npos);
}

TEST(Flows, AreReadAsTheyWereWritten) {
  const std::vector<Flow> flows{{40000, 80, 2}, {80, 65535, 4294967295}};
  EXPECT_EQ(read_flows(write_flows(flows)), flows);
  EXPECT_EQ(read_flows(""), std::vector<Flow>());
  EXPECT_FALSE(read_flows("40000 80 x\n"));
  EXPECT_FALSE(read_flows("70000 80 1\n"));
}

}  // namespace
}  // namespace wsfault::network
