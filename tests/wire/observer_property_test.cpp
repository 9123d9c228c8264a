// Random legal streams: what was encoded is observed, without a violation, however the stream is cut.
#include <gtest/gtest.h>

#include "observed.hpp"
#include "random_frames.hpp"
#include "wire/mask.hpp"

namespace wsfault::wire {
namespace {

using test::FrameSource;
using test::Observed;
using test::Sent;

std::string plain_payload(const Observed& frame) {
  std::string payload = frame.wire_payload;
  const auto second = static_cast<std::uint8_t>(frame.header_bytes.at(1));
  if ((second & 0x80) == 0) return payload;
  MaskingKey key{};
  const std::string bytes = frame.header_bytes.substr(frame.header_bytes.size() - key.size());
  std::ranges::copy(bytes, key.begin());
  mask(payload.data(), payload.size(), key);
  return payload;
}

struct Joined {
  std::vector<Sent> messages;
  std::vector<Sent> controls;
};

/// What a receiver makes of the frames.
Joined join(const std::vector<Observed>& frames) {
  Joined joined;
  for (const Observed& frame : frames) {
    if (is_control(frame.opcode)) {
      EXPECT_EQ(frame.control_payload, plain_payload(frame));
      joined.controls.push_back({frame.opcode, frame.control_payload});
      continue;
    }
    if (frame.opcode != 0) joined.messages.push_back({frame.opcode, ""});
    joined.messages.back().payload += plain_payload(frame);
    EXPECT_EQ(frame.message_opcode, joined.messages.back().opcode);
  }
  return joined;
}

TEST(ObserverProperty, WhatWasEncodedIsObserved) {
  for (unsigned seed = 1; seed <= 300; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    const Side sender = seed % 2 == 0 ? Side::client : Side::server;
    const auto sent = FrameSource(sender, random).make(1 + random() % 8);
    const std::string stream = sent.bytes();
    const std::vector<Observed> frames = test::observe(sender, stream);
    ASSERT_EQ(frames.size(), sent.frames.size());
    for (std::size_t i = 0; i < frames.size(); ++i) {
      EXPECT_EQ(frames[i].violations, std::vector<Violation>{});
      EXPECT_TRUE(frames[i].header_bytes + frames[i].wire_payload == sent.frames[i]);
    }
    EXPECT_TRUE(frames.back().message_boundary_after);
    const Joined joined = join(frames);
    EXPECT_TRUE(joined.messages == sent.messages);
    EXPECT_TRUE(joined.controls == sent.controls);
    const auto sliced = test::observe_sliced(sender, stream, 0, 1 + random() % 200, random);
    EXPECT_TRUE(sliced.frames() == frames);
    EXPECT_TRUE(sliced.observer().at_message_boundary());
  }
}

/// Any legal or illegal header, payload short enough to be there whole.
FrameSpec some_frame(std::mt19937& random, std::string& payload) {
  payload.assign(random() % 300, static_cast<char>(random()));
  FrameSpec frame{.fin = random() % 2 == 0,
                  .rsv = static_cast<std::uint8_t>(random() % 8),
                  .opcode = static_cast<std::uint8_t>(random() % 16),
                  .payload = payload};
  if (random() % 2 == 0) frame.masking_key = MaskingKey{1, 2, static_cast<std::uint8_t>(random()), 4};
  const LengthForm forms[] = {LengthForm::minimal, LengthForm::bits64,
                              payload.size() < 126 ? LengthForm::bits7 : LengthForm::bits16};
  frame.length_form = forms[random() % 3];
  return frame;
}

// Whatever frame a fault writes, legal or not, its header is read as it was written.
TEST(ObserverProperty, EveryHeaderIsReadAsItWasWritten) {
  std::mt19937 random(7);
  FrameObserver observer(Side::server);
  for (int i = 0; i < 1000; ++i) {
    std::string payload;
    const FrameSpec spec = some_frame(random, payload);
    const std::string frame = encode_frame(spec);
    std::string_view rest = frame;
    FrameObserver::Step step = observer.next(rest);
    ASSERT_EQ(step.what, FrameObserver::What::header);
    const FrameHeader header = observer.header();
    EXPECT_EQ(header.fin, spec.fin);
    EXPECT_EQ(header.rsv, spec.rsv);
    EXPECT_EQ(header.opcode, spec.opcode);
    EXPECT_EQ(header.masking_key, spec.masking_key);
    EXPECT_EQ(header.length, payload.size());
    EXPECT_EQ(header.size + payload.size(), frame.size());
    for (; step.what != FrameObserver::What::end; step = observer.next(rest)) {
      rest.remove_prefix(step.consumed);
      ASSERT_NE(step.what, FrameObserver::What::more);
    }
    EXPECT_TRUE(rest.empty());
  }
}

}  // namespace
}  // namespace wsfault::wire
