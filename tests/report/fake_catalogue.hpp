// A catalogue of two faults and two expectations, with every feature that lists print.
#pragma once

#include <vector>

#include "fault/catalogue.hpp"
#include "verdict/expect/kind.hpp"

namespace wsfault::report::sample {

inline std::vector<fault::Entry> catalogue() {
  using enum fault::AttributeType;
  return {
      {.name = "kill",
       .layer = "process",
       .stand = fault::Stand::party,
       .does = "SIGKILL to the party's process tree.",
       .attributes = {{.name = "scope",
                       .type = one_of,
                       .fallback = "tree",
                       .names = {"tree", "main"},
                       .doc = "main: only the first process"}},
       .when = "start",
       .make = fault::MakePartyFault()},
      {.name = "idle_kill",
       .layer = "tcp",
       .does = "Forgets the flow after a silence, as a middlebox does that keeps a table of flows with a "
               "limit for "
               "each of them.",
       .imitates = "A firewall.",
       .faithful = "A proxy cannot see TCP keep-alives.",
       .attributes =
           {{.name = "idle", .type = duration, .doc = "the silence"},
            {.name = "tries", .type = integer, .optional = true, .low = 1, .high = 65535, .doc = "a | b"}},
       .connections = "all",
       .ends = {"none", "fin"},
       .heals = true,
       .middlebox = true,
       .counts = true},
  };
}

inline std::vector<verdict::ExpectationKind> expectations() {
  return {{.key = "close",
           .value = R"(a code, a list, "any")",
           .holds = "the party's API reported that close code",
           .schema = {}},
          {.key = "connections",
           .value = R"({ open = "<=1" })",
           .holds = "held at every moment",
           .schema = {},
           .needs_for = true}};
}

}  // namespace wsfault::report::sample
