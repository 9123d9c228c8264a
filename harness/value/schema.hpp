// JSON Schema (draft-07) of values in files: from these parts each kind of fault, expectation and trait says
// what it takes.
#pragma once

#include <boost/json.hpp>
#include <initializer_list>
#include <string_view>
#include <vector>

namespace wsfault::schema {

using Object = boost::json::object;
using Array = boost::json::array;

/// The same with a description.
Object with(Object schema, std::string_view description);
/// A reference to the definition of that name.
Object ref(std::string_view name);
/// Any one of these.
Object any_of(Array schemas);
Object list_of(Object items);
Object one_or_list(Object items);
/// A table with these keys and no others.
Object table(Object properties, std::initializer_list<std::string_view> required = {});
/// A table of any keys with values of this type.
Object map_of(Object values);
/// Texts that are one of the names.
Object one_of(const std::vector<std::string_view>& names);
Object text();
Object pattern(std::string_view regex);
Object integer(double low, double high);
Object number(double low, double high);
/// A value of that type, or a variable if the file allows them.
Object or_variable(Object schema);

}  // namespace wsfault::schema
