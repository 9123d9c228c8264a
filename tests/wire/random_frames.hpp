// One direction of a legal conversation at random: messages in fragments, control frames between them.
#pragma once

#include <array>
#include <random>
#include <string>
#include <vector>

#include "wire/frame.hpp"
#include "wire/side.hpp"

namespace wsfault::wire::test {

/// A message or a control frame.
struct Sent {
  std::uint8_t opcode = 1;
  std::string payload;
  friend bool operator==(const Sent&, const Sent&) = default;
};

inline void PrintTo(const Sent& sent, std::ostream* out) {
  *out << opcode_name(sent.opcode) << " of " << sent.payload.size() << " bytes";
}

struct RandomFrames {
  std::vector<std::string> frames;  ///< as they are on the wire
  std::vector<Sent> messages;       ///< in the order of their ends
  std::vector<Sent> controls;

  std::string bytes() const {
    std::string all;
    for (const std::string& frame : frames) all += frame;
    return all;
  }
};

class FrameSource {
 public:
  FrameSource(Side sender, std::mt19937& random) : sender_(sender), random_(random) {}

  RandomFrames make(std::size_t messages) {
    made_ = {};
    for (std::size_t i = 0; i < messages; ++i) make_message();
    return std::move(made_);
  }

 private:
  std::size_t below(std::size_t bound) { return random_() % bound; }

  void make_message() {
    const bool text = below(2) == 0;
    Sent message{static_cast<std::uint8_t>(text ? 1 : 2), text ? some_text() : some_bytes(some_size())};
    const std::size_t fragments = below(3) == 0 ? 1 + below(5) : 1;
    std::size_t begin = 0;
    for (std::size_t i = 1; i <= fragments; ++i) {
      if (below(4) == 0) make_control();
      const std::size_t left = message.payload.size() - begin;
      const std::size_t size = i == fragments ? left : below(left + 1);
      add(i == 1 ? message.opcode : std::uint8_t{0}, message.payload.substr(begin, size), i == fragments);
      begin += size;
    }
    made_.messages.push_back(std::move(message));
  }

  void make_control() {
    Sent control{static_cast<std::uint8_t>(9 + below(2)), some_bytes(below(4) == 0 ? 125 : below(20))};
    add(control.opcode, control.payload, true);
    made_.controls.push_back(std::move(control));
  }

  void add(std::uint8_t opcode, std::string_view payload, bool fin) {
    FrameSpec frame{.fin = fin, .opcode = opcode, .payload = payload};
    if (sender_ == Side::client) frame.masking_key = some_key();
    made_.frames.push_back(encode_frame(frame));
  }

  MaskingKey some_key() {
    MaskingKey key{};
    for (std::uint8_t& byte : key) byte = static_cast<std::uint8_t>(random_());
    return key;
  }
  /// Around each limit of the length's three forms, and mostly small.
  std::size_t some_size() {
    switch (below(16)) {
      case 0:
        return 124 + below(4);
      case 1:
        return 65534 + below(4);
      case 2:
        return below(3000);
      default:
        return below(60);
    }
  }
  std::string some_bytes(std::size_t size) {
    std::string bytes(size, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random_());
    return bytes;
  }
  std::string some_text() {
    static constexpr std::array<std::string_view, 5> characters = {"a", "\n", "\xC3\xA4", "\xE2\x82\xAC",
                                                                   "\xF0\x9F\x98\x80"};
    std::string text;
    for (const std::size_t size = some_size(); text.size() < size;)
      text += characters[below(characters.size())];
    return text;
  }

  Side sender_;
  std::mt19937& random_;
  RandomFrames made_;
};

}  // namespace wsfault::wire::test
