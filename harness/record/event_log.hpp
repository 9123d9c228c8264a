// The log of one scenario: append only, one order, one clock; subscribers see each event as it is recorded.
#pragma once

#include <chrono>
#include <functional>
#include <list>
#include <vector>

#include "record/event.hpp"

namespace wsfault::record {

class EventLog {
 public:
  using Subscriber = std::function<void(const Event&)>;
  using Clock = std::chrono::steady_clock;

  EventLog() : start_(Clock::now()) {}
  EventLog(const EventLog&) = delete;
  EventLog& operator=(const EventLog&) = delete;

  /// Appends with the present time, then calls the subscribers in order. A subscriber may record in its turn: that
  /// event follows, and is delivered after the present one has been delivered to all.
  void record(Where where, What what);

  /// Called for each event from now on, as long as the handle lives.
  class Subscription {
   public:
    Subscription() = default;
    Subscription(Subscription&& other) noexcept;
    Subscription& operator=(Subscription&& other) noexcept;
    ~Subscription();

   private:
    friend class EventLog;
    EventLog* log_ = nullptr;
    std::list<Subscriber>::iterator place_;
  };
  [[nodiscard]] Subscription subscribe(Subscriber subscriber);

  const std::vector<Event>& events() const { return events_; }
  /// Nanoseconds since the start, now.
  std::int64_t now() const { return (Clock::now() - start_).count(); }
  Clock::time_point time_of(std::int64_t at) const { return start_ + std::chrono::nanoseconds(at); }

 private:
  void deliver();
  Clock::time_point start_;
  std::vector<Event> events_;
  std::size_t delivered_ = 0;
  bool delivering_ = false;
  std::list<Subscriber> subscribers_;
};

}  // namespace wsfault::record
