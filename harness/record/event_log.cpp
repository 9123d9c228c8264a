// The event log: appending, and delivery to subscribers that may record, subscribe and unsubscribe meanwhile.
#include "record/event_log.hpp"

#include <utility>

namespace wsfault::record {

EventLog::EventLog(const Budget& budget, Keep keep)
    : start_(Clock::now()), budget_(budget), keep_(keep), keeping_(budget) {}

void EventLog::record(Where where, What what) {
  pending_.push_back({now(), std::move(where), std::move(what)});
  if (!delivering_) deliver_pending();
}

void EventLog::deliver_pending() {
  // Also if a subscriber throws: the log can still be recorded to.
  struct Delivery {
    EventLog& log;
    explicit Delivery(EventLog& of) : log(of) { log.delivering_ = true; }
    ~Delivery() {
      log.delivering_ = false;
      const std::list<Listener> ended =
          std::exchange(log.ended_, {});  // may own handles, whose destruction unsubscribes more
    }
  };
  const Delivery delivery(*this);
  while (!pending_.empty()) {
    const Event event = std::move(pending_.front());
    pending_.pop_front();
    keep(event);
    ++delivered_;
    deliver(event);
  }
}

void EventLog::keep(const Event& event) {
  if (keep_ == Keep::nothing) return;
  const bool wanted = wanted_ && wanted_(event);
  std::optional<Event> kept = keeping_.take(event, wanted);
  for (const CutKind kind : keeping_.newly_cut()) events_.push_back({event.at, {}, Cut{kind}});
  if (!kept) return;
  events_.push_back(*std::move(kept));
}

Events EventLog::take_events() { return std::exchange(events_, {}); }

void EventLog::deliver(const Event& event) {
  for (auto present = listeners_.begin(); present != listeners_.end(); present = next_) {
    next_ = std::next(present);
    if (present->since < delivered_) present->call(event);
  }
}

EventLog::Subscription EventLog::subscribe(Subscriber subscriber) {
  Subscription subscription;
  subscription.log_ = this;
  subscription.place_ = listeners_.insert(listeners_.end(), {std::move(subscriber), delivered_});
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
