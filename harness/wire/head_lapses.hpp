// What no sender may write into the head of an opening handshake, though who gets it need not refuse it.
#pragma once

#include <string_view>
#include <vector>

#include "wire/handshake.hpp"

namespace wsfault::wire {

struct HeadLapse {
  std::string_view name;     ///< "content-length-in-1xx"
  std::string_view section;  ///< "RFC 9110 8.6"
};

/// Of a request for the upgrade: subprotocols that are no list of unique tokens (RFC 6455 4.1).
std::vector<HeadLapse> lapses_of(const RequestHead& request);
/// Of a 101: HTTP/1.0, which has none; two fields Sec-WebSocket-Accept; Content-Length or Transfer-Encoding,
/// as for every 1xx. Empty for other final statuses.
std::vector<HeadLapse> lapses_of(const ResponseHead& response);

/// A header goes on in a line that begins with a blank (RFC 9112 5.2). Of the bytes of a head.
bool folds_a_line(std::string_view head);
inline constexpr HeadLapse folded_line{"folded-header", "RFC 9112 5.2"};
/// Its lines end in LF alone: a head that RFC 9112 2.1 does not know, and many take for one.
bool ends_lines_in_lf(std::string_view bytes);

}  // namespace wsfault::wire
