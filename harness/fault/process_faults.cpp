// Faults of the process layer: they act on a party's processes.
#include <csignal>

#include "fault/entry.hpp"
#include "fault/shared_attributes.hpp"

namespace wsfault::fault {
namespace {

using record::ProcessChange;

BOOST_DEFINE_ENUM_CLASS(Scope, tree, main)

struct Kill {
  int signal;
  Scope scope;
};
struct Stop {
  Duration grace;
  Scope scope;
};
struct Freeze {
  Scope scope;
};
struct Run {
  std::vector<std::string> command;
};

Signal signal_to(Scope scope, int number, ProcessChange change) {
  return {number, scope == Scope::tree, change};
}

PartyFault kill(const Kill& own) {
  return {.fire = {signal_to(own.scope, own.signal, ProcessChange::killed)}};
}

PartyFault stop(const FaultSpec& spec, const Stop& own) {
  return {.fire = {signal_to(own.scope, SIGTERM, ProcessChange::stopping), Wait{own.grace + spec.slowest_stop},
                   signal_to(Scope::tree, SIGKILL, ProcessChange::killed)}};
}

PartyFault freeze(const Freeze& own) {
  return {.fire = {signal_to(own.scope, SIGSTOP, ProcessChange::frozen)},
          .heal = {signal_to(own.scope, SIGCONT, ProcessChange::thawed)}};
}

PartyFault restart(const Restart& own) {
  return {.fire = {signal_to(Scope::tree, SIGKILL, ProcessChange::killed), Wait{own.down}, StartProcess{}}};
}

PartyFault run(const Run& own) { return {.fire = {RunCommand{own.command}}}; }

Attribute scope(std::string_view fallback, std::string_view doc) {
  return {.name = "scope", .fallback = fallback, .doc = doc};
}

Entry process_entry(std::string_view name, std::string_view does, std::string_view imitates) {
  return {.name = name,
          .layer = "process",
          .stand = Stand::party,
          .does = does,
          .imitates = imitates,
          .when = "start"};
}

}  // namespace

namespace entries {

Entry kill() {
  return party_entry(
      process_entry("kill", "SIGKILL to the party's process tree.",
                    "A crash, the out-of-memory killer, a container that is killed."),
      fault::kill,
      {{&Kill::signal,
        {.name = "signal", .fallback = "9", .low = 1, .high = 64, .doc = "the signal's number"}},
       {&Kill::scope, scope("tree",
                            "the whole process tree, or the first process only: the workers of a server then "
                            "go on")}});
}

Entry stop() {
  return party_entry(
      process_entry("stop",
                    "SIGTERM, as an init system sends it, and SIGKILL to the process tree after `grace`.",
                    "A deploy or a shutdown: does it say goodbye?"),
      fault::stop,
      {{&Stop::grace, {.name = "grace", .fallback = "5s", .doc = "until SIGKILL; left out, the longer of the system's declared `close_limit` and `drain` is added"}},
       {&Stop::scope, scope("main", "who gets SIGTERM: the whole process tree, or the first process only")}});
}

Entry freeze() {
  Entry entry = process_entry("freeze", "SIGSTOP, and SIGCONT when it heals.",
                              "A hung process, a paused virtual machine, a laptop that sleeps.");
  entry.faithful =
      "The kernel still accepts and acknowledges, as it does for a hung process; a sleeping machine does "
      "not.";
  entry.heals = true;
  return party_entry(std::move(entry), fault::freeze,
                     {{&Freeze::scope, scope("tree", "the whole process tree, or the first process only")}});
}

Entry restart() {
  return party_entry(process_entry("restart", "Kills the process tree and starts it again after `down`.",
                                   "A supervisor that restarts a crashed server."),
                     fault::restart,
                     {{&Restart::down, {.name = "down", .fallback = "500ms", .doc = "how long it is away"}}});
}

Entry reload() {
  Entry entry = process_entry("reload", "Runs the system file's `commands.reload`.",
                              "A deploy: a new configuration, new certificates, new workers.");
  entry.sut_only = true;
  return party_entry(std::move(entry), {.fire = {Reload{}}});
}

Entry run() {
  return party_entry(process_entry("run", "Runs a command of yours.",
                                   "Whatever you can script: docker kill, kubectl scale."),
                     fault::run,
                     {{&Run::command, {.name = "command", .doc = "program and arguments, no shell"}}});
}

}  // namespace entries
}  // namespace wsfault::fault
