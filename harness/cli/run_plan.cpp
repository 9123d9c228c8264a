#include "cli/run_plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <random>

#include "runner/address.hpp"
#include "runner/reference_system.hpp"
#include "scenario/render.hpp"
#include "value/diagnostic.hpp"
#include "value/url.hpp"

namespace wsfault::cli {
namespace {

/// A sentence as it is printed.
Error said(std::string_view command, std::string_view sentence) {
  return Error{fmt::format("{}: {}\n", command, sentence)};
}

/// Where the links listen; the error is one sentence.
Result<runner::Address> listen_address(const RunOptions& options, bool is_external) {
  if (options.listen.empty() && options.advertise.empty()) return runner::Address{"127.0.0.1", 0};
  if (is_external) return Error{"--listen and --advertise are for systems that wsfault starts"};
  if (options.listen.empty()) return Error{"--advertise needs --listen HOST:PORT"};
  auto address = runner::parse_address(options.listen);
  if (!address) return Error{"--listen " + address.error()};
  const bool anywhere = address->host == "0.0.0.0" || address->host == "::";
  if (anywhere && options.advertise.empty()) {
    return Error{
        fmt::format("--listen {} is every address of this machine: --advertise HOST says by which the "
                    "system finds it",
                    options.listen)};
  }
  return address;
}

/// The embedded reference system of that name, with a defect if --set asks for one; none if there is no such
/// name.
Result<std::optional<model::System>> reference_of(const std::string& name,
                                                  const runner::Selection& selection) {
  auto reference = runner::find_reference(program_path(), name);
  if (!reference) return std::optional<model::System>();
  const auto defect = selection.set.find("defect");
  if (defect == selection.set.end()) return reference;
  const auto defects = runner::reference_defects(*reference);
  std::vector<std::string_view> names{model::no_defect};
  for (const auto& [known, sentence] : defects) names.push_back(known);
  if (std::ranges::find(names, defect->second) == names.end()) {
    return Error{fmt::format("--set defect={}: the {} has no such defect; {}\n", defect->second,
                             reference->name, suggest(defect->second, names))};
  }
  return std::optional(runner::with_defect(*reference, defect->second));
}

/// The system that --system names; none without the option.
Result<std::optional<model::System>> named_system(const RunOptions& options,
                                                  const runner::Selection& selection) {
  if (options.system.empty()) return std::optional<model::System>();
  auto reference = reference_of(options.system, selection);
  if (!reference || *reference) return reference;
  auto found = runner::find_system(options.system, selection.shipped);
  if (!found) return Error{found.error()};
  return std::optional(*std::move(found));
}

Result<model::System> client_of(std::string_view command, const std::string& line) {
  model::System system;
  system.name = line;
  system.role = model::Role::client;
  system.start = {"sh", "-c", line};
  system.starts_by_shell = true;
  const auto rendered = scenario::render(line, scenario::system_variables(system));
  if (!rendered) return said(command, "--client: " + rendered.error());
  return system;
}

/// The system as it is while something else runs it.
Result<model::System> external_system(std::string_view command, const External& external,
                                      const std::string& kind, std::optional<model::System> file) {
  const auto role = external.is_server ? model::Role::server : model::Role::gateway;
  model::System system;
  if (file) {
    system = *std::move(file);
  } else {
    system.name = external.url;
    system.role = role;
    if (!external.is_server) system.kind = *model::parse_kind(kind.empty() ? "http" : kind);
  }
  if (system.role != role) {
    return said(command,
                fmt::format("--{}: the system {} is no {}", to_string(role), system.name, to_string(role)));
  }
  system.upstreams = static_cast<int>(external.upstream_listen.size());
  system.share = false;  // the run does not start it
  const auto target = parse_url(external.url);
  if (target && target->tls && system.kind == model::Kind::tcp)
    return said(command, "--gateway: one that forwards bytes (kind tcp) ends no TLS; use ws://");
  if (target && target->tls && !system.tls) system.tls.emplace();
  return system;
}

/// Those that the run starts.
Result<std::vector<model::System>> started_systems(std::string_view command, const RunOptions& options,
                                                   const runner::Selection& selection,
                                                   std::optional<model::System> named) {
  std::vector<model::System> systems;
  if (named) {
    systems.push_back(*std::move(named));
  } else if (!options.client.empty()) {
    auto client = client_of(command, options.client);
    if (!client) return Error{client.error()};
    systems.push_back(*std::move(client));
  } else {
    systems = runner::reference_systems(program_path());
    const auto defect = selection.set.find("defect");
    const bool none = defect != selection.set.end() && defect->second == model::no_defect;
    for (model::System& system : systems) {
      if (none) system = runner::with_defect(system, defect->second);
    }
  }
  for (const model::System& system : systems) {
    if (!system.start.empty() || system.role == model::Role::client) continue;
    return said(command,
                fmt::format("the system {} has no `start`: say where it runs with `url` in its file, or --{} "
                            "URL",
                            system.name, to_string(system.role)));
  }
  return systems;
}

/// The shipped system that --product or the system file names; none: neither does.
Result<std::optional<model::System>> product_of(std::string_view command, const RunOptions& options,
                                                const std::vector<model::System>& systems,
                                                const runner::Selection& selection) {
  std::string name = options.product;
  const bool is_one = systems.size() == 1;
  if (name.empty() && is_one) name = systems.front().product;
  if (name.empty()) return std::optional<model::System>();
  auto product = runner::find_shipped_system(name, selection.shipped);
  if (!product) return said(command, "--product " + product.error());
  if (!is_one || systems.front().role != product->role) {
    return said(command, fmt::format("--product {}: that is a {}; name the {} under test", name,
                                     to_string(product->role), to_string(product->role)));
  }
  return std::optional(*std::move(product));
}

struct Chosen {
  std::vector<model::System> systems;
  std::optional<External> external;
};

Result<Chosen> choose(std::string_view command, const RunOptions& options,
                      const runner::Selection& selection) {
  auto named = named_system(options, selection);
  if (!named) return Error{named.error()};
  Chosen chosen;
  auto external = external_of(options, *named ? &**named : nullptr);
  if (!external) return said(command, external.error());
  chosen.external = *std::move(external);
  if (chosen.external) {
    auto system = external_system(command, *chosen.external, options.kind, *std::move(named));
    if (!system) return Error{system.error()};
    chosen.systems.push_back(*std::move(system));
  } else {
    auto started = started_systems(command, options, selection, *std::move(named));
    if (!started) return Error{started.error()};
    chosen.systems = *std::move(started);
  }
  if (!options.report.empty()) {
    for (model::System& system : chosen.systems) system.report = *model::parse_report_mode(options.report);
  }
  return chosen;
}

}  // namespace

std::vector<runner::CaseOrder> RunPlan::orders() const {
  std::vector<runner::CaseOrder> all;
  for (const scenario::LoadedCase& one : loaded.cases) {
    runner::CaseOrder order{.loaded = &one, .id = one.scenario.id, .seed = seed};
    order.repeat = runner::repeat_command(program_path(), one, asked, seed);
    order.position = all.size() + 1;
    all.push_back(std::move(order));
  }
  return all;
}

runner::CaseOrder RunPlan::repeated(const runner::CaseOrder& first, int round, std::size_t cases) const {
  runner::CaseOrder order = first;
  const auto later = static_cast<std::uint64_t>(round - 1);
  order.id = fmt::format("{}#{}", first.id, round);
  order.seed = first.seed + later;
  order.repeat = runner::repeat_command(program_path(), *first.loaded, asked, order.seed);
  order.round = round;
  order.position = first.position + later * cases;
  return order;
}

std::vector<runner::CaseOrder> RunPlan::all_rounds(const std::vector<runner::CaseOrder>& orders) const {
  if (repeat == 1) return orders;
  std::vector<runner::CaseOrder> all;
  for (int round = 1; round <= repeat; ++round) {
    for (const runner::CaseOrder& order : orders) all.push_back(repeated(order, round, orders.size()));
  }
  return all;
}

std::string program_path() {
  std::error_code error;
  const auto path = std::filesystem::read_symlink("/proc/self/exe", error);
  return error ? "wsfault" : path.string();
}

std::uint64_t seed_of(const RunOptions& options) {
  return options.seed ? *options.seed : std::random_device{}();
}

Result<runner::Selection> selection_of(std::string_view command, const RunOptions& options) {
  runner::Selection selection{.paths = options.paths,
                              .shipped = runner::default_scenarios(program_path()),
                              .tags = options.tags,
                              .names = options.names,
                              .cases = options.cases,
                              .tls = options.tls,
                              .upstream = options.upstream,
                              .upstream_ca = options.ca};
  if (selection.paths.empty()) selection.paths = {selection.shipped};
  if (!options.role.empty()) selection.role = model::parse_role(options.role);
  for (const std::string& pair : options.set) {
    const std::size_t equals = pair.find('=');
    if (equals == std::string::npos || equals == 0)
      return said(command, fmt::format("--set {}: must be NAME=VALUE", pair));
    selection.set[pair.substr(0, equals)] = pair.substr(equals + 1);
  }
  return selection;
}

Result<std::vector<model::System>> systems_of(std::string_view command, const RunOptions& options,
                                              const runner::Selection& selection) {
  auto chosen = choose(command, options, selection);
  if (!chosen) return Error{chosen.error()};
  return std::move(chosen->systems);
}

Result<RunPlan> make_plan(std::string_view command, const RunOptions& options) {
  RunPlan plan;
  plan.upstream = options.upstream;
  plan.advertise = options.advertise;
  plan.seed = seed_of(options);
  plan.timeout_scale = options.timeout_scale;
  plan.wait = options.wait;
  plan.jobs = options.jobs;
  plan.repeat = options.repeat;
  plan.fail_fast = options.fail_fast;
  plan.asked = asked_options(options);
  auto selection = selection_of(command, options);
  if (!selection) return Error{selection.error()};
  plan.selection = *std::move(selection);
  auto chosen = choose(command, options, plan.selection);
  if (!chosen) return Error{chosen.error()};
  plan.systems = std::move(chosen->systems);
  auto product = product_of(command, options, plan.systems, plan.selection);
  if (!product) return Error{product.error()};
  plan.product = *std::move(product);
  if (!chosen->external && options.upstream.empty() && !options.ca.empty())
    return said(command, "--ca is for --server, --gateway and --upstream");
  auto listen = listen_address(options, chosen->external.has_value());
  if (!listen) return said(command, listen.error());
  plan.listen = *std::move(listen);
  const std::string wrong = options.upstream.empty() ? "" : check_upstream(options);
  if (!wrong.empty()) return said(command, wrong);
  if (chosen->external) {
    auto external = read_external(*chosen->external, plan.secrets);
    if (!external) return said(command, external.error());
    plan.external = *std::move(external);
    plan.external_is_server = chosen->external->is_server;
  }
  auto loaded = runner::load_cases(plan.selection, plan.systems);
  if (!loaded) return said(command, loaded.error());
  plan.loaded = *std::move(loaded);
  add_secrets(plan.loaded.secrets, plan.secrets);
  if (!plan.loaded.unmatched.empty()) return said(command, masked(plan.loaded.unmatched, plan.secrets));
  if (!plan.loaded.errors.empty()) return Error{masked(plan.loaded.errors, plan.secrets)};
  for (const scenario::LoadedCase& one : plan.loaded.cases) add_secrets(one.secrets, plan.secrets);
  return plan;
}

}  // namespace wsfault::cli
