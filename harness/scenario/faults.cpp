// The faults of a scenario: [[fault]] tables, then the steps that inject; each with its own name.
#include "scenario/faults.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "scenario/payload.hpp"

namespace wsfault::scenario {
namespace {

/// Names of tables in order: the given name, or else the name of the fault, numbered from the second on.
class Naming {
 public:
  Naming(const std::vector<const Value*>& tables, Diagnostics& diagnostics) {
    for (const Value* table : tables) {
      const Value* name = table->find("name");
      if (!name) continue;
      const std::optional<std::string> text = read_name(*name, "name", diagnostics);
      if (!text || stated_.insert(*text).second) continue;
      diagnostics.error(name->place, fmt::format("there is a fault \"{}\" already", *text),
                        "each fault has a name of its own");
    }
  }

  std::string name_of(const Value& table) {
    const Value* name = table.find("name");
    if (name) return name->text() ? *name->text() : "";
    const Value* inject = table.find("inject");
    const std::string own = inject && inject->text() ? *inject->text() : "";
    int& number = defaults_[own];
    ++number;
    if (number == 2 && !stated_.contains(own)) shared_.push_back(own);
    if (stated_.contains(own)) return fmt::format("{}#{}", own, number + 1);
    return number == 1 ? own : fmt::format("{}#{}", own, number);
  }

  const std::vector<std::string>& shared() const { return shared_; }

 private:
  std::set<std::string> stated_;
  std::map<std::string, int> defaults_;
  std::vector<std::string> shared_;
};

}  // namespace

Faults read_faults(std::vector<const Value*> tables, const std::vector<Value>& injected,
                   const fault::Seats& seats, Diagnostics& diagnostics) {
  const std::size_t stated = tables.size();
  for (const Value& table : injected) tables.push_back(&table);
  Faults faults;
  Naming naming(tables, diagnostics);
  for (std::size_t i = 0; i < tables.size(); ++i) {
    const Value& table = *tables[i];
    const std::string name = naming.name_of(table);
    faults.names.push_back(name);
    std::optional<fault::FaultSpec> spec = fault::read_fault(table, seats, diagnostics);
    if (!spec) continue;
    spec->name = name;
    spec->index = static_cast<int>(i);
    if (const Value* when = table.find("when"); when && i < stated) {
      faults.moments.push_back({spec->when, when->place});
    }
    faults.specs.push_back(*std::move(spec));
  }
  faults.shared = naming.shared();
  return faults;
}

}  // namespace wsfault::scenario
