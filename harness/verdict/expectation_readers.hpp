// One reader for each kind of expectation: its value under `key` and the keys that narrow it.
#pragma once

#include <optional>
#include <string_view>

#include "value/reader.hpp"
#include "verdict/expectation_values.hpp"

namespace wsfault::verdict {

/// None if it is wrong, which is an error with its place.
using Read = std::optional<Expected>;

Read read_close(TableReader& table, std::string_view key);
Read read_wire_close(TableReader& table, std::string_view key);
Read read_status(TableReader& table, std::string_view key);
Read read_request(TableReader& table, std::string_view key);
Read read_message(TableReader& table, std::string_view key);
Read read_event(TableReader& table, std::string_view key);
Read read_order(TableReader& table, std::string_view key);
Read read_log(TableReader& table, std::string_view key);
Read read_fault(TableReader& table, std::string_view key);
Read read_reconnect(TableReader& table, std::string_view key);
Read read_connections(TableReader& table, std::string_view key);
Read read_ping(TableReader& table, std::string_view key);
Read read_end(TableReader& table, std::string_view key);
Read read_delivery(TableReader& table, std::string_view key);
Read read_alive(TableReader& table, std::string_view key);
Read read_exit(TableReader& table, std::string_view key);
Read read_usage(TableReader& table, std::string_view key);

/// The error that a value is not what its key takes.
void wrong(TableReader& table, const Value& value, std::string_view key, std::string_view takes);
/// Is it a text "/…/"?
bool is_regex(const Value& value);

}  // namespace wsfault::verdict
