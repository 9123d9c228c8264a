// Checks that the files are parts of one run, then joins their cases into one list and one document.
#include "report/merge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>
#include <set>

#include "report/json_report.hpp"
#include "report/junit.hpp"
#include "report/results_reader.hpp"

namespace wsfault::report {
namespace {

struct Part {
  std::string name;
  ReadResults results;
  const RunSummary& summary() const { return results.summary; }
};

bool is_junit(const std::string& text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n\xef\xbb\xbf");
  return first != std::string::npos && text[first] == '<';
}

Result<std::vector<Part>> read_all(const std::vector<ResultsFile>& files) {
  std::vector<Part> parts;
  for (const ResultsFile& file : files) {
    auto read = is_junit(file.text) ? read_junit_results(file.text) : read_json_results(file.text);
    if (!read) return Error{fmt::format("{}: {}", file.name, read.error())};
    parts.push_back({file.name, *std::move(read)});
  }
  return parts;
}

/// Why two files are not parts of one run; empty if they are.
std::string difference(const Part& one, const Part& other) {
  const RunSummary& a = one.summary();
  const RunSummary& b = other.summary();
  if (a.version != b.version) {
    return fmt::format("{} is of wsfault {}, {} of {}: results of one version can be merged", one.name,
                       a.version, other.name, b.version);
  }
  for (const Part* part : {&one, &other}) {
    if (!part->summary().shard)
      return fmt::format("{} is no shard (of `wsfault run --shard I/N`): it cannot be merged with others",
                         part->name);
  }
  if (a.shard->of != b.shard->of) {
    return fmt::format("{} is one of {} shards, {} one of {}", one.name, a.shard->of, other.name,
                       b.shard->of);
  }
  if (a.shard->selection != b.shard->selection) {
    return fmt::format(
        "{} and {} are shards of different cases: they were not given the same scenarios and system",
        one.name, other.name);
  }
  if (a.shard->number == b.shard->number)
    return fmt::format("{} and {} overlap: both are shard {}/{}", one.name, other.name, a.shard->number,
                       a.shard->of);
  return {};
}

/// Shards of one selection have no common case, unless somebody edited them.
std::string case_in_two(const std::vector<Part>& parts) {
  std::map<std::string, const Part*> of;
  for (const Part& part : parts) {
    for (const CaseResult& result : part.summary().cases) {
      const auto [known, is_new] = of.emplace(result.id, &part);
      if (!is_new)
        return fmt::format("{} and {} overlap: both have {}", known->second->name, part.name, result.id);
    }
  }
  return {};
}

/// Each case has its own position in the whole run, and a whole run has them all.
std::string lost_cases(const std::vector<Part>& parts) {
  const std::size_t in_all = parts.front().summary().shard ? parts.front().summary().shard->cases_in_all : 0;
  if (in_all == 0) return {};  // JUnit does not record how many there are
  std::set<std::size_t> places;
  std::size_t shards = 0;
  for (const Part& part : parts) {
    if (part.summary().shard->cases_in_all != in_all) {
      return fmt::format("{} says that there are {} cases in all, {} says {}", parts.front().name, in_all,
                         part.name, part.summary().shard->cases_in_all);
    }
    ++shards;
    for (const CaseResult& result : part.summary().cases) {
      if (result.position < 1 || result.position > in_all || !places.insert(result.position).second)
        return fmt::format("{}: `position` of the case {} cannot be {}", part.name, result.id,
                           result.position);
    }
  }
  const bool is_whole = shards == static_cast<std::size_t>(parts.front().summary().shard->of);
  const bool was_cut =
      std::ranges::any_of(parts, [](const Part& part) { return part.summary().interrupted; });
  if (is_whole && !was_cut && places.size() != in_all)
    return fmt::format("the shards have {} cases, and there are {} in all", places.size(), in_all);
  return {};
}

std::string what_is_wrong(const std::vector<Part>& parts) {
  for (std::size_t i = 0; i < parts.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (std::string wrong = difference(parts[j], parts[i]); !wrong.empty()) return wrong;
    }
  }
  if (std::string wrong = case_in_two(parts); !wrong.empty()) return wrong;
  return lost_cases(parts);
}

std::vector<std::string> missing_shards(const std::vector<Part>& parts) {
  std::vector<std::string> missing = parts.front().summary().missing_shards;
  if (!parts.front().summary().shard) return missing;
  std::set<int> there;
  for (const Part& part : parts) there.insert(part.summary().shard->number);
  const int of = parts.front().summary().shard->of;
  for (int number = 1; number <= of; ++number) {
    if (!there.contains(number)) missing.push_back(fmt::format("{}/{}", number, of));
  }
  return missing;
}

/// Everything except the cases.
RunSummary head_of(const std::vector<Part>& parts) {
  RunSummary whole;
  whole.version = parts.front().summary().version;
  whole.seed = parts.front().summary().seed;
  whole.missing_shards = missing_shards(parts);
  for (const Part& part : parts) {
    if (part.summary().seed != whole.seed) whole.seed.reset();
    whole.wall = std::max(whole.wall, part.summary().wall);
    whole.interrupted = whole.interrupted || part.summary().interrupted;
    // Shards of one run stop for the same reason.
    if (whole.stopped.empty()) whole.stopped = part.summary().stopped;
  }
  return whole;
}

Merged join_json(std::vector<Part> parts) {
  std::vector<std::pair<CaseResult, boost::json::value>> all;
  Merged merged{head_of(parts), {}, {}};
  for (Part& part : parts) {
    auto& cases = part.results.summary.cases;
    for (std::size_t i = 0; i < cases.size(); ++i)
      all.emplace_back(std::move(cases[i]), std::move(part.results.cases[i]));
  }
  std::ranges::stable_sort(all, {}, [](const auto& one) { return one.first.position; });
  boost::json::array cases;
  for (auto& [result, json] : all) {
    merged.summary.cases.push_back(std::move(result));
    cases.push_back(std::move(json));
  }
  merged.json = print_json_report(merged.summary, std::move(cases));
  merged.junit = print_junit(merged.summary);
  return merged;
}

Merged join_junit(const std::vector<ResultsFile>& files, std::vector<Part> parts) {
  Merged merged{head_of(parts), {}, {}};
  for (Part& part : parts) {
    for (CaseResult& result : part.results.summary.cases) merged.summary.cases.push_back(std::move(result));
  }
  std::vector<std::string> documents;
  for (const ResultsFile& file : files) documents.push_back(file.text);
  merged.junit = join_junit_documents(documents);
  return merged;
}

}  // namespace

Result<Merged> merge(const std::vector<ResultsFile>& files) {
  if (files.empty()) return Error{"there is nothing to merge"};
  for (const ResultsFile& file : files) {
    if (is_junit(file.text) != is_junit(files.front().text))
      return Error{fmt::format("{} and {} are of different formats: merge JSON with JSON, JUnit with JUnit",
                               files.front().name, file.name)};
  }
  auto parts = read_all(files);
  if (!parts) return Error{parts.error()};
  if (std::string wrong = what_is_wrong(*parts); !wrong.empty()) return Error{wrong};
  return is_junit(files.front().text) ? join_junit(files, *std::move(parts)) : join_json(*std::move(parts));
}

}  // namespace wsfault::report
