// Any bytes as one direction of frames. The first bytes choose who sends them, what is allowed and the cuts.
#include <string>
#include <string_view>

#include "property.hpp"
#include "wire/frame.hpp"
#include "wire/mask.hpp"
#include "wire/observer.hpp"
#include "wire/utf8.hpp"

namespace {

using namespace wsfault::fuzz;
using namespace wsfault::wire;

/// Everything that an observer says, as text; how the payload was cut is not part of it.
class Transcript {
 public:
  Transcript(const FrameObserver& fresh, std::string_view input, Cuts cuts) : observer_(fresh) {
    while (!input.empty()) take(cuts.next(input));
    if (observer_.at_end()) said_ += "truncated";
    if (observer_.at_frame_boundary()) said_ += "between frames";
    if (observer_.at_message_boundary()) said_ += "between messages";
  }
  const std::string& text() const { return said_; }

 private:
  using What = FrameObserver::What;

  void take(std::string_view slice) {
    FrameObserver::Step step;
    do {
      const bool at_end = step.what == What::end;
      step = observer_.next(slice);
      require(step.consumed <= slice.size(), "no step takes more bytes than there are");
      require(step.consumed > 0 || step.what == What::end || (step.what == What::more && slice.empty()),
              "only an end, or the last `more`, takes no byte");
      require(!(at_end && step.what == What::end), "a frame ends once");
      slice.remove_prefix(step.consumed);
      tell(step);
    } while (step.what != What::more);
    require(slice.empty(), "`more` has used the input up");
  }

  void tell(const FrameObserver::Step& step) {
    const FrameHeader& header = observer_.header();
    if (step.what == What::header) {
      said_ += observer_.header_bytes();
      require(observer_.header_bytes().size() == header.size, "a header has the size that it says");
      payload_.clear();
    }
    if (step.what == What::payload) payload_ += step.bytes;
    if (step.what != What::end) return;
    require(payload_.size() == header.length && observer_.payload_seen() == header.length,
            "a frame ends with its last byte");
    said_ += payload_;
    said_ += observer_.control_payload();
    for (const Violation violation : observer_.violations()) said_ += describe(violation).name;
    if (is_minimal()) encode_again();
  }

  bool is_minimal() const {
    for (const Violation violation : observer_.violations()) {
      if (violation == Violation::non_minimal_length) return false;
    }
    return true;
  }

  /// Written from what was observed, a frame has the bytes that it had.
  void encode_again() {
    const FrameHeader& header = observer_.header();
    std::string plain = payload_;
    if (header.masking_key) mask(plain.data(), plain.size(), *header.masking_key);
    if (is_control(header.opcode))
      require(observer_.control_payload() == plain.substr(0, 125), "a control frame's payload is unmasked");
    const std::string written = encode_frame({.fin = header.fin,
                                              .rsv = header.rsv,
                                              .opcode = header.opcode,
                                              .masking_key = header.masking_key,
                                              .payload = plain});
    require(written == std::string(observer_.header_bytes()) + payload_,
            "a frame that was observed is encoded as it was");
  }

  FrameObserver observer_;
  std::string said_;
  std::string payload_;  // of the current frame, as on the wire
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input input(data, size);
  const std::uint8_t setting = input.take();
  const Side sender = (setting & 1) != 0 ? Side::client : Side::server;
  const Cuts cuts(input.take());
  const FrameObserver fresh(sender, setting >> 1 & 7);
  require(Transcript(fresh, input.rest(), cuts).text() == Transcript(fresh, input.rest(), Cuts(0)).text(),
          "cuts change nothing that is observed");

  Utf8Check check;
  Cuts pieces = cuts;
  for (std::string_view rest = input.rest(); !rest.empty();) check.feed(pieces.next(rest));
  require(check.complete() == is_utf8(input.rest()), "cuts change nothing about UTF-8");
  return 0;
}
