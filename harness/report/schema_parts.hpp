// The parts of schemas: the types of values in the files.
#pragma once

#include <string_view>
#include <vector>

#include "fault/catalogue.hpp"
#include "value/schema.hpp"

namespace wsfault::report::schema {

using namespace wsfault::schema;

/// Types that have a name in `definitions`: "variable", "text", "boolean", "duration", "size", "bound",
/// "duration_bound", "moment", "headers", "patterns", "command", "payload", "bytes". With `variables` a value
/// of any type may be a variable, "${code}".
Object definitions(bool variables);
/// An attribute of a fault.
Object attribute(const fault::Attribute& attribute);

/// The tables of [[fault]], of steps in scripts, of [[expect]].
Object fault_schema();
Object step_schema();
Object expectation_schema();
/// The table of `never`.
Object never_schema();
/// Declared or required traits.
Object traits_schema(bool variables);

}  // namespace wsfault::report::schema
