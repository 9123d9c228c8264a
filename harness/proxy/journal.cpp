#include "proxy/journal.hpp"

#include <algorithm>
#include <utility>

#include "record/memory.hpp"

namespace wsfault::proxy {
namespace {

std::size_t weight(const Journal::Entry& entry) {
  return sizeof entry - sizeof entry.event + record::memory_of(entry.event);
}

}  // namespace

void Journal::add(record::Text proxy, const record::Event& event) {
  bytes_ += weight(entries_.emplace_back(++last_, std::move(proxy), event));
  while (entries_.size() > 1 && bytes_ > bound_) {
    bytes_ -= weight(entries_.front());
    entries_.pop_front();
  }
  changed_.notify();
}

const Journal::Entry* Journal::next(std::uint64_t cursor) const {
  if (entries_.empty() || cursor >= last_) return nullptr;
  const std::uint64_t first = entries_.front().cursor;
  return &entries_[static_cast<std::size_t>(std::max(cursor + 1, first) - first)];
}

std::uint64_t Journal::lost_after(std::uint64_t cursor) const {
  if (entries_.empty()) return 0;
  const std::uint64_t first = entries_.front().cursor;
  return cursor + 1 < first ? first - cursor - 1 : 0;
}

}  // namespace wsfault::proxy
