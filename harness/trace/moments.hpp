// Moments that are waited for: one search per moment, however many wait, fed only with events that may bring
// it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "fault/moment.hpp"
#include "record/event.hpp"

namespace wsfault::trace {

class Moments {
 public:
  using Came = std::function<void()>;
  /// The log in which past events are searched.
  explicit Moments(const record::Events& log) : log_(log) {}

  /// Calls `came` once: when see() brings the moment, or at once if it has already come. `connection` as in
  /// fault::MomentSearch.
  void await(const fault::Moment& moment, int connection, Came came);
  /// Call with each event, in order, once it is recorded, including events that the log does not keep.
  void see(const record::Event& event);
  /// Calls all waiting callbacks, although their moments have not come.
  void give_up();

 private:
  struct Awaited {
    fault::MomentSearch search;
    bool came = false;
    std::vector<Came> waiting;
  };
  using Group = std::vector<Awaited*>;
  void feed(Group& group, const record::Event& event);
  Group& group_of(const fault::Moment& moment, int connection);

  const record::Events& log_;
  std::unordered_map<std::string, std::unique_ptr<Awaited>> by_name_;
  Group anywhere_;
  std::unordered_map<std::uint64_t, Group> on_connection_;  // by party (0: any) and number
};

}  // namespace wsfault::trace
