// Suites, cases and properties of JUnit, written with pugixml.
#include "report/junit.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <pugixml.hpp>
#include <set>
#include <sstream>
#include <utility>
#include <vector>

#include "report/case_text.hpp"
#include "report/console.hpp"
#include "report/escape.hpp"

namespace wsfault::report {
namespace {

using verdict::Outcome;
using verdict::State;

struct Suite {
  std::string name;  ///< the folder part of the ids
  std::vector<const CaseResult*> cases;
};

/// The folder ends at the last "/" of the name; values in brackets belong to the name.
std::pair<std::string, std::string> split_id(const std::string& id) {
  const std::size_t slash = id.substr(0, id.find('[')).rfind('/');
  if (slash == std::string::npos) return {"wsfault", id};
  return {id.substr(0, slash), id.substr(slash + 1)};
}

std::vector<Suite> suites_of(const RunSummary& summary) {
  std::vector<Suite> suites;
  for (const CaseResult& result : summary.cases) {
    const std::string name = split_id(result.id).first;
    auto suite = std::ranges::find(suites, name, &Suite::name);
    if (suite == suites.end()) suite = suites.insert(suites.end(), Suite{name, {}});
    suite->cases.push_back(&result);
  }
  // A shard without a case is still a shard: its properties say so.
  if (suites.empty() && summary.shard) suites.push_back({"wsfault", {}});
  return suites;
}

void set(pugi::xml_node node, const char* name, const std::string& value) {
  node.append_attribute(name).set_value(printable(value).c_str());
}

void set_time(pugi::xml_node node, std::chrono::nanoseconds time) {
  set(node, "time", fmt::format("{:.3f}", std::chrono::duration<double>(time).count()));
}

void set_counts(pugi::xml_node node, const std::vector<const CaseResult*>& cases) {
  const auto count = [&](Outcome outcome) {
    return std::ranges::count(cases, outcome, [](const CaseResult* result) { return result->outcome; });
  };
  set(node, "tests", std::to_string(cases.size()));
  set(node, "failures", std::to_string(count(Outcome::failed)));
  set(node, "errors", std::to_string(count(Outcome::error) + count(Outcome::inconclusive)));
  // The schema has a count of skips for a suite, not for the whole.
  if (std::string_view(node.name()) == "testsuite")
    set(node, "skipped", std::to_string(count(Outcome::skipped) + count(Outcome::interrupted)));
}

void add_property(pugi::xml_node properties, const char* name, const std::string& value) {
  pugi::xml_node property = properties.append_child("property");
  set(property, "name", name);
  set(property, "value", value);
}

/// One line for a server's overview: the first finding that decided the outcome, else the reason.
std::string message_of(const CaseResult& result) {
  const State wanted = result.outcome == Outcome::failed ? State::violated : State::inconclusive;
  const auto& findings = result.judgement.findings;
  const auto found = std::ranges::find(findings, wanted, &verdict::Finding::state);
  if (result.outcome == Outcome::error || found == findings.end()) return result.reason;
  return found->expected.empty() ? found->seen
                                 : fmt::format("expected: {}; seen: {}", found->expected, found->seen);
}

/// What most servers show directly: the findings that decided the outcome, and how to repeat the case.
std::string details_of(const CaseResult& result) {
  std::string out;
  const auto add = [&](std::string_view label, const std::string& text) {
    if (!text.empty()) out += fmt::format("{}: {}\n", label, printable(text));
  };
  add("file", result.file);
  add("reason", result.reason);
  for (const verdict::Finding& finding : decisive_findings(result)) {
    add("check", finding.place.line > 0 ? fmt::format("{} (line {})", finding.subject, finding.place.line)
                                        : finding.subject);
    add("expected", finding.expected);
    add("seen", finding.seen);
    add("broke", finding.broke);
    add("cause", finding.cause);
    add("remedy", finding.remedy);
  }
  add("repeat", result.repeat);
  return out;
}

/// `text` consists of printable lines, so all of it is allowed in XML.
void add_text(pugi::xml_node parent, const std::string& text) {
  parent.append_child(pugi::node_pcdata).set_value(text.c_str());
}

void add_problem(pugi::xml_node node, const char* element, const CaseResult& result) {
  pugi::xml_node problem = node.append_child(element);
  set(problem, "type", std::string(verdict::to_string(result.outcome)));
  set(problem, "message", message_of(result));
  add_text(problem, details_of(result));
}

void add_outcome(pugi::xml_node node, const CaseResult& result) {
  switch (result.outcome) {
    case Outcome::failed:
      return add_problem(node, "failure", result);
    case Outcome::error:
    case Outcome::inconclusive:
      return add_problem(node, "error", result);
    case Outcome::interrupted:
      return add_text(node.append_child("skipped"), std::string(to_string(result.outcome)));
    case Outcome::skipped:
      return add_text(node.append_child("skipped"), printable(result.reason));
    case Outcome::warned:
    case Outcome::passed:
      return;
  }
}

std::string system_out(const CaseResult& result) {
  switch (result.outcome) {
    case Outcome::failed:
    case Outcome::error:
    case Outcome::inconclusive:
      return '\n' + print_explanation(result.explanation, false);
    case Outcome::warned:
      return '\n' + print_case(result, {});
    case Outcome::passed:
      return result.known.empty() ? "" : '\n' + print_case(result, {.colour = false, .verbose = true});
    case Outcome::interrupted:
    case Outcome::skipped:
      return {};
  }
  return {};
}

void add_case(pugi::xml_node suite, const CaseResult& result) {
  pugi::xml_node node = suite.append_child("testcase");
  const auto [folder, name] = split_id(result.id);
  set(node, "classname", folder);
  set(node, "name", name);
  set_time(node, result.duration);
  add_outcome(node, result);
  const std::string out = system_out(result);
  if (!out.empty()) add_text(node.append_child("system-out"), out);
}

/// The run's seed; for shards with different seeds, that of the suite's cases.
std::string seeds_of(const Suite& suite, const RunSummary& summary) {
  if (summary.seed) return std::to_string(*summary.seed);
  std::set<std::uint64_t> seeds;
  for (const CaseResult* result : suite.cases) seeds.insert(result->seed);
  return fmt::format("{}", fmt::join(seeds, ", "));
}

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

void add_properties(pugi::xml_node node, const Suite& suite, const RunSummary& summary) {
  pugi::xml_node properties = node.append_child("properties");
  add_property(properties, "seed", seeds_of(suite, summary));
  add_property(properties, "wsfault", summary.version);
  if (!suite.cases.empty()) add_property(properties, "system", suite.cases.front()->system);
  if (!summary.stopped.empty()) add_property(properties, "stopped", first_line(summary.stopped));
  if (!summary.shard) return;
  add_property(properties, "shard", fmt::format("{}/{}", summary.shard->number, summary.shard->of));
  add_property(properties, "selection", summary.shard->selection);
}

void add_suite(pugi::xml_node suites, const Suite& suite, const RunSummary& summary) {
  pugi::xml_node node = suites.append_child("testsuite");
  set(node, "name", suite.name);
  set_counts(node, suite.cases);
  std::chrono::nanoseconds time{0};
  for (const CaseResult* result : suite.cases) time += result->duration;
  set_time(node, time);
  add_properties(node, suite, summary);
  for (const CaseResult* result : suite.cases) add_case(node, *result);
}

}  // namespace

std::string print_junit(const RunSummary& summary) {
  pugi::xml_document document;
  pugi::xml_node declaration = document.append_child(pugi::node_declaration);
  declaration.append_attribute("version") = "1.0";
  declaration.append_attribute("encoding") = "UTF-8";
  pugi::xml_node root = document.append_child("testsuites");
  set(root, "name", "wsfault");
  std::vector<const CaseResult*> all;
  for (const CaseResult& result : summary.cases) all.push_back(&result);
  set_counts(root, all);
  set_time(root, summary.wall);
  for (const Suite& suite : suites_of(summary)) add_suite(root, suite, summary);
  std::ostringstream out;
  document.save(out, "  ");
  return out.str();
}

}  // namespace wsfault::report
