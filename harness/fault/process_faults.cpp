// Faults of the process layer: they act on a party's processes.
#include <csignal>

#include "fault/catalogue.hpp"
#include "fault/fault.hpp"

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

Actions kill_actions(const FaultSpec& spec, const Situation&) {
  return {Signal{static_cast<int>(spec.integer("signal")), whole_tree(spec), ProcessChange::killed}};
}

Actions stop_actions(const FaultSpec& spec, const Situation&) {
  return {Signal{SIGTERM, whole_tree(spec), ProcessChange::stopping}, Wait{spec.duration("grace")},
          Signal{SIGKILL, true, ProcessChange::killed}};
}

Actions restart_actions(const FaultSpec& spec, const Situation&) {
  return {Signal{SIGKILL, true, ProcessChange::killed}, Wait{spec.duration("down")}, StartProcess{}};
}

Actions reload_actions(const FaultSpec&, const Situation&) { return {Reload{}}; }

Actions run_actions(const FaultSpec& spec, const Situation&) {
  RunCommand command;
  for (const Value& word : *spec.attributes.find("command")->array()) command.argv.push_back(*word.text());
  return {command};
}

class FreezeFault : public Fault {
 public:
  explicit FreezeFault(const FaultSpec& spec) : whole_tree_(whole_tree(spec)) {}
  Actions fire(const Situation&) override { return {Signal{SIGSTOP, whole_tree_, ProcessChange::frozen}}; }
  Actions heal() override { return {Signal{SIGCONT, whole_tree_, ProcessChange::thawed}}; }

 private:
  bool whole_tree_;
};

Entry process_entry(std::string_view name, std::string_view does, std::string_view imitates) {
  return {.name = name,
          .layer = "process",
          .stand = Stand::party,
          .does = does,
          .imitates = imitates,
          .when = "start",
          .strikes_connections = false};
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
  entry.make = make_firing<kill_actions>;
  return entry;
}

Entry stop() {
  Entry entry = process_entry(
      "stop", "SIGTERM, as an init system sends it, and SIGKILL to the process tree after `grace`.",
      "A deploy or a shutdown: does it say goodbye?");
  entry.attributes = {
      {.name = "grace", .type = AttributeType::duration, .fallback = "5s", .doc = "until SIGKILL"},
      scope_attribute("main", "who gets SIGTERM: the whole process tree, or the first process only")};
  entry.make = make_firing<stop_actions>;
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
  entry.make = [](const FaultSpec& spec) -> std::unique_ptr<Fault> {
    return std::make_unique<FreezeFault>(spec);
  };
  return entry;
}

Entry restart() {
  Entry entry = process_entry("restart", "Kills the process tree and starts it again after `down`.",
                              "A supervisor that restarts a crashed server.");
  entry.attributes = {
      {.name = "down", .type = AttributeType::duration, .fallback = "500ms", .doc = "how long it is away"}};
  entry.make = make_firing<restart_actions>;
  return entry;
}

Entry reload() {
  Entry entry = process_entry("reload", "Runs the system file's `commands.reload`.",
                              "A deploy: a new configuration, new certificates, new workers.");
  entry.sut_only = true;
  entry.make = make_firing<reload_actions>;
  return entry;
}

Entry run() {
  Entry entry = process_entry("run", "Runs a command of yours.",
                              "Whatever you can script: docker kill, kubectl scale.");
  entry.attributes = {
      {.name = "command", .type = AttributeType::command, .doc = "program and arguments, no shell"}};
  entry.make = make_firing<run_actions>;
  return entry;
}

}  // namespace entries
}  // namespace wsfault::fault
