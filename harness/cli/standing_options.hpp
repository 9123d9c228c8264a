// The options --gateway, --server and --upstream for systems that are already running.
#pragma once

#include "cli/run_options.hpp"
#include "runner/external_system.hpp"

namespace wsfault::cli {

/// If the system file says where its system runs, this replaces --gateway or --server and its options.
void take_running(RunOptions& options);

/// The system of --gateway or --server; the error is one sentence that names the option and the problem.
/// `secrets` receives the values that its headers took from the environment, and credentials.
Result<runner::ExternalSystem> standing_system(const RunOptions& options, Secrets& secrets);

/// The problem with --upstream and its --ca, in one sentence; empty: none.
std::string check_upstream(const RunOptions& options);

}  // namespace wsfault::cli
