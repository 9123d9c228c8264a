// The JSON of the API as values.
#pragma once

#include <wsfault/answers.hpp>

namespace wsfault::client {

/// Empty or 0: there is no such member.
std::string text_of(const Value& table, std::string_view key);
std::int64_t number_of(const Value& table, std::string_view key);
/// Empty: there is none.
const Value::Array& list_of(const Value& table, std::string_view key);

Event read_event(const Value& value);
FaultInfo read_fault_info(const Value& value);
ProxyInfo read_proxy_info(const Value& value);
ConnectionInfo read_connection_info(const Value& value);
Finding read_finding(const Value& value);
Verdict read_verdict(Value document);

}  // namespace wsfault::client
