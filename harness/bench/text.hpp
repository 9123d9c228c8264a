// How a benchmark's times are written.
#pragma once

#include <cstdint>
#include <string>

namespace wsfault::bench {

/// Three digits or more, in milliseconds below 10 s: "0.42ms", "12.3ms", "1503ms", "12.5s".
std::string time_text(double nanoseconds);

}  // namespace wsfault::bench
