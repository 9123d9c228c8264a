// JSON as text that a person can read, too.
#pragma once

#include <boost/json/value.hpp>
#include <chrono>
#include <string>
#include <string_view>

namespace wsfault::report {

/// Indented by two; what fits one line stays on one. Ends in a newline. Numbers are as short as they read
/// back equal.
std::string print_json(const boost::json::value& value);

/// A JSON string of any bytes: those that are not UTF-8 are spelt out ("\xff"). Null if empty.
boost::json::value text_or_null(std::string_view text);
boost::json::string json_string(std::string_view text);

/// Of nanoseconds, rounded to microseconds.
double milliseconds(std::int64_t nanoseconds);

}  // namespace wsfault::report
