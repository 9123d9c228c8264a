// ${name}: replaces variables in a whole tree; each value keeps its place.
#include "scenario/variables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "scenario/pieces.hpp"
#include "scenario/standard_traits.hpp"
#include "value/units.hpp"

namespace wsfault::scenario {

bool is_secret(const std::string& text) {
  constexpr std::size_t short_enough = 6;
  return !text.empty() && !parse_duration(text) && !(text.size() <= short_enough && parse_size(text));
}

namespace {

constexpr std::string_view environment_prefix = "env:";
constexpr std::string_view within_fallback = "5s";

/// The meaning of a name.
struct Meaning {
  enum class Kind { value, runtime, missing_trait, unknown };
  Kind kind = Kind::unknown;
  Value value;  ///< for missing_trait: the placeholder
};

/// A sum inside a product would change the result: it is added up first.
std::string operand(const std::string& text) {
  if (text.find('+') == std::string::npos) return text;
  const Result<Duration> sum = parse_duration(text);
  return sum ? fmt::format("{}ns", sum->count()) : text;
}

class Substituter {
 public:
  Substituter(const Scope& scope, Diagnostics& diagnostics) : scope_(scope), diagnostics_(diagnostics) {}

  Substituted run(const Value& tree) {
    std::optional<Value> whole = value(tree, {});
    result_.tree = whole ? *std::move(whole) : Value();
    return std::move(result_);
  }

 private:
  /// None: the member is removed.
  std::optional<Value> value(const Value& found, std::string_view key) {
    if (found.text()) return text(found, key);
    if (found.array()) return list(found, key);
    if (found.table()) return table(found);
    return found;
  }

  Value list(const Value& found, std::string_view key) {
    Value::Array members;
    for (const Value& member : *found.array()) {
      if (std::optional<Value> kept = value(member, key)) members.push_back(*std::move(kept));
    }
    return placed(Value(std::move(members)), found.place);
  }

  Value table(const Value& found) {
    const bool is_whole = std::exchange(is_inside_, true) == false;
    Value::Table members;
    for (const Value::Member& member : *found.table()) {
      if (is_whole) in_expect_ = member.key == "expect";
      // It is for logs: a file cannot say of itself that what fails is undecided.
      if (in_expect_ && member.key == "undeclared")
        diagnostics_.error(member.place, R"(unknown key "undeclared" in [[expect]])");
      std::optional<Value> kept = value(member.value, member.key);
      if (!kept) continue;
      members.push_back({member.key, member.place, *std::move(kept)});
      if (auto open = std::exchange(undeclared_, {}); !open.empty() && in_expect_)
        members.push_back({"undeclared", member.place, placed(Value(std::move(open)), member.value.place)});
    }
    return placed(Value(std::move(members)), found.place);
  }

  std::optional<Value> text(const Value& found, std::string_view key) {
    const Result<Pieces> pieces = split_variables(*found.text());
    if (!pieces) {
      diagnostics_.error(found.place, pieces.error());
      return found;
    }
    std::vector<std::string> missing;
    Value replaced = pieces->size() == 1 && pieces->front().variable
                         ? alone(pieces->front().text, found, missing)
                         : inside(*pieces, found, missing);
    if (missing.empty()) return placed(std::move(replaced), found.place);
    if (key == "within") {
      undeclared_ = undeclared(missing);
      return placed(Value(within_fallback), found.place);
    }
    if (key == "not_before") return std::nullopt;
    skip(key, *found.text(), missing.front());
    return placed(std::move(replaced), found.place);
  }

  Value alone(const std::string& name, const Value& found, std::vector<std::string>& missing) {
    const Meaning meaning = mean(name, found.place);
    if (meaning.kind == Meaning::Kind::missing_trait) missing.push_back(name);
    if (meaning.kind == Meaning::Kind::value || meaning.kind == Meaning::Kind::missing_trait)
      return meaning.value;
    return found;
  }

  Value inside(const Pieces& pieces, const Value& found, std::vector<std::string>& missing) {
    std::string all;
    for (const Piece& piece : pieces) {
      if (!piece.variable) {
        all += piece.text;
        continue;
      }
      const Meaning meaning = mean(piece.text, found.place);
      if (meaning.kind == Meaning::Kind::missing_trait) missing.push_back(piece.text);
      if (meaning.kind == Meaning::Kind::runtime) {
        all += "${" + piece.text + "}";
      } else if (meaning.value.array() || meaning.value.table()) {
        diagnostics_.error(found.place,
                           fmt::format("${{{}}} is {}: it cannot stand inside a text", piece.text,
                                       meaning.value.type_name()),
                           "alone between the quotes it becomes the value itself");
      } else if (!meaning.value.is_null()) {
        all += operand(written(meaning.value));
      }
    }
    return Value(std::move(all));
  }

  Meaning mean(const std::string& name, Place place) {
    for (const auto& [each_name, each_value] : scope_.each) {
      if (each_name == name && !in_each_) return {Meaning::Kind::value, each_text(each_value, name)};
    }
    if (name.starts_with(environment_prefix)) return environment(name, place);
    if (const Value* trait = scope_.traits.find(name); trait && !scope_.traits.is_none(name)) {
      return {Meaning::Kind::value, *trait};
    }
    if (scope_.traits.find(name) || is_standard_trait(name)) {
      return {Meaning::Kind::missing_trait, trait_placeholder(name)};
    }
    if (std::ranges::find(scope_.runtime, name) != scope_.runtime.end()) return {Meaning::Kind::runtime, {}};
    diagnostics_.error(place, fmt::format("unknown variable ${{{}}}", name), suggest(name, known_names()));
    return {};
  }

  /// A value of [each] may use traits: silent = ["2 * ${heartbeat}"].
  Value each_text(const Value& each_value, const std::string& name) {
    in_each_ = true;
    std::optional<Value> replaced = value(each_value, name);
    in_each_ = false;
    return replaced ? *std::move(replaced) : each_value;
  }

  Meaning environment(const std::string& name, Place place) {
    const std::string variable = name.substr(environment_prefix.size());
    const char* found = std::getenv(variable.c_str());
    if (!found) {
      diagnostics_.error(place, fmt::format("the environment has no variable {}", variable),
                         fmt::format("set it for the run: {}=… wsfault run …", variable));
      return {};
    }
    const bool secret = is_secret(found);
    return {Meaning::Kind::value, Value(secret && scope_.masked ? "<" + name + ">" : std::string(found))};
  }

  std::vector<std::string_view> known_names() const {
    std::vector<std::string_view> names;
    for (const auto& [name, value] : scope_.each) names.push_back(name);
    for (const auto& [name, value] : scope_.traits.values) {
      if (!is_standard_trait(name)) names.push_back(name);
    }
    names.insert(names.end(), standard_trait_names().begin(), standard_trait_names().end());
    names.insert(names.end(), scope_.runtime.begin(), scope_.runtime.end());
    names.push_back("env:NAME");
    return names;
  }

  /// Empty if one of them is "none": then it is known what there is.
  Value::Array undeclared(const std::vector<std::string>& missing) const {
    const auto is_said = [&](const std::string& trait) { return scope_.traits.find(trait) != nullptr; };
    if (std::ranges::any_of(missing, is_said)) return {};
    return Value::Array(missing.begin(), missing.end());
  }

  void skip(std::string_view key, const std::string& text, const std::string& trait) {
    if (!result_.skip.empty()) return;
    const bool none = scope_.traits.find(trait) != nullptr;
    result_.skip =
        fmt::format("{} = \"{}\": {} {} {}{}", key, text, scope_.system, none ? "has no" : "declares no",
                    trait, none ? "" : fmt::format(" (--set {}=… does)", trait));
  }

  static Value placed(Value replaced, Place place) {
    replaced.place = place;
    return replaced;
  }

  const Scope& scope_;
  Diagnostics& diagnostics_;
  Substituted result_;
  bool in_each_ = false;
  bool is_inside_ = false;   ///< the tree itself has begun
  bool in_expect_ = false;   ///< in its [[expect]] tables
  Value::Array undeclared_;  ///< of the `within` that was just replaced
};

void add_environment_names(const Value& tree, std::vector<std::string>& names) {
  if (tree.array()) {
    for (const Value& member : *tree.array()) add_environment_names(member, names);
  }
  if (tree.table()) {
    for (const Value::Member& member : *tree.table()) add_environment_names(member.value, names);
  }
  if (!tree.text()) return;
  const Result<Pieces> pieces = split_variables(*tree.text());
  if (!pieces) return;
  for (const Piece& piece : *pieces) {
    if (!piece.variable || !piece.text.starts_with(environment_prefix)) continue;
    names.push_back(piece.text.substr(environment_prefix.size()));
  }
}

void sort_and_make_unique(std::vector<std::string>& names) {
  std::ranges::sort(names);
  names.erase(std::unique(names.begin(), names.end()), names.end());
}

/// From "message /(?P<ref>\d+)/", or from the pattern by itself: "ref".
std::vector<std::string> group_names(std::string_view text) {
  constexpr std::string_view opening = "(?P<";
  std::vector<std::string> names;
  for (std::size_t at = text.find(opening); at != std::string_view::npos; at = text.find(opening, at)) {
    at += opening.size();
    const std::size_t end = text.find('>', at);
    if (end == std::string_view::npos) break;
    names.emplace_back(text.substr(at, end - at));
  }
  return names;
}

/// The names captured by a rule's `on` or a step's `expect`.
std::vector<std::string> captured_names(const Value& pattern) {
  std::vector<std::string> names;
  const Value* moment = pattern.table() ? pattern.find("moment") : &pattern;
  if (moment && moment->text()) names = group_names(*moment->text());
  return names;
}

void add_captured(const Value& tree, std::vector<std::string>& names) {
  if (tree.array()) {
    for (const Value& member : *tree.array()) add_captured(member, names);
  }
  if (!tree.table()) return;
  for (const Value::Member& member : *tree.table()) {
    if (member.key == "on" || (member.key == "expect" && member.value.text())) {
      for (std::string& name : captured_names(member.value)) names.push_back(std::move(name));
    } else {
      add_captured(member.value, names);
    }
  }
}

}  // namespace

Substituted substitute(const Value& tree, const Scope& scope, Diagnostics& diagnostics) {
  return Substituter(scope, diagnostics).run(tree);
}

std::vector<std::string> runtime_names(const Value& tree) {
  std::vector<std::string> names = {"seq", "url", "ca_file", "port"};
  if (const Value* upstreams = tree.find("upstream"); upstreams && upstreams->array()) {
    for (const Value& upstream : *upstreams->array()) {
      const Value* name = upstream.find("name");
      if (name && name->text()) names.push_back(*name->text() + ".port");
    }
  }
  add_captured(tree, names);
  sort_and_make_unique(names);
  return names;
}

std::vector<std::pair<std::string, std::string>> environment_secrets(const Value& tree) {
  std::vector<std::string> names;
  add_environment_names(tree, names);
  sort_and_make_unique(names);
  std::vector<std::pair<std::string, std::string>> secrets;
  for (const std::string& name : names) {
    const char* value = std::getenv(name.c_str());
    if (value && is_secret(value)) secrets.emplace_back(name, value);
  }
  return secrets;
}

}  // namespace wsfault::scenario
