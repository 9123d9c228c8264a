// What a scenario refers to by name — faults, marks, parties, links — must exist.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "fault/catalogue.hpp"
#include "scenario/script.hpp"
#include "value/diagnostic.hpp"
#include "verdict/expectation.hpp"

namespace wsfault::scenario {

class References {
 public:
  /// `shared`: default names of several faults, which are ambiguous.
  References(const fault::Seats& seats, std::vector<std::string> faults, std::vector<std::string> shared,
             std::vector<std::string> marks, Diagnostics& diagnostics)
      : seats_(seats),
        faults_(std::move(faults)),
        shared_(std::move(shared)),
        marks_(std::move(marks)),
        diagnostics_(diagnostics) {}

  void check(const MomentUse& use) const;
  /// An [[expect]] table and the expectation that was read from it.
  void check(const Value& table, const verdict::Expectation& expectation) const;

 private:
  void check_fault(const std::string& name, Place place) const;
  void check_name(std::string_view what, const std::string& name, const std::vector<std::string>& known,
                  Place place) const;

  const fault::Seats& seats_;
  std::vector<std::string> faults_;
  std::vector<std::string> shared_;
  std::vector<std::string> marks_;
  Diagnostics& diagnostics_;
};

}  // namespace wsfault::scenario
