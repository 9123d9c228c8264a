// The lists that `wsfault list` prints: faults, expectations and moments, as text, Markdown or JSON.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "fault/catalogue.hpp"
#include "fault/moment_kinds.hpp"
#include "verdict/expect/kind.hpp"

namespace wsfault::report {

/// By layer: name, sentence and attributes of each fault.
std::string print_faults(const std::vector<fault::Entry>& entries);
/// The whole of docs/faults.md.
std::string print_faults_markdown(const std::vector<fault::Entry>& entries);
/// An array of objects, in the order of the catalogue.
std::string print_faults_json(const std::vector<fault::Entry>& entries);

std::string print_expectations(const std::vector<verdict::ExpectationKind>& kinds);

struct MomentForm {
  std::string_view forms;  ///< "message N, frame N, ping N, pong N, close"
  std::string_view is_when;
};
/// The table of docs/scenarios.md, Moments.
std::vector<MomentForm> moment_forms();
std::string print_moments(const std::vector<MomentForm>& forms);

}  // namespace wsfault::report
