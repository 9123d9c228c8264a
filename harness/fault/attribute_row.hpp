// A row of a fault's attributes: what a key of its table means, and the member that holds its value.
#pragma once

#include <algorithm>
#include <cassert>
#include <limits>
#include <type_traits>
#include <utility>

#include "fault/attribute.hpp"
#include "value/enums.hpp"

namespace wsfault::fault {

/// The names of an enumeration in files: data_frames is "data-frames".
template <typename E>
const std::vector<std::string>& spellings() {
  static const std::vector<std::string> all = [] {
    std::vector<std::string> names;
    for (const E each : all_of<E>()) {
      names.emplace_back(name_of(each));
      std::ranges::replace(names.back(), '_', '-');
    }
    return names;
  }();
  return all;
}

/// A std::size_t is a size in bytes; other integers are numbers.
template <typename T>
inline constexpr bool is_number =
    std::is_integral_v<T> && !std::is_same_v<T, bool> && !std::is_same_v<T, std::size_t>;

/// The alternative of AttributeValue for a member of type T, which may be an enumeration.
template <typename T>
using Alternative =
    std::conditional_t<std::is_enum_v<T>, std::string, std::conditional_t<is_number<T>, std::int64_t, T>>;

template <typename T>
struct Unwrapped {
  using type = T;
};
template <typename T>
struct Unwrapped<std::optional<T>> {
  using type = T;
};

/// A row of the attributes `Own`: its type is that of the member, and so are its names if that is an
/// enumeration. An optional member is for a value whose absence is not the same as an empty one.
template <typename Own>
struct AttributeRow : Attribute {
  /// A member of Own, or of a base of it.
  template <typename Base, typename Member>
  AttributeRow(Member Base::*member, Attribute attribute) : Attribute(std::move(attribute)) {
    using T = typename Unwrapped<Member>::type;
    if constexpr (std::is_enum_v<T>) {
      type = AttributeType::one_of;
      names.assign(spellings<T>().begin(), spellings<T>().end());
    } else {
      type = static_cast<AttributeType>(AttributeValue(Alternative<T>()).index());
    }
    if constexpr (is_number<T>) assert(high <= static_cast<double>(std::numeric_limits<T>::max()));
    set = [member](std::any& own, const AttributeValue& value) {
      std::any_cast<Own&>(own).*member = member_of<T>(std::get<Alternative<T>>(value));
    };
    get = [member](const std::any& own) { return value_of(std::any_cast<const Own&>(own).*member); };
  }

 private:
  template <typename T>
  static T member_of(const Alternative<T>& value) {
    if constexpr (std::is_enum_v<T>) {
      return static_cast<T>(std::ranges::find(spellings<T>(), value) - spellings<T>().begin());
    } else {
      return static_cast<T>(value);
    }
  }
  template <typename T>
  static std::optional<AttributeValue> value_of(const T& member) {
    if constexpr (std::is_enum_v<T>) {
      return spellings<T>()[static_cast<std::size_t>(member)];
    } else {
      return static_cast<Alternative<T>>(member);
    }
  }
  template <typename T>
  static std::optional<AttributeValue> value_of(const std::optional<T>& member) {
    return member ? value_of(*member) : std::nullopt;
  }
};

}  // namespace wsfault::fault
