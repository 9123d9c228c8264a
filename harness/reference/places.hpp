// Limits how many connections may be open at a time.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>

namespace wsfault::reference {

/// One place taken; released when destroyed.
class Place {
 public:
  explicit Place(std::uint64_t& taken) : taken_(&taken) { ++taken; }
  Place(Place&& other) noexcept : taken_(std::exchange(other.taken_, nullptr)) {}
  Place& operator=(Place&& other) noexcept {
    std::swap(taken_, other.taken_);
    return *this;
  }
  ~Place() {
    if (taken_ != nullptr) --*taken_;
  }
  /// The place is never released.
  void lose() { taken_ = nullptr; }

 private:
  std::uint64_t* taken_;
};

/// Must outlive its places.
class Places {
 public:
  /// None: there is no limit.
  explicit Places(std::optional<std::uint64_t> limit) : limit_(limit) {}
  /// None if all are taken.
  std::optional<Place> take() {
    if (limit_ && taken_ >= *limit_) return std::nullopt;
    return Place(taken_);
  }

 private:
  std::optional<std::uint64_t> limit_;
  std::uint64_t taken_ = 0;
};

}  // namespace wsfault::reference
