#include "verdict/oracle/pairing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

namespace wsfault::verdict::oracle {
namespace {

/// A gateway may still know of a refusal for so long after it healed.
constexpr std::int64_t refusal_echo = Duration(std::chrono::seconds(1)).count();

/// Every link but that of its clients leads to a backend.
bool is_back(const trace::Connection& connection) {
  static const record::Name front = "front";
  return connection.link != front;
}

/// The value of the header; of a client without one "name-number".
std::string key_of(const trace::Connection& front) {
  return front.key.empty() ? fmt::format("{}-{}", front.party, front.number) : front.key;
}

PlainRequest plain_request(const trace::Connection& connection) {
  const Leg& leg = connection.client;
  PlainRequest plain{
      leg.request->at, leg.request->index, connection.key, leg.request->fact->head->target, {}};
  if (leg.answer) plain.status = leg.answer->fact->head->status;
  return plain;
}

class Matcher {
 public:
  Matcher(const trace::Trace& trace, model::Kind kind)
      : kind_(kind), pairing_{.process = trace.process("sut"), .ready = trace.ready()} {
    for (const trace::Connection& connection : trace.connections()) {
      if (connection.plain) {
        if (is_back(connection)) plain_.push_back(plain_request(connection));
      } else if (is_back(connection)) {
        backs_.push_back(&connection.client);
      } else {
        by_key_[key_of(connection)].push_back(pairing_.pairs.size());
        pairing_.pairs.push_back({.front = &connection.server});
      }
    }
    pairing_.asked_plainly = !trace.all<record::PlainRequest>().empty();
    for (const record::Name link : trace.links()) {
      if (link == "front") continue;
      const auto& refusals = trace.refusals(link);
      pairing_.refused.insert(pairing_.refused.end(), refusals.begin(), refusals.end());
      const auto found_nobody = trace.refused_attempts(link);
      pairing_.found_nobody.insert(pairing_.found_nobody.end(), found_nobody.begin(), found_nobody.end());
    }
  }

  Pairing match() {
    std::ranges::sort(pairing_.found_nobody);
    pairing_.contacted = !backs_.empty() || !plain_.empty() || !pairing_.refused.empty();
    match_by_key();
    match_by_order();
    match_refusals();
    return std::move(pairing_);
  }

 private:
  void give(Pair& pair, const Leg& back) {
    pair.back = &back;
    if (!pair.first) pair.first = &back;
    ++pair.attempts;
  }

  Pair* of_key(const std::string& key, std::size_t index) {
    const auto known = by_key_.find(key);
    if (known == by_key_.end()) return nullptr;
    const auto accepted = [this](std::size_t pair) { return pairing_.pairs[pair].front->index(); };
    const auto later = std::ranges::lower_bound(known->second, index, {}, accepted);
    return later == known->second.begin() ? nullptr : &pairing_.pairs[*std::prev(later)];
  }

  void match_by_key() {
    for (const Leg* each : backs_) {
      const Leg& back = *each;
      pairing_.backend_struck = pairing_.backend_struck || back.struck();
      keyed_ = keyed_ || !back.of->key.empty();
      if (Pair* pair = back.of->key.empty() ? nullptr : of_key(back.of->key, back.index())) give(*pair, back);
    }
    for (const PlainRequest& plain : plain_) {
      keyed_ = keyed_ || !plain.key.empty();
      if (Pair* pair = plain.key.empty() ? nullptr : of_key(plain.key, plain.index)) pair->plain = plain;
    }
  }

  /// Those without a key: all, where the gateway drops the header; else those whose request never came.
  void match_by_order() {
    std::vector<bool> by_key;
    for (const Pair& pair : pairing_.pairs) by_key.push_back(pair.back != nullptr);
    for (const Leg* each : backs_) {
      const Leg& back = *each;
      if (!back.of->key.empty() || (keyed_ && back.request)) continue;
      if (Pair* pair = owner(back.index(), by_key)) give(*pair, back);
    }
    if (keyed_) return;
    for (const PlainRequest& plain : plain_) {
      std::vector<Pair*> candidates = waiting(plain.index, by_key);
      std::erase_if(candidates, [&](const Pair* pair) {
        return !pair->front->peer().request ||
               pair->front->peer().request->fact->head->target != plain.target;
      });
      if (candidates.size() == 1) candidates.front()->plain = plain;
    }
  }

  std::size_t begun(const Pair& pair) const {
    if (kind_ == model::Kind::tcp) return pair.front->index();
    const auto& request = pair.front->peer().request;
    return request ? request->index : SIZE_MAX;
  }
  /// Nothing more is done for it behind from here on.
  static std::size_t settled(const Pair& pair) {
    const Leg& front = *pair.front;
    std::size_t first = SIZE_MAX;
    if (front.answer && !front.has_101()) first = front.answer->index;
    if (front.ended) first = std::min(first, front.ended->index);
    if (front.own_end) first = std::min(first, front.own_end->index);
    return first;
  }

  std::vector<Pair*> waiting(std::size_t index, const std::vector<bool>& by_key) {
    std::vector<Pair*> found;
    for (std::size_t i = 0; i < pairing_.pairs.size(); ++i) {
      Pair& pair = pairing_.pairs[i];
      if (!by_key[i] && !pair.back && begun(pair) < index && settled(pair) > index) found.push_back(&pair);
    }
    return found;
  }

  static bool is_lost(const Leg& back, std::size_t index) {
    return (back.ended && back.ended->index < index) || (back.own_end && back.own_end->index < index) ||
           (back.answer && !back.open() && back.answer->index < index);
  }

  /// One that has lost its backend, for which the gateway tries again.
  std::vector<Pair*> trying_again(std::size_t index, const std::vector<bool>& by_key) {
    std::vector<Pair*> found;
    for (std::size_t i = 0; i < pairing_.pairs.size(); ++i) {
      Pair& pair = pairing_.pairs[i];
      if (by_key[i] || !pair.back || settled(pair) < index) continue;
      if (is_lost(*pair.back, index)) found.push_back(&pair);
    }
    return found;
  }

  Pair* owner(std::size_t index, const std::vector<bool>& by_key) {
    if (pairing_.pairs.size() == 1) {
      Pair& only = pairing_.pairs.front();
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
    for (Pair& pair : pairing_.pairs) {
      const auto& request = pair.front->peer().request;
      if (pair.back || pair.plain || begun(pair) == SIZE_MAX) continue;
      const std::int64_t from = kind_ == model::Kind::tcp || !request ? pair.front->accepted() : request->at;
      for (const trace::Refusal& span : pairing_.refused) {
        if (span.until && *span.until + refusal_echo < from) continue;
        const std::int64_t since = std::max(from, span.from);
        if (until(pair) < since || pair.refused) continue;
        pair.refused = since;
        pair.dark = span.dark;
      }
    }
  }
  static std::int64_t until(const Pair& pair) {
    const Leg& front = *pair.front;
    std::int64_t first = INT64_MAX;
    if (front.answer && !front.has_101()) first = front.answer->at;
    if (front.ended) first = std::min(first, front.ended->at);
    if (front.own_end) first = std::min(first, front.own_end->at);
    return first;
  }

  model::Kind kind_;
  std::vector<const Leg*> backs_;  // in the order of their accepts
  std::vector<PlainRequest> plain_;
  Pairing pairing_;
  std::unordered_map<std::string, std::vector<std::size_t>> by_key_;  // pairs, in the order of their accepts
  bool keyed_ = false;
};

}  // namespace

Pairing pair_up(const trace::Trace& trace, model::Kind kind) { return Matcher(trace, kind).match(); }

}  // namespace wsfault::verdict::oracle
