// Prints the tables of faults, expectations and moments for people to read.
#include "report/catalogue_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "report/catalogue_words.hpp"

namespace wsfault::report {
namespace {

using fault::Attribute;
using fault::Entry;

/// The layers, in the order of their first use in the catalogue.
std::vector<std::string_view> layers_of(const std::vector<Entry>& entries) {
  std::vector<std::string_view> layers;
  for (const Entry& entry : entries) {
    if (std::ranges::find(layers, entry.layer) == layers.end()) layers.push_back(entry.layer);
  }
  return layers;
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
