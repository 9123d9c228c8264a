// Facts of a log, each with its time and its place in the order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <variant>
#include <vector>

#include "record/event.hpp"

namespace wsfault::trace {

/// A fact of the log. `fact` points into the log, which must outlive it.
template <typename T>
struct Seen {
  std::int64_t at = 0;    ///< log time
  std::size_t index = 0;  ///< of its event
  const T* fact = nullptr;
};
/// The return type of operator-> for a Seen that is a temporary.
template <typename T>
struct Arrow {
  Seen<T> seen;
  const Seen<T>* operator->() const { return &seen; }
};

using SeenRequest = Seen<record::RequestSeen>;
using SeenAnswer = Seen<record::ResponseSeen>;
using SeenBytes = Seen<record::NotHttp>;
using SeenBody = Seen<record::BodySeen>;
using SeenFrame = Seen<record::FrameSeen>;
using SeenMessage = Seen<record::MessageSeen>;
using SeenViolation = Seen<record::ViolationSeen>;
using SeenEnd = Seen<record::StreamEnded>;
using SeenEffect = Seen<record::LinkEffect>;
using SeenReport = Seen<record::Report>;

/// A fact that occurs once or not at all: half the size of an optional Seen.
template <typename T>
class Once {
 public:
  explicit Once(const record::Events& log) : log_(&log) {}
  /// The first that is set stays.
  void set_first(std::size_t index) {
    if (index_ == none) index_ = static_cast<std::uint32_t>(index);
  }
  void set(std::size_t index) { index_ = static_cast<std::uint32_t>(index); }

  explicit operator bool() const { return index_ != none; }
  bool has_value() const { return index_ != none; }
  Seen<T> operator*() const {
    const record::Event& event = (*log_)[index_];
    return {event.at, index_, &std::get<T>(event.what)};
  }
  Arrow<T> operator->() const { return {**this}; }
  operator std::optional<Seen<T>>() const { return *this ? std::optional(**this) : std::nullopt; }

 private:
  static constexpr std::uint32_t none = 0xffffffff;
  const record::Events* log_;
  std::uint32_t index_ = none;
};

/// Facts of one kind in log order: four bytes each, because there may be as many as the log has events.
template <typename T>
class Facts {
 public:
  class Iterator {
   public:
    using iterator_concept = std::random_access_iterator_tag;
    using iterator_category = std::random_access_iterator_tag;
    using value_type = Seen<T>;
    using difference_type = std::ptrdiff_t;
    using reference = Seen<T>;
    using pointer = Arrow<T>;

    Iterator() = default;
    Iterator(const record::Events* log, const std::uint32_t* place) : log_(log), place_(place) {}
    Seen<T> operator*() const {
      const record::Event& event = (*log_)[*place_];
      return {event.at, *place_, &std::get<T>(event.what)};
    }
    Arrow<T> operator->() const { return {**this}; }
    Seen<T> operator[](difference_type by) const { return *(*this + by); }
    Iterator& operator+=(difference_type by) {
      place_ += by;
      return *this;
    }
    Iterator& operator-=(difference_type by) { return *this += -by; }
    Iterator& operator++() { return *this += 1; }
    Iterator& operator--() { return *this -= 1; }
    Iterator operator++(int) {
      Iterator before = *this;
      ++*this;
      return before;
    }
    Iterator operator--(int) {
      Iterator before = *this;
      --*this;
      return before;
    }
    friend Iterator operator+(Iterator from, difference_type by) { return from += by; }
    friend Iterator operator+(difference_type by, Iterator from) { return from += by; }
    friend Iterator operator-(Iterator from, difference_type by) { return from -= by; }
    friend difference_type operator-(const Iterator& one, const Iterator& other) {
      return one.place_ - other.place_;
    }
    friend bool operator==(const Iterator& one, const Iterator& other) { return one.place_ == other.place_; }
    friend auto operator<=>(const Iterator& one, const Iterator& other) {
      return one.place_ <=> other.place_;
    }

   private:
    const record::Events* log_ = nullptr;
    const std::uint32_t* place_ = nullptr;
  };

  explicit Facts(const record::Events& log) : log_(&log) {}
  void push_back(std::size_t index) { places_.push_back(static_cast<std::uint32_t>(index)); }

  std::size_t size() const { return places_.size(); }
  bool empty() const { return places_.empty(); }
  Iterator begin() const { return {log_, places_.data()}; }
  Iterator end() const { return {log_, places_.data() + places_.size()}; }
  std::reverse_iterator<Iterator> rbegin() const { return std::reverse_iterator(end()); }
  std::reverse_iterator<Iterator> rend() const { return std::reverse_iterator(begin()); }
  Seen<T> front() const { return *begin(); }
  Seen<T> back() const { return *(end() - 1); }
  Seen<T> operator[](std::size_t place) const { return begin()[static_cast<std::ptrdiff_t>(place)]; }

 private:
  const record::Events* log_;
  std::vector<std::uint32_t> places_;
};

}  // namespace wsfault::trace
