// What events are made of, so that a log of a million events fits into memory: shared names, texts that
// copies share, and a box for what is large and rare.
#pragma once

#include <fmt/core.h>

#include <atomic>
#include <compare>
#include <concepts>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <iosfwd>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace wsfault::record {

/// A link, a party, the name of a violation: one of a few, used by many events. Four bytes; equal names are
/// the same name. Names are never freed, so a text chosen by a system under test must not become one. For one
/// thread only.
/// thread.
class Name {
 public:
  Name() = default;
  Name(std::string_view name);
  Name(const std::string& name) : Name(std::string_view(name)) {}
  Name(const char* name) : Name(std::string_view(name)) {}

  const std::string& str() const;
  operator const std::string&() const { return str(); }
  operator std::string_view() const { return str(); }
  bool empty() const { return id_ == 0; }
  std::uint32_t id() const { return id_; }

  friend bool operator==(Name, Name) = default;
  friend bool operator==(Name one, const std::string& other) { return one.str() == other; }
  friend bool operator==(Name one, std::string_view other) { return one.str() == other; }
  friend bool operator==(Name one, const char* other) { return one.str() == other; }
  /// The order of their texts.
  friend std::strong_ordering operator<=>(Name one, Name other) {
    return one == other ? std::strong_ordering::equal : one.str() <=> other.str();
  }
  friend std::string operator+(std::string_view left, Name right) { return std::string(left) += right.str(); }
  friend std::string operator+(Name left, std::string_view right) { return left.str() + std::string(right); }
  friend std::ostream& operator<<(std::ostream& out, Name name);

 private:
  std::uint32_t id_ = 0;
};

/// Immutable text or bytes, shared by copies; eight bytes.
class Text {
 public:
  Text() = default;
  Text(std::string_view text);
  Text(const std::string& text) : Text(std::string_view(text)) {}
  Text(const char* text) : Text(std::string_view(text)) {}
  Text(const Text& other) noexcept : kept_(other.kept_) { hold(); }
  Text(Text&& other) noexcept : kept_(std::exchange(other.kept_, nullptr)) {}
  Text& operator=(Text other) noexcept {
    std::swap(kept_, other.kept_);
    return *this;
  }
  ~Text() { release(); }

  std::string_view view() const;
  std::string str() const { return std::string(view()); }
  operator std::string_view() const { return view(); }
  operator std::string() const { return str(); }
  bool empty() const { return kept_ == nullptr; }
  std::size_t size() const { return view().size(); }
  bool starts_with(std::string_view text) const { return view().starts_with(text); }
  std::string substr(std::size_t at, std::size_t size = std::string::npos) const {
    return std::string(view().substr(at, size));
  }
  /// Do both share the same stored bytes?
  bool shares_with(const Text& other) const { return kept_ == other.kept_; }

  friend bool operator==(const Text& one, const Text& other) {
    return one.kept_ == other.kept_ || one.view() == other.view();
  }
  friend bool operator==(const Text& one, const std::string& other) { return one.view() == other; }
  friend bool operator==(const Text& one, std::string_view other) { return one.view() == other; }
  friend bool operator==(const Text& one, const char* other) { return one.view() == other; }
  friend std::strong_ordering operator<=>(const Text& one, const Text& other) {
    return one.view() <=> other.view();
  }
  friend std::string operator+(std::string_view left, const Text& right) {
    return std::string(left) += right.view();
  }
  friend std::string operator+(const Text& left, std::string_view right) { return left.str() += right; }
  friend std::string operator+(const Text& left, const char* right) { return left.str() += right; }
  friend std::string operator+(std::string left, const Text& right) { return left += right.view(); }
  friend std::string operator+(const char* left, const Text& right) {
    return std::string(left) += right.view();
  }
  friend std::string operator+(const Text& left, const Text& right) { return left.str() += right.view(); }
  friend std::ostream& operator<<(std::ostream& out, const Text& text);

 private:
  struct Kept;
  void hold() const noexcept;
  void release() noexcept;
  Kept* kept_ = nullptr;  // null: empty
};

/// A member that is large and rare: eight bytes here, the value stored separately. Reads as T() until it is
/// set.
template <typename T>
class Boxed {
 public:
  Boxed() = default;
  Boxed(T value) : value_(std::make_unique<T>(std::move(value))) {}
  template <typename U = T>
  requires requires { typename U::value_type; }
  Boxed(std::initializer_list<typename U::value_type> values) : value_(std::make_unique<T>(values)) {}
  Boxed(const Boxed& other) : value_(other.value_ ? std::make_unique<T>(*other.value_) : nullptr) {}
  Boxed(Boxed&&) noexcept = default;
  Boxed& operator=(Boxed other) noexcept {
    value_ = std::move(other.value_);
    return *this;
  }
  ~Boxed() = default;

  const T& operator*() const {
    static const T nothing{};
    return value_ ? *value_ : nothing;
  }
  T& operator*() {
    if (!value_) value_ = std::make_unique<T>();
    return *value_;
  }
  const T* operator->() const { return &**this; }
  T* operator->() { return &**this; }
  operator const T&() const { return **this; }

  friend bool operator==(const Boxed& one, const T& other) requires std::equality_comparable<T> {
    return *one == other;
  }

 private:
  std::unique_ptr<T> value_;
};

}  // namespace wsfault::record

template <>
struct std::hash<wsfault::record::Name> {
  std::size_t operator()(wsfault::record::Name name) const { return std::hash<std::uint32_t>()(name.id()); }
};

template <>
struct fmt::formatter<wsfault::record::Name> : fmt::formatter<fmt::string_view> {
  auto format(wsfault::record::Name name, fmt::format_context& context) const {
    return fmt::formatter<fmt::string_view>::format(name.str(), context);
  }
};

template <>
struct fmt::formatter<wsfault::record::Text> : fmt::formatter<fmt::string_view> {
  auto format(const wsfault::record::Text& text, fmt::format_context& context) const {
    const std::string_view view = text.view();
    return fmt::formatter<fmt::string_view>::format({view.data(), view.size()}, context);
  }
};
