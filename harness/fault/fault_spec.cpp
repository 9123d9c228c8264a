// Which connections a fault strikes, and the names of its enumerations.
#include "fault/fault_spec.hpp"

#include <fmt/format.h>

#include <charconv>

namespace wsfault::fault {
namespace {

constexpr int highest_connection = 1'000'000;

std::optional<int> parse_number(std::string_view text) {
  int number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = failure == std::errc() && end == text.data() + text.size();
  return whole && number >= 1 && number <= highest_connection ? std::optional(number) : std::nullopt;
}

Error wrong_set(std::string_view text) {
  return Error{
      fmt::format(R"("{}" names no connections; allowed: "1", "1-3", "2-", "odd", "even", "all")", text)};
}

}  // namespace

Result<ConnectionSet> parse_connection_set(std::string_view text) {
  const std::string as_written(text);
  if (text == "all") return ConnectionSet{1, 0, 1, as_written};
  if (text == "odd") return ConnectionSet{1, 0, 2, as_written};
  if (text == "even") return ConnectionSet{2, 0, 2, as_written};
  const auto dash = text.find('-');
  const std::optional<int> first = parse_number(text.substr(0, dash));
  if (!first) return wrong_set(text);
  if (dash == std::string_view::npos) return ConnectionSet{*first, *first, 1, as_written};
  if (dash + 1 == text.size()) return ConnectionSet{*first, 0, 1, as_written};
  const std::optional<int> last = parse_number(text.substr(dash + 1));
  if (!last) return wrong_set(text);
  if (*last < *first) {
    return Error{fmt::format("no connection is in \"{}\": the larger number comes last", text)};
  }
  return ConnectionSet{*first, *last, 1, as_written};
}

std::optional<ConnectionSet> read_connection_set(TableReader& table, std::string_view key) {
  const Value& value = *table.raw(key);
  if (value.table() != nullptr) {
    ConnectionSet all = *parse_connection_set("all");
    all.request = read_request_pattern(value, table.diagnostics());
    if (!all.request) return std::nullopt;
    all.text = "with " + all.request->to_string();
    return all;
  }
  const std::string text = value.integer() != nullptr ? std::to_string(*value.integer())
                           : value.text() != nullptr  ? *value.text()
                                                      : std::string();
  Result<ConnectionSet> set = parse_connection_set(text);
  if (set) return *std::move(set);
  table.error(value, set.error());
  return std::nullopt;
}

std::string_view to_string(Direction direction) {
  switch (direction) {
    case Direction::to_client:
      return "to-client";
    case Direction::to_server:
      return "to-server";
    case Direction::both:
      return "both";
  }
  return "";
}

std::string_view to_string(EndWish end) {
  switch (end) {
    case EndWish::fin:
      return "fin";
    case EndWish::reset:
      return "reset";
    case EndWish::none:
      return "none";
    case EndWish::reset_next:
      return "reset_next";
    case EndWish::follow:
      return "follow";
    case EndWish::close:
      return "close";
  }
  return "";
}

}  // namespace wsfault::fault
