// What a client may do after an outcome that it was told: come back, stay away, or come back differently.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "trace/view.hpp"
#include "verdict/case.hpp"
#include "verdict/finding.hpp"
#include "verdict/oracle/horizon.hpp"
#include "wire/close_code.hpp"

namespace wsfault::verdict::oracle {

/// What a peer said of the end: the code of its Close, or the status of its answer.
struct Told {
  int code = 0;
  bool is_status = false;
  std::int64_t at = 0;
};
/// None where it only ended, fell silent or broke the protocol: that never forbids a return.
std::optional<Told> told_end(const trace::Leg& connection);

/// By docs/verdicts.md, "Afterwards".
wire::CloseClass class_of_status(int status, const model::Dialect& dialect);
/// The same of either; where the trait `final` is declared it decides alone.
wire::CloseClass class_of(const Told& told, const model::System& system);

/// Returns that were forbidden; pending while one may still come. A client that never comes back does nothing wrong
/// here.
std::vector<Finding> judge_afterwards(const trace::View& seen, const Case& scenario, Horizon horizon);

}  // namespace wsfault::verdict::oracle
