// Faults of the process layer: they act on a party's processes.
#include <csignal>

#include "fault/catalogue.hpp"
#include "fault/party_fault.hpp"

namespace wsfault::fault {
namespace {

using record::ProcessChange;

bool whole_tree(const FaultSpec& spec) { return spec.text("scope") == "tree"; }

Attribute scope_attribute(std::string_view fallback, std::string_view doc) {
  return {.name = "scope",
          .type = AttributeType::one_of,
          .fallback = fallback,
          .names = {"tree", "main"},
          .doc = doc};
}

PartyFault kill(const FaultSpec& spec) {
  return {
      .fire = {Signal{static_cast<int>(spec.integer("signal")), whole_tree(spec), ProcessChange::killed}}};
}

PartyFault stop(const FaultSpec& spec) {
  return {.fire = {Signal{SIGTERM, whole_tree(spec), ProcessChange::stopping}, Wait{spec.duration("grace")},
                   Signal{SIGKILL, true, ProcessChange::killed}}};
}

PartyFault freeze(const FaultSpec& spec) {
  return {.fire = {Signal{SIGSTOP, whole_tree(spec), ProcessChange::frozen}},
          .heal = {Signal{SIGCONT, whole_tree(spec), ProcessChange::thawed}}};
}

PartyFault restart(const FaultSpec& spec) {
  return {
      .fire = {Signal{SIGKILL, true, ProcessChange::killed}, Wait{spec.duration("down")}, StartProcess{}}};
}

PartyFault reload(const FaultSpec&) { return {.fire = {Reload{}}}; }

PartyFault run(const FaultSpec& spec) {
  RunCommand command;
  for (const Value& word : *spec.attributes.find("command")->array()) command.argv.push_back(*word.text());
  return {.fire = {command}};
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
  Entry entry = process_entry("kill", "SIGKILL to the party's process tree.",
                              "A crash, the out-of-memory killer, a container that is killed.");
  entry.attributes = {{.name = "signal",
                       .type = AttributeType::integer,
                       .fallback = "9",
                       .low = 1,
                       .high = 64,
                       .doc = "the signal's number"},
                      scope_attribute("tree",
                                      "the whole process tree, or the first process only: the workers of a "
                                      "server then go on")};
  entry.make = fault::kill;
  return entry;
}

Entry stop() {
  Entry entry = process_entry(
      "stop", "SIGTERM, as an init system sends it, and SIGKILL to the process tree after `grace`.",
      "A deploy or a shutdown: does it say goodbye?");
  entry.attributes = {
      {.name = "grace", .type = AttributeType::duration, .fallback = "5s", .doc = "until SIGKILL"},
      scope_attribute("main", "who gets SIGTERM: the whole process tree, or the first process only")};
  entry.make = fault::stop;
  return entry;
}

Entry freeze() {
  Entry entry = process_entry("freeze", "SIGSTOP, and SIGCONT when it heals.",
                              "A hung process, a paused virtual machine, a laptop that sleeps.");
  entry.faithful =
      "The kernel still accepts and acknowledges, as it does for a hung process; a sleeping machine does "
      "not.";
  entry.attributes = {scope_attribute("tree", "the whole process tree, or the first process only")};
  entry.heals = true;
  entry.make = fault::freeze;
  return entry;
}

Entry restart() {
  Entry entry = process_entry("restart", "Kills the process tree and starts it again after `down`.",
                              "A supervisor that restarts a crashed server.");
  entry.attributes = {
      {.name = "down", .type = AttributeType::duration, .fallback = "500ms", .doc = "how long it is away"}};
  entry.make = fault::restart;
  return entry;
}

Entry reload() {
  Entry entry = process_entry("reload", "Runs the system file's `commands.reload`.",
                              "A deploy: a new configuration, new certificates, new workers.");
  entry.sut_only = true;
  entry.make = fault::reload;
  return entry;
}

Entry run() {
  Entry entry = process_entry("run", "Runs a command of yours.",
                              "Whatever you can script: docker kill, kubectl scale.");
  entry.attributes = {
      {.name = "command", .type = AttributeType::command, .doc = "program and arguments, no shell"}};
  entry.make = fault::run;
  return entry;
}

}  // namespace entries
}  // namespace wsfault::fault
