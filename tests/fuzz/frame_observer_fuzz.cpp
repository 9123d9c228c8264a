// libFuzzer target: any bytes, in any slices, through the observer, the head parsers and the UTF-8 check.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "wire/handshake.hpp"
#include "wire/observer.hpp"
#include "wire/utf8.hpp"

namespace {

using namespace wsfault::wire;

void require(bool holds) {
  if (!holds) std::abort();
}

/// Everything that slicing must not change, as text.
std::string observe(FrameObserver observer, std::string_view input, std::size_t slice_size) {
  using What = FrameObserver::What;
  std::string seen;
  while (!input.empty()) {
    std::string_view slice = input.substr(0, slice_size);
    input.remove_prefix(slice.size());
    FrameObserver::Step step;
    do {
      const bool at_end = step.what == What::end;
      step = observer.next(slice);
      require(step.consumed <= slice.size());
      // Each step consumes bytes or advances: only an end, or the last `more`, may consume nothing.
      require(step.consumed > 0 || step.what == What::end || (step.what == What::more && slice.empty()));
      require(!(at_end && step.what == What::end));
      slice.remove_prefix(step.consumed);
      seen += step.bytes;
      if (step.what == What::header) seen += observer.header_bytes();
      if (step.what != What::end) continue;
      seen += observer.control_payload();
      for (const Violation violation : observer.violations()) seen += describe(violation).name;
    } while (step.what != What::more);
    require(slice.empty());
  }
  return seen + (observer.at_end() ? "truncated" : "");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const Side sender = (data[0] & 1) != 0 ? Side::client : Side::server;
  const std::uint8_t allowed_rsv = data[0] >> 1 & 7;
  const std::size_t slice_size = 1U + data[1];
  const std::string_view input(reinterpret_cast<const char*>(data) + 2, size - 2);

  const FrameObserver fresh(sender, allowed_rsv);
  require(observe(fresh, input, slice_size) == observe(fresh, input, size));

  Utf8Check check;
  for (std::size_t i = 0; i < input.size(); i += slice_size) check.feed(input.substr(i, slice_size));
  require(check.complete() == is_utf8(input));

  if (const auto request = parse_request(input)) {
    check_request(*request);
    require(head_size(input) == input.size() && may_be_request(input));
    require(parse_request(serialize(*request)).has_value());
  }
  if (const auto response = parse_response(input)) {
    check_response({}, *response);
    require(head_size(input) == input.size() && may_be_response(input));
    require(parse_response(serialize(*response)).has_value());
  }
  return 0;
}
