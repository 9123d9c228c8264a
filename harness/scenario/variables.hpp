// ${name}: replaces variables in a whole tree; each value keeps its place.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "model/system.hpp"
#include "scenario/each.hpp"
#include "value/diagnostic.hpp"
#include "value/value.hpp"

namespace wsfault::scenario {

/// A value from the environment is masked, unless it is clearly a setting: a duration, a size, a port.
bool is_secret(const std::string& text);

/// The possible meanings of a variable, in this order; `${env:NAME}` comes from the environment.
struct Scope {
  const EachValues& each;
  const model::Traits& traits;  ///< requirements and --set applied
  std::string system;           ///< what it is called, for reasons
  const std::vector<std::string>&
      runtime;          ///< names that stay in the text until a script runs: "seq", "url" …
  bool masked = false;  ///< values from the environment become "<env:NAME>"
};

struct Substituted {
  Value tree;
  std::string skip;  ///< if not empty: it needs a trait that the system does not have
};

/// A text that is only one variable becomes its value; otherwise the value is written into the text. If it
/// uses a trait that is "none" or not declared: a `within` becomes "5s" (with `undeclared` beside it in an [[expect]]
/// table: the traits of which nothing is said), a `not_before` is removed, anything else skips the case (and is replaced
/// by some value of the right type, so that the rest can be checked).
Substituted substitute(const Value& tree, const Scope& scope, Diagnostics& diagnostics);

/// The names that stay in the text: ${seq}, ${url}, ${ca_file}, ${port}, ${NAME.port} of the upstreams, and
/// the captures of rules in scripts.
std::vector<std::string> runtime_names(const Value& tree);

/// Values of environment variables that `tree` uses and that must not be shown (all but durations, sizes and
/// short numbers): name, value.
std::vector<std::pair<std::string, std::string>> environment_secrets(const Value& tree);

}  // namespace wsfault::scenario
