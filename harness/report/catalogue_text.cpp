// Prints the tables of faults, expectations and moments for people to read.
#include "report/catalogue_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "report/escape.hpp"

namespace wsfault::report {
namespace {

using fault::Attribute;
using fault::AttributeType;
using fault::Entry;

constexpr std::size_t columns = 100;

std::string number(double value) { return fmt::format("{:.15g}", value); }

std::string type_text(const Attribute& attribute) {
  const bool bounded = attribute.low < attribute.high;
  const std::string range =
      bounded ? fmt::format(" from {} to {}", number(attribute.low), number(attribute.high)) : "";
  switch (attribute.type) {
    case AttributeType::duration:
      return "a duration";
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
      return "a duration, or a list of them";
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

/// "stands on a link; when = open; connections = 1; …": the defaults of the keys that every fault has.
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

/// The layers, in the order of their first use in the catalogue.
std::vector<std::string_view> layers_of(const std::vector<Entry>& entries) {
  std::vector<std::string_view> layers;
  for (const Entry& entry : entries) {
    if (std::ranges::find(layers, entry.layer) == layers.end()) layers.push_back(entry.layer);
  }
  return layers;
}

/// `text` after `label`, wrapped at blanks; further lines are indented to the same column.
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

std::string cell(std::string_view text) {
  std::string out;
  for (const char letter : text) {
    if (letter == '|') out += '\\';
    out += letter;
  }
  return out;
}

std::string presets_markdown(const Entry& entry) {
  if (entry.presets.empty()) return {};
  std::string out = "\n| `preset` | stands for | source |\n| --- | --- | --- |\n";
  for (const fault::Preset& preset : entry.presets) {
    std::vector<std::string> keys;
    for (const auto& [key, text] : preset.keys) keys.push_back(fmt::format("`{}` {}", key, text));
    out += fmt::format("| `{}` | {} | {} |\n", preset.name, fmt::join(keys, ", "), cell(preset.source));
  }
  return out;
}

std::string entry_markdown(const Entry& entry) {
  std::string out = fmt::format("### `{}`\n\n{}\n", entry.name, entry.does);
  if (!entry.imitates.empty()) out += fmt::format("\n- Imitates: {}\n", entry.imitates);
  if (entry.imitates.empty()) out += '\n';
  if (!entry.faithful.empty()) out += fmt::format("- What a real one does differently: {}\n", entry.faithful);
  out += fmt::format("- Keys: {}.\n", fmt::join(key_texts(entry), "; "));
  if (entry.attributes.empty()) return out + '\n';
  out += "\n| attribute | value | default | meaning |\n| --- | --- | --- | --- |\n";
  for (const Attribute& attribute : entry.attributes) {
    const std::string fallback =
        attribute.fallback.empty() ? fallback_text(attribute) : fmt::format("`{}`", attribute.fallback);
    out += fmt::format("| `{}` | {} | {} | {} |\n", attribute.name, cell(type_text(attribute)),
                       cell(fallback), cell(attribute.doc));
  }
  return out + presets_markdown(entry) + '\n';
}

}  // namespace

std::string print_faults(const std::vector<Entry>& entries) {
  std::string out;
  std::size_t widest = 0;
  for (const Entry& entry : entries) widest = std::max(widest, entry.name.size());
  for (const std::string_view layer : layers_of(entries)) {
    out += fmt::format("{}{}\n", out.empty() ? "" : "\n", layer);
    for (const Entry& entry : entries) {
      if (entry.layer != layer) continue;
      out += wrapped(fmt::format("  {:<{}}  ", entry.name, widest), entry.does);
      for (const Attribute& attribute : entry.attributes) {
        out +=
            wrapped(fmt::format("  {:<{}}    {}: ", "", widest, attribute.name), attribute_text(attribute));
      }
    }
  }
  return out;
}

std::string print_faults_markdown(const std::vector<Entry>& entries) {
  std::string out =
      "# The fault catalogue\n\n"
      "Printed by `wsfault list faults --markdown`; do not edit it by hand.\n\n"
      "A scenario injects a fault by its name, with its attributes as further keys of the same table:\n\n"
      "```toml\n[[fault]]\ninject = \"reset\"\nwhen   = \"message 2\"\n```\n\n"
      "The keys that every fault knows (`at`, `of`, `connections`, `when`, `after`, `lasts`, `direction`, "
      "`end`,\n"
      "`count`, `probability`, `name`; `scope`, `address` and `between` where they make sense) are described in [scenarios.md](scenarios.md).\n\n"
      "| layer | faults |\n| --- | --- |\n";
  for (const std::string_view layer : layers_of(entries)) {
    std::vector<std::string> names;
    for (const Entry& entry : entries) {
      if (entry.layer == layer) names.push_back(fmt::format("[`{0}`](#{0})", entry.name));
    }
    out += fmt::format("| {} | {} |\n", layer, fmt::join(names, ", "));
  }
  for (const std::string_view layer : layers_of(entries)) {
    out += fmt::format("\n## {}\n\n", layer);
    for (const Entry& entry : entries) {
      if (entry.layer == layer) out += entry_markdown(entry);
    }
    out.pop_back();
  }
  return out;
}

std::string print_expectations(const std::vector<verdict::ExpectationKind>& kinds) {
  std::string out;
  std::size_t widest = 0;
  for (const auto& kind : kinds) widest = std::max(widest, kind.key.size());
  for (const auto& kind : kinds) {
    if (kind.only_in_never) continue;
    const std::string indent = fmt::format("  {:<{}}  ", "", widest);
    out += wrapped(fmt::format("  {:<{}}  = ", kind.key, widest), kind.value);
    out += wrapped(indent, kind.holds);
    if (kind.needs_for) out += indent + "needs `for`\n";
  }
  return out;
}

std::vector<MomentForm> moment_forms() {
  std::vector<MomentForm> forms;
  for (const fault::MomentKind& kind : fault::moment_kinds()) {
    if (!kind.forms.empty()) forms.push_back({kind.forms, kind.is_when});
    if (!kind.done_forms.empty()) forms.push_back({kind.done_forms, kind.done_when});
  }
  return forms;
}

std::string print_moments(const std::vector<MomentForm>& forms) {
  std::size_t widest = 0;
  for (const MomentForm& each : forms) widest = std::max(widest, each.forms.size());
  std::string out;
  for (const MomentForm& each : forms)
    out += wrapped(fmt::format("  {:<{}}  ", each.forms, widest), each.is_when);
  return out +
         "\nN counts from 1. A table narrows a moment:\n"
         "  when = { moment = \"message 2\", from = \"server\", connection = 3, at = \"link\" }\n";
}

}  // namespace wsfault::report
