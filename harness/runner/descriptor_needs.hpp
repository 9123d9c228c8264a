// How many descriptors cases hold, and how many cases fit at once.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "scenario/load.hpp"

namespace wsfault::runner {

/// About how many descriptors a case holds at once in this process: pipes, listeners, and what its clients
/// open.
std::size_t descriptors_of(const scenario::LoadedCase& loaded);

struct DescriptorPlan {
  std::size_t jobs = 0;       ///< cases at once, at least 1
  std::size_t available = 0;  ///< descriptors for all that run at once
  std::string sentence;       ///< that there are fewer jobs than were asked for; empty: there are not
};

/// `needs`: of each case; `open`: descriptors that the run holds already. Cases that do not fit even alone do
/// not count: see too_many_descriptors().
DescriptorPlan plan_descriptors(const std::vector<std::size_t>& needs, std::size_t jobs, std::size_t limit,
                                std::size_t open);

/// One sentence if a case cannot run even alone.
std::string too_many_descriptors(std::size_t need, std::size_t available);

}  // namespace wsfault::runner
