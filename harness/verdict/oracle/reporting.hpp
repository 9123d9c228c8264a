// What a client can be held to report, and where only its wire speaks.
#pragma once

#include "trace/view.hpp"
#include "verdict/case.hpp"

namespace wsfault::verdict::oracle {

struct Reporting {
  bool closes = false;  ///< an end of an open connection is reported
  bool errors = false;  ///< a failed handshake is
  bool wire_only() const { return !closes && !errors; }
};

/// A report is promised, or was seen once (mode `auto`).
Reporting reporting_of(const model::System& system, bool any_report);

}  // namespace wsfault::verdict::oracle
