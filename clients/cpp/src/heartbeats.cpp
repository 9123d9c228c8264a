#include "heartbeats.hpp"

namespace wsfault::client {

Heartbeats::Heartbeats(Place place, std::chrono::milliseconds pause)
    : place_(std::move(place)), thread_([this, pause] { beat(pause); }) {}

Heartbeats::~Heartbeats() {
  {
    const std::lock_guard lock(mutex_);
    ends_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void Heartbeats::beat(std::chrono::milliseconds pause) {
  std::unique_lock lock(mutex_);
  while (!changed_.wait_for(lock, pause, [this] { return ends_; })) {
    lock.unlock();
    bool is_gone = false;
    try {
      place_.api().call("POST", place_.session("/heartbeat"));
    } catch (const WsfaultError& error) {
      is_gone = error.status() == 404;  // whatever is wrong shows with the next call of the test
    }
    lock.lock();
    if (is_gone) return;
  }
}

}  // namespace wsfault::client
