// What was observed of every connection: what its client reported about it, and what the wire showed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "record/event.hpp"
#include "report/origin.hpp"

namespace wsfault::report {

/// A client's own report of how its connection ended.
struct ReportObserved {
  std::optional<int> close;
  std::optional<std::string> reason;
  std::optional<bool> clean;
  std::optional<std::string> error;  ///< the first error's text
  std::int64_t at = 0;               ///< of the close, else of the error; ns since the log's start
};

struct CloseObserved {
  record::Side from = record::Side::client;
  std::optional<int> code;
  std::string words;  ///< "Close 1000", "Close without a code"
  std::string reason;
  bool sent = false;     ///< its sender put it on the wire; false: the link made it
  bool arrived = false;  ///< it reached the other side
  std::int64_t at = 0;
};

/// How one of the two TCP connections of a link connection ended; its first end counts.
struct EndObserved {
  record::Side side = record::Side::client;  ///< of the link
  record::EndKind how = record::EndKind::fin;
  std::string by;  ///< the party that ended it, or the link; "wsfault": it had killed the system's process
  std::int64_t at = 0;
};

struct ConnectionObserved {
  std::string link;   ///< empty: only a report is known
  std::string party;  ///< on its client side
  std::string peer;   ///< on its server side
  int number = 0;     ///< 0: attempts that left no trace on the wire
  Origin origin;      ///< the zero of its times
  std::optional<ReportObserved> report;
  std::optional<int> status;  ///< of the HTTP response that reached the client
  std::int64_t status_at = 0;
  /// What came where an HTTP answer was due and is none, or half of one: its first bytes.
  std::optional<std::string> no_answer;
  /// For permessage-deflate: "agreed" by client and server; "declined", because the link removed the offer;
  /// or empty.
  std::string compression;
  std::vector<CloseObserved> closes;
  std::vector<EndObserved> ends;  ///< client's side first; one side or both may not have ended
};

/// In the order of their accepts; attempts without a trace on the wire are placed where they were first seen.
std::vector<ConnectionObserved> observe(const trace::Trace& trace);

/// "reported close 1006 (not clean); on the wire HTTP 101, no Close frame, TCP RST from link"
std::string in_words(const ConnectionObserved& connection);

}  // namespace wsfault::report
