// What the run of one point came to.
#pragma once

#include <string>

#include "report/case_result.hpp"
#include "scenario/load.hpp"
#include "sweep/ranges.hpp"

namespace wsfault::sweep {

/// Said of a point that the session did not reach.
inline constexpr const char* session_over = "the session was over";
/// Said of a system that was still open when its time was over.
inline constexpr const char* hangs = "hangs";

/// Of one connection of a client under test, in a case that passed.
Seen see_passed(const report::CaseResult& result, int connection);
/// From a result with its whole log. `fault`: the index of the swept one. A point that did not come is
/// skipped: it proves nothing.
Seen see(const report::CaseResult& result, const scenario::LoadedCase& struck, std::size_t fault);

}  // namespace wsfault::sweep
