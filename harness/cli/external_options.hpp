// An external system, one that is already running: what --gateway, --server, --upstream or a system file say
// of it.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/run_options.hpp"
#include "cli/secrets.hpp"
#include "runner/external_system.hpp"
#include "value/result.hpp"

namespace wsfault::cli {

/// As it was written.
struct External {
  bool is_server = false;  ///< else a gateway
  std::string url;
  std::string ca;  ///< PEM; empty: what this machine trusts
  std::vector<std::string> upstream_listen;
  std::vector<std::pair<std::string, std::string>> headers;
  std::vector<std::string> subprotocols;
};

/// None: the system is started by the run. `file`: the system of --system, if it is a file; where the options
/// name no address, its `url` counts, and both are joined. The error is one sentence.
Result<std::optional<External>> external_of(const RunOptions& options, const model::System* file);

/// The error is one sentence that names the option and the problem. `secrets` receives the values that its
/// headers took from the environment, and credentials.
Result<runner::ExternalSystem> read_external(const External& external, Secrets& secrets);

/// The problem with --upstream and its --ca, in one sentence; empty: none.
std::string check_upstream(const RunOptions& options);

}  // namespace wsfault::cli
