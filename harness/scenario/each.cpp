// [each]: one file, many cases — the product of its lists.
#include "scenario/each.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <set>

namespace wsfault::scenario {
namespace {

constexpr std::size_t most_cases = 10'000;

bool is_scalar(const Value& value) {
  return value.text() || value.integer() || value.real() || value.boolean();
}

/// In a list of texts "1000" stays a text.
Value replacement(const Value::Array& list, const std::string& text) {
  const bool texts =
      std::all_of(list.begin(), list.end(), [](const Value& value) { return value.text() != nullptr; });
  return texts ? Value(text) : read_scalar(text);
}

class EachReader {
 public:
  EachReader(const std::map<std::string, std::string>& set, Diagnostics& diagnostics)
      : set_(set), diagnostics_(diagnostics) {}

  /// The cases that one list makes; none if it is wrong.
  std::vector<EachValues> read(const Value::Member& member) const {
    const Value::Array* list = member.value.array();
    if (!list || list->empty()) {
      diagnostics_.error(member.value.place, "each." + member.key + " is a list of at least one value",
                         "code = [1000, 1001], or rows: case = [{ code = 1014, back = true }]");
      return {};
    }
    return list->front().table() ? rows(member, *list) : scalars(member, *list);
  }

 private:
  std::vector<EachValues> scalars(const Value::Member& member, const Value::Array& list) const {
    std::vector<EachValues> cases;
    for (const Value& value : list) {
      if (is_scalar(value)) {
        cases.push_back({{member.key, value}});
      } else {
        diagnostics_.error(value.place,
                           fmt::format("each.{} mixes values and {}", member.key, value.type_name()),
                           "a list of texts, numbers and truth values, or a list of tables");
        return {};
      }
    }
    if (const auto set = set_.find(member.key); set != set_.end()) {
      return {{{member.key, replacement(list, set->second)}}};
    }
    return cases;
  }

  std::vector<EachValues> rows(const Value::Member& member, const Value::Array& list) const {
    if (set_.contains(member.key)) {
      diagnostics_.error(member.value.place,
                         fmt::format("--set {}: each.{} is a list of rows", member.key, member.key),
                         fmt::format("set one column of it: --set {}.NAME=VALUE", member.key));
      return {};
    }
    std::vector<EachValues> cases;
    for (const Value& row : list) {
      if (!check_row(member.key, row, list.front())) return {};
      EachValues values;
      for (const Value::Member& column : *row.table()) {
        const std::string name = member.key + "." + column.key;
        const auto set = set_.find(name);
        values.emplace_back(name, set == set_.end() ? column.value : column_value(list, column, set->second));
      }
      cases.push_back(std::move(values));
    }
    return cases;
  }

  static Value column_value(const Value::Array& list, const Value::Member& column, const std::string& text) {
    Value::Array column_values;
    for (const Value& row : list) {
      if (const Value* value = row.find(column.key)) column_values.push_back(*value);
    }
    return replacement(column_values, text);
  }

  bool check_row(const std::string& name, const Value& row, const Value& first) const {
    if (!row.table()) {
      diagnostics_.error(row.place, fmt::format("each.{} mixes rows and {}", name, row.type_name()),
                         "each of its members is a table");
      return false;
    }
    for (const Value::Member& column : *first.table()) {
      if (row.find(column.key)) continue;
      diagnostics_.error(row.place, fmt::format("this row of each.{} has no {}", name, column.key),
                         "every row has the same names");
      return false;
    }
    for (const Value::Member& column : *row.table()) {
      if (first.find(column.key)) continue;
      diagnostics_.error(column.place, fmt::format("the first row of each.{} has no {}", name, column.key),
                         "every row has the same names");
      return false;
    }
    return true;
  }

  const std::map<std::string, std::string>& set_;
  Diagnostics& diagnostics_;
};

std::vector<EachValues> product(const std::vector<EachValues>& left, const std::vector<EachValues>& right) {
  std::vector<EachValues> all;
  for (const EachValues& first : left) {
    for (const EachValues& second : right) {
      all.push_back(first);
      all.back().insert(all.back().end(), second.begin(), second.end());
    }
  }
  return all;
}

std::vector<EachValues> without_repetition(std::vector<EachValues> cases) {
  std::set<std::string> seen;
  std::erase_if(cases, [&](const EachValues& values) { return !seen.insert(case_suffix(values)).second; });
  return cases;
}

}  // namespace

std::vector<EachValues> expand_each(const Value* each, const std::map<std::string, std::string>& set,
                                    Diagnostics& diagnostics) {
  std::vector<EachValues> cases = {{}};
  if (!each) return cases;
  if (!each->table()) {
    diagnostics.error(each->place, fmt::format("each is a table of lists, not {}", each->type_name()),
                      "[each] and below it code = [1000, 1001]");
    return {};
  }
  const EachReader reader(set, diagnostics);
  bool whole = true;
  for (const Value::Member& member : *each->table()) {
    const std::vector<EachValues> list = reader.read(member);
    whole = whole && !list.empty();
    if (!whole) continue;
    if (cases.size() * list.size() > most_cases) {
      diagnostics.error(member.place, fmt::format("[each] makes more than {} cases", most_cases));
      return {};
    }
    cases = product(cases, list);
  }
  if (!whole) return {};
  return without_repetition(std::move(cases));
}

bool sets_each(const Value* each, std::string_view name) {
  if (!each || !each->table()) return false;
  return std::any_of(each->table()->begin(), each->table()->end(), [&](const Value::Member& member) {
    return name == member.key || (name.starts_with(member.key) && name[member.key.size()] == '.');
  });
}

std::string case_suffix(const EachValues& values) {
  std::string text;
  for (const auto& [name, value] : values) text += (text.empty() ? "" : ",") + name + "=" + written(value);
  return text.empty() ? "" : "[" + text + "]";
}

std::string written(const Value& value) {
  if (value.text()) return *value.text();
  return to_json(value);
}

Value read_scalar(const std::string& text) {
  if (text == "true" || text == "false") return Value(text == "true");
  const char* const end = text.data() + text.size();
  std::int64_t integer = 0;
  if (const auto [stop, failure] = std::from_chars(text.data(), end, integer);
      failure == std::errc() && stop == end && !text.empty()) {
    return Value(integer);
  }
  double real = 0;
  if (const auto [stop, failure] = std::from_chars(text.data(), end, real, std::chars_format::fixed);
      failure == std::errc() && stop == end && !text.empty()) {
    return Value(real);
  }
  return Value(text);
}

}  // namespace wsfault::scenario
