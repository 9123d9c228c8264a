#include "report/catalogue_words.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "report/escape.hpp"

namespace wsfault::report {
namespace {

using fault::Attribute;
using fault::AttributeType;
using fault::Entry;

constexpr std::size_t columns = 100;

std::string number(double value) { return fmt::format("{:.15g}", value); }

std::string_view stand_text(const Entry& entry) {
  switch (entry.stand) {
    case fault::Stand::link:
      return entry.answers ? "a link where the system under test is on the client side" : "a link";
    case fault::Stand::party:
      return entry.sut_only ? "the system under test (`sut`)" : "a party";
    case fault::Stand::network:
      return "the network";
  }
  return {};
}

}  // namespace

std::string type_text(const Attribute& attribute) {
  const bool bounded = attribute.low < attribute.high;
  const std::string range =
      bounded ? fmt::format(" from {} to {}", number(attribute.low), number(attribute.high)) : "";
  switch (attribute.type) {
    case AttributeType::duration:
      return attribute.above_zero ? "a duration above 0" : "a duration";
    case AttributeType::size:
      return "a size";
    case AttributeType::integer:
      return "an integer" + range;
    case AttributeType::number:
      return "a number" + range;
    case AttributeType::boolean:
      return "true or false";
    case AttributeType::text:
      return "a text";
    case AttributeType::one_of:
      return fmt::format("one of {}", fmt::join(attribute.names, ", "));
    case AttributeType::headers:
      return "a table of header fields";
    case AttributeType::command:
      return "a command and its arguments";
    case AttributeType::durations:
      return attribute.above_zero ? "a duration above 0, or a list of them" : "a duration, or a list of them";
  }
  return {};
}

std::string fallback_text(const Attribute& attribute) {
  if (!attribute.fallback.empty()) return fmt::format("default {}", attribute.fallback);
  return attribute.optional ? "may be left out" : "required";
}

std::string attribute_text(const Attribute& attribute) {
  std::string out = fmt::format("{}; {}", type_text(attribute), fallback_text(attribute));
  if (!attribute.doc.empty()) out += fmt::format(". {}", attribute.doc);
  return out;
}

std::vector<std::string> key_texts(const Entry& entry) {
  std::vector<std::string> out{fmt::format("stands on {}", stand_text(entry)),
                               fmt::format("`when` is `{}` by default", entry.when)};
  if (entry.strikes_connections()) {
    out.push_back(fmt::format("`connections` is `{}`{}", entry.connections,
                              entry.takes_scope() ? ", or `scope = \"link\"`" : ""));
    out.push_back(fmt::format("`direction` is `{}`", entry.direction));
  }
  if (!entry.ends.empty()) {
    out.push_back(fmt::format("`end` is {} (the first is the default)", fmt::join(entry.ends, ", ")));
  }
  if (entry.heals) out.push_back("heals after `lasts`");
  if (entry.counts) out.push_back("takes `count`");
  if (entry.middlebox) out.push_back("is armed at `when`, and fires when it ends or forgets a connection");
  return out;
}

std::string wrapped(const std::string& label, std::string_view text) {
  const std::size_t indent = width(label);
  std::string out = label;
  std::size_t column = indent;
  while (!text.empty()) {
    const std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    if (column > indent && column + 1 + width(word) > columns) {
      out += '\n' + std::string(indent, ' ');
      column = indent;
    } else if (column > indent) {
      out += ' ';
      ++column;
    }
    out += word;
    column += width(word);
  }
  return out + '\n';
}

}  // namespace wsfault::report
