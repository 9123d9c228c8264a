// Deals out the cases, the longest first, in alternating order.
#include "runner/shard.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <numeric>
#include <optional>
#include <utility>

namespace wsfault::runner {
namespace {

std::optional<int> number_of(std::string_view text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

/// FNV-1a: not cryptographic, only a name for a set of cases.
std::string selection_of(const std::vector<CaseOrder>& orders) {
  std::uint64_t hash = 0xcbf29ce484222325;
  const auto add = [&](std::string_view text) {
    for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    hash *= 0x100000001b3;  // "a", "b" differs from "ab"
  };
  for (const CaseOrder& order : orders) {
    add(order.id);
    add(order.loaded->judged.system.name);
  }
  return fmt::format("{:016x}", hash);
}

}  // namespace

Result<report::Shard> parse_shard(std::string_view text) {
  const std::size_t slash = text.find('/');
  const auto number = number_of(text.substr(0, slash));
  const auto of = number_of(slash == std::string_view::npos ? std::string_view() : text.substr(slash + 1));
  if (!number || !of) return Error{fmt::format("a shard is I/N, as in 1/4; found \"{}\"", text)};
  if (*of < 1 || *of > report::Shard::most)
    return Error{fmt::format("there are from 1 to {} shards; found \"{}\"", report::Shard::most, text)};
  if (*number < 1 || *number > *of)
    return Error{
        fmt::format("a shard of {} is one of 1/{} to {}/{}; found \"{}\"", *of, *of, *of, *of, text)};
  report::Shard shard;
  shard.number = *number;
  shard.of = *of;
  return shard;
}

std::vector<CaseOrder> take_shard(const std::vector<CaseOrder>& orders, report::Shard& shard) {
  shard.cases_in_all = orders.size();
  shard.selection = selection_of(orders);
  std::vector<std::size_t> longest_first(orders.size());
  std::iota(longest_first.begin(), longest_first.end(), std::size_t{0});
  std::ranges::stable_sort(longest_first, {}, [&](std::size_t index) {
    return std::pair(-scenario::expected_duration(*orders[index].loaded), std::string_view(orders[index].id));
  });
  const auto of = static_cast<std::size_t>(shard.of);
  std::vector<std::size_t> taken;
  for (std::size_t dealt = 0; dealt < longest_first.size(); ++dealt) {
    const std::size_t place = dealt % of;
    const bool back = dealt / of % 2 == 1;
    if ((back ? of - 1 - place : place) + 1 == static_cast<std::size_t>(shard.number))
      taken.push_back(longest_first[dealt]);
  }
  std::ranges::sort(taken);
  std::vector<CaseOrder> mine;
  for (const std::size_t index : taken) mine.push_back(orders[index]);
  return mine;
}

}  // namespace wsfault::runner
