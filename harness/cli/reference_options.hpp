// The command lines of the reference programs: their options and their --help.
#pragma once

#include "reference/client_options.hpp"
#include "reference/gateway_options.hpp"
#include "reference/server_options.hpp"

namespace CLI {
class App;
}

namespace wsfault::cli {

/// Each adds its options to a subcommand; parsing fills in `options`.
void describe_client(CLI::App& app, reference::ClientOptions& options);
void describe_gateway(CLI::App& app, reference::GatewayOptions& options);
void describe_server(CLI::App& app, reference::ServerOptions& options);

}  // namespace wsfault::cli
