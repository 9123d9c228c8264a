// Expectation `log`: the system printed such a line.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "value/words.hpp"
#include "verdict/expect/kind.hpp"
#include "verdict/expect/reading.hpp"

namespace wsfault::verdict {
namespace {

struct LogExpected {
  TextPattern pattern;
};

std::string phrase(const LogExpected& log) { return fmt::format("prints {}", log.pattern.to_string()); }

Look look(const Question& question, const LogExpected& expected) {
  Sightings sightings{.nothing = "it printed no such line"};
  for (const auto& output : question.trace.all<record::OutputLine>()) {
    const record::Text& line = output.fact->line;
    if (question.trace.where(output.index).party != question.party || !expected.pattern.matches(line))
      continue;
    sightings.all.push_back({output.at, true, fmt::format("it printed \"{}\"", line)});
  }
  return sightings;
}

Read read_log(TableReader& table, std::string_view key) {
  const Value& value = *table.raw(key);
  if (!is_regex(value)) {
    wrong(table, value, key, "a /regex/");
    return std::nullopt;
  }
  const auto pattern = pattern_of(table, key, value);
  if (!pattern) return std::nullopt;
  return expected(LogExpected{*pattern},
                  {.of_the_process = true, .output = *pattern, .judged_by = {record::CutKind::output}});
}

}  // namespace

ExpectationKind log_kind() {
  return {.key = "log",
          .value = "/regex/",
          .holds = "the system printed it",
          .read = read_log,
          .schema = regex_schema()};
}

}  // namespace wsfault::verdict
