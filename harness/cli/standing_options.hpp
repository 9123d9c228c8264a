// What --gateway, --server and --upstream say of what is running already.
#pragma once

#include "cli/run_options.hpp"
#include "runner/standing_system.hpp"

namespace wsfault::cli {

/// Where the system file says where its system runs, that takes the place of --gateway or --server and its
/// options.
void take_running(RunOptions& options);

/// The system behind --gateway or --server; the error is one sentence that names the option and what is wrong
/// with it. `secrets` gets what its headers took from the environment, and credentials.
Result<runner::StandingSystem> standing_system(const RunOptions& options, Secrets& secrets);

/// What is wrong with --upstream and its --ca: one sentence; empty: nothing.
std::string check_upstream(const RunOptions& options);

}  // namespace wsfault::cli
