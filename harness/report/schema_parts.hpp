// The parts of schemas: the types of values in the files.
#pragma once

#include <boost/json.hpp>
#include <initializer_list>
#include <string_view>
#include <vector>

#include "fault/catalogue.hpp"

namespace wsfault::report::schema {

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

/// Types that have a name in `definitions`: "variable", "text", "boolean", "duration", "size", "bound",
/// "duration_bound", "moment", "headers", "patterns", "command", "payload", "bytes". With `variables` a value
/// of any type may be a variable, "${code}".
Object definitions(bool variables);
/// A value of that type, or a variable if the file allows them.
Object or_variable(Object schema);

/// An attribute of a fault.
Object attribute(const fault::Attribute& attribute);

/// The tables of [[fault]], of steps in scripts, of [[expect]].
Object fault_schema();
Object step_schema();
Object expectation_schema();
/// The table of `never`.
Object never_schema();
/// Declared or wished traits.
Object traits_schema(bool variables);

}  // namespace wsfault::report::schema
