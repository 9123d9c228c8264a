// `--shard 1/4`: which cases of a run are this machine's.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "report/case_result.hpp"
#include "runner/run_setting.hpp"
#include "value/result.hpp"

namespace wsfault::runner {

/// "1/4": `number` and `of`. An error says what a shard is.
Result<report::Shard> parse_shard(std::string_view text);

/// The orders of that shard, in their order; fills in what the shards of this run have in common. Every
/// machine that is given the same cases comes to the same shards. Shards differ by one case at most, and what
/// their cases are expected to take differs by no more than the longest of them: so they differ little both
/// where cases run side by side and where they run one after the other.
std::vector<CaseOrder> take_shard(const std::vector<CaseOrder>& orders, report::Shard& shard);

}  // namespace wsfault::runner
