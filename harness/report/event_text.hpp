// One event in words, for a timeline.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "record/event.hpp"
#include "report/crossing.hpp"

namespace wsfault::report {

/// What happened, without time and party: "reports close 1006 (not clean)", "fault reset fired: …". Empty for
/// events that tell a reader nothing: bookkeeping of the harness, and what a crossing already shows.
std::string in_words(const record::What& what);

/// What passed: "text "hello" (5 bytes)", "HTTP 101 Switching Protocols", "TCP FIN".
std::string in_words(const record::Events& events, const Crossing& crossing);

/// "1 byte", "9 bytes".
std::string byte_count(std::uint64_t bytes);

/// "+12.3ms", "-0.2ms"; from ten seconds "+12.35s".
std::string relative_time(std::int64_t nanoseconds);

/// "half an HTTP head: "HTTP/1.1 10"", "bytes that are not HTTP: "SSH-2.0"".
std::string not_http_in_words(std::string_view start);
/// "Close 1000", "Close without a code", "Close 1005 (an illegal code)"; without its reason.
std::string close_in_words(const record::FrameSeen& frame);
/// "FIN", "RST", "error".
std::string_view tcp_end_name(record::EndKind how);

}  // namespace wsfault::report
