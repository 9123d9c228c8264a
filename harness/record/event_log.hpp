// The log of one scenario: append only, one order, one clock; subscribers see each event as it is recorded.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <list>
#include <vector>

#include "record/event.hpp"
#include "record/keeping.hpp"

namespace wsfault::record {

class EventLog {
 private:
  struct Listener {
    std::function<void(const Event&)> call;
    std::size_t since = 0;  // number of the first event delivered to it, from 0
  };

 public:
  using Subscriber = std::function<void(const Event&)>;
  using Clock = std::chrono::steady_clock;

  /// What events() keeps: everything there is room for, or nothing, for processes that run without an end.
  enum class Keep { everything, nothing };

  explicit EventLog(const Budget& budget = {}) : EventLog(budget, Keep::everything) {}
  explicit EventLog(Keep keep) : EventLog(Budget{}, keep) {}
  EventLog(const EventLog&) = delete;
  EventLog& operator=(const EventLog&) = delete;

  /// Appends with the current time, then calls the subscribers in order. A subscriber may record as well:
  /// that event is appended and delivered after the current one has been delivered to all.
  void record(Where where, What what);

  /// Called for each event from now on, kept or not, until the handle is destroyed; the log must outlive the
  /// handle. Handles may be made and destroyed while an event is delivered, including a subscriber's own.
  class Subscription {
   public:
    Subscription() = default;
    Subscription(Subscription&& other) noexcept;
    Subscription& operator=(Subscription&& other) noexcept;
    ~Subscription();

   private:
    friend class EventLog;
    void end();
    EventLog* log_ = nullptr;
    std::list<Listener>::iterator place_;
  };
  [[nodiscard]] Subscription subscribe(Subscriber subscriber);

  /// What is kept (see Budget). A Cut marks the place where a kind of event begins to be left out.
  const Events& events() const { return events_; }
  /// Events for which `wanted` returns true are kept even when there is no more room. It is called once for
  /// each event, in order.
  void keep_too(std::function<bool(const Event&)> wanted) { wanted_ = std::move(wanted); }
  /// Moves the kept events out; the log can still be recorded to.
  Events take_events();
  /// Nanoseconds since the start.
  std::int64_t now() const { return (Clock::now() - start_).count(); }
  Clock::time_point time_of(std::int64_t at) const { return start_ + std::chrono::nanoseconds(at); }

 private:
  void deliver_pending();
  void deliver(const Event& event);
  void unsubscribe(std::list<Listener>::iterator place);

  EventLog(const Budget& budget, Keep keep);
  void keep(const Event& event);

  Clock::time_point start_;
  Budget budget_;
  Keep keep_;
  Keeping keeping_;
  std::function<bool(const Event&)> wanted_;
  Events events_;
  std::size_t delivered_ = 0;  // number of events delivered, including the current one
  std::deque<Event>
      pending_;  // recorded while another is delivered: events_ must not move under a subscriber
  bool delivering_ = false;
  std::list<Listener> listeners_;
  std::list<Listener> ended_;  // unsubscribed while an event is delivered: they may be running
  std::list<Listener>::iterator next_ = listeners_.end();  // next to be called in deliver()
};

}  // namespace wsfault::record
