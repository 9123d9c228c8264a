// Options shared by run, check and prove: which scenarios, against which system, how.
#pragma once

#include <CLI/App.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/secrets.hpp"
#include "model/system.hpp"
#include "report/console.hpp"
#include "runner/case_run.hpp"
#include "runner/repeat_command.hpp"
#include "runner/schedule.hpp"
#include "runner/selection.hpp"

namespace wsfault::cli {

struct RunOptions {
  runner::Selection selection;
  std::string role;
  std::vector<std::string> set;  ///< NAME=VALUE
  std::string system;
  std::string client;
  std::string upstream;
  std::string gateway;                       ///< a running one: ws://…
  std::string kind = "http";                 ///< of --gateway
  std::vector<std::string> upstream_listen;  ///< HOST:PORT where --gateway expects its upstreams
  std::string server;                        ///< a running one: ws://… or wss://…
  std::string ca;                            ///< the CA to trust for a wss server, PEM
  std::vector<std::string> headers;          ///< NAME: VALUE, in each request to --gateway or --server
  std::vector<std::string> subprotocols;
  std::string listen;     ///< HOST:PORT of the links that the system connects to
  std::string advertise;  ///< the host by which the system reaches the links
  std::string report;
  std::size_t jobs = 100;
  int repeat = 1;
  std::optional<std::uint64_t> seed;  ///< complete() draws one if none is given
  double patience = 1;
  bool fail_fast = false;

  /// The options for repeating one case, in the words of the command line; complete() fills them in before a
  /// system file adds to the rest.
  runner::AskedOptions asked;

  /// The system is already running.
  bool standing() const { return !gateway.empty() || !server.empty(); }
};

void add_selection_options(CLI::App& app, RunOptions& options);
void add_system_options(CLI::App& app, RunOptions& options);
void add_running_options(CLI::App& app, RunOptions& options);

/// This program's own path.
std::string program_path();
/// The address where the links listen, and their name; the error is one sentence.
Result<runner::Address> listen_address(const RunOptions& options);
/// Applies defaults that depend on other options and a system file's `url`, and draws the seed; one sentence
/// if something is wrong.
std::string complete(RunOptions& options);
/// The systems under test: --system, --client, or the reference systems of all roles. Errors are printed
/// text.
Result<std::vector<model::System>> chosen_systems(const RunOptions& options);
/// Prints "wsfault run: warning: SENTENCE" for each.
void warn(std::string_view command, const std::vector<std::string>& sentences);
/// Colour only on a terminal that supports it, and without NO_COLOR (no-color.org).
report::Style chosen_style(bool verbose);
/// Prints the live line on a terminal that can erase it, and cases as they end.
runner::ScheduleWatcher console_watcher(const report::Style& style, Secrets secrets = {});
/// Erases the live line.
void end_live_line();

}  // namespace wsfault::cli
