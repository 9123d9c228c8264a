// TCP connections that the kernel's connection tracking knows, in the namespace of the calling process.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "value/result.hpp"

namespace wsfault::network {

/// Between two TCP ports, as its first packet went.
struct Flow {
  std::uint16_t from = 0;
  std::uint16_t to = 0;
  std::uint32_t rest = 0;  ///< seconds until it is forgotten, if nothing passes
  friend bool operator==(const Flow&, const Flow&) = default;
};

/// Those with that port at either end. The error is one sentence.
Result<std::vector<Flow>> tracked_flows(std::uint16_t port);

/// A flow a line: "40000 80 2".
std::string write_flows(const std::vector<Flow>& flows);
/// None: it is no such text.
std::optional<std::vector<Flow>> read_flows(const std::string& text);

}  // namespace wsfault::network
