// wsfault explain: what a close code, an HTTP status, a cause or a name in scenario and system files means,
// and what is appropriate after an effect.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/arguments.hpp"
#include "cli/explain_cause.hpp"
#include "cli/explain_code.hpp"
#include "cli/explain_name.hpp"
#include "cli/subcommands.hpp"
#include "cli/terminal.hpp"
#include "report/exit_code.hpp"
#include "report/verdict_tables.hpp"
#include "value/diagnostic.hpp"
#include "value/enums.hpp"
#include "verdict/cause.hpp"
#include "wire/field.hpp"

namespace wsfault::cli {
namespace {

using report::exit_usage;
constexpr std::string_view allowed =
    "allowed: a close code (0-65535; sent are 1000-1003, 1007-1014, 3000-4999; reported are 1005, 1006, "
    "1015), "
    "an HTTP status that answers an upgrade (200, 3xx, 4xx, 5xx), all, the key of a cause "
    "(docs/verdicts.md), a name in "
    "scenario and system files (docs/scenarios.md, docs/faults.md), or an effect: ";
constexpr std::string_view examples = R"(
Examples:
  wsfault explain 1006     what an abnormal closure is, what causes it, what to do
  wsfault explain 1014     a bad gateway
  wsfault explain 4401     a code of an application
  wsfault explain 502      an HTTP status that answered the upgrade
  wsfault explain all      every close code
  wsfault explain reset --role gateway --kind http     what is appropriate after an RST, and why
  wsfault explain no_backoff     a cause, as reports name it: what it means, who must change, the remedy
  wsfault explain unplug         a fault; likewise an expectation, a moment, a trait, a key of a file
)";

/// Which seats are asked for; empty: any.
struct Asked {
  std::string role;
  std::string kind;

  bool narrows() const { return !role.empty() || !kind.empty(); }
  bool wants(const verdict::oracle::Column& column) const {
    const bool of_role = role.empty() || model::to_string(column.role) == role;
    const bool of_kind = kind.empty() || model::to_string(column.kind) == kind;
    // Kinds http and tcp do the same at their upstream.
    const bool shared = column.at_upstream && column.kind == model::Kind::http && kind == "tcp";
    return of_role && (of_kind || shared);
  }
};

using verdict::oracle::EffectKind;

std::vector<std::string_view> effect_names() {
  std::vector<std::string_view> names;
  for (const EffectKind each : all_of<EffectKind>()) names.push_back(to_string(each));
  return names;
}

std::optional<EffectKind> effect_of(std::string name) {
  name = wire::lowered(name);
  std::ranges::replace(name, '_', '-');
  for (const EffectKind each : all_of<EffectKind>()) {
    if (to_string(each) == name) return each;
  }
  return std::nullopt;
}

void print_effect(EffectKind effect, const Asked& asked) {
  put(fmt::format("{}\n", to_string(effect)));
  for (const report::Seat& seat : report::seats()) {
    if (asked.wants(seat.column)) put("\n" + report::print_rows(seat, effect));
  }
}

int complain_of(std::string_view found) {
  const auto names = effect_names();
  std::vector<std::string> near;
  if (const auto effect = nearest_name(found, names); !effect.empty()) near.emplace_back(effect);
  if (auto name = near_name(found); !name.empty() && std::ranges::find(near, name) == near.end())
    near.push_back(std::move(name));
  for (const std::string_view key : near_keys(found)) near.emplace_back(key);
  const std::string text =
      near.empty() ? fmt::format("{}{}", allowed, fmt::join(names, ", "))
                   : fmt::format("did you mean {}? wsfault explain --help lists what there is", fmt::join(near, " or "));
  complain("wsfault explain",
           fmt::format("\"{}\" is neither a code, an effect, a cause nor a name in a file; {}", found, text));
  return exit_usage;
}

/// All that it can be; false: it is nothing.
bool print_all_that_is(const std::string& asked, const Asked& seat) {
  const auto effect = effect_of(asked);
  if (effect) print_effect(*effect, seat);
  if (effect && seat.narrows()) return true;
  bool any = effect.has_value();
  const auto apart = [&any] { put(std::exchange(any, true) ? "\n" : ""); };
  const auto cause = cause_named(asked);
  if (cause != verdict::Cause::none) {
    apart();
    print_cause(cause);
  }
  if (const std::string text = explain_name(asked); !text.empty()) {
    apart();
    put(text);
    const auto keys = keys_that_name(asked);
    if (cause == verdict::Cause::none && !keys.empty())
      put(fmt::format("\nCauses: {}\n", fmt::join(keys, ", ")));
  }
  if (const auto code = code_of(asked)) {
    apart();
    print_code_or_status(*code);
  }
  return any;
}

}  // namespace

int run_explain(int argc, char** argv) {
  CLI::App app{
      "What a close code, an HTTP status, a cause or a name in scenario and system files means; what is "
      "appropriate "
      "after an effect",
      "wsfault explain"};
  app.footer(std::string(examples));
  std::string asked;
  Asked seat;
  app.add_option("CODE_OR_NAME", asked,
                 fmt::format("A close code, an HTTP status, all, an effect ({}), the key of a cause ({}), or "
                             "what scenario and "
                             "system files name: a fault, an expectation, a moment, a trait, a key",
                             fmt::join(effect_names(), ", "), fmt::join(verdict::cause_keys(), ", ")))
      ->required();
  app.add_option("--role", seat.role, "With an effect: only that role")
      ->check(CLI::IsMember({"client", "gateway", "server"}));
  app.add_option("--kind", seat.kind, "With an effect: only gateways of that kind")
      ->check(CLI::IsMember({"http", "tcp", "websocket"}));
  if (const auto code = parse_arguments(app, argc, argv)) return *code;
  if (seat.narrows() && !effect_of(asked)) {
    complain("wsfault explain", "--role and --kind go with an effect, for example reset");
    return exit_usage;
  }
  if (!seat.kind.empty() && !seat.role.empty() && seat.role != "gateway") {
    complain("wsfault explain", fmt::format("--kind is of a gateway, not of a {}", seat.role));
    return exit_usage;
  }
  if (asked == "all") {
    print_all_codes();
    return 0;
  }
  return print_all_that_is(asked, seat) ? 0 : complain_of(asked);
}

}  // namespace wsfault::cli
