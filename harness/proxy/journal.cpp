#include "proxy/journal.hpp"

#include <algorithm>
#include <utility>
#include <variant>

namespace wsfault::proxy {
namespace {

/// About what it takes in memory.
std::size_t weight(const record::Event& event) {
  const std::size_t payload = std::visit(
      []<typename What>(const What& what) -> std::size_t {
        if constexpr (requires { what.payload; }) {
          return what.payload.view().size();
        } else if constexpr (requires { what.text.view(); }) {
          return what.text.view().size();
        } else {
          return 0;
        }
      },
      event.what);
  return sizeof(Journal::Entry) + payload;
}

}  // namespace

void Journal::add(record::Text proxy, const record::Event& event) {
  bytes_ += weight(event);
  entries_.push_back({++last_, std::move(proxy), event});
  while (entries_.size() > 1 && (entries_.size() > bounds_.entries || bytes_ > bounds_.bytes)) {
    bytes_ -= weight(entries_.front().event);
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
