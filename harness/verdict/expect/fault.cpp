// Expectation `fault`, in `never`: it does not fire.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "value/words.hpp"
#include "verdict/expect/kind.hpp"
#include "verdict/expect/reading.hpp"

namespace wsfault::verdict {
namespace {

struct FaultExpected {
  std::string name;
};

std::string phrase(const FaultExpected& fault) { return fmt::format("is struck by {}", fault.name); }

Look look(const Question& question, const FaultExpected& expected) {
  Sightings sightings{.nothing = fmt::format("{} did not fire", expected.name)};
  for (const auto& fired : question.trace.all<record::FaultFired>()) {
    if (fired.fact->name != expected.name) continue;
    sightings.all.push_back(
        {fired.at, true, fmt::format("{} fired ({})", fired.fact->name, fired.fact->done)});
  }
  return sightings;
}

Read read_fault(TableReader& table, std::string_view key) {
  const auto name = table.text(key);
  if (!name) return std::nullopt;
  return expected(FaultExpected{*name}, {.fault = *name});
}

}  // namespace

ExpectationKind fault_kind() {
  return {.key = "fault",
          .value = "the name of a fault",
          .holds = "a fault of that name fired",
          .read = read_fault,
          .schema = schema::ref("text"),
          .only_in_never = true};
}

}  // namespace wsfault::verdict
