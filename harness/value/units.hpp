// Durations and sizes as the files spell them: "250ms", "5 * 300ms + 1s", "64KiB".
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "value/result.hpp"

namespace wsfault {

/// int64 nanoseconds; checked on + and *, 0 to 24 h.
using Duration = std::chrono::nanoseconds;
inline constexpr Duration longest_duration = std::chrono::hours(24);

/// "250ms", "1.5s", "2m", "1h", "10us", "0s"; sums and products with plain numbers ("2 * 1s + 0.5 * 300ms").
Result<Duration> parse_duration(std::string_view text);
/// As a person writes it, in the largest unit that needs at most 4 digits ("1.5s", "5.068ms", "90s", "2m").
/// It reads back equal where 4 digits are enough; otherwise it is rounded.
std::string format_duration(Duration duration);

/// Bytes: "512", "64KiB", "1.5MiB", "10kB"; at most 2^53.
Result<std::uint64_t> parse_size(std::string_view text);
/// The shortest spelling that reads back equal where 4 digits are enough. A rounded value need not be a whole
/// number of bytes.
std::string format_size(std::uint64_t bytes);

/// Duration × factor, saturating at longest_duration.
Duration scaled(Duration duration, double factor);

}  // namespace wsfault
