// The lists of `wsfault list`, for a small catalogue.
#include "report/catalogue_text.hpp"

#include <gtest/gtest.h>

#include "report/fake_catalogue.hpp"

namespace wsfault::report {
namespace {

TEST(CatalogueText, Faults) {
  EXPECT_EQ(print_faults(sample::catalogue()), R"text(process
  kill       SIGKILL to the party's process tree.
               scope: one of tree, main; default tree. main: only the first process

tcp
  idle_kill  Forgets the flow after a silence, as a middlebox does that keeps a table of flows with
             a limit for each of them.
               idle: a duration; required. the silence
               tries: an integer from 1 to 65535; may be left out. a | b
)text");
}

TEST(CatalogueText, FaultsAsMarkdown) {
  EXPECT_EQ(print_faults_markdown(sample::catalogue()), R"text(# The fault catalogue

Printed by `wsfault list faults --markdown`; do not edit it by hand.

A scenario injects a fault by its name, with its attributes as further keys of the same table:

```toml
[[fault]]
inject = "reset"
when   = "message 2"
```

The keys that every fault knows (`at`, `of`, `connections`, `when`, `after`, `lasts`, `direction`, `end`,
`count`, `probability`, `name`; `scope`, `address` and `between` where they make sense) are described in [scenarios.md](scenarios.md).

| layer | faults |
| --- | --- |
| process | [`kill`](#kill) |
| tcp | [`idle_kill`](#idle_kill) |

## process

### `kill`

SIGKILL to the party's process tree.

- Keys: stands on a party; `when` is `start` by default.

| attribute | value | default | meaning |
| --- | --- | --- | --- |
| `scope` | one of tree, main | `tree` | main: only the first process |

## tcp

### `idle_kill`

Forgets the flow after a silence, as a middlebox does that keeps a table of flows with a limit for each of them.

- Imitates: A firewall.
- What a real one does differently: A proxy cannot see TCP keep-alives.
- Keys: stands on a link; `when` is `open` by default; `connections` is `all`, or `scope = "link"`; `direction` is `both`; `end` is none, fin (the first is the default); heals after `lasts`; takes `count`; is armed at `when`, and fires when it ends or forgets a connection.

| attribute | value | default | meaning |
| --- | --- | --- | --- |
| `idle` | a duration | required | the silence |
| `tries` | an integer from 1 to 65535 | may be left out | a \| b |
)text");
}

TEST(CatalogueText, FaultsAsJson) {
  EXPECT_EQ(print_faults_json(sample::catalogue()), R"text([
  {
    "name": "kill",
    "layer": "process",
    "stands_on": "party",
    "does": "SIGKILL to the party's process tree.",
    "imitates": null,
    "really": null,
    "when": "start",
    "connections": null,
    "direction": "both",
    "ends": [],
    "heals": false,
    "count": false,
    "attributes": [
      {
        "name": "scope",
        "type": "one_of",
        "required": false,
        "default": "tree",
        "meaning": "main: only the first process",
        "names": ["tree", "main"]
      }
    ]
  },
  {
    "name": "idle_kill",
    "layer": "tcp",
    "stands_on": "link",
    "does": "Forgets the flow after a silence, as a middlebox does that keeps a table of flows with a limit for each of them.",
    "imitates": "A firewall.",
    "really": "A proxy cannot see TCP keep-alives.",
    "when": "open",
    "connections": "all",
    "direction": "both",
    "ends": ["none", "fin"],
    "heals": true,
    "count": true,
    "attributes": [
      {
        "name": "idle",
        "type": "duration",
        "required": true,
        "default": null,
        "meaning": "the silence"
      },
      {
        "name": "tries",
        "type": "integer",
        "required": false,
        "default": null,
        "meaning": "a | b",
        "low": 1,
        "high": 65535
      }
    ]
  }
]
)text");
}

TEST(CatalogueText, Expectations) {
  EXPECT_EQ(print_expectations(sample::expectations()), R"text(  close        = a code, a list, "any"
               the party's API reported that close code
  connections  = { open = "<=1" }
               held at every moment
               needs `for`
)text");
}

TEST(CatalogueText, Moments) {
  EXPECT_EQ(print_moments({{"start", "all parties are ready"}, {"byte N", "N bytes are forwarded"}}),
            R"text(  start   all parties are ready
  byte N  N bytes are forwarded

N counts from 1. A table narrows a moment:
  when = { moment = "message 2", from = "server", connection = 3, at = "link" }
)text");
}

/// Each form in the list, with letters in capitals replaced, is accepted in scenarios.
TEST(CatalogueText, EveryMomentIsOne) {
  for (const MomentForm& kind : moment_forms()) {
    std::string_view rest = kind.forms;
    while (!rest.empty()) {
      std::string form(rest.substr(0, rest.find(", ")));
      rest.remove_prefix(std::min(rest.size(), form.size() + 2));
      if (const auto at = form.find(" N");
          at != std::string::npos && form.find("NAME") == std::string::npos) {
        form.replace(at, 2, " 2");
      }
      const Result<fault::Moment> moment = fault::parse_moment(form);
      EXPECT_TRUE(moment) << form << ": " << (moment ? "" : moment.error());
    }
  }
}

}  // namespace
}  // namespace wsfault::report
