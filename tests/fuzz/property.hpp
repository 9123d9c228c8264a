// What the fuzz targets share: a property that must hold, and an input that says how it is to be cut.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <random>
#include <stdexcept>
#include <string_view>

namespace wsfault::fuzz {

/// A finding: libFuzzer stops at it, a replay names the file.
class BrokenProperty : public std::logic_error {
  using std::logic_error::logic_error;
};

inline void require(bool holds, const char* property) {
  if (!holds) throw BrokenProperty(property);
}

/// The bytes of an input; settings of the target are taken from its front.
class Input {
 public:
  Input(const std::uint8_t* data, std::size_t size) : rest_(reinterpret_cast<const char*>(data), size) {}

  /// 0 where no byte is left.
  std::uint8_t take() {
    if (rest_.empty()) return 0;
    const auto byte = static_cast<std::uint8_t>(rest_.front());
    rest_.remove_prefix(1);
    return byte;
  }
  std::string_view rest() const { return rest_; }

 private:
  std::string_view rest_;
};

/// Cuts bytes at places that follow from a seed: mostly few bytes, now and then many. Seed 0 cuts nothing,
/// seed 1 after each byte.
class Cuts {
 public:
  explicit Cuts(std::uint32_t seed) : seed_(seed), random_(seed) {}

  /// Takes the next slice off the front; it is not empty unless `rest` is.
  std::string_view next(std::string_view& rest) {
    const std::string_view slice = rest.substr(0, size());
    rest.remove_prefix(slice.size());
    return slice;
  }

 private:
  std::size_t size() {
    if (seed_ < 2) return seed_ == 0 ? std::string_view::npos : 1;
    const std::uint32_t number = random_();
    return 1 + (number >> 8) % ((number & 7) == 0 ? 1000 : 8);
  }

  std::uint32_t seed_;
  std::minstd_rand random_;
};

}  // namespace wsfault::fuzz
