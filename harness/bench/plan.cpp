// The scenario of one round, in the form of a scenario file.
#include "bench/plan.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "fault/catalogue.hpp"
#include "value/toml.hpp"

namespace wsfault::bench {
namespace {

/// Time for the system to start, to connect and to converse until the fault strikes.
constexpr Duration until_fault = std::chrono::seconds(30);
/// The server sends a message every 20 ms: by then five have arrived, and five are still to come.
constexpr std::string_view usual_moment = "open";
constexpr Duration usual_delay = std::chrono::milliseconds(90);
/// Keys of a fault that may be chosen in addition to its own attributes.
constexpr std::string_view general_keys[] = {"direction", "end", "count", "lasts"};

bool has_attribute(const fault::Entry& entry, std::string_view name) {
  return std::ranges::find(entry.attributes, name, &fault::Attribute::name) != entry.attributes.end();
}

bool runs_commands(const fault::Entry& entry) {
  return std::ranges::find(entry.attributes, fault::AttributeType::command, &fault::Attribute::type) !=
         entry.attributes.end();
}

/// Why no round can have that fault; empty: one can.
std::string_view why_impossible(const fault::Entry& entry) {
  switch (entry.stand) {
    case fault::Stand::network:
      return "strikes the network, and a round has none of its own";
    case fault::Stand::party:
      if (entry.sut_only) return "acts on the system under test, and a round strikes its server";
      return runs_commands(entry) ? "runs a command of yours, and a round strikes wsfault's own server" : "";
    case fault::Stand::link:
      break;
  }
  if (entry.layer == "tcp" || entry.layer == "websocket") return "";
  return entry.strikes_connections()
             ? "strikes a connection before it is open, and a round strikes an open one"
             : "strikes a whole link, and a round strikes one connection";
}

std::string quoted(const std::string& text) { return to_json(Value(text)); }

/// Unchanged if it is valid TOML, else as a string.
std::string toml_value(const std::string& text) {
  Diagnostics ignored("", "");
  return parse_toml("value = " + text, ignored) && ignored.ok() ? text : quoted(text);
}

/// A key that may not be chosen, or is chosen twice; empty: no error.
std::string wrong_attribute(const Plan& plan, const fault::Entry& entry) {
  std::vector<std::string_view> allowed(std::begin(general_keys), std::end(general_keys));
  for (const fault::Attribute& attribute : entry.attributes) allowed.push_back(attribute.name);
  for (auto each = plan.with.begin(); each != plan.with.end(); ++each) {
    if (std::ranges::find(allowed, each->first) == allowed.end()) {
      return fmt::format("--with {}: {} has no such attribute: {}", each->first, entry.name,
                         suggest(each->first, allowed));
    }
    const bool again =
        std::any_of(plan.with.begin(), each, [&](const auto& other) { return other.first == each->first; });
    if (again) return fmt::format("--with {}: given twice", each->first);
    if (each->first == "down" && plan.down) return "--with down and --down say the same thing: give one";
  }
  return {};
}

class RoundText {
 public:
  RoundText(const Plan& plan, const fault::Entry& entry) : plan_(plan), entry_(entry) {}

  std::string print() {
    line("title = {}", quoted(fmt::format("Reconnect after {}", entry_.name)));
    line("role = \"client\"");
    line("appropriate = false");
    line("deadline = \"{}ns\"", (until_fault + plan_.spread).count());
    strike();
    if (entry_.stand == fault::Stand::party) {
      if (!has_attribute(entry_, "down")) come_back();
    } else if (plan_.down && *plan_.down > Duration(0)) {
      stay_away();
    }
    return std::move(text_);
  }

 private:
  template <typename... Values>
  void line(fmt::format_string<Values...> format, Values&&... values) {
    text_ += fmt::format(format, std::forward<Values>(values)...) + "\n";
  }

  bool chosen(std::string_view key) const {
    return std::ranges::any_of(plan_.with, [&](const auto& pair) { return pair.first == key; });
  }

  void strike() {
    line("[[fault]]");
    line("name = \"{}\"", struck_fault);
    line("inject = \"{}\"", entry_.name);
    line("when = {}", plan_.when.empty() ? quoted(std::string(usual_moment)) : toml_value(plan_.when));
    if (plan_.when.empty()) line("after = \"{}ns\"", usual_delay.count());
    if (entry_.stand == fault::Stand::party) line("at = \"upstream\"");
    if (entry_.strikes_connections()) line("connections = 1");
    for (const auto& [name, value] : plan_.with) line("{} = {}", name, toml_value(value));
    if (has_attribute(entry_, "down") && plan_.down) line("down = \"{}ns\"", plan_.down->count());
    // The fake server is one process, and looking for processes below it takes a millisecond.
    if (has_attribute(entry_, "scope") && !chosen("scope")) line("scope = \"main\"");
    // A later SIGKILL would strike the server that is started in its place.
    if (has_attribute(entry_, "grace") && !chosen("grace")) line("grace = \"24h\"");
  }

  /// A server process is restarted when the connection has ended. For a server that is told to stop, that is
  /// later than the fault; a frozen server stays frozen until the client has noticed.
  void come_back() {
    line("[[fault]]");
    line("name = \"back\"");
    line("inject = \"restart\"");
    line("at = \"upstream\"");
    line("when = {{ moment = \"end\", connection = 1 }}");
    line("after = \"{}ns\"", plan_.down.value_or(Duration(0)).count());
    line("down = \"0s\"");
  }

  void stay_away() {
    line("[[fault]]");
    line("name = \"away\"");
    line("inject = \"refuse\"");
    line("when = \"fault {}\"", struck_fault);
    line("lasts = \"{}ns\"", plan_.down->count());
  }

  const Plan& plan_;
  const fault::Entry& entry_;
  std::string text_;
};

std::string joined(const Diagnostics& diagnostics) {
  std::vector<std::string> lines;
  for (const Diagnostic& error : diagnostics.errors()) {
    lines.push_back(error.hint.empty() ? error.message : error.message + ": " + error.hint);
  }
  return fmt::format("{}", fmt::join(lines, "\n"));
}

}  // namespace

std::vector<std::string_view> possible_faults() {
  std::vector<std::string_view> names;
  for (const fault::Entry& entry : fault::catalogue()) {
    if (why_impossible(entry).empty()) names.push_back(entry.name);
  }
  return names;
}

Result<scenario::LoadedCase> plan_round(const Plan& plan, const model::System& system,
                                        const std::map<std::string, std::string>& set) {
  const fault::Entry* entry = fault::find_entry(plan.fault);
  if (entry == nullptr)
    return Error{
        fmt::format("--fault {}: unknown fault: {}", plan.fault, suggest(plan.fault, possible_faults()))};
  if (const std::string_view why = why_impossible(*entry); !why.empty())
    return Error{
        fmt::format("--fault {}: it {}; allowed: {}", plan.fault, why, fmt::join(possible_faults(), ", "))};
  if (std::string attribute = wrong_attribute(plan, *entry); !attribute.empty())
    return Error{std::move(attribute)};
  if (plan.down && entry->stand == fault::Stand::party && entry->heals) {
    return Error{fmt::format(
        "--down: {} takes none: the server that stands still is replaced as soon as the client has "
        "ended its connection",
        entry->name)};
  }
  const std::string text = RoundText(plan, *entry).print();
  Diagnostics diagnostics("the round", text);
  auto cases = scenario::load_scenario("bench/reconnect", {system, set, false}, text, diagnostics);
  if (!diagnostics.ok()) return Error{joined(diagnostics)};
  scenario::LoadedCase& loaded = cases.front();
  if (!loaded.skip.empty()) return Error{loaded.skip};
  return std::move(loaded);
}

}  // namespace wsfault::bench
