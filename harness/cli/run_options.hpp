// The command line of run, check, prove and bench as it was written: which scenarios, against which system,
// how. What it comes to is a RunPlan.
#pragma once

#include <CLI/App.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "runner/repeat_command.hpp"

namespace wsfault::cli {

struct RunOptions {
  // Which scenarios.
  std::vector<std::string> paths;
  std::vector<std::string> tags;
  std::vector<std::string> names;
  std::vector<std::string> cases;
  std::string role;

  // Which system, and how it runs: what the command that repeats a case needs, too.
  std::string system;
  std::string client;
  std::string upstream;
  std::string gateway;                       ///< a running one: ws://…
  std::string kind;                          ///< of --gateway
  std::vector<std::string> upstream_listen;  ///< HOST:PORT where --gateway expects its upstreams
  std::string server;                        ///< a running one: ws://… or wss://…
  std::string ca;                            ///< the CA to trust for a wss server, PEM
  std::vector<std::string> headers;          ///< NAME: VALUE, in each request to --gateway or --server
  std::vector<std::string> subprotocols;
  bool tls = false;
  std::string listen;     ///< HOST:PORT of the links that the system connects to
  std::string advertise;  ///< the host by which the system reaches the links
  std::string product;  ///< the shipped system whose quirks and settings are its own, too
  std::string report;
  std::vector<std::string> set;  ///< NAME=VALUE
  double timeout_scale = 1;
  std::optional<Duration> wait;  ///< where no limit is declared

  // How the run goes.
  std::size_t jobs = 100;
  int repeat = 1;
  std::optional<std::uint64_t> seed;
  bool fail_fast = false;
};

void add_selection_options(CLI::App& app, RunOptions& options);
void add_system_options(CLI::App& app, RunOptions& options);
void add_running_options(CLI::App& app, RunOptions& options);
void add_repeat_option(CLI::App& app, RunOptions& options);
/// Single options of those, by their names: "--client".
void add_options(CLI::App& app, RunOptions& options, const std::vector<std::string_view>& names);

/// The options that say what runs, where and how, in the words of the command line: those that the command
/// for repeating a case needs.
runner::AskedOptions asked_options(const RunOptions& options);

}  // namespace wsfault::cli
