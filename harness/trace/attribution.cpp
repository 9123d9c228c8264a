#include "trace/attribution.hpp"

#include <algorithm>
#include <iterator>

namespace wsfault::trace {
namespace {

/// Up to this long after an accept, a report read from a pipe may still concern the connection before it.
constexpr std::int64_t brand_new = Duration(std::chrono::milliseconds(100)).count();
constexpr std::int64_t quite_new = Duration(std::chrono::seconds(1)).count();
/// Up to this long after its close, an error may still concern the same connection, because some clients
/// report the close of one event first. If attempts are refused, such an early error more likely concerns the
/// next attempt.
constexpr std::int64_t right_after = Duration(std::chrono::milliseconds(100)).count();
constexpr std::int64_t right_after_if_refused = Duration(std::chrono::milliseconds(5)).count();

/// It was there beside the other before that one ended, and is silent at most.
bool goes_on_beside(const Leg& later, const Leg& earlier) {
  const bool refused = later.answer && !later.open();
  const bool goes_on = !later.over() && !refused && !later.garbage && !later.tls_failure &&
                       later.received_closes.empty() && later.violations.empty();
  const auto& end = earlier.own_end ? earlier.own_end : earlier.ended;
  return goes_on && end && later.accepted() < end->at;
}

/// Does the report concern `earlier` rather than `later`?
bool speaks_of_earlier(const Leg& earlier, const Leg& later, std::int64_t at) {
  if (!earlier.struck()) return false;
  const std::int64_t age = at - later.accepted();
  const bool told_already = !earlier.open() && !earlier.reports().errors.empty();
  if (!told_already && goes_on_beside(later, earlier)) return true;
  if (!later.struck()) return !told_already || age < quite_new;
  return age < brand_new && !told_already;
}

/// Messages may still come on it, as far as can be seen.
bool goes_on(const Leg& leg) { return !leg.over() && (leg.quiet.empty() || leg.quiet.back().until); }

}  // namespace

Connection* Attribution::owner_of_open() const {
  for (const auto* candidates : {&caller_.open_unreported_, &caller_.unopened_}) {
    if (!candidates->empty()) return candidates->rbegin()->second;
  }
  return nullptr;
}

Connection* Attribution::owner_of_end(std::int64_t at) const {
  const auto& unclosed = caller_.unclosed_;
  if (unclosed.empty()) return nullptr;
  auto owner = std::prev(unclosed.end());
  while (owner != unclosed.begin()) {
    const auto earlier = std::prev(owner);
    if (!speaks_of_earlier(earlier->second->client, owner->second->client, at)) break;
    owner = earlier;
  }
  return owner->second;
}

/// The connection that just reported its close and has no error yet; null if there is none.
Connection* Attribution::owner_after_close(std::int64_t at) const {
  if (caller_.closed_.empty()) return nullptr;
  Connection* closed = caller_.closed_.rbegin()->second;
  const std::int64_t limit = caller_.refused_ ? right_after_if_refused : right_after;
  const Leg& leg = closed->client;
  return leg.reports().errors.empty() && at - leg.reports().closes.back().at <= limit ? closed : nullptr;
}

Connection* Attribution::owner_of_error(std::int64_t at) const {
  Connection* owner = owner_of_end(at);
  if (owner && owner->client.struck()) return owner;
  if (Connection* closed = owner_after_close(at)) return closed;
  // Nothing is wrong with one that is open: who still waits for its 101 is meant.
  Connection* waits = owner && owner->client.open() ? latest_unopened() : nullptr;
  return waits ? waits : owner;
}

/// A message that names no connection: the latest one is meant, if no other goes on.
void Attribution::put_message(const SeenReport& report) {
  if (caller_.open_.empty()) return;
  const auto latest = std::prev(caller_.open_.end());
  put(*latest->second, report);
  if (latest == caller_.open_.begin()) return;
  if (goes_on(std::prev(latest)->second->client)) latest->second->reports->may_be_of_others = true;
}

/// The latest that has no 101 and has not reported its end; null if there is none.
Connection* Attribution::latest_unopened() const {
  const auto& unclosed = caller_.unclosed_;
  const auto found = std::find_if(unclosed.rbegin(), unclosed.rend(),
                                  [](const auto& each) { return !each.second->client.open(); });
  return found == unclosed.rend() ? nullptr : found->second;
}

void Attribution::put(Connection& owner, const SeenReport& report) {
  touch_(owner);
  if (!owner.reports) owner.reports = std::make_unique<Reports>();
  const std::string_view event = report.fact->event;
  if (event == "open") {
    owner.reports->opens.push_back(report);
    caller_.unopened_.erase(owner.index);
    caller_.open_unreported_.erase(owner.index);
  } else if (event == "message") {
    owner.reports->messages.push_back(report);
  } else if (event == "error") {
    owner.reports->errors.push_back(report);
  } else {
    owner.reports->closes.push_back(report);
    if (owner.number == 0) return;
    caller_.unclosed_.erase(owner.index);
    caller_.closed_[owner.index] = &owner;
  }
}

void Attribution::add(const SeenReport& report) {
  const std::string_view event = report.fact->event;
  if (event == "open") {
    if (Connection* owner = owner_of_open()) put(*owner, report);
  } else if (event == "message") {
    put_message(report);
  } else if (event == "close" || event == "error") {
    Connection* owner = event == "close" ? owner_of_end(report.at) : owner_of_error(report.at);
    put(owner ? *owner : nobody_(), report);
  }
}

void Attribution::add_to_nobody(const SeenReport& report) {
  const std::string_view event = report.fact->event;
  if (event == "close" || event == "error") put(nobody_(), report);
}

void Attribution::add(const SeenReport& report, Connection& named) {
  const std::string_view event = report.fact->event;
  if (event == "close" || event == "error" || event == "open" || event == "message") put(named, report);
}

}  // namespace wsfault::trace
