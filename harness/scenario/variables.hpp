// ${name}: variables replaced over a whole tree, each value keeping its place.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "model/system.hpp"
#include "scenario/each.hpp"
#include "value/diagnostic.hpp"
#include "value/value.hpp"

namespace wsfault::scenario {

/// What comes from the environment is masked, unless it is plainly a setting: a duration, a size, a port.
bool is_secret(const std::string& text);

/// What a variable may mean, in this order; `${env:NAME}` is of the environment.
struct Scope {
  const EachValues& each;
  const model::Traits& traits;  ///< wishes and --set applied
  const std::string& system;    ///< its name, for reasons
  const std::vector<std::string>&
      runtime;          ///< names that stay in the text until a script runs: "seq", "url" …
  bool masked = false;  ///< what comes from the environment becomes "<env:NAME>"
};

struct Substituted {
  Value tree;
  std::string skip;  ///< not empty: it needs a trait that the system does not have
};

/// A text that is one variable alone becomes its value, else the value is written into the text. Made of a
/// trait that is "none" or not declared: a `within` becomes "5s", a `not_before` goes, anything else skips
/// the case (and stands for some value of the right type, so that the rest can be checked).
Substituted substitute(const Value& tree, const Scope& scope, Diagnostics& diagnostics);

/// The names that stay in the text: ${seq}, ${url}, ${ca_file}, ${port}, ${NAME.port} of the upstreams, and
/// what the rules of scripts capture.
std::vector<std::string> runtime_names(const Value& tree);

/// The environment's values that `tree` names and that may not be shown (all but durations, sizes and short
/// numbers): name, value.
std::vector<std::pair<std::string, std::string>> environment_secrets(const Value& tree);

}  // namespace wsfault::scenario
