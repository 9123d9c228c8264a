// The JSON document of a run, read back (docs/results.md, The JSON document).
#include <fmt/format.h>

#include <array>
#include <boost/json.hpp>
#include <cmath>
#include <stdexcept>
#include <utility>

#include "report/case_text.hpp"
#include "report/escape.hpp"
#include "report/json_report.hpp"
#include "report/results_reader.hpp"

namespace wsfault::report {
namespace {

namespace json = boost::json;
using verdict::Outcome;
using verdict::State;

/// The members of one object; a missing member, or one of another type, is an exception with a sentence.
class Members {
 public:
  Members(const json::value& value, std::string what) : what_(std::move(what)) {
    if (!value.is_object()) throw std::runtime_error(what_ + " is no object");
    object_ = &value.get_object();
  }

  const json::value& value(std::string_view key) const {
    if (const json::value* found = object_->if_contains(key)) return *found;
    throw std::runtime_error(fmt::format("{} has no `{}`", what_, key));
  }
  bool has(std::string_view key) const { return object_->contains(key); }
  /// Empty for null.
  std::string text(std::string_view key) const {
    const json::value& found = value(key);
    if (found.is_null()) return {};
    if (!found.is_string()) refuse(key);
    return std::string(found.get_string());
  }
  /// 0 for null. A number beyond T's range is refused.
  template <typename T = std::uint64_t>
  T number(std::string_view key) const {
    const json::value& found = value(key);
    if (found.is_null()) return 0;
    boost::system::error_code wrong;
    const auto number = found.to_number<std::uint64_t>(wrong);
    if (wrong || !std::in_range<T>(number)) refuse(key);
    return static_cast<T>(number);
  }
  std::chrono::nanoseconds time(std::string_view key, double unit) const {
    const json::value& found = value(key);
    boost::system::error_code wrong;
    const auto number = found.to_number<double>(wrong);
    if (wrong || !(std::abs(number) < 1e9)) refuse(key);
    return std::chrono::nanoseconds(std::llround(number * unit));
  }
  bool truth(std::string_view key) const {
    const json::value& found = value(key);
    if (!found.is_bool()) refuse(key);
    return found.get_bool();
  }
  const json::array& list(std::string_view key) const {
    const json::value& found = value(key);
    if (!found.is_array()) refuse(key);
    return found.get_array();
  }
  [[noreturn]] void refuse(std::string_view key) const {
    throw std::runtime_error(fmt::format("`{}` of {} cannot be {}", key, what_, json::serialize(value(key))));
  }

 private:
  std::string what_;
  const json::object* object_ = nullptr;
};

template <typename T, std::size_t size>
T one_of(const Members& members, std::string_view key, const std::array<T, size>& all, auto name) {
  const std::string text = members.text(key);
  for (const T& one : all) {
    if (name(one) == text) return one;
  }
  members.refuse(key);
}

constexpr std::array outcomes = {Outcome::error,       Outcome::failed, Outcome::inconclusive,
                                 Outcome::interrupted, Outcome::warned, Outcome::passed,
                                 Outcome::skipped};
constexpr std::array states = {State::pending, State::holds, State::warned, State::violated,
                               State::inconclusive};

verdict::Finding read_finding(const json::value& value, const std::string& of) {
  const Members members(value, "a finding of " + of);
  verdict::Finding finding;
  finding.state = one_of(members, "state", states, state_name);
  finding.subject = members.text("subject");
  finding.expected = members.text("expected");
  finding.seen = members.text("seen");
  if (members.has("broke")) finding.broke = members.text("broke");  // newer than the rest
  finding.cause = members.text("cause");
  if (members.has("cause_key")) finding.why = verdict::cause_of_key(members.text("cause_key"));
  finding.remedy = members.text("remedy");
  finding.connection = members.number<int>("connection");
  finding.place.line = members.number<int>("line");
  if (!members.value("at_ms").is_null()) finding.at = members.time("at_ms", 1e6).count();
  return finding;
}

CaseResult read_case(const json::value& value) {
  const std::string id = Members(value, "a case").text("id");
  const Members members(value, "the case " + id);
  CaseResult result;
  result.id = id;
  result.position = members.number("position");
  result.title = members.text("title");
  result.file = members.text("file");
  result.role = members.text("role");
  result.system = members.text("system");
  result.outcome = one_of(members, "outcome", outcomes, [](Outcome one) { return to_string(one); });
  result.reason = members.text("reason");
  result.known = members.text("known");
  result.duration = members.time("seconds", 1e9);
  result.attempts = members.number<int>("attempts");
  result.seed = members.number("seed");
  result.repeat = members.text("repeat");
  for (const json::value& finding : members.list("findings"))
    result.judgement.findings.push_back(read_finding(finding, id));
  result.judgement.outcome = result.outcome;
  if (members.value("explanation").is_null()) return result;
  for (const json::value& line : members.list("explanation")) {
    if (!line.is_string()) members.refuse("explanation");
    // The text may come from anyone, and is shown on a terminal.
    for (ExplainedLine& each : read_explanation(std::string(line.get_string()) + '\n'))
      result.explanation.push_back(std::move(each));
  }
  return result;
}

std::optional<Shard> read_shard(const json::value& value) {
  if (value.is_null()) return std::nullopt;
  const Members members(value, "`shard`");
  Shard shard;
  shard.number = members.number<int>("number");
  shard.of = members.number<int>("of");
  shard.cases_in_all = members.number("cases_in_all");
  shard.selection = members.text("selection");
  if (shard.of < 1 || shard.of > Shard::most) members.refuse("of");
  if (shard.number < 1 || shard.number > shard.of) members.refuse("number");
  return shard;
}

ReadResults read_document(const json::value& value) {
  const Members members(value, "the document");
  if (members.text("format") != "wsfault-results")
    throw std::runtime_error("it is no document of `wsfault run --json`");
  if (const auto found = members.number("version"); found != results_version)
    throw std::runtime_error(
        fmt::format("it is of version {} of the format, this wsfault reads {}", found, results_version));
  ReadResults read;
  read.summary.version = members.text("wsfault");
  if (!members.value("seed").is_null()) read.summary.seed = members.number("seed");
  read.summary.wall = members.time("seconds", 1e9);
  read.summary.interrupted = members.truth("interrupted");
  read.summary.stopped = members.text("stopped");
  read.summary.shard = read_shard(members.value("shard"));
  for (const json::value& shard : members.list("missing_shards")) {
    if (!shard.is_string()) members.refuse("missing_shards");
    read.summary.missing_shards.emplace_back(shard.get_string());
  }
  read.cases = members.list("cases");
  for (const json::value& one : read.cases) read.summary.cases.push_back(read_case(one));
  return read;
}

}  // namespace

Result<ReadResults> read_json_results(const std::string& text) {
  boost::system::error_code wrong;
  const json::value document = json::parse(text, wrong);
  if (wrong) return Error{"it is no JSON: " + wrong.message()};
  try {
    return read_document(document);
  } catch (const std::runtime_error& error) {
    return Error{error.what()};
  }
}

}  // namespace wsfault::report
