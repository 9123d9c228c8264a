// Durations and sizes: a small grammar of numbers with units, joined by + and *.
#include "value/units.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>
#include <optional>

namespace wsfault {
namespace {

struct Unit {
  std::string_view name;
  std::int64_t size;
  bool decimal = true;  ///< false: nobody writes 1.001m
};

constexpr auto time_units = std::to_array<Unit>({{"ns", 1},
                                                 {"us", 1'000},
                                                 {"ms", 1'000'000},
                                                 {"s", 1'000'000'000},
                                                 {"m", 60'000'000'000, false},
                                                 {"h", 3'600'000'000'000, false}});
constexpr auto size_units = std::to_array<Unit>({{"B", 1},
                                                 {"kB", 1'000},
                                                 {"KiB", 1 << 10},
                                                 {"MB", 1'000'000},
                                                 {"MiB", 1 << 20},
                                                 {"GB", 1'000'000'000},
                                                 {"GiB", 1LL << 30},
                                                 {"TB", 1'000'000'000'000},
                                                 {"TiB", 1LL << 40}});

/// A number as written, and the letters after it.
struct Quantity {
  double number = 0;
  std::string_view unit;
};

/// The unread rest of a text that is read from left to right.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  bool at_end() {
    skip_spaces();
    return rest_.empty();
  }
  bool take(char expected) {
    if (at_end() || rest_.front() != expected) return false;
    rest_.remove_prefix(1);
    return true;
  }
  std::string_view rest() const { return rest_; }

  Result<Quantity> quantity(std::string_view what) {
    skip_spaces();
    if (rest_.starts_with('-')) return Error{fmt::format("{} cannot be negative", what)};
    const std::string_view digits = take_number();
    if (digits.empty()) {
      if (rest_.empty()) return Error{"a number is missing at the end"};
      return Error{fmt::format("a number is missing before \"{}\"", rest_)};
    }
    Quantity found;
    const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), found.number);
    if (failure != std::errc() || end != digits.data() + digits.size()) {
      return Error{fmt::format("\"{}\" is not a number in range", digits)};
    }
    skip_spaces();
    found.unit =
        take_while([](char c) { return std::string_view(" \t+*-").find(c) == std::string_view::npos; });
    return found;
  }

 private:
  template <typename Predicate>
  std::string_view take_while(Predicate belongs) {
    const auto end = std::ranges::find_if_not(rest_, belongs);
    const std::string_view taken = rest_.substr(0, static_cast<std::size_t>(end - rest_.begin()));
    rest_.remove_prefix(taken.size());
    return taken;
  }
  // Digits, and a fraction: no sign, no exponent ("1e3s" would be the unit "e3s").
  std::string_view take_number() {
    const std::string_view before = rest_;
    auto digit = [](char c) { return c >= '0' && c <= '9'; };
    if (take_while(digit).empty()) return {};
    if (rest_.size() > 1 && rest_[0] == '.' && digit(rest_[1])) {
      rest_.remove_prefix(1);
      take_while(digit);
    }
    return before.substr(0, before.size() - rest_.size());
  }
  void skip_spaces() {
    take_while([](char c) { return c == ' ' || c == '\t'; });
  }

  std::string_view rest_;
};

template <std::size_t N>
std::optional<std::int64_t> size_of(std::string_view unit, const std::array<Unit, N>& units) {
  const auto found = std::ranges::find(units, unit, &Unit::name);
  return found == units.end() ? std::nullopt : std::optional(found->size);
}

template <std::size_t N>
Error unknown_unit(std::string_view unit, const std::array<Unit, N>& units) {
  std::string names;
  for (const Unit& known : units) names += fmt::format("{}{}", names.empty() ? "" : ", ", known.name);
  return Error{fmt::format("unknown unit \"{}\": there are {}", unit, names)};
}

/// A plain number, or nanoseconds.
struct Term {
  double number = 0;
  bool is_duration = false;
};

constexpr std::string_view too_long = "a duration is at most 24h";
constexpr auto longest = static_cast<double>(longest_duration.count());

Result<Term> checked(Term term) {
  if (term.is_duration && term.number > longest) return Error{std::string(too_long)};
  if (!std::isfinite(term.number)) return Error{"the number is too large"};
  return term;
}

Result<Term> parse_factor(Scanner& scanner) {
  const Result<Quantity> found = scanner.quantity("a duration");
  if (!found) return Error{found.error()};
  if (found->unit.empty()) return Term{found->number, false};
  const auto unit = size_of(found->unit, time_units);
  if (!unit) return unknown_unit(found->unit, time_units);
  return checked({found->number * static_cast<double>(*unit), true});
}

Result<Term> parse_product(Scanner& scanner) {
  Result<Term> product = parse_factor(scanner);
  while (product && scanner.take('*')) {
    const Result<Term> factor = parse_factor(scanner);
    if (!factor) return factor;
    if (product->is_duration && factor->is_duration) {
      return Error{"a duration cannot be multiplied by a duration"};
    }
    product = checked({product->number * factor->number, product->is_duration || factor->is_duration});
  }
  return product;
}

Result<Term> parse_sum(Scanner& scanner) {
  Result<Term> sum = parse_product(scanner);
  while (sum && scanner.take('+')) {
    const Result<Term> term = parse_product(scanner);
    if (!term) return term;
    if (sum->is_duration != term->is_duration) {
      return Error{"a duration needs a unit: a plain number cannot be added to one"};
    }
    sum = checked({sum->number + term->number, sum->is_duration});
  }
  return sum;
}

/// Rounded to four significant digits, half up.
std::int64_t rounded_to_four_digits(std::int64_t number) {
  std::int64_t step = 1;
  while (number / step >= 10'000) step *= 10;
  return (number / step + (number % step * 2 >= step && step > 1 ? 1 : 0)) * step;
}

bool has_four_digits(std::int64_t number) {
  while (number != 0 && number % 10 == 0) number /= 10;
  return number < 10'000;
}

/// "1.5s" if the number in that unit has at most four significant digits; else empty.
std::string spelled_in(const Unit& unit, std::int64_t number) {
  if (number < unit.size) return {};
  const std::int64_t most = unit.decimal ? 1'000 : 1;
  for (std::int64_t power = 1; power <= most; power *= 10) {
    std::int64_t scaled = 0;
    if (__builtin_mul_overflow(number, power, &scaled)) break;
    if (scaled % unit.size != 0) continue;
    if (!has_four_digits(scaled / unit.size)) break;
    return fmt::format("{}{}", static_cast<double>(scaled / unit.size) / static_cast<double>(power),
                       unit.name);
  }
  return {};
}

/// The shortest exact spelling with at most four digits; if two are equally short, the one in the larger
/// unit. Empty if there is none.
template <std::size_t N>
std::string shortest_spelling(const std::array<Unit, N>& units, std::int64_t number) {
  std::string best;
  for (const Unit& unit : units) {
    std::string spelling = spelled_in(unit, number);
    if (!spelling.empty() && (best.empty() || spelling.size() <= best.size())) best = std::move(spelling);
  }
  return best;
}

/// The same, in the largest unit that has one.
template <std::size_t N>
std::string largest_spelling(const std::array<Unit, N>& units, std::int64_t number) {
  std::string largest;
  for (const Unit& unit : units) {
    if (std::string spelling = spelled_in(unit, number); !spelling.empty()) largest = std::move(spelling);
  }
  return largest;
}

}  // namespace

Result<Duration> parse_duration(std::string_view text) {
  Scanner scanner(text);
  if (scanner.at_end()) return Error{"a duration is missing"};
  const Result<Term> sum = parse_sum(scanner);
  if (!sum) return Error{sum.error()};
  if (!scanner.at_end()) {
    if (scanner.rest().starts_with('-'))
      return Error{"durations can be added and multiplied, not subtracted"};
    return Error{fmt::format("\"{}\" is too much", scanner.rest())};
  }
  if (!sum->is_duration) return Error{"a duration needs a unit, as in \"250ms\" or \"2s\""};
  return Duration(std::llround(sum->number));
}

std::string format_duration(Duration duration) {
  const std::int64_t count = duration.count();
  if (count == 0) return "0s";
  if (count < 0)
    return "-" + format_duration(Duration(-std::max(count, -std::numeric_limits<std::int64_t>::max())));
  std::string exact = largest_spelling(time_units, count);
  return exact.empty() ? largest_spelling(time_units, rounded_to_four_digits(count)) : exact;
}

Result<std::uint64_t> parse_size(std::string_view text) {
  constexpr double largest = 9'007'199'254'740'992;  // 2^53
  Scanner scanner(text);
  if (scanner.at_end()) return Error{"a size is missing"};
  const Result<Quantity> found = scanner.quantity("a size");
  if (!found) return Error{found.error()};
  if (!scanner.at_end()) return Error{fmt::format("\"{}\" is too much", scanner.rest())};
  const auto unit = found->unit.empty() ? std::optional<std::int64_t>(1) : size_of(found->unit, size_units);
  if (!unit) return unknown_unit(found->unit, size_units);
  const double bytes = found->number * static_cast<double>(*unit);
  if (bytes > largest) return Error{"a size is at most 2^53 bytes"};
  // 10.1kB is a whole number of bytes, though the product of binary fractions is not.
  if (std::abs(bytes - std::round(bytes)) > 1e-6) return Error{"a size is a whole number of bytes"};
  return static_cast<std::uint64_t>(std::llround(bytes));
}

std::string format_size(std::uint64_t bytes) {
  if (bytes == 0) return "0B";
  constexpr std::uint64_t most = std::numeric_limits<std::int64_t>::max();
  const auto count = static_cast<std::int64_t>(std::min(bytes, most));
  std::string exact = shortest_spelling(size_units, count);
  if (!exact.empty()) return exact;
  std::string_view name = "B";
  auto number = static_cast<double>(count);
  for (std::string_view larger : {"KiB", "MiB", "GiB", "TiB"}) {
    if (number < 1023.5) break;  // anything that would be rounded to 1024 uses the next unit
    number /= 1024;
    name = larger;
  }
  return fmt::format("{:.4g}{}", number, name);
}

Duration scaled(Duration duration, double factor) {
  const double product = static_cast<double>(duration.count()) * factor;
  if (!(product > 0)) return Duration(0);  // negative, or not a number
  return product >= longest ? longest_duration : Duration(std::llround(product));
}

}  // namespace wsfault
