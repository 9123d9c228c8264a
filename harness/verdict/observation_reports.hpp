// Which connection a report speaks of: only a probe client's name it.
#pragma once

#include <cstddef>
#include <unordered_map>
#include <vector>

#include "verdict/observation.hpp"

namespace wsfault::verdict {

/// Adds the report to the connection that it belongs to, of those accepted so far (see observe()). A close or
/// an error that no connection can own goes to number 0, which is made if there is none; anything else is
/// dropped.
void attribute_report(std::vector<Observed>& connections, const SeenReport& report);
/// The same of a report that names its connection; one that was never accepted is number 0.
void attribute_report(std::vector<Observed>& connections, const SeenReport& report, int number);

/// Index of each report that names no connection → the number of the one that it is about, 0 where that is an
/// attempt which left no trace on the wire. Reports of no interest to any (see above) are not in it.
std::unordered_map<std::size_t, int> connections_of_reports(const std::vector<record::Event>& events);

}  // namespace wsfault::verdict
