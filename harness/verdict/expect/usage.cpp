// Expectation `usage`: memory and sockets of the system's process tree, as level or as growth.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "value/words.hpp"
#include "verdict/expect/kind.hpp"
#include "verdict/expect/reading.hpp"
#include "verdict/expect/usage_bound.hpp"

namespace wsfault::verdict {
namespace {

struct UsageExpected {
  std::optional<std::string> memory;  ///< "<=+64MiB"
  std::optional<std::string> sockets;
};

Result<std::int64_t> parse_amount(std::string_view text, bool bytes) {
  if (bytes) {
    const Result<std::uint64_t> size = parse_size(text);
    if (!size) return Error{size.error()};
    return static_cast<std::int64_t>(*size);
  }
  const auto count = parse_count_bound(text);
  if (!count) return Error{count.error()};
  if (!count->low || !count->high || *count->low != *count->high) return Error{"a plain number is missing"};
  return *count->low;
}

/// What is wrong with one sample, if anything.
std::optional<std::string> excess(std::string_view what, const std::optional<std::string>& wanted, bool bytes,
                                  std::uint64_t value, std::uint64_t before) {
  if (!wanted) return std::nullopt;
  const auto bound = parse_usage_bound(*wanted, bytes);
  if (!bound) return bound.error();
  const auto level = static_cast<std::int64_t>(value);
  const std::int64_t amount = bound->growth ? level - static_cast<std::int64_t>(before) : level;
  if (bound->bound.holds(amount)) return std::nullopt;
  const std::string shown = bytes ? format_size(value) : std::to_string(value);
  const std::string from = bytes ? format_size(before) : std::to_string(before);
  return bound->growth ? fmt::format("its {} went from {} to {}", what, from, shown)
                       : fmt::format("its {} came to {}", what, shown);
}

std::optional<std::string> read_usage_bound(TableReader& table, std::string_view key, bool bytes) {
  const auto text = table.text(key);
  if (!text) return std::nullopt;
  const auto bound = parse_usage_bound(*text, bytes);
  if (!bound) table.error(*table.raw(key), fmt::format("\"{}\" = \"{}\": {}", key, *text, bound.error()));
  return text;
}

std::string phrase(const UsageExpected& usage) {
  std::vector<std::string> parts;
  if (usage.memory) parts.push_back("memory " + *usage.memory);
  if (usage.sockets) parts.push_back("sockets " + *usage.sockets);
  return fmt::format("uses {}", fmt::join(parts, ", "));
}

Look look(const Question& question, const UsageExpected& expected) {
  std::optional<record::UsageSample> base;
  std::size_t samples = 0;
  for (const auto& [at, index, sample] : question.trace.all<record::UsageSample>()) {
    if (question.trace.where(index).party != question.party || at > question.until) continue;
    // Growth counts from the last sample before `since`, else from the first behind it.
    if (at < *question.since || !base) base = *sample;
    if (at < *question.since) continue;
    ++samples;
    auto wrong = excess("memory", expected.memory, true, sample->memory, base->memory);
    if (!wrong) wrong = excess("sockets", expected.sockets, false, sample->sockets, base->sockets);
    if (wrong) return hold(question, Breach{at, *wrong}, "");
  }
  if (samples == 0 && question.now > question.until) {
    return Answer{State::inconclusive, "its usage was not sampled", {}, 0};
  }
  return hold(question, {}, counted(static_cast<std::uint64_t>(samples), "sample") + " in bounds");
}

Read read_usage(TableReader& table, std::string_view key) {
  const Value& value = *table.raw(key);
  TableReader inner(value, table.diagnostics(), "usage");
  if (!value.table()) return std::nullopt;
  UsageExpected usage;
  usage.memory = read_usage_bound(inner, "memory", true);
  usage.sockets = read_usage_bound(inner, "sockets", false);
  inner.finish();
  if (value.table()->empty()) wrong(table, value, key, R"({ memory = "<=+64MiB", sockets = "<=10" })");
  return expected(usage, {.lasting = Lasting::must,
                          .of_the_process = true,
                          .of_a_child = true,
                          .samples_usage = true,
                          .shows = Cause::uses_too_much});
}

}  // namespace

Result<UsageBound> parse_usage_bound(std::string_view text, bool bytes) {
  UsageBound usage;
  const bool from_above = text.starts_with("<=");
  const bool from_below = text.starts_with(">=");
  std::string_view rest = from_above || from_below ? text.substr(2) : text;
  while (rest.starts_with(' ')) rest.remove_prefix(1);
  usage.growth = rest.starts_with('+');
  if (usage.growth) rest.remove_prefix(1);
  const Result<std::int64_t> amount = parse_amount(rest, bytes);
  if (!amount) return Error{amount.error()};
  if (!from_above) usage.bound.low = *amount;
  if (!from_below) usage.bound.high = *amount;
  return usage;
}

ExpectationKind usage_kind() {
  return {.key = "usage",
          .value = R"({ memory = "<=+64MiB", sockets = "<=10" })",
          .holds = "of the sut's process tree, growth (`+`) or level",
          .read = read_usage,
          .schema = schema::table({{"memory", schema::ref("text")}, {"sockets", schema::ref("text")}}),
          .needs_for = true};
}

}  // namespace wsfault::verdict
