// Types of values as schemas.
#include "report/schema_parts.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <string>

#include "report/catalogue_text.hpp"
#include "scenario/standard_traits.hpp"

namespace wsfault::report::schema {
namespace {

constexpr std::string_view a_variable = R"(\$\{[^}]+\})";
constexpr std::string_view a_time = R"([0-9]+(\.[0-9]+)?[ \t]*(ns|us|ms|s|m|h)?)";
constexpr std::string_view a_size = R"([0-9]+(\.[0-9]+)?[ \t]*(B|kB|KiB|MB|MiB|GB|GiB|TB|TiB)?)";

/// The first words of moments.
std::vector<std::string> moment_words() {
  std::vector<std::string> words;
  for (const MomentForm& kind : moment_forms()) {
    std::string_view forms = kind.forms;
    while (!forms.empty()) {
      const std::size_t end = std::min(forms.find(", "), forms.size());
      const std::string word(forms.substr(0, std::min(forms.find(' '), end)));
      if (std::ranges::find(words, word) == words.end()) words.push_back(word);
      forms.remove_prefix(std::min(end + 2, forms.size()));
    }
  }
  return words;
}

std::string moment_text() {
  std::string text = "When: a moment.\n";
  for (const MomentForm& kind : moment_forms()) text += fmt::format("\n{}: {}", kind.forms, kind.is_when);
  return text;
}

Object moment() {
  const Object words =
      pattern(fmt::format(R"(^[ \t]*({})\b|{})", fmt::join(moment_words(), "|"), a_variable));
  Object narrowed = table({{"moment", words},
                           {"from", with(or_variable(one_of({"client", "server"})), "Who sent it")},
                           {"of", with(ref("text"), "Whose connection")},
                           {"at", with(ref("text"), "Which link")},
                           {"connection", with(or_variable(integer(1, 1e6)), "Which connection")}},
                          {"moment"});
  return with(any_of({words, std::move(narrowed)}), moment_text());
}

/// A plain value, "<=N", ">=N", "N-M".
std::string bound_of(std::string_view value) {
  return fmt::format(R"(^[ \t]*([<>]=)?[ \t]*{0}([ \t]*-[ \t]*{0})?[ \t]*$|{1})", value, a_variable);
}

Object trait(scenario::TraitType type) {
  using scenario::TraitType;
  switch (type) {
    case TraitType::duration:
    case TraitType::positive_duration:
      return ref("duration");
    case TraitType::count:
      return integer(1, 9e15);
    case TraitType::size:
      return ref("size");
    case TraitType::codes:
      return list_of(any_of({integer(0, 65535), pattern("^[0-9]+(-[0-9]+)?$")}));
    case TraitType::factor:
      return number(1, 100);
    case TraitType::jitter:
      return one_of({"full", "equal"});
    case TraitType::protocol:
      return text();
    case TraitType::flag:
      return Object{{"type", "boolean"}};
    case TraitType::backoff:
      break;
  }
  Object members;
  for (const scenario::StandardTrait& member : scenario::standard_traits()) {
    constexpr std::string_view prefix = "backoff.";
    if (member.name.starts_with(prefix))
      members[member.name.substr(prefix.size())] =
          any_of({trait(member.type), one_of({"none"}), ref("variable")});
  }
  return table(std::move(members));
}

}  // namespace

Object definitions(bool variables) {
  const Object hex = table({{"hex", pattern(fmt::format("^([0-9a-fA-F]{{2}})*$|{}", a_variable))}}, {"hex"});
  const Object size =
      any_of({integer(0, 9e15),
              pattern(fmt::format(R"(^[ \t]*{0}([ \t]*[+*][ \t]*{0})*[ \t]*$|{1})", a_size, a_variable))});
  // If no variables are allowed, "variable" matches nothing.
  Object variable = variables ? pattern(a_variable) : Object{{"not", Object{}}};
  return {
      {"variable", with(std::move(variable), "A variable: ${name}")},
      {"text", text()},
      {"boolean", or_variable({{"type", "boolean"}})},
      {"duration",
       with(pattern(fmt::format(R"(^[ \t]*{0}([ \t]*[+*][ \t]*{0})*[ \t]*$|{1})", a_time, a_variable)),
            "A duration: \"250ms\", \"1.5s\", \"2m\", with + and *")},
      {"size", with(size, "A size: \"64KiB\"")},
      {"bound", with(any_of({integer(0, 9e15), pattern(bound_of("[0-9]+"))}),
                     "A bound: 5, \"<=5\", \">=5\", \"1-5\"")},
      {"duration_bound", with(pattern(bound_of(a_time)), "A bound on a time: \"<=300ms\", \"250ms-400ms\"")},
      {"moment", moment()},
      {"headers", with(map_of(one_or_list(text())), "Header fields: { Name = \"value\" }")},
      {"patterns", with(map_of(text()), "Header fields, texts or /regex/")},
      {"command", one_or_list(text())},
      {"payload", with(any_of({text(), hex, table({{"size", size}}, {"size"})}),
                       "A text, { hex = \"ff00\" } or { size = \"1MiB\" }")},
      {"bytes", with(any_of({text(), hex}), "A text or { hex = \"ff00\" }")},
  };
}

Object attribute(const fault::Attribute& attribute) {
  using fault::AttributeType;
  switch (attribute.type) {
    case AttributeType::duration:
      return ref("duration");
    case AttributeType::size:
      return ref("size");
    case AttributeType::integer:
      return or_variable(integer(attribute.low, attribute.high));
    case AttributeType::number:
      return or_variable(number(attribute.low, attribute.high));
    case AttributeType::boolean:
      return ref("boolean");
    case AttributeType::text:
      return ref("bytes");
    case AttributeType::one_of:
      return or_variable(one_of(attribute.names));
    case AttributeType::headers:
      return ref("headers");
    case AttributeType::command:
      return ref("command");
    case AttributeType::durations:
      return any_of(
          {ref("duration"), Object{{"type", "array"}, {"items", ref("duration")}, {"minItems", 1}}});
  }
  return {};
}

Object traits_schema(bool variables) {
  Object properties;
  for (const scenario::StandardTrait& one : scenario::standard_traits()) {
    if (one.name.find('.') != std::string_view::npos) continue;
    Array schemas{trait(one.type), one_of({"none"})};
    if (variables) schemas.emplace_back(ref("variable"));
    properties[one.name] = with(any_of(std::move(schemas)), one.meaning);
  }
  return {{"type", "object"}, {"properties", std::move(properties)}};
}

}  // namespace wsfault::report::schema
