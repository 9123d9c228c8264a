// The attributes of a fault, read with the types that the catalogue declares.
#pragma once

#include "fault/catalogue.hpp"
#include "value/reader.hpp"

namespace wsfault::fault {

/// Every attribute of the entry as a table: checked, defaults filled in, durations and sizes as integers
/// (nanoseconds, bytes). A wrong or missing attribute is an error.
Value read_attributes(TableReader& table, const Entry& entry);

/// "a duration", "one of: ssh, tls" … for lists and docs.
std::string describe_type(const Attribute& attribute);

}  // namespace wsfault::fault
