// `wsfault upstream`: the scriptable fake upstream by itself, or as a child of a run.
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <map>
#include <set>
#include <sstream>
#include <type_traits>

#include "cli/arguments.hpp"
#include "cli/subcommands.hpp"
#include "cli/workers.hpp"
#include "net/descriptors.hpp"
#include "net/listener.hpp"
#include "value/words.hpp"
#include "net/interruption.hpp"
#include "record/json.hpp"
#include "report/exit_code.hpp"
#include "runner/lone_upstream.hpp"
#include "runner/served_upstream.hpp"
#include "scenario/outline.hpp"
#include "scenario/standalone.hpp"
#include "value/toml.hpp"

namespace wsfault::cli {
namespace {

namespace asio = net::asio;

void print(const std::string& line) {
  fmt::print("{}\n", line);
  std::fflush(stdout);
}

/// Runs until the task ends; SIGINT and SIGTERM close it. In a run SIGTERM is a fault, and the process
/// continues until its sessions end; by itself it ends after a second at most.
int serve(asio::io_context& io, bool served, net::Task<void> run, const std::function<void()>& close) {
  asio::signal_set signals(io);
  if (served) signals.add(SIGTERM);
  if (served) signals.add(SIGINT);
  if (!served) net::expect_interruption();
  signals.async_wait([&](const net::error_code& error, int) {
    if (!error) close();
  });
  net::InterruptionWatch interruption(io, std::chrono::seconds(1), close);
  std::exception_ptr failure;
  asio::co_spawn(io, std::move(run), [&](const std::exception_ptr& thrown) {
    failure = thrown;
    signals.cancel();
    interruption.cancel();
  });
  io.run();
  if (interruption.gave_up()) {  // its sessions are unfinished: nothing they refer to may be destroyed
    std::fflush(nullptr);
    std::_Exit(0);
  }
  if (failure) std::rethrow_exception(failure);
  return 0;
}

int serve_orders() {
  asio::io_context io(1);
  runner::ServedUpstream upstream(io.get_executor(), ::dup(STDIN_FILENO), print);
  bool served = false;
  const auto run = [&]() -> net::Task<void> { served = co_await upstream.run(); };
  serve(io, true, run(), [&] { upstream.close(); });
  return served ? 0 : report::exit_usage;
}

/// Actions of a script and of faults are printed; traffic is not.
void tell(const record::Event& event) {
  const bool of_interest = std::visit(
      []<typename What>(const What&) {
        return std::is_same_v<What, record::Mark> || std::is_same_v<What, record::ScriptDone> ||
               std::is_same_v<What, record::ScriptFailed> || std::is_same_v<What, record::PlainRequest> ||
               std::is_same_v<What, record::FaultFired> || std::is_same_v<What, record::FaultHealed> ||
               std::is_same_v<What, record::FaultSpared>;
      },
      event.what);
  if (of_interest) print(record::to_json(event));
}

/// The only case of the file; errors, and parts that need other parties, are printed.
std::optional<scenario::LoadedCase> load_standalone(const std::string& file, const std::string& text,
                                                    const std::map<std::string, std::string>& set) {
  Diagnostics diagnostics(file, text);
  scenario::Setting setting;
  setting.set = set;
  setting.system.role = scenario::outline(text).role.value_or(model::Role::client);
  // A scenario's requirements concern the system under test; here any client may connect.
  Diagnostics ignored("", "");
  if (const auto tree = parse_toml(text, ignored)) {
    const Value* requirements = tree->find("system");
    for (const Value::Member& requirement :
         requirements && requirements->table() ? *requirements->table() : Value::Table{})
      setting.system.settable.push_back(requirement.key);
  }
  setting.defaults = {{"title", "A standalone upstream"}, {"role", "client"}};
  std::vector<scenario::LoadedCase> cases = scenario::load_scenario("upstream", setting, text, diagnostics);
  if (diagnostics.ok() && cases.size() == 1) scenario::check_standalone(cases.front(), diagnostics);
  fmt::print(stderr, "{}", diagnostics.print());
  if (!diagnostics.ok()) return std::nullopt;
  if (cases.size() != 1) {
    fmt::print(stderr, "wsfault upstream: {} has {} cases, one can be played: choose its values with --set\n",
               file, cases.size());
    return std::nullopt;
  }
  if (const std::string& skip = cases.front().skip;
      !skip.empty() && setting.system.role != model::Role::gateway) {
    fmt::print(stderr, "wsfault upstream: {} cannot be played: {}\n", file, skip);
    return std::nullopt;
  }
  return std::move(cases.front());
}

struct FileOptions {
  std::string file;
  std::string listen = "127.0.0.1:0";
  std::vector<std::string> set;
  std::size_t connections = 0;  ///< 0: not said
};

struct Place {
  std::string host;
  std::uint16_t port = 0;
};

/// Of one with a link: the client's end, and both ends of the connection behind the link.
constexpr std::size_t descriptors_behind_a_link = 3;
constexpr std::size_t most_processes = 64;

int serve_alone(const scenario::LoadedCase& loaded, const Place& at) {
  asio::io_context io(1);
  runner::LoneUpstream upstream(io.get_executor(), loaded, at.host, at.port, 1, tell);
  print(fmt::format("listening on {}:{}", at.host, upstream.port()));
  return serve(io, false, upstream.run(), [&] { upstream.close(); });
}

/// Connections are divided among processes, each of which knows of its own only.
int serve_together(const scenario::LoadedCase& loaded, const Place& at, std::size_t processes) {
  asio::io_context unused(1);
  const net::Listener holder(unused.get_executor(), at.host, at.port);  // the port is nobody else's
  const std::uint16_t port = holder.port();
  const auto work = [&](const std::function<void()>& ready) {
    asio::io_context io(1);
    runner::LoneUpstream upstream(io.get_executor(), loaded, at.host, port, 1, tell, true);
    ready();
    return serve(io, false, upstream.run(), [&] { upstream.close(); });
  };
  return run_workers({processes, work, [&] { print(fmt::format("listening on {}:{}", at.host, port)); }});
}

int serve_many(const scenario::LoadedCase& loaded, const Place& at, std::size_t connections) {
  const bool is_divisible = runner::needs_no_link(loaded);
  const std::size_t processes = processes_for(connections, is_divisible ? 1 : descriptors_behind_a_link);
  const std::size_t limit = net::descriptor_limit();
  if (processes > most_processes || (processes > 1 && !is_divisible)) {
    fmt::print(stderr, "wsfault upstream: {} connections need more than the {} descriptors that {} may open{}: raise the hard limit (ulimit -Hn)\n",
               connections, limit, is_divisible ? fmt::format("each of {} processes", most_processes) : "a process",
               is_divisible ? "" : ", and what waits for moments, or counts connections, is in one process");
    return report::exit_usage;
  }
  fmt::print(stderr, "{} connections: {}, each of which may open {} descriptors\n", connections,
             counted(processes, "process", "processes"), limit);
  return processes == 1 ? serve_alone(loaded, at) : serve_together(loaded, at, processes);
}

int serve_from_file(const FileOptions& options) {
  std::string text;
  if (!options.file.empty()) {
    std::ifstream in(options.file, std::ios::binary);
    std::ostringstream read;
    if (!in || !(read << in.rdbuf())) {
      fmt::print(stderr, "wsfault upstream: cannot read {}\n", options.file);
      return report::exit_usage;
    }
    text = read.str();
  }
  std::map<std::string, std::string> set;
  for (const std::string& pair : options.set) {
    const std::size_t equals = pair.find('=');
    if (equals == std::string::npos || equals == 0) {
      fmt::print(stderr, "wsfault upstream: --set {}: must be NAME=VALUE\n", pair);
      return report::exit_usage;
    }
    set[pair.substr(0, equals)] = pair.substr(equals + 1);
  }
  const std::size_t colon = options.listen.rfind(':');
  int port = -1;
  if (colon != std::string::npos) std::sscanf(options.listen.c_str() + colon + 1, "%d", &port);
  if (port < 0 || port > 65535) {
    fmt::print(stderr, "wsfault upstream: --listen {}: must be HOST:PORT\n", options.listen);
    return report::exit_usage;
  }
  const auto loaded = load_standalone(options.file, text, set);
  if (!loaded) return report::exit_usage;
  const Place at{options.listen.substr(0, colon), static_cast<std::uint16_t>(port)};
  return options.connections == 0 ? serve_alone(*loaded, at) : serve_many(*loaded, at, options.connections);
}

}  // namespace

int run_upstream(int argc, char** argv) {
  CLI::App app(
      "The scriptable fake upstream: plays the [upstream] of a scenario file, or the default conversation",
      "wsfault upstream");
  FileOptions options;
  bool served = false;
  app.add_option("SCENARIO", options.file, "Its [upstream], and what its faults do to the connections");
  app.add_option("--listen", options.listen, "HOST:PORT, port 0 for any")->capture_default_str();
  app.add_option("--set", options.set, "A value of [each], or a trait: --set code=1012")
      ->type_name("NAME=VALUE")
      ->take_all();
  app.add_option("--connections", options.connections,
                 "So many at a time: starts as many processes as these need to open their descriptors")
      ->check(CLI::Range(std::size_t{1}, std::size_t{1'000'000}))
      ->type_name("COUNT");
  app.add_flag("--served", served, "As a child of `wsfault run`: orders by stdin, events by stdout")
      ->group("");
  app.footer("\nExamples:\n  wsfault upstream --listen 127.0.0.1:9000\n  wsfault upstream my-scenario.toml\n"
             "  wsfault upstream --listen 127.0.0.1:9000 --connections 20000");
  if (const auto code = parse_arguments(app, argc, argv)) return *code;
  return served ? serve_orders() : serve_from_file(options);
}

}  // namespace wsfault::cli
