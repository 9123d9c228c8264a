// The event log: appending, and delivery to subscribers that may record, subscribe and unsubscribe meanwhile.
#include "record/event_log.hpp"

#include <utility>

namespace wsfault::record {

void EventLog::record(Where where, What what) {
  pending_.push_back({now(), std::move(where), std::move(what)});
  if (!delivering_) deliver_pending();
}

void EventLog::deliver_pending() {
  // Also where a subscriber throws: the log can be recorded to afterwards.
  struct Delivery {
    EventLog& log;
    explicit Delivery(EventLog& of) : log(of) { log.delivering_ = true; }
    ~Delivery() {
      log.delivering_ = false;
      const std::list<Listener> ended =
          std::exchange(log.ended_, {});  // may own handles, which unsubscribe in turn
    }
  };
  const Delivery delivery(*this);
  while (!pending_.empty()) {
    events_.push_back(std::move(pending_.front()));
    pending_.pop_front();
    deliver(events_.back());
    if (keep_ == Keep::nothing) events_.clear();
  }
}

void EventLog::deliver(const Event& event) {
  const std::size_t index = events_.size() - 1;
  for (auto present = listeners_.begin(); present != listeners_.end(); present = next_) {
    next_ = std::next(present);
    if (present->since <= index) present->call(event);
  }
}

EventLog::Subscription EventLog::subscribe(Subscriber subscriber) {
  Subscription subscription;
  subscription.log_ = this;
  subscription.place_ = listeners_.insert(listeners_.end(), {std::move(subscriber), events_.size()});
  return subscription;
}

void EventLog::unsubscribe(std::list<Listener>::iterator place) {
  if (place == next_) ++next_;
  if (delivering_) {
    ended_.splice(ended_.end(), listeners_, place);
  } else {
    listeners_.erase(place);
  }
}

EventLog::Subscription::Subscription(Subscription&& other) noexcept
    : log_(std::exchange(other.log_, nullptr)), place_(other.place_) {}

EventLog::Subscription& EventLog::Subscription::operator=(Subscription&& other) noexcept {
  if (this == &other) return *this;
  end();
  log_ = std::exchange(other.log_, nullptr);
  place_ = other.place_;
  return *this;
}

EventLog::Subscription::~Subscription() { end(); }

void EventLog::Subscription::end() {
  if (EventLog* log = std::exchange(log_, nullptr)) log->unsubscribe(place_);
}

}  // namespace wsfault::record
