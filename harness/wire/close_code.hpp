// The IANA WebSocket Close Code Number Registry as data, with what each code means for reconnecting.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace wsfault::wire {

/// What an empty Close, and an end without one, are reported as (RFC 6455 7.1.5).
inline constexpr int no_status_received = 1005;
inline constexpr int abnormal_closure = 1006;

/// What a close code means for reconnecting (docs/verdicts.md, "Afterwards").
enum class CloseClass {
  retryable,       ///< 1001, 1005, 1006, 1011-1015: reconnect, with backoff
  own_choice,      ///< 1000
  final,           ///< 1002, 1003, 1007, 1009, 1010: the same request would fail again
  system_decides,  ///< 1008, 3000-3999, 4000-4999: the trait `final` decides
  invalid,         ///< not allowed in a Close frame, and no registered meaning
};

/// One row of the registry.
struct CloseCode {
  int first;                 ///< the code, or the first of a range
  int last;                  ///< equal to first unless the row is a range
  std::string_view name;     ///< "Bad Gateway"
  std::string_view meaning;  ///< one sentence
  std::string_view
      sender;    ///< who may send it: "either", "server", "client", "gateway", "nobody", "application"
  bool on_wire;  ///< may a Close frame carry it? (RFC 6455 7.4.1)
  CloseClass close_class;
  std::string_view reference;  ///< "RFC 6455 7.4.1", "IANA registry"
};

/// All rows, ascending; together they cover 0-65535 without a gap.
std::span<const CloseCode> close_codes();

/// The row that covers `code`; any int is allowed (outside 0-65535: the nearest invalid row).
const CloseCode& close_code(int code);

/// May a Close frame carry it? False for 0-999, 1004-1006, 1015, 1016-2999 and from 5000 (RFC 6455 7.4).
bool may_be_on_wire(int code);

/// RFC 6455 7.4.1: 1005, 1006 and 1015 MUST NOT be set by an endpoint.
bool is_reserved_for_reporting(int code);

std::string_view to_string(CloseClass close_class);

}  // namespace wsfault::wire
