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
/// What is dark: connections that are open, on which nothing passes, attempts to connect, which get no answer, or
/// both.
enum class Reach { all, open, attempts };
struct GoDark {
  Reach reach = Reach::all;
};
struct GoLight {
  Reach reach = Reach::all;
};
/// What is open stays dark for good; what comes later is not concerned.
struct Strand {};
/// Packets are lost from now on, and TCP repairs that in its time; or no longer.
struct LosePackets {};
struct KeepPackets {};
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

using PartyAction = std::variant<StopListening, StartListening, GoDark, GoLight, Strand, LosePackets, KeepPackets,
                                 Signal, StartProcess, Reload, RunCommand, Wait>;
using PartyActions = std::vector<PartyAction>;

/// One fault on a link or a party: what is to happen at its moment, and when it heals, in order.
struct PartyFault {
  PartyActions fire;
  PartyActions heal = {};
};

/// What they wait together, at most.
Duration longest_wait(const PartyActions& actions);
/// One of them starts a process.
bool starts_process(const PartyActions& actions);
/// One short sentence that describes the actions, for the log: "signal 9 to the process tree". `on_network`:
/// it is the network that does it, and no link.
std::string describe(const PartyActions& actions, bool on_network);

}  // namespace wsfault::fault
