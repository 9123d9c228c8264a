// Why a gateway or server that stands for the whole run cannot be tested: judged by the log of one try. Pure.
#pragma once

#include <string>
#include <vector>

#include "record/event.hpp"

namespace wsfault::runner {

/// What a pre-check asked, as a person would say it.
struct Asked {
  std::string system;    ///< "the gateway at wss://127.0.0.1:8080"
  std::string path;      ///< "/chat"
  std::string upstream;  ///< of a gateway: where this run's upstream listens; empty: a server is asked
  bool tls = false;      ///< the system is wss
};

struct Hindrance {
  std::string what;    ///< one sentence; empty: there is none
  std::string remedy;  ///< one sentence; may be empty
  bool lasts = false;  ///< another try shows the same
};

/// One line, and the remedy on a second.
std::string to_string(const Hindrance& hindrance);

/// `events`: of one try, with the system behind the link "front" and its upstreams behind all others.
Hindrance hindrance(const Asked& asked, const record::Events& events);

}  // namespace wsfault::runner
