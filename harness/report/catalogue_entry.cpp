#include "report/catalogue_entry.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "report/catalogue_text.hpp"
#include "report/catalogue_words.hpp"
#include "scenario/standard_traits.hpp"

namespace wsfault::report {
namespace {

std::string labelled(std::string_view label, std::string_view text) {
  return wrapped(fmt::format("  {:<12}", fmt::format("{}:", label)), text);
}

std::string listed_in(std::string_view list) {
  return labelled("listed by", fmt::format("wsfault list {}", list));
}

std::string preset_text(const fault::Preset& preset) {
  std::vector<std::string> keys;
  for (const auto& [key, text] : preset.keys) keys.push_back(fmt::format("{} {}", key, text));
  return fmt::format("{}: {}", preset.name, fmt::join(keys, ", "));
}

/// "message" in "message N, frame N, ping N, pong N, close".
bool names(std::string_view forms, std::string_view name) {
  while (!forms.empty()) {
    const std::string_view form = forms.substr(0, forms.find(", "));
    if (form.substr(0, form.find(' ')) == name) return true;
    forms.remove_prefix(std::min(forms.size(), form.size() + 2));
  }
  return false;
}

}  // namespace

std::string print_fault(const fault::Entry& entry) {
  std::string out = fmt::format("{} (a fault: docs/faults.md, {})\n", entry.name, entry.layer);
  out += labelled("does", entry.does);
  if (!entry.imitates.empty()) out += labelled("imitates", entry.imitates);
  if (!entry.faithful.empty()) out += labelled("a real one", entry.faithful);
  out += labelled("keys", fmt::format("{}", fmt::join(key_texts(entry), "; ")));
  for (const fault::Attribute& attribute : entry.attributes)
    out += labelled("attribute", fmt::format("{}: {}", attribute.name, attribute_text(attribute)));
  for (const fault::Preset& preset : entry.presets) out += labelled("preset", preset_text(preset));
  return out + listed_in("faults");
}

std::string print_expectation(const verdict::ExpectationKind& kind) {
  std::string out = fmt::format("{} (an expectation: docs/scenarios.md, Expectations)\n", kind.key);
  out += labelled("value", kind.value);
  out += labelled("holds", kind.holds);
  for (const verdict::Narrowing& narrowing : kind.narrowings)
    out += labelled("narrowing", fmt::format("{}: {}", narrowing.key, narrowing.meaning));
  if (kind.needs_for) out += labelled("needs", "`for`");
  if (kind.only_in_never) out += labelled("stands", "in `never` only");
  return out + listed_in("expectations");
}

std::string print_moment(std::string_view name) {
  std::string out;
  for (const MomentForm& each : moment_forms()) {
    if (!names(each.forms, name)) continue;
    out += labelled("written", each.forms) + labelled("is when", each.is_when);
  }
  if (out.empty()) return out;
  return fmt::format("{} (a moment: docs/scenarios.md, Moments)\n{}{}", name, out, listed_in("moments"));
}

std::string print_trait(std::string_view name, std::string_view meaning) {
  return fmt::format("{} (a trait: docs/scenarios.md, Traits and requirements)\n", name) +
         labelled("meaning", meaning) +
         labelled("declared",
                  fmt::format("in [traits] of a system file, or by {}", scenario::how_to_set(name)));
}

std::string print_key(std::string_view key, std::string_view table, std::string_view meaning) {
  std::string out = fmt::format("{} (a key of {}: docs/scenarios.md)\n", key, table);
  for (bool first = true; !meaning.empty(); first = false) {
    const std::string_view line = meaning.substr(0, meaning.find('\n'));
    out += first ? labelled("meaning", line) : wrapped(std::string(14, ' '), line);
    meaning.remove_prefix(std::min(meaning.size(), line.size() + 1));
  }
  return out;
}

}  // namespace wsfault::report
