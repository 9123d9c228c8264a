// Lets a session last as long as its object.
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "place.hpp"

namespace wsfault::client {

class Heartbeats {
 public:
  Heartbeats(Place place, std::chrono::milliseconds pause);
  ~Heartbeats();
  Heartbeats(const Heartbeats&) = delete;
  Heartbeats& operator=(const Heartbeats&) = delete;

 private:
  void beat(std::chrono::milliseconds pause);

  Place place_;
  std::mutex mutex_;
  std::condition_variable changed_;
  bool ends_ = false;
  std::thread thread_;
};

}  // namespace wsfault::client
