// The connections of a link on which nothing is armed: they pass by the relay, and are counted. Each leaves
// it for a Connection as soon as more is wanted of it, and comes back when that is over.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <vector>

#include "actor/connection.hpp"
#include "relay/passage.hpp"

namespace wsfault::actor {

/// A connection on its way from the lane to a Connection, or back, as it is then.
struct Transfer {
  relay::Leaving sockets;
  std::array<std::string, 2> heads;  ///< as far as they were passed on, by sender; empty: none
  int number = uncounted;
  std::optional<std::int16_t> address;
  fault::Clock::time_point accepted_at;
  bool opened = false;
  int dial_error = 0;  ///< errno, if the server could not be reached
};

class FastLane {
 public:
  /// `leave` is called with each that leaves, as soon as it comes to a stop; the setting, which must have `untold`,
  /// outlives the lane.
  FastLane(const net::asio::any_io_executor& executor, const LinkSetting& setting,
           std::function<void(Transfer)> leave);
  ~FastLane();
  FastLane(const FastLane&) = delete;
  FastLane& operator=(const FastLane&) = delete;

  /// It has looked up the target's name, not more than a second ago.
  bool knows_target() const;
  net::Task<void> look_up_target();
  /// False: the name has none, and enter() must not be called.
  bool has_address() const;
  void enter(net::FileDescriptor client, const std::string& peer, int number,
             std::optional<std::int16_t> address);
  /// One that is open, and that left before.
  void take_back(Transfer from);
  void all_leave();
  /// That one leaves, if it is here.
  void leave(int number);
  /// Ends all at once.
  void close();

  std::size_t size() const;
  /// Of those that are here.
  std::vector<Connection::Glance> glances() const;
  /// Of those that are here, and of those that ended here.
  Traffic traffic() const;

 private:
  class Relayed;
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace wsfault::actor
