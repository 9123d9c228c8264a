// The rows of the IANA WebSocket Close Code Number Registry, and look-up among them.
#include "wire/close_code.hpp"

#include <algorithm>
#include <array>

namespace wsfault::wire {
namespace {

using enum CloseClass;

constexpr std::string_view rfc = "RFC 6455 7.4.1";
constexpr std::string_view rfc_ranges = "RFC 6455 7.4.2";
constexpr std::string_view iana = "IANA registry";

constexpr auto rows = std::to_array<CloseCode>({
    {0, 999, "Unused", "Not used.", "nobody", false, invalid, rfc_ranges},
    {1000, 1000, "Normal Closure", "The purpose of the connection has been fulfilled.", "either", true,
     own_choice, rfc},
    {1001, 1001, "Going Away", "The endpoint goes away: a server goes down, a browser leaves the page.",
     "either", true, retryable, rfc},
    {1002, 1002, "Protocol error", "The peer broke the protocol.", "either", true, final, rfc},
    {1003, 1003, "Unsupported Data", "The peer sent a type of data that the endpoint cannot accept.",
     "either", true, final, rfc},
    {1004, 1004, "Reserved", "A meaning might be defined in the future.", "nobody", false, invalid, rfc},
    {1005, 1005, "No Status Rcvd", "Reported when a Close frame had no code.", "nobody", false, retryable,
     rfc},
    {1006, 1006, "Abnormal Closure", "Reported when the connection ended without a Close frame.", "nobody",
     false, retryable, rfc},
    {1007, 1007, "Invalid frame payload data",
     "A message's data did not fit its type, such as text that is not UTF-8.", "either", true, final, rfc},
    {1008, 1008, "Policy Violation", "A message broke the endpoint's policy; no other code fits better.",
     "either", true, system_decides, rfc},
    {1009, 1009, "Message Too Big", "A message was too big for the endpoint to process.", "either", true,
     final, rfc},
    {1010, 1010, "Mandatory Ext.", "The server did not negotiate an extension that the client requires.",
     "client", true, final, rfc},
    // RFC 6455 mentioned only the server; erratum 3227 extended it to either endpoint.
    {1011, 1011, "Internal Error", "An unexpected condition kept the endpoint from going on.", "either", true,
     retryable, "RFC 6455 7.4.1, erratum 3227"},
    {1012, 1012, "Service Restart", "The service restarts; clients may reconnect.", "server", true, retryable,
     iana},
    {1013, 1013, "Try Again Later", "The service is overloaded; reconnect only after a delay.", "server",
     true, retryable, iana},
    {1014, 1014, "Bad Gateway",
     "The server was a gateway or proxy and received an invalid response from its upstream, as 502 in HTTP.",
     "gateway", true, retryable, iana},
    {1015, 1015, "TLS handshake", "Reported when the TLS handshake failed.", "nobody", false, retryable, rfc},
    {1016, 2999, "Unassigned", "Reserved for the protocol, its revisions and extensions.", "nobody", false,
     invalid, rfc_ranges},
    {3000, 3000, "Unauthorized", "The request needs authorization, as 401 in HTTP.", "application", true,
     system_decides, iana},
    {3001, 3002, "Unassigned", "For libraries, frameworks and applications, registered with IANA.",
     "application", true, system_decides, rfc_ranges},
    {3003, 3003, "Forbidden", "The endpoint is authorized but lacks the permission, as 403 in HTTP.",
     "application", true, system_decides, iana},
    {3004, 3007, "Unassigned", "For libraries, frameworks and applications, registered with IANA.",
     "application", true, system_decides, rfc_ranges},
    {3008, 3008, "Timeout", "The endpoint took too long to process the request, as 408 in HTTP.",
     "application", true, system_decides, iana},
    {3009, 3999, "Unassigned", "For libraries, frameworks and applications, registered with IANA.",
     "application", true, system_decides, rfc_ranges},
    {4000, 4999, "Reserved for Private Use", "Its meaning is agreed between the applications.", "application",
     true, system_decides, rfc_ranges},
    {5000, 65535, "Undefined", "Above every range that the RFC defines.", "nobody", false, invalid,
     rfc_ranges},
});

constexpr bool covers_every_code_once() {
  int next = 0;
  for (const CloseCode& row : rows) {
    if (row.first != next || row.last < row.first) return false;
    next = row.last + 1;
  }
  return next == 65536;
}
static_assert(covers_every_code_once());

}  // namespace

std::span<const CloseCode> close_codes() { return rows; }

const CloseCode& close_code(int code) {
  const int clamped = std::clamp(code, 0, 65535);
  return *std::ranges::lower_bound(rows, clamped, {}, &CloseCode::last);
}

bool may_be_on_wire(int code) { return close_code(code).on_wire; }

bool is_reserved_for_reporting(int code) { return code == 1005 || code == 1006 || code == 1015; }

std::string_view to_string(CloseClass close_class) {
  switch (close_class) {
    case retryable:
      return "retryable";
    case own_choice:
      return "own choice";
    case final:
      return "final";
    case system_decides:
      return "system decides";
    case invalid:
      return "invalid";
  }
  return "unknown";
}

}  // namespace wsfault::wire
