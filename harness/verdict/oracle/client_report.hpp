// What a client reported about a break, and what it put on the wire in answer, held against the row.
#pragma once

#include <optional>
#include <string>

#include "trace/view.hpp"
#include "verdict/oracle/row.hpp"
#include "verdict/oracle/scene.hpp"

namespace wsfault::verdict::oracle {

/// What a client can be held to report, and where only its wire speaks. A report is promised, or was seen
/// once (mode `auto`).
struct Reporting {
  bool closes = false;   ///< an end of an open connection is reported
  bool errors = false;   ///< a failed handshake is
  bool may_yet = false;  ///< mode `auto`, and it has not reported anything so far
  bool wire_only() const { return !closes && !errors; }
};
Reporting reporting_of(const model::System& system, bool any_report);

/// A client's connection and what broke it.
struct Broken {
  const Leg& connection;
  const Break& broke;
  const Row& row;
  const model::System& system;
};

/// The first report that speaks of the end; an error counts before the 101, and where a close is not
/// promised.
std::optional<SeenReport> end_report(const Broken& it, bool closes_promised);
Opinion on_report(const Broken& it, const record::Report& report);
/// The Close that it put on the wire once the connection was broken.
Opinion on_wire(const Broken& it, bool wire_only);
/// What it gave to the application though it may not: what came in or after an illegal frame, or after the
/// Close, or was never whole.
Opinion on_delivered(const Broken& it, const trace::View& seen);
/// It reported an open connection, or sent frames, and there was no valid 101; or it went on where TLS had to
/// fail.
std::optional<Opinion> opened_in_spite(const Broken& it);

/// "it reported 1000, clean, after 12ms; on the wire: Close 1002, FIN from it".
std::string what_it_did(const Broken& it, const Reporting& reporting, const trace::Process& process);

}  // namespace wsfault::verdict::oracle
