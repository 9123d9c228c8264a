// `wsfault explain`: effects, causes, and every name in scenario and system files.
#include <gtest/gtest.h>

#include <sstream>
#include <utility>

#include "e2e/program.hpp"

namespace wsfault::e2e {
namespace {

TEST(Explain, PrintsWhatIsAppropriateAfterAnEffect) {
  const Finished reset = run_program({"explain", "reset", "--role", "gateway", "--kind", "tcp"});
  EXPECT_EQ(reset.code, 0) << reset.out;
  EXPECT_EQ(reset.out, R"(reset

a gateway of kind tcp: what its client gets; after the 101: what its client would report
 before the 101
  any answer, or an end
    appropriate  passes it on
    time limit   at once
 open
  RST or FIN without a Close, between or inside frames (RFC 6455 7.1.5)
    appropriate  reports 1006
    time limit   at once

a gateway of kind http or tcp whose client fails: what its upstream gets
 at any time
  its client left without a Close (RFC 9110 7.8)
    appropriate  ends TCP without a Close
    time limit   at once
)");
  const Finished silence = run_program({"explain", "silence", "--role", "client"});
  EXPECT_TRUE(has(silence.out, "never        fails: \"The client does not look for a silent peer"))
      << silence.out;
}

TEST(Explain, NamesTheNearestEffectAndRefusesASeatOfACode) {
  const Finished unknown = run_program({"explain", "rest"});
  EXPECT_EQ(unknown.code, 2);
  EXPECT_TRUE(has(unknown.out, "did you mean reset?")) << unknown.out;
  EXPECT_EQ(run_program({"explain", "1006", "--role", "client"}).code, 2);
  EXPECT_EQ(run_program({"explain", "reset", "--role", "client", "--kind", "http"}).code, 2);
}

TEST(Explain, PrintsACause) {
  const Finished printed = run_program({"explain", "no_backoff"});
  EXPECT_EQ(printed.code, 0) << printed.out;
  EXPECT_EQ(printed.out, R"(no_backoff (a cause: docs/verdicts.md, Causes and remedies)
  meaning:    The client comes back without a growing delay: its backoff is missing, or starts anew at every open.
  shown by:   attempts in quick succession
  to change:  the client
  remedy:     Reconnect with exponential backoff and jitter, and reset it only when a connection has lasted (RFC 6455 7.2.3).
  product:    in a system file, [remedies] no_backoff = "…" adds a sentence for that product
)");
  EXPECT_EQ(run_program({"explain", "no-backoff"}).out, printed.out);
  const Finished both = run_program({"explain", "no-close-reply"});
  EXPECT_TRUE(has(both.out, "the client answers no Close")) << both.out;
  EXPECT_TRUE(has(both.out, "to change:  the system under test: a client, a gateway or a server"))
      << both.out;
}

TEST(Explain, NamesTheNearestCauses) {
  const Finished mistyped = run_program({"explain", "no_bakoff"});
  EXPECT_EQ(mistyped.code, 2);
  EXPECT_TRUE(has(mistyped.out, "did you mean no_backoff?")) << mistyped.out;
  const Finished part = run_program({"explain", "heartbeat"});
  EXPECT_TRUE(has(part.out, "no_heartbeat")) << part.out;
  EXPECT_TRUE(has(run_program({"explain", "--help"}).out, "wsfault explain no_backoff"));
}

TEST(Explain, PrintsAFault) {
  const Finished unplug = run_program({"explain", "unplug"});
  EXPECT_EQ(unplug.code, 0) << unplug.out;
  EXPECT_EQ(unplug.out, R"(unplug (a fault: docs/faults.md, network)
  does:       The cable between the system and all others is out; with `lasts` it is plugged in
              again.
  imitates:   A cable that is pulled, a switch without power, a host that moved.
  keys:       stands on the network; `when` is `open` by default; heals after `lasts`
  listed by:  wsfault list faults
)");
  const Finished idle = run_program({"explain", "idle-kill"});
  EXPECT_TRUE(
      has(idle.out, "  attribute:  idle: a duration above 0; required. how long a silence it tolerates;"))
      << idle.out;
  EXPECT_TRUE(has(idle.out, "  preset:     nginx: idle ")) << idle.out;
  // What is called like an effect, too, comes after it.
  const Finished both = run_program({"explain", "reset"});
  EXPECT_TRUE(both.out.starts_with("reset\n")) << both.out;
  EXPECT_TRUE(has(both.out, "\nreset (a fault: docs/faults.md, tcp)\n")) << both.out;
}

TEST(Explain, PrintsWhatFilesName) {
  const Finished message = run_program({"explain", "message"});
  EXPECT_TRUE(
      has(message.out, "message (an expectation: docs/scenarios.md, Expectations)\n  value:      a text"))
      << message.out;
  EXPECT_TRUE(has(message.out, "  narrowing:  count: ")) << message.out;
  EXPECT_TRUE(
      has(message.out, "\nmessage (a moment: docs/scenarios.md, Moments)\n  written:    message N, frame N"))
      << message.out;
  const Finished heartbeat = run_program({"explain", "heartbeat"});
  EXPECT_EQ(heartbeat.code, 0);
  EXPECT_EQ(heartbeat.out, R"(heartbeat (a trait: docs/scenarios.md, Traits and requirements)
  meaning:    from ping to ping
  declared:   in [traits] of a system file, or by --set heartbeat=20s

Causes: no_heartbeat
)");
  EXPECT_TRUE(run_program({"explain", "backoff.max"}).out.starts_with("backoff (a trait: "));
  const std::pair<const char*, const char*> keys[] = {
      {"lasts", "lasts (a key of [[fault]]: docs/scenarios.md)\n  meaning:    How long; then it heals\n"},
      {"within", "within (a key of [[expect]]: "},
      {"deadline", "deadline (a key of a scenario: "},
      {"accept", "accept (a key of a step in a script: "},
      {"start", "start (a key of [[client]]: "},
      {"ca_file", "ca_file (a key of [upstream]: "},
      {"dialect", "dialect (a key of a system file: "}};
  for (const auto& [name, text] : keys) {
    const Finished run = run_program({"explain", name});
    EXPECT_EQ(run.code, 0) << name;
    EXPECT_TRUE(has(run.out, text)) << run.out;
  }
}

/// Every name in the lists that scenarios are written from, and what is nearest to a wrong one.
TEST(Explain, KnowsWhatIsListed) {
  for (const char* list : {"faults", "expectations", "moments"}) {
    const Finished listed = run_program({"list", list});
    std::istringstream lines(listed.out);
    std::size_t known = 0;
    for (std::string line; std::getline(lines, line);) {
      if (line.size() < 3 || !line.starts_with("  ") || line[2] == ' ' || has(line, "when = {")) continue;
      const std::string name = line.substr(2, line.find_first_of(" ,", 2) - 2);
      EXPECT_EQ(run_program({"explain", name}).code, 0) << name;
      ++known;
    }
    EXPECT_GT(known, 15u) << listed.out;
  }
  const std::pair<const char*, const char*> wrong[] = {
      {"unplgu", "unplug"}, {"heartbeet", "heartbeat"}, {"wire_cloes", "wire_close"}, {"upgrad", "upgrade"}};
  for (const auto& [name, nearest] : wrong) {
    const Finished run = run_program({"explain", name});
    EXPECT_EQ(run.code, 2);
    EXPECT_TRUE(has(run.out, std::string("did you mean ") + nearest)) << run.out;
  }
}

}  // namespace
}  // namespace wsfault::e2e
