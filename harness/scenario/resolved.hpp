// A case as a tree: what a log's first record holds, enough to judge it again.
#pragma once

#include "scenario/load.hpp"
#include "value/value.hpp"

namespace wsfault::scenario {

/// `tree`: the scenario without variables, its secrets masked. read_resolved() reads the result back.
Value resolve(const Value& tree, const LoadedCase& loaded);

}  // namespace wsfault::scenario
