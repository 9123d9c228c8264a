// The enumerators of an enumeration defined with BOOST_DEFINE_ENUM_CLASS: their names, and the list of all.
#pragma once

#include <array>
#include <boost/describe/enumerators.hpp>
#include <boost/mp11/algorithm.hpp>
#include <boost/mp11/list.hpp>
#include <cstddef>
#include <cstdlib>
#include <string_view>

namespace wsfault {

/// In the order of declaration.
template <typename E>
constexpr auto all_of() {
  using Described = boost::describe::describe_enumerators<E>;
  std::array<E, boost::mp11::mp_size<Described>::value> all{};
  std::size_t place = 0;
  boost::mp11::mp_for_each<Described>([&](auto each) { all[place++] = each.value; });
  return all;
}

/// As spelled in the source.
template <typename E>
constexpr std::string_view name_of(E value) {
  const char* name = nullptr;
  boost::mp11::mp_for_each<boost::describe::describe_enumerators<E>>([&](auto each) {
    if (each.value == value) name = each.name;
  });
  if (name == nullptr) std::abort();
  return name;
}

}  // namespace wsfault
