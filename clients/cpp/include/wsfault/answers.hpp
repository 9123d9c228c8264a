// What the API answers, as values.
#pragma once

#include <chrono>
#include <cstdint>
#include <iosfwd>
#include <string>
#include <string_view>
#include <vector>

#include "value/value.hpp"

namespace wsfault {

/// An event of the log (docs/results.md, The event log).
struct Event {
  std::uint64_t cursor = 0;        ///< its place among all events of the session, from 1
  std::chrono::nanoseconds at{0};  ///< since the proxy was made
  std::string type;
  std::string proxy;
  int connection = 0;  ///< 0: of none
  Value members;       ///< all of it, a table

  /// Null: it has no such member.
  const Value* find(std::string_view key) const { return members.find(key); }
};
/// "12.3ms api #1 frame_seen from=server opcode=1 …"
std::string to_string(const Event& event);
std::ostream& operator<<(std::ostream& out, const Event& event);

struct FaultInfo {
  std::string name;
  std::string proxy;
  std::string inject;
  std::string state;        ///< "armed", "fired", "healed"
  std::uint64_t fired = 0;  ///< how often
  std::string when;         ///< "now", or its moment
  std::string connections;
};

struct ProxyInfo {
  std::string name;
  std::string url;  ///< to which the client under test connects: ws://127.0.0.1:PORT
  std::string host;
  std::uint16_t port = 0;
  std::string listen;
  std::string upstream;  ///< empty: a fake server
  bool enabled = true;
  int connections = 0;  ///< that are open
  std::vector<FaultInfo> faults;
};

struct ConnectionInfo {
  int number = 0;
  std::string client;
  bool open = false;
  std::chrono::milliseconds age{0};
  std::uint64_t bytes_from_client = 0;
  std::uint64_t bytes_from_server = 0;
};

/// What is judged of one expectation or rule.
struct Finding {
  std::string state;  ///< "pending", "holds", "warned", "violated", "inconclusive"
  std::string subject;
  std::string expected;
  std::string seen;
  std::string broke;  ///< may be empty, as those that follow
  std::string cause;
  std::string remedy;

  bool holds() const { return state == "holds" || state == "warned"; }
  bool is_decided() const { return holds() || state == "violated"; }
};
/// What was expected and seen, and what is known of why: lines.
std::string to_string(const Finding& finding);

/// What is judged of one proxy.
struct VerdictCase {
  std::string id;       ///< SESSION/PROXY
  std::string outcome;  ///< "passed", "warned", "failed", "inconclusive", …
  std::vector<Finding> findings;
  std::vector<std::string> explanation;  ///< lines, of one that did not pass, with the timeline
};

/// The judgement of a session: a case for each proxy.
struct Verdict {
  std::vector<VerdictCase> cases;
  Value document;  ///< the whole, as `wsfault run --json` prints it

  /// No case failed or stayed undecided.
  bool passed() const;
};
/// The cases with their findings or explanations, in lines.
std::string to_string(const Verdict& verdict);

}  // namespace wsfault
