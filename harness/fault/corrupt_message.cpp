// corrupt_message: other bytes in a message's payload, in frames that stay legal.
#include <algorithm>
#include <set>

#include "fault/frame_entries.hpp"
#include "wire/observer.hpp"

namespace wsfault::fault {
namespace {

BOOST_DEFINE_ENUM_CLASS(TextStays, valid, broken)
struct CorruptMessage {
  std::uint32_t bytes;
  TextStays text;
};

bool is_within(char c, char low, char high) { return c >= low && c <= high; }
bool is_ascii(char c) { return (static_cast<unsigned char>(c) & 0x80U) == 0; }
bool continues(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

char draw_other(char c, char low, char high, std::mt19937_64& random) {
  std::uniform_int_distribution<int> draw(low, high - 1);
  const auto drawn = static_cast<char>(draw(random));
  return drawn >= c && is_within(c, low, high) ? static_cast<char>(drawn + 1) : drawn;
}

/// The payload of a message, and where its bytes are on the wire.
class Payload {
 public:
  Payload(const Unit& unit) : wire_(unit.bytes) {
    constexpr std::uint8_t compression = 4;
    wire::FrameObserver observer(unit.from, compression);
    std::size_t at = 0;
    while (true) {
      const auto step = observer.next(unit.bytes.substr(at));
      at += step.consumed;
      if (step.what == wire::FrameObserver::What::more) break;
      if (step.what != wire::FrameObserver::What::payload) continue;
      parts_.push_back({bytes_.size(), at - step.bytes.size()});
      const std::uint64_t offset = observer.payload_seen() - step.bytes.size();
      bytes_.append(step.bytes);
      if (const auto& key = observer.header().masking_key)
        wire::mask(bytes_.data() + parts_.back().begin, step.bytes.size(), *key, offset);
    }
    is_text_ = unit.opcode == opcode_text && !observer.message_is_compressed();
  }

  const std::string& bytes() const { return bytes_; }
  bool is_text() const { return is_text_; }
  /// Masking is XOR: on the wire the same bits change.
  void set(std::size_t at, char byte) {
    const auto after = std::ranges::upper_bound(parts_, at, {}, &Part::begin);
    const Part& part = *std::prev(after);
    wire_[part.on_wire + (at - part.begin)] ^= static_cast<char>(bytes_[at] ^ byte);
    bytes_[at] = byte;
  }
  std::string take_wire() { return std::move(wire_); }

 private:
  struct Part {
    std::size_t begin;
    std::size_t on_wire;
  };
  std::string wire_;
  std::string bytes_;
  std::vector<Part> parts_;
  bool is_text_ = false;
};

/// Another byte there with which the text is still UTF-8: a letter or digit for one of its kind, another
/// character of the same length for one beyond ASCII. None: the byte has to stay.
std::optional<char> other_character(const std::string& text, std::size_t at, std::mt19937_64& random) {
  const char c = text[at];
  for (const auto& [low, high] : {std::pair('a', 'z'), std::pair('A', 'Z'), std::pair('0', '9')}) {
    if (is_within(c, low, high)) return draw_other(c, low, high, random);
  }
  const bool is_last_of_its_character = continues(c) && (at + 1 == text.size() || !continues(text[at + 1]));
  if (!is_last_of_its_character) return std::nullopt;
  return static_cast<char>(c ^ std::uniform_int_distribution<int>(1, 0x3F)(random));
}

/// It works on whole messages, so that the same seed changes the same bytes however they arrive.
class CorruptMessageFault : public CountedFault<CorruptMessage> {
 public:
  using CountedFault::CountedFault;
  bool wants_messages() const override { return true; }
  Treatment treat(const Unit& unit, const Situation& situation) override {
    if (unit.kind != Unit::Kind::message) return {};
    Payload payload(unit);
    if (payload.bytes().empty() || !takes(unit)) return {};
    std::set<std::size_t> changed;
    for (std::uint32_t i = 0; i < own_.bytes; ++i) change_one(payload, changed, situation.random);
    return {.kind = Treatment::Kind::replace, .bytes = payload.take_wire()};
  }

 private:
  /// From a place that is drawn on, the first byte that can be another one.
  void change_one(Payload& payload, std::set<std::size_t>& changed, std::mt19937_64& random) const {
    const std::size_t size = payload.bytes().size();
    const std::size_t begin = std::uniform_int_distribution<std::size_t>(0, size - 1)(random);
    for (const bool picky : {true, false}) {
      for (std::size_t i = 0; i < size; ++i) {
        const std::size_t at = (begin + i) % size;
        if (changed.contains(at)) continue;
        const std::optional<char> byte = other_byte(payload, at, picky, random);
        if (!byte) continue;
        payload.set(at, *byte);
        changed.insert(at);
        return;
      }
    }
  }

  /// `picky`: no sign that may hold the message together, a quote or a brace, if there is anything else.
  std::optional<char> other_byte(const Payload& payload, std::size_t at, bool picky,
                                 std::mt19937_64& random) const {
    const char c = payload.bytes()[at];
    if (!payload.is_text()) return static_cast<char>(c ^ std::uniform_int_distribution<int>(1, 255)(random));
    if (own_.text == TextStays::broken) return '\xFF';
    if (picky) return other_character(payload.bytes(), at, random);
    return is_ascii(c) ? std::optional(draw_other(c, ' ', '~', random)) : std::nullopt;
  }
};

}  // namespace

namespace entries {

Entry corrupt_message() {
  Entry entry =
      counted_entry("corrupt_message",
                    "Bytes of a message's payload are others; frames and masks stay legal, and so does "
                    "a text unless it is to be broken.",
                    "An application that mixes up its buffers, a proxy that rewrites what passes, a "
                    "race between two writers.");
  entry.faithful =
      "It changes single bytes at random places; a mixed-up buffer is often whole pieces of another message. "
      "`corrupt` hits frame headers, too.";
  entry.reads_messages = true;
  return class_entry<CorruptMessageFault>(
      std::move(entry),
      {{&CorruptMessage::bytes,
        {.name = "bytes",
         .fallback = "1",
         .low = 1,
         .high = 1024,
         .doc = "how many bytes of each; which ones is drawn from the run's seed. Of a text these are "
                "letters and "
                "digits, as long as there are any"}},
       {&CorruptMessage::text,
        {.name = "text",
         .fallback = "valid",
         .doc =
             "valid: a text stays UTF-8, a letter a letter and a digit a digit; broken: it is not UTF-8 any "
             "more (RFC 6455 8.1)"}}});
}

}  // namespace entries
}  // namespace wsfault::fault
