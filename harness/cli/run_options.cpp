// The shared options, and the values derived from them.
#include "cli/run_options.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <random>

#include "cli/standing_options.hpp"
#include "cli/terminal.hpp"
#include "report/case_text.hpp"
#include "runner/address.hpp"
#include "runner/reference_system.hpp"
#include "scenario/render.hpp"
#include "value/diagnostic.hpp"
#include "value/url.hpp"

namespace wsfault::cli {
namespace {

bool live_line_shown = false;

std::size_t terminal_columns() {
  winsize size{};
  if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return 80;
}

}  // namespace

void add_selection_options(CLI::App& app, RunOptions& options) {
  app.add_option("SCENARIO", options.selection.paths,
                 "Scenario files, folders, or ids of shipped scenarios (default: all of those)");
  app.add_option("--tag", options.selection.tags, "Only scenarios with one of these tags")->type_name("TAG");
  app.add_option("--name", options.selection.names, "Only cases whose id contains one of these")
      ->type_name("TEXT");
  app.add_option("--case", options.selection.cases, "Only the case of exactly this id; again for more")
      ->type_name("ID")
      ->allow_extra_args(false);
  app.add_option("--role", options.role, "Only scenarios of that role")
      ->check(CLI::IsMember({"client", "gateway", "server"}));
  app.add_flag("--tls", options.selection.tls,
               "wss in every scenario that does not say otherwise (docs/tls.md)");
  app.add_option("--set", options.set, "A value of [each], or a trait: --set heartbeat=20s")
      ->type_name("NAME=VALUE");
}

void add_system_options(CLI::App& app, RunOptions& options) {
  auto* system =
      app.add_option("--system", options.system, "A system file, its folder, or a name of `list systems`");
  auto* client = app.add_option("--client", options.client,
                                "A client of yours: a shell command; ${url} is where it connects");
  system->excludes(client);
  app.add_option("--upstream", options.upstream,
                 "A real server behind the link instead of the fake: ws[s]://host:port/path");
  auto* gateway = app.add_option("--gateway", options.gateway,
                                 "A running gateway of yours: ws[s]://host:port/path. One case at a time");
  auto* upstream_listen =
      app.add_option("--upstream-listen", options.upstream_listen,
                     "Where that gateway looks for its upstream; again for each further one")
          ->type_name("HOST:PORT");
  gateway->needs(upstream_listen)->excludes(client);
  upstream_listen->needs(gateway);
  app.add_option("--kind", options.kind,
                 "How --gateway works: tcp, http (a tunnel), websocket (a peer on both sides)")
      ->check(CLI::IsMember({"tcp", "http", "websocket"}))
      ->needs(gateway)
      ->capture_default_str();
  auto* server = app.add_option("--server", options.server,
                                "A running server of yours: ws[s]://host:port/path. One case at a time");
  server->excludes(client)->excludes(gateway);
  app.add_option("--ca", options.ca,
                 "Whom to trust for a wss --server, --gateway or --upstream (default: as this machine does)")
      ->type_name("FILE");
  app.add_option("--header", options.headers,
                 "A header field of each request to it, 'Authorization: Bearer ${env:TOKEN}'; again for more")
      ->type_name("'NAME: VALUE'");
  app.add_option("--subprotocol", options.subprotocols, "Offered to it; again for more")->type_name("NAME");
  app.add_option(
         "--listen", options.listen,
         "Where what the system connects to listens, for systems in containers or on devices (default: "
         "127.0.0.1, any port). With a port one case at a time")
      ->type_name("HOST:PORT");
  app.add_option("--advertise", options.advertise, "The host by which the system finds that: ${host}, ${url}")
      ->type_name("HOST");
  app.add_option("--report", options.report, "How the client reports")
      ->check(CLI::IsMember({"json", "none", "auto"}));
}

void add_running_options(CLI::App& app, RunOptions& options) {
  app.add_option("--jobs,-j", options.jobs, "Cases at once; they mostly wait")
      ->check(CLI::Range(1, 10000))
      ->capture_default_str();
  app.add_option("--repeat", options.repeat, "Run each case so often")
      ->check(CLI::Range(1, 100000))
      ->capture_default_str();
  app.add_option("--seed", options.seed, "Seed of every random choice (default: drawn, and printed)")
      ->check(CLI::Validator(
          [](const std::string& text) {
            return text.starts_with('-') ? "must not be negative" : std::string();
          },
          ""));
  app.add_option("--patience", options.patience,
                 "Scales every upper bound, for slow machines; never a lower one")
      ->check(CLI::Range(0.1, 1000.0))
      ->capture_default_str();
  app.add_flag("--fail-fast", options.fail_fast, "Start no further case after the first failure");
}

std::string program_path() {
  std::error_code error;
  const auto path = std::filesystem::read_symlink("/proc/self/exe", error);
  return error ? "wsfault" : path.string();
}

namespace {

/// The options that say what runs, where and how; not those for selecting cases or for reports.
runner::AskedOptions asked_options(const RunOptions& options) {
  runner::AskedOptions asked;
  const auto add = [&](const char* name, const std::string& value) {
    if (!value.empty()) asked.emplace_back(name, value);
  };
  const auto add_all = [&](const char* name, const std::vector<std::string>& values) {
    for (const std::string& value : values) asked.emplace_back(name, value);
  };
  add("--system", options.system);
  add("--client", options.client);
  add("--upstream", options.upstream);
  add("--gateway", options.gateway);
  add_all("--upstream-listen", options.upstream_listen);
  if (!options.gateway.empty() && options.kind != RunOptions().kind) add("--kind", options.kind);
  add("--server", options.server);
  add("--ca", options.ca);
  add_all("--header", options.headers);
  add_all("--subprotocol", options.subprotocols);
  if (options.selection.tls) asked.emplace_back("--tls", "");
  add("--listen", options.listen);
  add("--advertise", options.advertise);
  add("--report", options.report);
  add_all("--set", options.set);
  if (options.patience != 1) add("--patience", fmt::format("{}", options.patience));
  return asked;
}

/// The embedded reference system of that name, with a defect if --set asks for one; none if there is no such
/// name.
std::optional<Result<model::System>> reference_of(const RunOptions& options) {
  auto reference = runner::find_reference(program_path(), options.system);
  if (!reference) return std::nullopt;
  const auto defect = options.selection.set.find("defect");
  if (defect == options.selection.set.end() || defect->second == "none") return *std::move(reference);
  const auto defects = runner::reference_defects(*reference);
  std::vector<std::string_view> names;
  for (const auto& [name, sentence] : defects) names.push_back(name);
  if (std::ranges::find(names, defect->second) == names.end()) {
    return Result<model::System>(
        Error{fmt::format("--set defect={}: the {} has no such defect; {}\n", defect->second, reference->name,
                          suggest(defect->second, names))});
  }
  return runner::with_defect(*reference, defect->second);
}

}  // namespace

std::string complete(RunOptions& options) {
  options.asked = asked_options(options);
  take_running(options);
  options.selection.shipped = runner::default_scenarios(program_path());
  if (options.selection.paths.empty()) options.selection.paths = {options.selection.shipped};
  if (!options.role.empty()) options.selection.role = model::parse_role(options.role);
  for (const std::string& pair : options.set) {
    const std::size_t equals = pair.find('=');
    if (equals == std::string::npos || equals == 0) return fmt::format("--set {}: must be NAME=VALUE", pair);
    options.selection.set[pair.substr(0, equals)] = pair.substr(equals + 1);
  }
  if (!options.standing() && !options.headers.empty()) return "--header is for --server and --gateway";
  if (!options.standing() && !options.subprotocols.empty())
    return "--subprotocol is for --server and --gateway";
  if (!options.standing() && options.upstream.empty() && !options.ca.empty())
    return "--ca is for --server, --gateway and --upstream";
  if (const auto listen = listen_address(options); !listen) return listen.error();
  if (!options.seed) options.seed = std::random_device{}();
  return {};
}

Result<runner::Address> listen_address(const RunOptions& options) {
  if (options.listen.empty() && options.advertise.empty()) return runner::Address{"127.0.0.1", 0};
  if (options.standing()) return Error{"--listen and --advertise are for systems that wsfault starts"};
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

Result<std::vector<model::System>> chosen_systems(const RunOptions& options) {
  std::vector<model::System> systems;
  if (auto reference = reference_of(options)) {
    if (!*reference) return Error{reference->error()};
    systems.push_back(**std::move(reference));
  } else if (!options.system.empty()) {
    auto found = runner::find_system(options.system, runner::default_scenarios(program_path()));
    if (!found) return Error{found.error()};
    systems.push_back(std::move(*found));
  } else if (!options.client.empty()) {
    model::System& system = systems.emplace_back();
    system.name = options.client;
    system.role = model::Role::client;
    system.start = {"sh", "-c", options.client};
    system.starts_by_shell = true;
    const auto rendered = scenario::render(options.client, scenario::system_variables(system));
    if (!rendered) return Error{"--client: " + rendered.error()};
  } else if (!options.gateway.empty()) {
    model::System& system = systems.emplace_back();
    system.name = options.gateway;
    system.role = model::Role::gateway;
    system.kind = *model::parse_kind(options.kind);
  } else if (!options.server.empty()) {
    model::System& system = systems.emplace_back();
    system.name = options.server;
    system.role = model::Role::server;
  } else {
    systems = runner::reference_systems(program_path());
  }
  if (options.standing()) {
    const bool is_server = !options.server.empty();
    model::System& system = systems.front();
    if (system.role != (is_server ? model::Role::server : model::Role::gateway)) {
      return Error{fmt::format("{}: the system {} is no {}\n", is_server ? "--server" : "--gateway",
                               system.name, is_server ? "server" : "gateway")};
    }
    system.upstreams = static_cast<int>(options.upstream_listen.size());
    system.share = false;  // we do not start it
    const auto target = parse_url(is_server ? options.server : options.gateway);
    if (target && target->tls && system.kind == model::Kind::tcp)
      return Error{"--gateway: one that forwards bytes (kind tcp) ends no TLS; use ws://\n"};
    if (target && target->tls && !system.tls) system.tls.emplace();
  }
  for (const model::System& system : systems) {
    const bool is_startable = !system.start.empty() || system.role == model::Role::client;
    if (is_startable || options.standing()) continue;
    return Error{
        fmt::format("the system {} has no `start`: say where it runs with `url` in its file, or --{} URL\n",
                    system.name, to_string(system.role))};
  }
  if (!options.report.empty()) {
    for (model::System& system : systems) system.report = *model::parse_report_mode(options.report);
  }
  return systems;
}

void warn(std::string_view command, const std::vector<std::string>& sentences) {
  for (const std::string& sentence : sentences) complain(command, "warning: " + sentence);
}

report::Style chosen_style(bool verbose) {
  const char* no_color = std::getenv("NO_COLOR");
  return {.colour = is_capable_terminal(STDOUT_FILENO) && (no_color == nullptr || *no_color == '\0'),
          .verbose = verbose};
}

void end_live_line() {
  if (std::exchange(live_line_shown, false)) fmt::print(stderr, "\r\x1b[K");
}

runner::ScheduleWatcher console_watcher(const report::Style& style, Secrets secrets) {
  runner::ScheduleWatcher watcher;
  watcher.finished = [style, secrets](report::CaseResult& result) {
    if (!secrets.empty()) result = masked(std::move(result), secrets);
    report::explain(result);
    const std::string text = report::print_case(result, style);
    if (text.empty()) return;
    end_live_line();
    put(text);
    std::fflush(stdout);
  };
  watcher.note = [secrets](const std::string& sentence) { complain("wsfault", masked(sentence, secrets)); };
  if (is_capable_terminal(STDERR_FILENO)) {
    watcher.progress = [secrets = std::move(secrets)](report::Progress progress) {
      progress.longest = masked(progress.longest, secrets);
      fmt::print(stderr, "\r\x1b[K{}", report::progress_line(progress, terminal_columns() - 1));
      std::fflush(stderr);
      live_line_shown = true;
    };
  }
  return watcher;
}

}  // namespace wsfault::cli
