// The case of a scenario with its fault at another moment, or without it.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "fault/moment.hpp"
#include "scenario/load.hpp"
#include "value/result.hpp"

namespace wsfault::sweep {

/// Which of the scenario's faults is swept: an index into its faults. `name`: of one; empty: the only one. It
/// must be one that can strike at a point. The error is one sentence.
Result<std::size_t> find_fault(const scenario::LoadedCase& loaded, const std::string& name);

/// The link on which the moments of that fault are looked for.
std::string link_of(const scenario::LoadedCase& loaded, std::size_t fault);
/// The first connection that it strikes.
int connection_of(const scenario::LoadedCase& loaded, std::size_t fault);

/// With this moment as the fault's `when`: what its `when` says of parties, links and connections stays.
scenario::LoadedCase at_moment(const scenario::LoadedCase& loaded, std::size_t fault, fault::Moment moment);
/// Why one process of the client cannot get several points, one on each of its connections; empty: it can.
std::string why_not_shared(const scenario::LoadedCase& loaded, std::size_t fault);
/// The fault at each of these moments: at the first on connection 1, at the second on connection 2, and so
/// on.
scenario::LoadedCase at_moments(const scenario::LoadedCase& loaded,
                                const std::vector<fault::Moment>& moments);
/// One sentence if a fault's `when` cannot be that; empty: it can.
std::string refusal(const scenario::LoadedCase& struck);
/// Without that fault. Nothing is expected of it: only its log counts.
scenario::LoadedCase undisturbed(const scenario::LoadedCase& loaded, std::size_t fault);

}  // namespace wsfault::sweep
