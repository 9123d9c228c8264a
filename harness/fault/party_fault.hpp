// What a fault does to a link or a party: it fires, and it may heal.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "record/event.hpp"
#include "value/units.hpp"

namespace wsfault::fault {

/// The link refuses connections.
struct StopListening {};
struct StartListening {};
/// Nothing passes on the link, and attempts to connect get no answer.
struct GoDark {};
struct GoLight {};
struct Signal {
  int number = 9;
  bool whole_tree = true;
  record::ProcessChange change = record::ProcessChange::killed;
};
struct StartProcess {};
/// Reloads its configuration in the way the system file defines.
struct Reload {};
struct RunCommand {
  std::vector<std::string> argv;
};
struct Wait {
  Duration duration{0};
  double jitter = 0;  ///< so much of it more or less, drawn
};

using PartyAction = std::variant<StopListening, StartListening, GoDark, GoLight, Signal, StartProcess, Reload,
                                 RunCommand, Wait>;
using PartyActions = std::vector<PartyAction>;

/// One fault on a link or a party: what is to happen at its moment, and when it heals, in order.
struct PartyFault {
  PartyActions fire;
  PartyActions heal = {};
};

/// One short sentence that describes the actions, for the log: "signal 9 to the process tree".
std::string describe(const PartyActions& actions);

}  // namespace wsfault::fault
