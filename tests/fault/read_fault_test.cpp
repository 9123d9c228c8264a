// A [[fault]] table: what is allowed, and the whole text of each error.
#include <gtest/gtest.h>

#include <algorithm>

#include "fault/attributes_of.hpp"
#include "fault/catalogue.hpp"
#include "fault/fault_spec.hpp"
#include "value/toml.hpp"

namespace wsfault::fault {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const Seats client_seats{.links = {"link"}, .default_link = "link", .parties = {"sut", "upstream"}};
const Seats gateway_seats{.links = {"front", "back", "green"},
                          .default_link = "back",
                          .parties = {"client", "sut", "blue", "green"},
                          .served_by_sut = {"front"},
                          .also_called = {{"blue", "back"}}};
const Seats server_seats{
    .links = {"link"}, .default_link = "link", .parties = {"client", "sut"}, .served_by_sut = {"link"}};

struct Read {
  std::optional<FaultSpec> spec;
  std::string errors;
};

Read read(const std::string& toml, const Seats& seats = client_seats) {
  Diagnostics diagnostics("f.toml", toml);
  Read result;
  if (const auto table = parse_toml(toml, diagnostics)) result.spec = read_fault(*table, seats, diagnostics);
  result.errors = diagnostics.print();
  EXPECT_EQ(result.spec.has_value(), result.errors.empty());
  return result;
}

FaultSpec spec_of(const std::string& toml, const Seats& seats = client_seats) {
  Read result = read(toml, seats);
  EXPECT_EQ(result.errors, "");
  return result.spec.value_or(FaultSpec{});
}

// --- what is allowed

TEST(ReadFault, OneAddressOfALinkWithSeveral) {
  Seats seats = client_seats;
  seats.addresses = 2;
  EXPECT_EQ(spec_of("inject = \"dark\"\naddress = 2", seats).address, 2);
  EXPECT_EQ(spec_of("inject = \"reset\"", seats).address, std::nullopt);
  EXPECT_NE(read("inject = \"kill\"\nat = \"sut\"\naddress = 1", seats).errors.find("it takes no `address`"),
            std::string::npos);
  EXPECT_NE(read("inject = \"unplug\"\nat = \"network\"\naddress = 1", seats)
                .errors.find("strikes all addresses of a link: it takes no `address`"),
            std::string::npos);
  EXPECT_NE(read("inject = \"dark\"\naddress = 0", seats).errors.find("from 1"), std::string::npos);
}

TEST(ReadFault, TheSmallestTableHasTheDefaults) {
  const FaultSpec spec = spec_of("inject = \"reset\"");
  EXPECT_EQ(spec.name, "reset");
  EXPECT_EQ(spec.inject, "reset");
  EXPECT_EQ(spec.at, "link");
  EXPECT_FALSE(spec.of);
  EXPECT_EQ(spec.connections.text, "1");
  EXPECT_EQ(to_string(spec.when), "open");
  EXPECT_EQ(spec.after, Duration(0));
  EXPECT_FALSE(spec.lasts);
  EXPECT_EQ(spec.direction, Direction::both);
  EXPECT_EQ(spec.count, 1);
  EXPECT_EQ(spec.probability, 1);
  EXPECT_EQ(attributes_of(spec), "flush=true");
}

TEST(ReadFault, AWholeLinkIsStruckAtOneMoment) {
  const FaultSpec spec = spec_of("inject = \"blackhole\"\nscope = \"link\"");
  EXPECT_TRUE(spec.whole_link);
  EXPECT_TRUE(spec.has_one_moment());
  EXPECT_FALSE(spec.acts_once);
  EXPECT_EQ(spec.connections.text, "all");
  EXPECT_TRUE(spec_of("inject = \"reset\"\nscope = \"link\"").acts_once);
  EXPECT_FALSE(spec_of("inject = \"reset\"\nscope = \"connection\"").has_one_moment());
}

TEST(ReadFault, ADurationMayBeAListOfThem) {
  EXPECT_EQ(attributes_of(spec_of("inject = \"flap\"\ndown = [\"1s\", \"250ms\"]\ntimes = 2")),
            "down=[1000000000ns, 250000000ns] up=[5000000000ns] times=2 jitter=0");
}

TEST(ReadFault, EveryKeyIsRead) {
  const FaultSpec spec = spec_of(R"(
inject      = "drop_message"
name        = "lossy"
at          = "front"
of          = "client"
connections = "2-"
when        = { moment = "message 3", from = "server" }
after       = "250ms"
lasts       = "1.5s"
direction   = "to-server"
count       = 4
probability = 0.25
)",
                                 gateway_seats);
  EXPECT_EQ(spec.name, "lossy");
  EXPECT_EQ(spec.at, "front");
  EXPECT_EQ(spec.of, "client");
  EXPECT_EQ(spec.connections.text, "2-");
  EXPECT_EQ(to_string(spec.when), "message 3 from server");
  EXPECT_EQ(spec.after, milliseconds(250));
  EXPECT_EQ(spec.lasts, milliseconds(1500));
  EXPECT_EQ(spec.direction, Direction::to_server);
  EXPECT_EQ(spec.count, 4);
  EXPECT_EQ(spec.probability, 0.25);
}

TEST(ReadFault, CountMayBeAll) {
  EXPECT_EQ(spec_of("inject = \"drop_message\"\ncount = \"all\"").count, std::nullopt);
}

TEST(ReadFault, ConnectionsMayBeANumber) {
  EXPECT_EQ(spec_of("inject = \"reset\"\nconnections = 3").connections.text, "3");
}

TEST(ReadFault, TheFirstAllowedEndIsTheDefault) {
  EXPECT_EQ(spec_of("inject = \"close\"").end, EndWish::fin);
  EXPECT_EQ(spec_of("inject = \"idle_kill\"\nidle = \"1s\"").end, EndWish::none);
  EXPECT_EQ(spec_of("inject = \"idle_kill\"\nidle = \"1s\"\nend = \"reset_next\"").end, EndWish::reset_next);
  for (const std::string hangs : {"no_close_reply", "close_then_hang"}) {
    EXPECT_EQ(spec_of("inject = \"" + hangs + "\"").end, EndWish::none);
    EXPECT_EQ(spec_of("inject = \"" + hangs + "\"\nend = \"follow\"").end, EndWish::follow);
  }
}

// "Default: both for what ends or silences, else towards the sut"
TEST(ReadFault, TheDefaultDirectionIsTowardsTheSut) {
  const std::string close = "inject = \"close\"";
  EXPECT_EQ(spec_of(close, client_seats).direction, Direction::to_client);
  EXPECT_EQ(spec_of(close, server_seats).direction, Direction::to_server);
  EXPECT_EQ(spec_of("inject = \"blackhole\"", server_seats).direction, Direction::both);
}

// A gateway is the server of the link in front of it, and the client of those behind it.
TEST(ReadFault, TheDefaultDirectionFollowsTheLinkOfAGateway) {
  const auto direction_at = [](const std::string& link) {
    return spec_of("inject = \"reserved_opcode\"\nat = \"" + link + "\"", gateway_seats).direction;
  };
  EXPECT_EQ(direction_at("front"), Direction::to_server);
  EXPECT_EQ(direction_at("back"), Direction::to_client);
  EXPECT_EQ(direction_at("green"), Direction::to_client);
  EXPECT_EQ(spec_of("inject = \"reserved_opcode\"", gateway_seats).direction, Direction::to_client);
}

TEST(ReadFault, ALinkFaultMayNameAnUpstream) {
  EXPECT_EQ(spec_of("inject = \"reset\"\nat = \"blue\"", gateway_seats).at, "back");
  EXPECT_EQ(spec_of("inject = \"reset\"\nat = \"green\"", gateway_seats).at, "green");
  EXPECT_EQ(spec_of("inject = \"kill\"\nat = \"blue\"", gateway_seats).at, "blue");
}

/// Every fault of a link can act on either link of a gateway, except faults that answer instead of the
/// server.
TEST(ReadFault, OnlyWhatAnswersForTheServerIsRefusedInFrontOfAGateway) {
  for (const Entry& entry : catalogue()) {
    if (entry.stand != Stand::link) continue;
    SCOPED_TRACE(entry.name);
    for (const std::string at : {"front", "back", "green"}) {
      const std::string toml = "inject = \"" + std::string(entry.name) + "\"\nat = \"" + at + "\"";
      Diagnostics diagnostics("f.toml", toml);
      read_fault(*parse_toml(toml, diagnostics), gateway_seats, diagnostics);
      const bool refused = diagnostics.print().find("cannot stand at") != std::string::npos;
      EXPECT_EQ(refused, entry.answers && at == "front") << at;
    }
  }
}

TEST(ReadFault, AttributesHaveTheirTypes) {
  const auto own = [](const std::string& toml) { return attributes_of(spec_of("inject = " + toml)); };
  EXPECT_EQ(own("\"latency\"\nlatency = \"2 * 50ms\""), "latency=100000000ns jitter=0ns");
  EXPECT_EQ(own("\"limit_data\"\nbytes = \"64KiB\""), "bytes=65536");
  EXPECT_EQ(own("\"corrupt\"\nbits = 2\nratio = 0.5"), "bits=2 ratio=0.5");
  EXPECT_EQ(own("\"corrupt\"\nratio = 0"), "bits=1 ratio=0");
  EXPECT_EQ(own("\"reset\"\nflush = false"), "flush=false");
  EXPECT_EQ(own("\"bad_101\"\nflaw = \"no-upgrade\""), "flaw=no-upgrade");
  EXPECT_EQ(own("\"close\"\ncode = 1000\nreason = \"gone\""), "code=1000 reason=gone");
  EXPECT_EQ(own("\"close\"\nraw = { hex = \"03E8ff\" }"), "reason= raw=\x03\xe8\xff");
  EXPECT_EQ(own("\"respond\"\nstatus = 503\nheaders = { Retry-After = \"1\", X = \"y\" }"),
            "status=503 headers={Retry-After: 1}{X: y} body=");
  EXPECT_EQ(own("\"run\"\nat = \"sut\"\ncommand = [\"kill\", \"me\"]"), "command=[\"kill\", \"me\"]");
}

// A preset is a set of keys: what is stated goes before it.
TEST(ReadFault, APresetStandsForItsKeys) {
  const FaultSpec nginx = spec_of("inject = \"idle_kill\"\npreset = \"nginx\"");
  EXPECT_EQ(attributes_of(nginx), "idle=60000000000ns renewed_by=any preset=nginx scale=1");
  EXPECT_EQ(nginx.end, EndWish::fin);
  const FaultSpec changed =
      spec_of("inject = \"idle_kill\"\npreset = \"nginx\"\nidle = \"2s\"\nend = \"reset\"");
  EXPECT_EQ(attributes_of(changed), "idle=2000000000ns renewed_by=any preset=nginx scale=1");
  EXPECT_EQ(changed.end, EndWish::reset);
  const FaultSpec gateway = spec_of("inject = \"max_age\"\npreset = \"aws-api-gateway\"");
  EXPECT_EQ(attributes_of(gateway),
            "age=7200000000000ns preset=aws-api-gateway scale=1 code=1001 reason=Going away");
  EXPECT_EQ(gateway.end, EndWish::close);
  EXPECT_EQ(spec_of("inject = \"idle_kill\"\npreset = \"haproxy\"").direction, Direction::to_server);
}

TEST(ReadFault, EveryPresetIsOneOfItsFault) {
  for (const Entry& entry : catalogue()) {
    for (const Preset& preset : entry.presets) {
      SCOPED_TRACE(preset.name);
      EXPECT_FALSE(preset.source.empty());
      std::string toml =
          "inject = \"" + std::string(entry.name) + "\"\npreset = \"" + std::string(preset.name) + "\"";
      if (preset.name == "caddy") toml += "\nidle = \"1s\"";  // it has no limit of its own
      for (const auto& [key, text] : preset.keys) {
        EXPECT_TRUE(key == "end" || key == "direction" ||
                    std::ranges::find(entry.attributes, key, &Attribute::name) != entry.attributes.end());
      }
      spec_of(toml);
    }
  }
}

TEST(ReadFault, AScaleMultipliesAllTimesOfTheFault) {
  EXPECT_EQ(attributes_of(spec_of("inject = \"idle_kill\"\npreset = \"nginx\"\nscale = 0.01")),
            "idle=600000000ns renewed_by=any preset=nginx scale=0.01");
  EXPECT_EQ(attributes_of(spec_of("inject = \"max_age\"\nage = \"1s + 1s\"\nscale = 2")),
            "age=4000000000ns scale=2");
}

TEST(ReadFault, AMiddleboxMaySayGoodbye) {
  const FaultSpec spec =
      spec_of("inject = \"idle_kill\"\nidle = \"1s\"\nend = \"close\"\ncode = 4000\nreason = \"idle\"");
  EXPECT_EQ(spec.end, EndWish::close);
  EXPECT_EQ(attributes_of(spec), "idle=1000000000ns renewed_by=any scale=1 code=4000 reason=idle");
}

TEST(ReadFault, ConnectionsMayBeNamedByTheirRequest) {
  const FaultSpec spec = spec_of(
      R"(inject = "reset"
connections = { path = "/private", headers = { Authorization = "/^Bearer/" } })");
  EXPECT_EQ(spec.connections.text, "with path /private, Authorization: /^Bearer/");
  EXPECT_TRUE(spec.connections.contains(7));
  EXPECT_FALSE(spec.connections.closed());
  wire::RequestHead request{"GET", "/private?x=1", 11, {{"authorization", "Bearer x"}}};
  EXPECT_TRUE(spec.connections.request->matches(request));
  request.target = "/privately";
  EXPECT_FALSE(spec.connections.request->matches(request));
}

TEST(ReadFault, AMomentOfOneConnectionIsAboutThatOneUnlessOthersAreListed) {
  const std::string second = "inject = \"reset\"\nwhen = { moment = \"open\", connection = 2 }\n";
  EXPECT_EQ(spec_of(second).connections.text, "2");
  EXPECT_EQ(spec_of(second + "connections = 1").connections.text, "1");
  EXPECT_EQ(spec_of("inject = \"latency\"\nlatency = \"1s\"\nwhen = { moment = \"open\", connection = 2 }")
                .connections.text,
            "all");
}

TEST(ReadFault, AProcessFaultStandsOnAParty) {
  const FaultSpec spec = spec_of("inject = \"kill\"\nat = \"upstream\"\nscope = \"main\"");
  EXPECT_TRUE(spec.on_party);
  EXPECT_EQ(spec.at, "upstream");
  EXPECT_EQ(attributes_of(spec), "signal=9 scope=main");
}

// --- what is wrong, in full

struct Wrong {
  const char* name;
  std::string toml;
  std::string errors;
};

void PrintTo(const Wrong& wrong, std::ostream* out) { *out << wrong.name; }

class WrongFault : public testing::TestWithParam<Wrong> {};

TEST_P(WrongFault, IsToldInFull) {
  const Read result = read(GetParam().toml);
  EXPECT_EQ(result.errors, GetParam().errors);
}

INSTANTIATE_TEST_SUITE_P(
    Keys, WrongFault,
    testing::Values(
        Wrong{"no_inject", "at = \"link\"",
              "f.toml:1:1: error: a fault needs `inject`, the name of what it does\n"
              "  1 | at = \"link\"\n"
              "    | ^\n"
              "    = `wsfault list faults` lists them\n"},
        Wrong{"inject_is_no_text", "inject = 5",
              "f.toml:1:10: error: `inject` must be a fault's name, found an integer\n"
              "  1 | inject = 5\n"
              "    |          ^\n"},
        Wrong{"wrong_place", "inject = \"reset\"\nat = \"lnik\"",
              "f.toml:2:6: error: `reset` cannot stand at \"lnik\"\n"
              "  2 | at = \"lnik\"\n"
              "    |      ^\n"
              "    = did you mean \"link\"? allowed: link\n"},
        Wrong{"misspelt_network", "inject = \"unplug\"\nat = \"netwrk\"",
              "f.toml:2:6: error: `unplug` stands on the network, it cannot stand at \"netwrk\"\n"
              "  2 | at = \"netwrk\"\n"
              "    |      ^\n"
              "    = did you mean \"network\"? allowed: network; `between` says whom it separates\n"},
        Wrong{"misspelt_party_between", "inject = \"partition\"\nbetween = [\"sut\", \"upstrem\"]",
              "f.toml:2:19: error: unknown party \"upstrem\" in `between`\n"
              "  2 | between = [\"sut\", \"upstrem\"]\n"
              "    |                   ^\n"
              "    = did you mean \"upstream\"? allowed: sut, upstream\n"},
        Wrong{"misspelt_of", "inject = \"reset\"\nof = \"sutt\"",
              "f.toml:2:6: error: unknown party \"sutt\" in `of`\n"
              "  2 | of = \"sutt\"\n"
              "    |      ^\n"
              "    = did you mean \"sut\"? allowed: sut, upstream\n"},
        Wrong{"misspelt_party", "inject = \"kill\"\nat = \"upstrem\"",
              "f.toml:2:6: error: `kill` cannot stand at \"upstrem\"\n"
              "  2 | at = \"upstrem\"\n"
              "    |      ^\n"
              "    = did you mean \"upstream\"? allowed: sut, upstream\n"},
        Wrong{"wrong_type_of_place", "inject = \"reset\"\nat = 1",
              "f.toml:2:6: error: `reset` cannot stand at \"an integer\"\n"
              "  2 | at = 1\n"
              "    |      ^\n"
              "    = allowed: link\n"},
        Wrong{"a_wire_fault_on_a_party", "inject = \"reset\"\nat = \"sut\"",
              "f.toml:2:6: error: `reset` cannot stand at \"sut\"\n"
              "  2 | at = \"sut\"\n"
              "    |      ^\n"
              "    = allowed: link\n"},
        Wrong{"of_on_refuse", "inject = \"refuse\"\nof = \"sut\"\nconnections = \"all\"",
              "f.toml:2:6: error: `refuse` strikes no single connection: it takes no `of`\n"
              "  2 | of = \"sut\"\n"
              "    |      ^\n"
              "f.toml:3:15: error: `refuse` strikes no single connection: it takes no `connections`\n"
              "  3 | connections = \"all\"\n"
              "    |               ^\n"},
        Wrong{"scope_on_a_handshake", "inject = \"respond\"\nstatus = 503\nscope = \"link\"",
              "f.toml:3:9: error: `respond` takes no `scope`: it strikes a connection in its handshake\n"
              "  3 | scope = \"link\"\n"
              "    |         ^\n"
              "    = `connections` says which ones\n"},
        Wrong{"scope_of_its_own", "inject = \"kill\"\nat = \"sut\"\nscope = \"link\"",
              "f.toml:3:9: error: \"scope\" cannot be \"link\"\n"
              "  3 | scope = \"link\"\n"
              "    |         ^\n"
              "    = allowed: tree, main\n"},
        Wrong{"scope_on_dark", "inject = \"dark\"\nscope = \"link\"",
              "f.toml:2:9: error: `dark` strikes no single connection: it takes no `scope`\n"
              "  2 | scope = \"link\"\n"
              "    |         ^\n"},
        Wrong{"scope_and_connections", "inject = \"reset\"\nscope = \"link\"\nconnections = 2",
              "f.toml:3:15: error: a fault with `scope = \"link\"` strikes all connections: it takes no "
              "`connections`\n"
              "  3 | connections = 2\n"
              "    |               ^\n"},
        Wrong{"wrong_connections", "inject = \"reset\"\nconnections = \"some\"",
              "f.toml:2:15: error: \"some\" names no connections; allowed: \"1\", \"1-3\", \"2-\", \"odd\", "
              "\"even\", "
              "\"all\"\n"
              "  2 | connections = \"some\"\n"
              "    |               ^\n"},
        Wrong{
            "wrong_moment", "inject = \"reset\"\nwhen = \"mesage 3\"",
            "f.toml:2:8: error: unknown moment \"mesage 3\"; did you mean \"message\"? allowed: start, "
            "connect, upgrade, "
            "open, message, frame, ping, pong, close, byte, http, end, idle, fault, healed, mark, exit, log\n"
            "  2 | when = \"mesage 3\"\n"
            "    |        ^\n"},
        Wrong{"lasts_on_what_cannot_heal", "inject = \"reset\"\nlasts = \"1s\"",
              "f.toml:2:9: error: `reset` cannot heal: it takes no `lasts`\n"
              "  2 | lasts = \"1s\"\n"
              "    |         ^\n"},
        Wrong{"end_on_what_takes_none", "inject = \"reset\"\nend = \"fin\"",
              "f.toml:2:7: error: `reset` takes no `end`\n"
              "  2 | end = \"fin\"\n"
              "    |       ^\n"},
        Wrong{"end_that_is_not_allowed", "inject = \"close\"\nend = \"reset_next\"",
              "f.toml:2:7: error: \"end\" cannot be \"reset_next\"\n"
              "  2 | end = \"reset_next\"\n"
              "    |       ^\n"
              "    = allowed: fin, reset, none\n"},
        Wrong{"wrong_direction", "inject = \"fin\"\ndirection = \"to-sut\"",
              "f.toml:2:13: error: \"direction\" cannot be \"to-sut\"\n"
              "  2 | direction = \"to-sut\"\n"
              "    |             ^\n"
              "    = allowed: to-client, to-server, both\n"},
        Wrong{"count_on_what_takes_none", "inject = \"reset\"\ncount = 2",
              "f.toml:2:9: error: `reset` takes no `count`\n"
              "  2 | count = 2\n"
              "    |         ^\n"},
        Wrong{"count_of_nothing", "inject = \"drop_message\"\ncount = 0",
              "f.toml:2:9: error: `count` must be a number from 1, or \"all\"\n"
              "  2 | count = 0\n"
              "    |         ^\n"},
        Wrong{"probability_above_1", "inject = \"reset\"\nprobability = 50",
              "f.toml:2:15: error: \"probability\" must be between 0 and 1, found 50\n"
              "  2 | probability = 50\n"
              "    |               ^\n"},
        Wrong{"after_without_a_unit", "inject = \"reset\"\nafter = 5",
              "f.toml:2:9: error: \"after\" must be a duration like \"250ms\", found an integer\n"
              "  2 | after = 5\n"
              "    |         ^\n"}),
    [](const auto& info) { return std::string(info.param.name); });

INSTANTIATE_TEST_SUITE_P(
    Attributes, WrongFault,
    testing::Values(
        Wrong{"out_of_range", "inject = \"close\"\ncode = 65536",
              "f.toml:2:8: error: \"code\" must be between 0 and 65535, found 65536\n"
              "  2 | code = 65536\n"
              "    |        ^\n"},
        Wrong{"not_one_of_them", "inject = \"bad_101\"\nflaw = \"wrong-acept\"",
              "f.toml:2:8: error: \"flaw\" cannot be \"wrong-acept\"\n"
              "  2 | flaw = \"wrong-acept\"\n"
              "    |        ^\n"
              "    = did you mean \"wrong-accept\"? allowed: wrong-accept, no-accept, no-upgrade, "
              "no-connection, "
              "wrong-subprotocol, unoffered-extension\n"},
        Wrong{"wrong_duration", "inject = \"latency\"\nlatency = true",
              "f.toml:2:11: error: \"latency\" must be a duration like \"250ms\", found a boolean\n"
              "  2 | latency = true\n"
              "    |           ^\n"},
        Wrong{"a_size_out_of_range", "inject = \"huge_head\"\nbytes = \"2MiB\"",
              "f.toml:2:9: error: `bytes` must be a size from 32B to 1MiB, found 2MiB\n"
              "  2 | bytes = \"2MiB\"\n"
              "    |         ^\n"},
        Wrong{"a_reload_of_another", "inject = \"reload\"\nat = \"upstream\"",
              "f.toml:2:6: error: `reload` cannot stand at \"upstream\"\n"
              "  2 | at = \"upstream\"\n"
              "    |      ^\n"
              "    = allowed: sut\n"},
        Wrong{"wrong_boolean", "inject = \"reset\"\nflush = \"no\"",
              "f.toml:2:9: error: \"flush\" must be true or false, found a string\n"
              "  2 | flush = \"no\"\n"
              "    |         ^\n"},
        Wrong{"half_a_byte", "inject = \"close\"\nraw = { hex = \"03e\" }",
              "f.toml:2:15: error: `hex` must be pairs of hexadecimal digits\n"
              "  2 | raw = { hex = \"03e\" }\n"
              "    |               ^\n"},
        Wrong{"a_sign_is_no_digit", "inject = \"close\"\nraw = { hex = \"+f\" }",
              "f.toml:2:15: error: `hex` must be pairs of hexadecimal digits\n"
              "  2 | raw = { hex = \"+f\" }\n"
              "    |               ^\n"},
        Wrong{"a_header_that_is_no_text", "inject = \"respond\"\nstatus = 503\nheaders = { Retry-After = 1 }",
              "f.toml:3:27: error: the header field \"Retry-After\" must be a string\n"
              "  3 | headers = { Retry-After = 1 }\n"
              "    |                           ^\n"},
        Wrong{"headers_that_are_no_table", "inject = \"respond\"\nstatus = 503\nheaders = \"X: 1\"",
              "f.toml:3:11: error: `headers` must be a table of header fields, found a string\n"
              "  3 | headers = \"X: 1\"\n"
              "    |           ^\n"},
        Wrong{"an_unknown_preset", "inject = \"idle_kill\"\npreset = \"nginks\"",
              "f.toml:2:10: error: \"preset\" cannot be \"nginks\"\n"
              "  2 | preset = \"nginks\"\n"
              "    |          ^\n"
              "    = did you mean \"nginx\"? allowed: nginx, haproxy, apache, caddy, aws-alb, aws-nlb, "
              "aws-api-gateway, azure-load-balancer, cloudflare\n"},
        Wrong{"a_code_of_no_close", "inject = \"max_age\"\nage = \"1s\"\ncode = 1001",
              "f.toml:3:8: error: `code` is of a Close frame, and `end` is \"fin\"\n"
              "  3 | code = 1001\n"
              "    |        ^\n"
              "    = end = \"close\"\n"},
        Wrong{"an_empty_request", "inject = \"reset\"\nconnections = {}",
              "f.toml:2:15: error: `connections` names no request\n"
              "  2 | connections = {}\n"
              "    |               ^\n"
              "    = { path = \"/chat\", headers = { Name = \"text or /regex/\" } }\n"},
        Wrong{"a_request_before_there_is_one", "inject = \"accept_hang\"\nconnections = { path = \"/x\" }",
              "f.toml:2:15: error: `accept_hang` strikes before there is a request: it takes numbers only\n"
              "  2 | connections = { path = \"/x\" }\n"
              "    |               ^\n"},
        Wrong{"unknown_key", "inject = \"reset\"\nflsh = false",
              "f.toml:2:1: error: unknown key \"flsh\" in [[fault]]\n"
              "  2 | flsh = false\n"
              "    | ^\n"
              "    = did you mean \"flush\"? allowed: address, after, at, connections, count, direction, end, flush, "
              "inject, "
              "lasts, name, of, probability, scope, when\n"}),
    [](const auto& info) { return std::string(info.param.name); });

TEST(WrongFault, ANameThatIsNearlyOneIsSuggested) {
  const std::string errors = read("inject = \"rset\"").errors;
  EXPECT_TRUE(
      errors.starts_with("f.toml:1:10: error: unknown fault \"rset\"\n"
                         "  1 | inject = \"rset\"\n"
                         "    |          ^\n"
                         "    = did you mean \"reset\"? allowed: kill, "))
      << errors;
}

TEST(WrongFault, AProcessFaultMustSayWhere) {
  EXPECT_EQ(read("inject = \"kill\"").errors,
            "f.toml:1:1: error: `kill` acts on a party: say which with `at`\n"
            "  1 | inject = \"kill\"\n"
            "    | ^\n"
            "    = allowed: sut, upstream\n");
}

TEST(WrongFault, AnAnswerCannotStandWhereTheSutIsTheServer) {
  EXPECT_EQ(read("inject = \"redirect\"\nlocation = \"/\"\nat = \"front\"", gateway_seats).errors,
            "f.toml:3:6: error: `redirect` cannot stand at \"front\": it answers in the server's place, and "
            "there the system under test is the server\n"
            "  3 | at = \"front\"\n"
            "    |      ^\n"
            "    = allowed: back, green, blue\n");
  EXPECT_EQ(read("inject = \"bad_101\"\nflaw = \"no-accept\"", server_seats).errors,
            "f.toml:1:1: error: `bad_101` cannot stand at \"link\": it answers in the server's place, and "
            "there the system under test is the server\n"
            "  1 | inject = \"bad_101\"\n"
            "    | ^\n"
            "    = nowhere in a scenario of this role\n");
}

TEST(WrongFault, ARequiredAttributeIsMissed) {
  EXPECT_EQ(read("inject = \"latency\"").errors,
            "f.toml:1:1: error: `latency` needs `latency`: in each direction it covers\n"
            "  1 | inject = \"latency\"\n"
            "    | ^\n"
            "    = a duration above 0, like \"250ms\"\n");
}

TEST(WrongFault, AnUnknownPartyInOfIsTold) {
  const std::string errors = read("inject = \"reset\"\nof = \"stu\"").errors;
  EXPECT_NE(errors.find("error: unknown party \"stu\" in `of`\n"), std::string::npos) << errors;
  EXPECT_NE(errors.find("= did you mean \"sut\"? allowed: sut, upstream\n"), std::string::npos) << errors;
}

TEST(WrongFault, EverythingWrongIsToldAtOnce) {
  Diagnostics diagnostics("f.toml", "");
  const auto table = parse_toml(
      "inject = \"reset\"\nat = \"x\"\ncount = 1\nend = \"fin\"\nlasts = \"1s\"\nhuh = 1", diagnostics);
  EXPECT_FALSE(read_fault(*table, client_seats, diagnostics));
  EXPECT_EQ(diagnostics.errors().size(), 5U);
}

// RFC 6455 5.2: the reserved opcodes are 3-7 and 11-15.

// --- no time at all

/// Where a fault that does its thing for no time would prove nothing.
TEST(WrongFault, NoTimeIsAnErrorWhereItMeansNothing) {
  struct Row {
    const char* key;
    std::string toml;
  };
  const Row rows[] = {
      {"lasts", "inject = \"blackhole\"\nlasts = "},
      {"lasts", "inject = \"unplug\"\nlasts = "},
      {"lasts", "inject = \"freeze\"\nat = \"upstream\"\nlasts = "},
      {"down", "inject = \"flap\"\ndown = "},
      {"up", "inject = \"flap\"\nup = "},
      {"idle", "inject = \"idle_kill\"\nidle = "},
      {"age", "inject = \"max_age\"\nage = "},
      {"latency", "inject = \"latency\"\nlatency = "},
      {"delay", "inject = \"slow_close\"\ndelay = "},
      {"delay", "inject = \"delay_message\"\ndelay = "},
      {"delay", "inject = \"delay_pong\"\ndelay = "},
      {"wait", "inject = \"reorder_messages\"\nwait = "},
      {"within", "inject = \"glued_head\"\nwithin = "},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.toml);
    const auto line = std::ranges::count(row.toml, '\n') + 1;
    const std::string place = "f.toml:" + std::to_string(line) + ":";
    for (const char* none : {"\"0s\"", "\"3 * 0ms\""}) {
      const std::string errors = read(row.toml + none).errors;
      EXPECT_TRUE(errors.starts_with(place)) << errors;
      EXPECT_NE(errors.find("\"" + std::string(row.key) + "\" must be above 0, found " + none),
                std::string::npos)
          << errors;
    }
    EXPECT_EQ(read(row.toml + "\"1ns\"").errors, "");
  }
  EXPECT_NE(read("inject = \"flap\"\ndown = [\"1s\", \"0s\"]")
                .errors.find("\"down\" must be above 0, found \"0s\""),
            std::string::npos);
}

/// At once.
TEST(ReadFault, NoTimeMayBeMeant) {
  for (const char* toml :
       {"inject = \"reset\"\nafter = \"0s\"", "inject = \"restart\"\nat = \"upstream\"\ndown = \"0s\"",
        "inject = \"stop\"\nat = \"upstream\"\ngrace = \"0s\"", "inject = \"slicer\"\ndelay = \"0s\"",
        "inject = \"latency\"\nlatency = \"1s\"\njitter = \"0s\""})
    EXPECT_EQ(read(toml).errors, "") << toml;
}

TEST(WrongFault, AnOpcodeWithAMeaningIsNotReserved) {
  for (const char* opcode : {"3", "7", "11", "15"}) {
    EXPECT_EQ(read("inject = \"reserved_opcode\"\nopcode = " + std::string(opcode)).errors, "") << opcode;
  }
  for (const char* opcode : {"8", "9", "10"}) {
    EXPECT_NE(read("inject = \"reserved_opcode\"\nopcode = " + std::string(opcode)).errors, "") << opcode;
  }
}

// --- on the network

TEST(ReadFault, OnTheNetworkConcernsAllLinksOrTheOneBetweenTwoParties) {
  EXPECT_EQ(spec_of("inject = \"unplug\"").links, std::vector<std::string>{"link"});
  EXPECT_TRUE(spec_of("at = \"network\"\ninject = \"unplug\"").on_network);
  EXPECT_EQ(spec_of("inject = \"partition\"", gateway_seats).links, gateway_seats.links);
  const auto between = [](const std::string& one, const std::string& other) {
    return spec_of("inject = \"partition\"\nbetween = [\"" + one + "\", \"" + other + "\"]", gateway_seats);
  };
  EXPECT_EQ(between("sut", "client").links, std::vector<std::string>{"front"});
  EXPECT_EQ(between("sut", "blue").links, std::vector<std::string>{"back"});
  EXPECT_EQ(between("green", "sut").links, std::vector<std::string>{"green"});
  EXPECT_EQ(between("green", "sut").at, "green");
}

TEST(ReadFault, OnTheNetworkItsPlaceAndItsMomentAreChecked) {
  const auto wrong = [](const std::string& toml, const Seats& seats) { return read(toml, seats).errors; };
  EXPECT_NE(wrong("at = \"link\"\ninject = \"unplug\"", client_seats).find("`unplug` stands on the network"),
            std::string::npos);
  EXPECT_NE(wrong("inject = \"partition\"\nbetween = [\"blue\", \"green\"]", gateway_seats)
                .find("allowed: [\"sut\", \"client\"], [\"sut\", \"blue\"], [\"sut\", \"green\"]"),
            std::string::npos);
  EXPECT_NE(wrong("inject = \"partition\"\nbetween = \"sut\"", client_seats).find("`between` names"),
            std::string::npos);
  EXPECT_NE(wrong("inject = \"roam\"", gateway_seats).find("`roam` is for clients"), std::string::npos);
  EXPECT_NE(wrong("inject = \"roam\"", server_seats).find("`roam` is for clients"), std::string::npos);
  EXPECT_NE(wrong("inject = \"firewall\"\nidle = \"1s\"\nwhen = \"open\"", client_seats)
                .find("`when` is \"start\""),
            std::string::npos);
  EXPECT_NE(wrong("inject = \"loss\"", client_seats).find("ratio"), std::string::npos);
  EXPECT_NE(wrong("inject = \"loss\"\nratio = 1", client_seats).find("ratio"), std::string::npos);
  for (const char* idle : {"0s", "250ms", "1.5s"})
    EXPECT_NE(wrong("inject = \"firewall\"\nidle = \"" + std::string(idle) + "\"", client_seats).find("whole seconds"),
              std::string::npos);
  EXPECT_NE(wrong("inject = \"reset\"\nbetween = [\"sut\", \"upstream\"]", client_seats).find("between"),
            std::string::npos);
}

TEST(ReadFault, OnTheNetworkItSaysWhatIsDoneThere) {
  using On = network::Disturbance::Kind;
  const network::Disturbance loss =
      disturbance_of(spec_of("inject = \"loss\"\nratio = 0.25\ndirection = \"to-client\""));
  EXPECT_EQ(loss.kind, On::loss);
  EXPECT_EQ(loss.ratio, 0.25);
  EXPECT_TRUE(loss.to_client);
  EXPECT_FALSE(loss.to_server);
  const network::Disturbance wall =
      disturbance_of(spec_of("inject = \"firewall\"\nidle = \"2s\"\nend = \"reset_next\""));
  EXPECT_EQ(wall.kind, On::firewall);
  EXPECT_EQ(wall.idle, seconds(2));
  EXPECT_TRUE(wall.reset);
  EXPECT_EQ(disturbance_of(spec_of("inject = \"rate\"\nrate = \"10kB\"")).rate, 10'000U);
}

}  // namespace
}  // namespace wsfault::fault
