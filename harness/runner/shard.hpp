// `--shard 1/4`: which cases of a run this machine runs.
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

/// The orders of that shard, in their order; fills in what the shards of this run share. Every machine that
/// gets the same cases computes the same shards. Shards differ by at most one case, and their total expected
/// durations differ by no more than the longest case: so they are balanced both for cases that run at the
/// same time and for cases that run one after another.
std::vector<CaseOrder> take_shard(const std::vector<CaseOrder>& orders, report::Shard& shard);

}  // namespace wsfault::runner
