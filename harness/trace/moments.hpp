// Moments that somebody waits for: one search for each, however many wait, fed with what may bring it alone.
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
  /// What it is to be looked for in so far.
  explicit Moments(const record::Events& log) : log_(log) {}

  /// Calls `came` once: when see() brings the moment, or at once where it came before. `connection` as in
  /// fault::MomentSearch.
  void await(const fault::Moment& moment, int connection, Came came);
  /// Each event, in order, once it is recorded; also those that the log does not keep.
  void see(const record::Event& event);
  /// Calls all that wait, though their moments have not come.
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
