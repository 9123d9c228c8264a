// What is said of a case while its log grows is what would be said of the log so far, had it come at once.
#include "verdict/case_watch.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <random>
#include <sstream>

#include "record/json.hpp"
#include "scenario/load.hpp"
#include "verdict/judge_log.hpp"

namespace wsfault::verdict::judging {
namespace {

CaseWatch::State at_once(const Case& scenario, const Events& events, std::int64_t now) {
  const Judgement judgement = judge(scenario, *trace::Trace::of(events), now, false);
  return {judgement.decided, judgement.outcome == Outcome::error, judgement.look_again};
}

std::string in_words(const CaseWatch::State& state) {
  return fmt::format("{}{}, again at {}", state.decided ? "decided" : "open", state.error ? ", error" : "",
                     state.look_again);
}

/// Feeds it event by event, and looks at each, and a while later.
void expect_the_same(const Case& scenario, const Events& log) {
  Events events;
  trace::Trace trace(events);
  CaseWatch watch(scenario, trace);
  for (std::size_t i = 0; i < log.size(); ++i) {
    events.push_back(log[i]);
    trace.catch_up();
    const std::int64_t next = i + 1 < log.size() ? log[i + 1].at : log[i].at + 10'000'000'000;
    for (const std::int64_t now : {log[i].at, (log[i].at + next) / 2, next}) {
      const CaseWatch::State seen = watch.look(now);
      const CaseWatch::State wanted = at_once(scenario, events, now);
      const bool soon_enough = seen.look_again == wanted.look_again ||
                               (seen.look_again != 0 && seen.look_again < wanted.look_again);
      // While a process stands still the end of a wait moves on: to look too early harms none.
      ASSERT_TRUE(seen.decided == wanted.decided && seen.error == wanted.error && soon_enough)
          << in_words(seen) << ", not " << in_words(wanted) << " after event " << i << " of " << log.size()
          << " at " << now << "\n"
          << record::to_json_lines(events);
    }
  }
}

/// Events as they may come from any run, and as none would send them.
class Chaos {
 public:
  Chaos(model::Role role, unsigned seed) : role_(role), random_(seed) {}

  Events log(int size) {
    Events events;
    std::int64_t now = 0;
    for (int i = 0; i < size; ++i) {
      now += pick(4) == 0 ? pick(3'000) * 1'000'000LL : pick(50) * 1'000'000LL;
      events.push_back(event(now));
    }
    return events;
  }

 private:
  int pick(int below) { return static_cast<int>(random_() % static_cast<unsigned>(below)); }
  Tap tap() { return pick(2) == 0 ? Tap::sent : Tap::arrived; }
  Side side() { return pick(2) == 0 ? Side::client : Side::server; }

  Where where() {
    const int number = 1 + pick(3);
    if (role_ == model::Role::client) return {"link", "sut", number};
    if (role_ == model::Role::server) return {"link", pick(2) == 0 ? "client" : "other", number};
    if (pick(2) == 0) return {"front", pick(2) == 0 ? "client" : "other", number};
    return {"back", "sut", number};
  }

  FrameSeen frame() {
    static constexpr std::array<std::uint8_t, 6> opcodes = {1, 2, 8, 9, 10, 0};
    FrameSeen frame{.tap = tap(), .from = side(), .opcode = opcodes.at(static_cast<std::size_t>(pick(6)))};
    frame.masked = frame.from == Side::client && pick(20) != 0;
    frame.number = ++frames_;
    frame.length = static_cast<std::uint64_t>(pick(3) == 0 ? 100'000 : pick(100));
    frame.text = std::string(static_cast<std::size_t>(pick(3)), 'p');
    if (frame.opcode == 8 && pick(4) != 0) frame.code = static_cast<std::uint16_t>(1000 + pick(16));
    return frame;
  }

  ResponseSeen response() {
    static constexpr std::array<int, 5> statuses = {101, 101, 503, 404, 103};
    ResponseSeen response{.tap = tap()};
    response.head->status = statuses.at(static_cast<std::size_t>(pick(5)));
    if (pick(6) == 0) response.flaws = {"wrong-accept"};
    return response;
  }

  RequestSeen request() {
    RequestSeen request{.tap = tap(), .upgrade = pick(8) != 0};
    if (pick(3) == 0)
      request.head->headers.push_back({"Wsfault-Connection", fmt::format("client-{}", 1 + pick(3))});
    return request;
  }

  Report report() {
    static constexpr std::array<const char*, 4> events = {"open", "message", "close", "error"};
    Report report{.event = events.at(static_cast<std::size_t>(pick(4)))};
    if (report.event == "close" && pick(3) != 0) report.code = 1000 + pick(16);
    return report;
  }

  Event process(std::int64_t at) {
    static constexpr std::array<ProcessChange, 6> changes = {ProcessChange::started,  ProcessChange::frozen,
                                                             ProcessChange::thawed,   ProcessChange::killed,
                                                             ProcessChange::stopping, ProcessChange::exited};
    return {at,
            {"", pick(3) == 0 ? "upstream" : "sut", 0},
            ProcessChanged{.change = changes.at(static_cast<std::size_t>(pick(6)))}};
  }

  Event effect(std::int64_t at) {
    static constexpr std::array<LinkEffectKind, 7> kinds = {
        LinkEffectKind::refused,   LinkEffectKind::silence, LinkEffectKind::stalled,
        LinkEffectKind::no_answer, LinkEffectKind::resumed, LinkEffectKind::tls_failure,
        LinkEffectKind::dark};
    Where place = where();
    const LinkEffectKind kind = kinds.at(static_cast<std::size_t>(pick(7)));
    if (kind == LinkEffectKind::refused || kind == LinkEffectKind::dark || pick(5) == 0) place.connection = 0;
    return {at, place, LinkEffect{kind, {}}};
  }

  Event attempt(std::int64_t at) {
    const auto change = static_cast<record::AttemptChange>(pick(3));
    return {
        at, {"link", "sut", 0}, record::AttemptUnanswered{change, "127.0.0.1:" + std::to_string(pick(3))}};
  }

  Event event(std::int64_t at) {
    if (pick(15) == 0) return attempt(at);
    switch (pick(20)) {
      case 0:
        return {at, {}, Ready{}};
      case 1:
      case 2:
      case 3:
        return {at, where(), Accepted{}};
      case 4:
        return {at, where(), Dialled{}};
      case 5:
      case 6:
        return {at, where(), request()};
      case 7:
      case 8:
        return {at, where(), response()};
      case 9:
        return {at, where(), Opened{}};
      case 10:
        return {
            at, where(),
            StreamEnded{.tap = tap(), .side = side(), .how = pick(2) == 0 ? EndKind::fin : EndKind::reset}};
      case 11:
        return {at, where(),
                MessageSeen{.tap = tap(), .from = side(), .number = 1, .size = 1, .payload = "a"}};
      case 12:
        return {
            at, where(),
            ViolationSeen{.tap = tap(), .from = side(), .frame = frames_, .violation = "reserved-opcode"}};
      case 13:
        return {at, {"", "sut", 0}, report()};
      case 14:
        return process(at);
      case 15:
        return effect(at);
      case 16:
        return {at, where(), pick(2) == 0 ? What(ScriptDone{}) : What(ScriptAwaits{"expect a"})};
      case 17:
        if (pick(4) == 0)
          return {at, where(),
                  BodySeen{.tap = tap(), .from = side(), .size = 2, .text = "no", .whole = pick(3) != 0}};
        if (pick(6) != 0) return {at, where(), NotHttp{.tap = tap(), .from = side(), .start = "SSH"}};
        return {at, where(), ScriptFailed{"expect a", "nothing came"}};
      default:
        return {at, where(), frame()};
    }
  }

  model::Role role_;
  std::mt19937 random_;
  std::uint64_t frames_ = 0;
};

Case case_of(model::Role role, unsigned seed) {
  Case scenario = seed % 2 == 0 ? Case{} : one_fault();
  scenario.role = role;
  scenario.system.kind = seed % 3 == 0   ? model::Kind::tcp
                         : seed % 3 == 1 ? model::Kind::http
                                         : model::Kind::websocket;
  if (role != model::Role::gateway) scenario.system.kind = model::Kind::none;
  if (seed % 5 == 0)
    scenario.expectations.push_back(read("close = 1006\nsince = \"connect\"\nwithin = \"1s\""));
  if (seed % 4 == 0)
    scenario.clients.push_back({.name = "other", .count = 2, .start = {}, .awaits = "expect a"});
  return scenario;
}

class EveryRole : public testing::TestWithParam<model::Role> {};

TEST_P(EveryRole, IsWatchedAsItWouldBeJudged) {
  for (unsigned seed = 0; seed < 150; ++seed) {
    SCOPED_TRACE(seed);
    expect_the_same(case_of(GetParam(), seed), Chaos(GetParam(), seed).log(60));
    if (HasFatalFailure()) return;
  }
}

TEST(CaseWatch, OfRealRunsSaysWhatIsSaidAtOnce) {
  std::size_t logs = 0;
  for (const auto& file : std::filesystem::directory_iterator(WSFAULT_SOURCE_DIR "/tests/report/samples")) {
    if (file.path().extension() != ".jsonl") continue;
    SCOPED_TRACE(file.path().filename());
    std::stringstream text;
    text << std::ifstream(file.path()).rdbuf();
    const auto events = log_from_json_lines(text.str());
    ASSERT_TRUE(events) << events.error();
    const auto loaded = scenario::read_resolved(*std::get<RunStarted>(events->front().what).resolved);
    ASSERT_TRUE(loaded) << loaded.error();
    expect_the_same(loaded->judged, *events);
    ++logs;
  }
  EXPECT_GT(logs, 0U);
}

INSTANTIATE_TEST_SUITE_P(CaseWatch, EveryRole,
                         testing::Values(model::Role::client, model::Role::gateway, model::Role::server),
                         [](const auto& info) { return std::string(to_string(info.param)); });

}  // namespace
}  // namespace wsfault::verdict::judging
