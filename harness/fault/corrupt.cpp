// corrupt: flipped bits.
#include <set>

#include "fault/entry.hpp"

namespace wsfault::fault {
namespace {

struct Corrupt {
  std::uint32_t bits;
  double ratio;
};

/// It works on whole messages and frames, so that the same seed flips the same bits however they arrive.
class CorruptFault : public FaultWith<Corrupt> {
 public:
  using FaultWith::FaultWith;
  bool wants_messages() const override { return true; }
  Treatment treat(const Unit& unit, const Situation& situation) override {
    if (unit.bytes.empty() || !covers(spec_.direction, unit.from)) return {};
    if (!std::bernoulli_distribution(own_.ratio)(situation.random)) return {};
    Treatment treatment{.kind = Treatment::Kind::replace, .bytes = std::string(unit.bytes)};
    for (const std::size_t bit : draw_bits(unit.bytes.size() * 8, situation.random)) {
      char& byte = treatment.bytes[bit / 8];
      byte = static_cast<char>(static_cast<unsigned char>(byte) ^ (0x80U >> (bit % 8)));
    }
    return treatment;
  }

 private:
  /// Distinct bits: flipping the same bit twice would change nothing.
  std::set<std::size_t> draw_bits(std::size_t of, std::mt19937_64& random) const {
    std::uniform_int_distribution<std::size_t> draw(0, of - 1);
    const auto wanted = std::min<std::size_t>(own_.bits, of);
    std::set<std::size_t> bits;
    while (bits.size() < wanted) bits.insert(draw(random));
    return bits;
  }
};

}  // namespace

namespace entries {

Entry corrupt() {
  return class_entry<CorruptFault>(
      {.name = "corrupt",
       .layer = "tcp",
       .does = "Flips bits, of headers and payloads alike, in a part of the messages and control frames.",
       .imitates = "A proxy with a broken buffer, bad memory.",
       .faithful =
           "On a real path TCP's checksum catches nearly all of it; what is left is as rare as here it is "
           "frequent.",
       .heals = true,
       .reads_messages = true},
      {{&Corrupt::bits,
        {.name = "bits",
         .fallback = "1",
         .low = 1,
         .high = 1024,
         .doc = "how many bits of a piece are flipped, each once"}},
       {&Corrupt::ratio,
        {.name = "ratio",
         .fallback = "1",
         .low = 0,
         .high = 1,
         .doc = "of the pieces; which ones is drawn from the run's seed"}}});
}

}  // namespace entries
}  // namespace wsfault::fault
