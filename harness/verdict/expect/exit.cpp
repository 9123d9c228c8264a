// Expectation `exit`: the process ended so, or it keeps running.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "value/words.hpp"
#include "verdict/expect/kind.hpp"
#include "verdict/expect/reading.hpp"

namespace wsfault::verdict {
namespace {

struct ExitExpected {
  std::optional<int> code;  ///< none: "running"
};

std::string exit_text(const record::ProcessChanged& process) {
  if (process.signal != 0) return fmt::format("the process was ended by signal {}", process.signal);
  return fmt::format("the process exited with {}", process.code);
}

std::string phrase(const ExitExpected& exit) {
  return exit.code ? fmt::format("exits with {}", *exit.code) : "keeps running";
}

Look look(const Question& question, const ExitExpected& expected) {
  Sightings sightings{.first_decides = true, .nothing = "the process runs"};
  for (const auto& process : question.trace.all<record::ProcessChanged>()) {
    const record::ProcessChanged& changed = *process.fact;
    if (question.trace.where(process.index).party != question.party) continue;
    if (changed.change != record::ProcessChange::exited) continue;
    const bool right = expected.code && changed.signal == 0 && changed.code == *expected.code;
    sightings.all.push_back({process.at, right, exit_text(changed)});
  }
  if (expected.code) return sightings;
  if (sightings.all.empty()) return hold(question, {}, sightings.nothing);
  return hold(question, Breach{sightings.all.front().at, sightings.all.front().seen}, sightings.nothing);
}

Nature nature_of(const ExitExpected& exit) {
  return {.lasting = exit.code ? Lasting::no : Lasting::must,
          .of_the_process = true,
          .of_a_child = true,
          .says_the_exit = exit.code.has_value()};
}

Read read_exit(TableReader& table, std::string_view key) {
  const Value& value = *table.raw(key);
  ExitExpected exit;
  if (value.text() && *value.text() == "running") return expected(exit, nature_of(exit));
  if (value.integer() && *value.integer() >= 0 && *value.integer() <= 255) {
    exit.code = static_cast<int>(*value.integer());
    return expected(exit, nature_of(exit));
  }
  wrong(table, value, key, R"(an exit code from 0 to 255, or "running")");
  return std::nullopt;
}

}  // namespace

ExpectationKind exit_kind() {
  return {.key = "exit",
          .value = R"(a code, "running")",
          .holds = "the process; \"running\" needs `for`",
          .read = read_exit,
          .schema = schema::any_of(
              {schema::integer(0, 255), schema::one_of({"running"}), schema::ref("variable")})};
}

}  // namespace wsfault::verdict
