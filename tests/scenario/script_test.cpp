// Scripts of upstreams and clients, step by step, and the steps that inject.
#include <gtest/gtest.h>

#include "fault/attributes_of.hpp"
#include "loading.hpp"

namespace wsfault::scenario {
namespace {

using std::chrono::milliseconds;

const std::string everything = client(R"x([upstream]
steps = [
  { accept = { subprotocol = "chat", headers = { X-Id = "7", Set-Cookie = ["a", "b"] } } },
  { expect = "subscribe", within = "2s" },
  { send = "snapshot ${seq}" },
  { wait = "200ms" },
  { wait = "message 3" },
  { ping = "are you there" },
  { send = { hex = "fF00" } },
  { send = { size = "64KiB" } },
  { frame = { opcode = 3, rsv = 4, fin = false, payload = "x", masked = true, length = 9 } },
  { raw = { hex = "ffff" } },
  { repeat = 20, steps = [{ send = "event" }] },
  { on = 'message /"ref":"(?P<ref>\d+)"/', steps = [{ send = "reply ${ref}" }] },
  { on = "http /refresh/", steps = [{ wait = "10ms" }, { respond = 200, body = "x" }] },
  { mark = "subscribed" },
  { close = "empty" },
  { close = 1011, reason = "out of memory" },
]
)x");

model::Steps steps_of(const LoadedCase& one) {
  return one.scenario.upstreams.front().steps.value_or(model::Steps{});
}

template <typename Step>
Step step(const model::Steps& steps, std::size_t index) {
  return std::get<Step>(steps.at(index).what);
}

TEST(Script, ReadsWhatIsSent) {
  const model::Steps steps = steps_of(case_of(everything));
  ASSERT_EQ(steps.size(), 16u);
  const auto accept = step<model::AcceptStep>(steps, 0);
  EXPECT_EQ(accept.subprotocol, "chat");
  ASSERT_EQ(accept.headers.size(), 3u);
  EXPECT_EQ(accept.headers[2].value, "b");
  EXPECT_EQ(step<model::SendStep>(steps, 2).payload.text, "snapshot ${seq}");
  EXPECT_FALSE(step<model::SendStep>(steps, 2).payload.binary);
  EXPECT_EQ(step<model::PingStep>(steps, 5).data, "are you there");
  EXPECT_EQ(step<model::SendStep>(steps, 6).payload.text, std::string("\xff\0", 2));
  EXPECT_TRUE(step<model::SendStep>(steps, 6).payload.binary);
  EXPECT_EQ(step<model::SendStep>(steps, 7).payload.size, 65536u);
  const auto frame = step<model::FrameStep>(steps, 8);
  EXPECT_EQ(frame.opcode, 3);
  EXPECT_EQ(frame.rsv, 4);
  EXPECT_FALSE(frame.fin);
  EXPECT_EQ(frame.masked, true);
  EXPECT_EQ(frame.declared_length, 9u);
  EXPECT_EQ(frame.payload.text, "x");
  EXPECT_EQ(step<model::RawStep>(steps, 9).bytes, "\xff\xff");
  EXPECT_EQ(step<model::CloseStep>(steps, 14).code, std::nullopt);
  EXPECT_EQ(step<model::CloseStep>(steps, 15).code, 1011);
  EXPECT_EQ(step<model::CloseStep>(steps, 15).reason, "out of memory");
}

TEST(Script, ReadsWhatIsWaitedFor) {
  const model::Steps steps = steps_of(case_of(everything));
  ASSERT_EQ(steps.size(), 16u);
  EXPECT_EQ(step<model::ExpectStep>(steps, 1).pattern.to_string(), "subscribe");
  EXPECT_EQ(step<model::ExpectStep>(steps, 1).within, std::chrono::seconds(2));
  EXPECT_EQ(std::get<Duration>(step<model::WaitStep>(steps, 3).what), milliseconds(200));
  EXPECT_EQ(std::get<fault::Moment>(step<model::WaitStep>(steps, 4).what).number, 3u);
  EXPECT_EQ(step<model::RepeatStep>(steps, 10).times, 20);
  const auto rule = step<model::RuleStep>(steps, 11);
  EXPECT_EQ(rule.on.kind, fault::Moment::Kind::message_text);
  EXPECT_EQ(step<model::SendStep>(rule.steps, 0).payload.text, "reply ${ref}");
  const auto request = step<model::RuleStep>(steps, 12);
  EXPECT_EQ(step<model::RespondStep>(request.steps, 1).body, "x");
  EXPECT_EQ(step<model::MarkStep>(steps, 13).name, "subscribed");
}

TEST(Script, WithoutStepsThereIsTheDefaultConversation) {
  const LoadedCase one = case_of(client(""));
  ASSERT_EQ(one.scenario.upstreams.size(), 1u);
  EXPECT_EQ(one.scenario.upstreams.front().name, "upstream");
  EXPECT_FALSE(one.scenario.upstreams.front().steps);
}

TEST(Inject, IsAMarkAndAFaultThatStrikesThere) {
  const LoadedCase one = case_of(client(R"([upstream]
steps = [{ repeat = 2, steps = [{ send = "x" }, { inject = "latency", latency = "5ms", direction = "both" }] }]
[[upstream.session]]
connection = 3
steps = [{ inject = "reset" }]
[[upstream.session]]
connection = 4
steps = [{ inject = "kill", at = "upstream" }]
)"));
  const std::vector<fault::FaultSpec>& faults = one.scenario.faults;
  ASSERT_EQ(faults.size(), 3u);
  EXPECT_EQ(faults[0].name, "latency");
  EXPECT_EQ(faults[0].when.name, "inject:upstream:1");
  EXPECT_EQ(faults[0].connections.text, "all");
  EXPECT_EQ(attributes_of(faults[0]), "latency=5000000ns jitter=0ns");
  EXPECT_EQ(faults[1].connections.text, "3");
  EXPECT_EQ(faults[1].when.kind, fault::Moment::Kind::mark);
  EXPECT_EQ(faults[2].at, "upstream");
  const auto repeat = step<model::RepeatStep>(steps_of(one), 0);
  EXPECT_EQ(step<model::MarkStep>(repeat.steps, 1).name, "inject:upstream:1");
  EXPECT_EQ(step<model::MarkStep>(one.scenario.upstreams[0].sessions[1].steps, 0).name, "inject:upstream:3");
}

TEST(Inject, OfAClientStrikesItsOwnConnections) {
  const LoadedCase one = case_of(R"(title = "t"
role = "gateway"
[[client]]
name = "stuck"
steps = [{ send = "subscribe" }, { inject = "stall" }]
)");
  const fault::FaultSpec& stall = one.scenario.faults.at(0);
  EXPECT_EQ(stall.at, "front");
  EXPECT_EQ(stall.of, "stuck");
  EXPECT_EQ(stall.when.name, "inject:stuck:1");
}

// The links of a gateway are "front", "back" for the first upstream, and the names of further ones.
const std::string two_backends = R"(title = "t"
role = "gateway"
[[upstream]]
name = "blue"
[[upstream]]
name = "green"
steps = [{ inject = "stall" }]
)";

TEST(Faults, OfALinkMayNameTheUpstreamBehindIt) {
  const LoadedCase one = case_of(two_backends + R"([[fault]]
inject = "reset"
at = "blue"
[[fault]]
inject = "refuse"
at = "green"
[[fault]]
inject = "kill"
at = "blue"
[[fault]]
inject = "fin"
when = { moment = "message 2", at = "green" }
)");
  const auto& faults = one.scenario.faults;
  ASSERT_EQ(faults.size(), 5u);
  EXPECT_EQ(faults[0].at, "back");
  EXPECT_EQ(faults[1].at, "green");
  EXPECT_EQ(faults[2].at, "blue");
  EXPECT_EQ(faults[3].at, "back");
}

TEST(Inject, OfAFurtherUpstreamStrikesItsOwnLink) {
  EXPECT_EQ(case_of(two_backends).scenario.faults.at(0).at, "green");
}

TEST(Faults, InFrontOfAGatewayGoToItAsToAServer) {
  const LoadedCase one = case_of(two_backends + R"([[fault]]
inject = "bad_mask"
at = "front"
[[fault]]
inject = "bad_mask"
at = "back"
)");
  EXPECT_EQ(one.scenario.faults.at(0).direction, fault::Direction::to_server);
  EXPECT_EQ(one.scenario.faults.at(1).direction, fault::Direction::to_client);
}

TEST(Faults, WithoutUpstreamsTheOneThatIsThereIsMeant) {
  const LoadedCase one =
      case_of("title = \"t\"\nrole = \"gateway\"\n[[fault]]\ninject = \"reset\"\nat = \"upstream\"\n");
  EXPECT_EQ(one.scenario.faults.at(0).at, "back");
}

TEST(Faults, AreNamedAfterThemselvesAndNumberedFromTheSecond) {
  const LoadedCase one = case_of(client(R"([[fault]]
inject = "reset"
[[fault]]
inject = "reset"
connections = "2"
[[fault]]
inject = "reset"
connections = "3"
name = "third"
)"));
  ASSERT_EQ(one.scenario.faults.size(), 3u);
  EXPECT_EQ(one.scenario.faults[0].name, "reset");
  EXPECT_EQ(one.scenario.faults[1].name, "reset#2");
  EXPECT_EQ(one.scenario.faults[2].name, "third");
}

TEST(Faults, KnowTheirOrderInTheScenario) {
  const LoadedCase one = case_of(client(R"([upstream]
steps = [{ inject = "reset" }]
[[fault]]
inject = "latency"
latency = "5ms"
[[fault]]
inject = "fin"
)"));
  ASSERT_EQ(one.scenario.faults.size(), 3u);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(one.scenario.faults[i].index, i);
  EXPECT_EQ(one.scenario.faults[2].inject, "reset");
}

TEST(ReadUpstream, ReadsTheTableThatAnUpstreamProcessIsHanded) {
  const LoadedCase one = case_of(everything);
  Diagnostics diagnostics("x.toml", "");
  const auto upstream =
      read_upstream(parse_json(to_json(one.scenario.upstreams.front().source)), diagnostics);
  ASSERT_TRUE(upstream) << diagnostics.print();
  EXPECT_EQ(upstream->steps->size(), 16u);
}

TEST(Client, IsReadWhole) {
  const LoadedCase one = case_of(R"(title = "t"
role = "server"
[[fault]]
name = "deploy"
inject = "stop"
at = "sut"
[[client]]
name = "stuck"
count = 3
start = "fault deploy"
request = { path = "/chat", headers = { Cookie = "x" }, subprotocols = ["chat"], origin = "https://a.example", extensions = "permessage-deflate", upgrade = false, stop_after = 20 }
[[client]]
)");
  ASSERT_EQ(one.scenario.clients.size(), 2u);
  const model::Client& stuck = one.scenario.clients[0];
  EXPECT_EQ(stuck.count, 3);
  EXPECT_EQ(stuck.start.name, "deploy");
  EXPECT_EQ(stuck.request.path, "/chat");
  EXPECT_EQ(stuck.request.headers.size(), 1u);
  EXPECT_EQ(stuck.request.subprotocols, (std::vector<std::string>{"chat"}));
  EXPECT_EQ(stuck.request.origin, "https://a.example");
  EXPECT_EQ(stuck.request.extensions, "permessage-deflate");
  EXPECT_FALSE(stuck.request.upgrade);
  EXPECT_EQ(stuck.request.stop_after, 20);
  EXPECT_EQ(one.scenario.clients[1].name, "client");
  EXPECT_TRUE(one.scenario.upstreams.empty());
}

TEST(Captures, OfExpectAndOfRulesStandInLaterSteps) {
  const LoadedCase one = case_of(client(R"x([upstream]
steps = [
  { expect = '/"id":"(?P<id>\w+)"/' },
  { send = "next ${id}" },
  { on = 'message /"ref":(?P<ref>\d+)/', steps = [{ send = "reply ${ref} ${id}" }] },
]
)x"));
  const model::Steps& steps = *one.scenario.upstreams.front().steps;
  EXPECT_EQ(std::get<model::SendStep>(steps.at(1).what).payload.text, "next ${id}");
}

TEST(Captures, AnExpectationOfTheFileCapturesNothing) {
  EXPECT_NE(errors_of(client(R"x([upstream]
steps = [{ send = "next ${id}" }]
[[expect]]
message = '/(?P<id>\d+)/'
within  = "1s"
)x"))
                .find("unknown variable ${id}"),
            std::string::npos);
}

}  // namespace
}  // namespace wsfault::scenario
