// The masking of RFC 6455 5.3, a machine word at a time.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace wsfault::wire {

using MaskingKey = std::array<std::uint8_t, 4>;

/// XORs `size` bytes in place; `offset` is how many bytes of the same payload came before them.
void mask(char* data, std::size_t size, MaskingKey key, std::uint64_t offset = 0);

}  // namespace wsfault::wire
