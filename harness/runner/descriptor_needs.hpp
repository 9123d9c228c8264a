// How many descriptors cases need, and how many cases fit at once.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "scenario/load.hpp"

namespace wsfault::runner {

/// An estimate of how many descriptors a case holds at once in this process: pipes, listeners, and the
/// connections of its clients.
std::size_t descriptors_of(const scenario::LoadedCase& loaded);

struct DescriptorPlan {
  std::size_t jobs = 0;       ///< cases at once, at least 1
  std::size_t available = 0;  ///< descriptors for all cases that run at once
  std::string sentence;       ///< says that there are fewer jobs than requested; empty: there are not
};

/// `needs`: of each case, which runs `rounds` times; `open`: descriptors that the run already holds. Cases that do not
/// fit even by themselves do not count: see too_many_descriptors().
DescriptorPlan plan_descriptors(const std::vector<std::size_t>& needs, std::size_t rounds, std::size_t jobs,
                                std::size_t limit, std::size_t open);

/// One sentence if a case does not fit even by itself.
std::string too_many_descriptors(std::size_t need, std::size_t available);

}  // namespace wsfault::runner
