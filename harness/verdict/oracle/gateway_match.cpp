// Which connection behind a gateway belongs to which in front of it.
#include "verdict/oracle/gateway_match.hpp"

#include <algorithm>
#include <unordered_map>

namespace wsfault::verdict::oracle {
namespace {

/// A gateway may still know of a refusal for so long after it healed.
constexpr std::int64_t refusal_echo = Duration(std::chrono::seconds(1)).count();

class Matcher {
 public:
  Matcher(Legs legs, model::Kind kind) : legs_(std::move(legs)), kind_(kind) {
    for (Leg& front : legs_.fronts) {
      by_key_[front.key].push_back(log_.pairs.size());
      log_.pairs.push_back({std::move(front), {}, 0, {}, {}, false});
    }
  }

  GatewayLog match() {
    log_.contacted = !legs_.backs.empty() || !legs_.plain.empty() || !legs_.refused.empty();
    match_by_key();
    match_by_order();
    match_refusals();
    log_.gateway = std::move(legs_.gateway);
    log_.refused = std::move(legs_.refused);
    return std::move(log_);
  }

 private:
  void give(Pair& pair, const Leg& back) {
    pair.back = back;
    ++pair.attempts;
  }

  Pair* of_key(const std::string& key, std::size_t index) {
    const auto known = by_key_.find(key);
    if (known == by_key_.end()) return nullptr;
    const auto accepted = [this](std::size_t pair) { return log_.pairs[pair].front.seen.index; };
    const auto later = std::ranges::lower_bound(known->second, index, {}, accepted);
    return later == known->second.begin() ? nullptr : &log_.pairs[*std::prev(later)];
  }

  void match_by_key() {
    for (const Leg& back : legs_.backs) {
      log_.backend_struck = log_.backend_struck || back.seen.struck();
      keyed_ = keyed_ || !back.key.empty();
      if (Pair* pair = back.key.empty() ? nullptr : of_key(back.key, back.seen.index)) give(*pair, back);
    }
    for (const PlainRequest& plain : legs_.plain) {
      keyed_ = keyed_ || !plain.key.empty();
      if (Pair* pair = plain.key.empty() ? nullptr : of_key(plain.key, plain.index)) pair->plain = plain;
    }
  }

  /// Those without a key: all, where the gateway drops the header; else those whose request never came.
  void match_by_order() {
    std::vector<bool> by_key;
    for (const Pair& pair : log_.pairs) by_key.push_back(pair.back.has_value());
    for (const Leg& back : legs_.backs) {
      if (!back.key.empty() || (keyed_ && back.seen.request)) continue;
      if (Pair* pair = owner(back.seen.index, by_key)) give(*pair, back);
    }
    if (keyed_) return;
    for (const PlainRequest& plain : legs_.plain) {
      std::vector<Pair*> candidates = waiting(plain.index, by_key);
      std::erase_if(candidates, [&](const Pair* pair) {
        return !pair->front.seen.request || pair->front.seen.request->fact->head->target != plain.target;
      });
      if (candidates.size() == 1) candidates.front()->plain = plain;
    }
  }

  std::size_t begun(const Pair& pair) const {
    const Observed& seen = pair.front.seen;
    if (kind_ == model::Kind::tcp) return seen.index;
    return seen.request ? seen.request->index : SIZE_MAX;
  }
  /// Nothing more is done for it behind from here on.
  static std::size_t settled(const Pair& pair) {
    const Leg& front = pair.front;
    std::size_t first = SIZE_MAX;
    if (front.answered && !front.opened()) first = front.answered->index;
    if (front.seen.ended) first = std::min(first, front.seen.ended->index);
    if (front.seen.own_end) first = std::min(first, front.seen.own_end->index);
    return first;
  }

  std::vector<Pair*> waiting(std::size_t index, const std::vector<bool>& by_key) {
    std::vector<Pair*> found;
    for (std::size_t i = 0; i < log_.pairs.size(); ++i) {
      Pair& pair = log_.pairs[i];
      if (!by_key[i] && !pair.back && begun(pair) < index && settled(pair) > index) found.push_back(&pair);
    }
    return found;
  }

  static bool is_lost(const Leg& back, std::size_t index) {
    const Observed& seen = back.seen;
    return (seen.ended && seen.ended->index < index) || (seen.own_end && seen.own_end->index < index) ||
           (seen.answer && !seen.open() && seen.answer->index < index);
  }

  /// One that has lost its backend, for which the gateway tries again.
  std::vector<Pair*> trying_again(std::size_t index, const std::vector<bool>& by_key) {
    std::vector<Pair*> found;
    for (std::size_t i = 0; i < log_.pairs.size(); ++i) {
      Pair& pair = log_.pairs[i];
      if (by_key[i] || !pair.back || settled(pair) < index) continue;
      if (is_lost(*pair.back, index)) found.push_back(&pair);
    }
    return found;
  }

  Pair* owner(std::size_t index, const std::vector<bool>& by_key) {
    if (log_.pairs.size() == 1) {
      Pair& only = log_.pairs.front();
      // One more beside a sound one is no attempt: a look whether the backend is there.
      const bool needed = !only.back || is_lost(*only.back, index);
      return !by_key.front() && begun(only) < index && needed ? &only : nullptr;
    }
    std::vector<Pair*> candidates = waiting(index, by_key);
    if (candidates.empty()) candidates = trying_again(index, by_key);
    if (candidates.size() == 1 && !candidates.front()->unclear) return candidates.front();
    for (Pair* pair : candidates) pair->unclear = true;
    return nullptr;
  }

  void match_refusals() {
    for (Pair& pair : log_.pairs) {
      const Observed& seen = pair.front.seen;
      if (pair.back || pair.plain || begun(pair) == SIZE_MAX) continue;
      const std::int64_t from = kind_ == model::Kind::tcp || !seen.request ? seen.accepted : seen.request->at;
      for (const Span& span : legs_.refused) {
        if (span.until && *span.until + refusal_echo < from) continue;
        const std::int64_t since = std::max(from, span.from);
        if (until(pair) >= since && !pair.refused) pair.refused = since;
      }
    }
  }
  static std::int64_t until(const Pair& pair) {
    const Leg& front = pair.front;
    std::int64_t first = INT64_MAX;
    if (front.answered && !front.opened()) first = front.answered->at;
    if (front.seen.ended) first = std::min(first, front.seen.ended->at);
    if (front.seen.own_end) first = std::min(first, front.seen.own_end->at);
    return first;
  }

  Legs legs_;
  model::Kind kind_;
  GatewayLog log_;
  std::unordered_map<std::string, std::vector<std::size_t>> by_key_;  // pairs, in the order of their accepts
  bool keyed_ = false;
};

}  // namespace

GatewayLog read_gateway(const std::vector<record::Event>& events, model::Kind kind) {
  return Matcher(read_legs(events), kind).match();
}

}  // namespace wsfault::verdict::oracle
