// The table of names, and texts with a count of their holders.
#include "record/text.hpp"

#include <cstring>
#include <deque>
#include <new>
#include <ostream>
#include <unordered_map>

namespace wsfault::record {
namespace {

/// By number, and by text. A deque, so that references to names stay valid.
struct Names {
  std::deque<std::string> texts{std::string()};
  std::unordered_map<std::string_view, std::uint32_t> numbers;
};

Names& names() {
  static Names all;
  return all;
}

}  // namespace

Name::Name(std::string_view name) {
  if (name.empty()) return;
  Names& all = names();
  if (const auto known = all.numbers.find(name); known != all.numbers.end()) {
    id_ = known->second;
    return;
  }
  id_ = static_cast<std::uint32_t>(all.texts.size());
  all.numbers.emplace(all.texts.emplace_back(name), id_);
}

const std::string& Name::str() const { return names().texts[id_]; }

std::ostream& operator<<(std::ostream& out, Name name) { return out << name.str(); }

/// Its bytes follow in memory.
struct Text::Kept {
  std::atomic<std::uint32_t> holders{1};
  std::uint32_t size = 0;
  char* bytes() { return reinterpret_cast<char*>(this + 1); }
};

Text::Text(std::string_view text) {
  if (text.empty()) return;
  kept_ = new (::operator new(sizeof(Kept) + text.size())) Kept;
  kept_->size = static_cast<std::uint32_t>(text.size());
  std::memcpy(kept_->bytes(), text.data(), text.size());
}

std::string_view Text::view() const {
  return kept_ == nullptr ? std::string_view() : std::string_view(kept_->bytes(), kept_->size);
}

void Text::hold() const noexcept {
  if (kept_ != nullptr) kept_->holders.fetch_add(1, std::memory_order_relaxed);
}

void Text::release() noexcept {
  if (kept_ == nullptr || kept_->holders.fetch_sub(1, std::memory_order_acq_rel) != 1) return;
  kept_->~Kept();
  ::operator delete(kept_);
}

std::ostream& operator<<(std::ostream& out, const Text& text) { return out << text.view(); }

}  // namespace wsfault::record
