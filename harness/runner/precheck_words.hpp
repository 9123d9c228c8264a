// Why a gateway or server that serves the whole run cannot be tested, judged from the log of one attempt.
// Pure.
#pragma once

#include <string>
#include <vector>

#include "record/event.hpp"

namespace wsfault::runner {

/// What a pre-check tested, in words for a person.
struct Asked {
  std::string system;    ///< "the gateway at wss://127.0.0.1:8080"
  std::string path;      ///< "/chat"
  std::string upstream;  ///< for a gateway: where this run's upstream listens; empty: a server is tested
  bool tls = false;      ///< the system is wss
};

struct Hindrance {
  std::string what;    ///< one sentence; empty: there is none
  std::string remedy;  ///< one sentence; may be empty
  bool lasts = false;  ///< another attempt would show the same
};

/// One line, with the remedy on a second.
std::string to_string(const Hindrance& hindrance);

/// `events`: of one attempt, with the system behind the link "front" and its upstreams behind all others.
Hindrance hindrance(const Asked& asked, const record::Events& events);

}  // namespace wsfault::runner
