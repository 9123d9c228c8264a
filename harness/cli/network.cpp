// wsfault network: the process that holds the network of a case. Runs start it; nobody else does.
#include <fmt/format.h>

#include "cli/subcommands.hpp"
#include "network/holder.hpp"
#include "network/possible.hpp"
#include "report/exit_code.hpp"

namespace wsfault::cli {

int run_network(int argc, char** argv) {
  if (argc == 1) return network::try_network();
  if (argc == 2) return network::hold_network(argv[1]);
  fmt::print(stderr, "wsfault network: holds the network of a case; a run starts it\n");
  return report::exit_usage;
}

}  // namespace wsfault::cli
