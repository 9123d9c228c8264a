// libFuzzer target: any bytes as a log; what can be read is written, and reads back equal.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "record/json.hpp"

namespace {

using namespace wsfault::record;

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto log = log_from_json_lines(text)) {
    const std::string written = to_json_lines(*log);
    const auto again = log_from_json_lines(written);
    require(static_cast<bool>(again));
    require(to_json_lines(*again) == written);
  }
  if (const auto event = event_from_json(text)) {
    const std::string written = to_json(*event);
    const auto again = event_from_json(written);
    require(static_cast<bool>(again));
    require(to_json(*again) == written);
  }
  return 0;
}
