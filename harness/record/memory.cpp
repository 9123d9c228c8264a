#include "record/memory.hpp"

#include <optional>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

#include "record/fields.hpp"

namespace wsfault::record {
namespace {

/// What an allocation costs beside its bytes.
constexpr std::size_t cost_of_allocation = 32;

/// Sums what the members of an event have outside of it.
class Sum {
 public:
  template <typename T>
  void operator()(std::string_view, const T& member) {
    bytes += outside(member);
  }
  void where_true(std::string_view, bool) {}

  std::size_t bytes = 0;

 private:
  static std::size_t outside(std::string_view text) {
    return text.empty() ? 0 : text.size() + cost_of_allocation;
  }
  static std::size_t outside(const std::string& text) { return outside(std::string_view(text)); }
  static std::size_t outside(const Text& text) { return outside(text.view()); }
  static std::size_t outside(const std::vector<std::string>& texts) {
    std::size_t sum = 0;
    for (const std::string& text : texts) sum += sizeof text + outside(text);
    return sum;
  }
  static std::size_t outside(const wire::Headers& headers) {
    std::size_t sum = 0;
    for (const wire::Header& header : headers)
      sum += sizeof header + outside(header.name) + outside(header.value);
    return sum;
  }
  /// Of the first event of a log alone.
  static std::size_t outside(const Value&) { return 0; }
  template <typename T>
  static std::size_t outside(const std::optional<T>& member) {
    return member ? outside(*member) : 0;
  }
  /// Numbers, flags, enumerators, and names, of which each is there once.
  template <typename T>
  requires std::is_trivially_copyable_v<T>
  static std::size_t outside(const T&) { return 0; }
};

}  // namespace

std::size_t memory_of(const Event& event) {
  Sum sum;
  std::visit([&](const auto& what) { describe(sum, what); }, event.what);
  return sizeof event + sum.bytes;
}

}  // namespace wsfault::record
