// Bounds as the files spell them: "5", "<=5", ">=5", "1-5", of numbers and of durations.
#include "value/bound.hpp"

#include <fmt/format.h>

#include <charconv>

#include "wire/field.hpp"

namespace wsfault {
namespace {

Result<std::int64_t> parse_count(std::string_view text) {
  text = wire::trim(text);
  std::int64_t count = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), count);
  if (failure == std::errc::result_out_of_range) return Error{fmt::format("\"{}\" is too large", text)};
  if (failure != std::errc() || end != text.data() + text.size()) {
    return Error{fmt::format("\"{}\" is not a whole number", text)};
  }
  if (count < 0) return Error{"a bound cannot be negative"};
  return count;
}

template <typename T, typename Parse>
Result<Bound<T>> parse_bound(std::string_view text, Parse parse) {
  text = wire::trim(text);
  const bool from_above = text.starts_with("<=");
  if (from_above || text.starts_with(">=")) {
    const Result<T> limit = parse(text.substr(2));
    if (!limit) return Error{limit.error()};
    return from_above ? Bound<T>{std::nullopt, *limit} : Bound<T>{*limit, std::nullopt};
  }
  if (text.starts_with('<') || text.starts_with('>') || text.starts_with('=')) {
    return Error{R"(a bound is a plain value, "<=N", ">=N" or "N-M")"};
  }
  const auto dash = text.find('-', 1);  // at 0 it would be a sign
  const Result<T> low = parse(text.substr(0, dash));
  if (!low) return Error{low.error()};
  if (dash == std::string_view::npos) return Bound<T>::exactly(*low);
  const Result<T> high = parse(text.substr(dash + 1));
  if (!high) return Error{high.error()};
  if (*low > *high) return Error{fmt::format("nothing is in \"{}\": the larger value comes last", text)};
  return Bound<T>{*low, *high};
}

template <typename T, typename Format>
std::string spelled(const Bound<T>& bound, Format format) {
  if (bound.low && bound.high) {
    return *bound.low == *bound.high ? format(*bound.low) : format(*bound.low) + "-" + format(*bound.high);
  }
  if (bound.low) return ">=" + format(*bound.low);
  if (bound.high) return "<=" + format(*bound.high);
  return "any";
}

}  // namespace

Result<Bound<std::int64_t>> parse_count_bound(std::string_view text) {
  return parse_bound<std::int64_t>(text, parse_count);
}

Result<Bound<Duration>> parse_duration_bound(std::string_view text) {
  return parse_bound<Duration>(text, parse_duration);
}

std::string to_string(const Bound<std::int64_t>& bound) {
  return spelled(bound, [](std::int64_t count) { return std::to_string(count); });
}

std::string to_string(const Bound<Duration>& bound) { return spelled(bound, format_duration); }

}  // namespace wsfault
