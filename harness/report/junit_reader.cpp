// The JUnit XML of a run, read back.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <pugixml.hpp>
#include <string_view>

#include "report/case_text.hpp"
#include "report/escape.hpp"
#include "report/results_reader.hpp"

namespace wsfault::report {
namespace {

using verdict::Outcome;

std::string property(pugi::xml_node suite, const char* name) {
  return suite.child("properties")
      .find_child_by_attribute("property", "name", name)
      .attribute("value")
      .value();
}

Outcome outcome_of(pugi::xml_node node) {
  if (node.child("failure")) return Outcome::failed;
  if (const pugi::xml_node skipped = node.child("skipped")) {
    return std::string_view(skipped.child_value()) == to_string(Outcome::interrupted) ? Outcome::interrupted
                                                                                      : Outcome::skipped;
  }
  const pugi::xml_node error = node.child("error");
  if (!error) return Outcome::passed;
  return std::string_view(error.attribute("type").value()) == "inconclusive" ? Outcome::inconclusive
                                                                             : Outcome::error;
}

/// An error for what is no time of a run.
Result<std::chrono::nanoseconds> time_of(pugi::xml_node node) {
  const pugi::xml_attribute time = node.attribute("time");
  const double seconds = time.as_double();
  if (!(seconds >= 0 && seconds < 1e9))
    return Error{fmt::format("`time` of <{}> cannot be \"{}\"", node.name(), printable(time.value()))};
  return std::chrono::round<std::chrono::nanoseconds>(std::chrono::duration<double>(seconds));
}

/// The text may come from anyone, and is shown on a terminal: line by line, only visible characters.
std::string block_of(pugi::xml_node node) {
  std::string_view rest = node.child("system-out").child_value();
  if (rest.starts_with('\n')) rest.remove_prefix(1);
  std::string block;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    block += printable(rest.substr(0, end)) + '\n';
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return block;
}

Result<CaseResult> read_case(pugi::xml_node node, pugi::xml_node suite) {
  const auto duration = time_of(node);
  if (!duration) return Error{duration.error()};
  CaseResult result;
  result.duration = *duration;
  const std::string folder = node.attribute("classname").value();
  const std::string name = node.attribute("name").value();
  result.id = folder == "wsfault" ? name : folder + "/" + name;
  result.system = property(suite, "system");
  result.outcome = outcome_of(node);
  result.judgement.outcome = result.outcome;
  if (result.outcome == Outcome::skipped) result.reason = node.child("skipped").child_value();
  for (const char* element : {"failure", "error"}) {
    if (const pugi::xml_node problem = node.child(element))
      result.reason = problem.attribute("message").value();
  }
  if (result.outcome != Outcome::passed) result.explanation = read_explanation(block_of(node));
  return result;
}

/// None if there is none, or several.
std::optional<std::uint64_t> number_of(const std::string& text) {
  std::uint64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [read, wrong] = std::from_chars(text.data(), end, number);
  return wrong == std::errc() && read == end ? std::optional(number) : std::nullopt;
}

/// From the properties; none if there is no shard, an error if they are invalid.
Result<std::optional<Shard>> read_shard(pugi::xml_node suite) {
  const std::string text = property(suite, "shard");
  if (text.empty()) return std::optional<Shard>();
  Shard shard;
  const char* const end = text.data() + text.size();
  const auto [slash, wrong] = std::from_chars(text.data(), end, shard.number);
  if (wrong == std::errc() && slash != end && *slash == '/' &&
      std::from_chars(slash + 1, end, shard.of).ptr == end && shard.number >= 1 && shard.number <= shard.of &&
      shard.of <= Shard::most) {
    shard.selection = property(suite, "selection");
    return std::optional(shard);
  }
  return Error{fmt::format("the property `shard` cannot be \"{}\"", text)};
}

}  // namespace

Result<ReadResults> read_junit_results(const std::string& text) {
  pugi::xml_document document;
  const pugi::xml_parse_result parsed = document.load_buffer(text.data(), text.size());
  if (!parsed) return Error{fmt::format("it is no XML: {} at byte {}", parsed.description(), parsed.offset)};
  const pugi::xml_node root = document.child("testsuites");
  if (std::string_view(root.attribute("name").value()) != "wsfault")
    return Error{"it is no document of `wsfault run --junit`"};
  ReadResults read;
  const auto wall = time_of(root);
  if (!wall) return Error{wall.error()};
  read.summary.wall = *wall;
  for (const pugi::xml_node suite : root.children("testsuite")) {
    auto shard = read_shard(suite);
    if (!shard) return Error{shard.error()};
    read.summary.shard = *shard;
    read.summary.version = property(suite, "wsfault");
    read.summary.stopped = property(suite, "stopped");
    const std::string seed = property(suite, "seed");
    read.summary.seed = number_of(seed);
    for (const pugi::xml_node node : suite.children("testcase")) {
      auto one = read_case(node, suite);
      if (!one) return Error{one.error()};
      read.summary.cases.push_back(*std::move(one));
    }
  }
  return read;
}

}  // namespace wsfault::report
