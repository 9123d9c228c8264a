// The echo of many small messages at once, without an event for any of them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace wsfault::wire {

struct PlainEcho {
  std::size_t size = 0;  ///< so many bytes of the input were echoed
  std::string frames;    ///< what a server answers
};

/// Of a client's bytes, from a place between two messages on: messages of one frame each that is plain (RFC 6455 5.2: no
/// reserved bit, masked, its length in the shortest form; 8.1: text is UTF-8). It stops before any other frame, and
/// before one that is not whole.
PlainEcho echo_plain(std::string_view bytes);

}  // namespace wsfault::wire
