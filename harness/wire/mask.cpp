// XOR with the masking key in words, in a loop that compilers turn into vector instructions.
#include "wire/mask.hpp"

#include <cstring>

namespace wsfault::wire {
namespace {

constexpr std::size_t word_size = sizeof(std::uint64_t);

/// The key twice, rotated so that its first byte meets the payload byte at `offset`. Built in memory order,
/// so that it is correct on either endianness.
std::uint64_t key_word(MaskingKey key, std::uint64_t offset) {
  std::array<std::uint8_t, word_size> bytes{};
  for (std::size_t i = 0; i < word_size; ++i) bytes[i] = key[(offset + i) % key.size()];
  std::uint64_t word = 0;
  std::memcpy(&word, bytes.data(), word_size);
  return word;
}

void mask_word(char* data, std::uint64_t key) {
  std::uint64_t word = 0;
  std::memcpy(&word, data, word_size);
  word ^= key;
  std::memcpy(data, &word, word_size);
}

}  // namespace

void mask(char* data, std::size_t size, MaskingKey key, std::uint64_t offset) {
  const std::uint64_t word = key_word(key, offset);
  std::size_t done = 0;
  for (; size - done >= word_size; done += word_size) mask_word(data + done, word);
  for (; done < size; ++done) {
    data[done] = static_cast<char>(static_cast<std::uint8_t>(data[done]) ^ key[(offset + done) % key.size()]);
  }
}

}  // namespace wsfault::wire
