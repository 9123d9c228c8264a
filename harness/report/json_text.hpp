// JSON as readable text.
#pragma once

#include <boost/json/value.hpp>
#include <chrono>
#include <string>
#include <string_view>

namespace wsfault::report {

/// Indented by two; values that fit on one line stay on one. Ends in a newline. Numbers have the fewest
/// digits that read back equal.
std::string print_json(const boost::json::value& value);

/// A JSON string from any bytes: those that are not UTF-8 are escaped ("\xff"). Null if empty.
boost::json::value text_or_null(std::string_view text);
boost::json::string json_string(std::string_view text);

/// From nanoseconds, rounded to microseconds.
double milliseconds(std::int64_t nanoseconds);

}  // namespace wsfault::report
