// Clients of ours, and scripts of upstreams, that the case still waits for: as long as one may yet see
// something, nothing has passed.
#pragma once

#include <memory>
#include <unordered_map>
#include <vector>

#include "verdict/judge.hpp"

namespace wsfault::verdict {

/// Reads a log event by event. What an event costs does not grow with the number of clients, once they have
/// started.
class Rosters {
 public:
  explicit Rosters(const Case& scenario);
  ~Rosters();

  void feed(const record::Event& event);
  /// As judge_clients().
  std::vector<Finding> opinions(bool over) const;

 private:
  class Roster;
  class Served;
  std::vector<std::unique_ptr<Roster>> rosters_;  // in the order of the file
  std::unordered_map<record::Name, std::vector<Roster*>> by_name_;
  std::vector<Roster*> waiting_;  // those that have not started
  std::unique_ptr<Served> served_;
  int fired_ = 0;  // faults, so far
};

}  // namespace wsfault::verdict
