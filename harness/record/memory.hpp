// What events take in memory.
#pragma once

#include <cstddef>

#include "record/event.hpp"

namespace wsfault::record {

/// About how many bytes of memory an event takes, with its texts and heads. A text that several events share
/// counts for each of them.
std::size_t memory_of(const Event& event);

}  // namespace wsfault::record
