// Whether this machine gives a run networks of its own.
#pragma once

#include <string>

namespace wsfault::network {

/// Asked by doing it, with a cable and a rule, in a process of its own, `program` itself. One sentence if it
/// is not possible; empty: it is.
std::string why_impossible(const std::string& program);
/// The part of that process: prints the sentence. Returns the exit code.
int try_network();

}  // namespace wsfault::network
