// Scripts of fake upstreams and probe clients: steps as values.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "fault/moment.hpp"
#include "value/regex.hpp"
#include "value/units.hpp"
#include "wire/handshake.hpp"

namespace wsfault::model {

struct Step;
using Steps = std::vector<Step>;

/// A payload: text (with ${seq} and captures replaced when it is sent), bytes, or filler of a given size.
struct Payload {
  std::string text;
  bool binary = false;  ///< { hex = "…" } and { size = "…" }
  std::optional<std::uint64_t> size;
};

struct AcceptStep {
  std::optional<std::string> subprotocol;
  wire::Headers headers;
};
struct RespondStep {
  int status = 200;
  wire::Headers headers;
  std::string body;
  bool stays_open = false;  ///< end = "none": no FIN after it
};
struct ExpectStep {
  TextPattern pattern;
  Duration within{std::chrono::seconds(5)};
};
struct SendStep {
  Payload payload;
};
struct WaitStep {
  std::variant<Duration, fault::Moment> what;
};
struct PingStep {
  std::string data;
};
struct FrameStep {
  std::uint8_t opcode = 1;
  std::uint8_t rsv = 0;
  bool fin = true;
  std::optional<bool> masked;  ///< none: as required for this side
  std::optional<std::uint64_t> declared_length;
  Payload payload;
};
struct RawStep {
  std::string bytes;
};
struct RepeatStep {
  std::int64_t times = 1;
  Steps steps;
};
/// A rule: armed until the connection ends.
struct RuleStep {
  fault::Moment on;  ///< a message_text, message, ping, pong, close or http moment
  Steps steps;
};
struct MarkStep {
  std::string name;
  bool injects = false;  ///< a fault strikes at this mark; everything sent before is forwarded first
};
struct CloseStep {
  std::optional<std::uint16_t> code;  ///< none: an empty Close
  std::string reason;
};

/// A step that injects is a MarkStep here: the scenario has a fault whose `when` is this mark.
struct Step {
  std::variant<AcceptStep, RespondStep, ExpectStep, SendStep, WaitStep, PingStep, FrameStep, RawStep,
               RepeatStep, RuleStep, MarkStep, CloseStep>
      what;
};

struct Session {
  int connection = 1;
  Steps steps;
};

/// A fake upstream, or a real one behind a URL.
struct Upstream {
  std::string name = "upstream";
  std::optional<Steps> steps;  ///< none: the default conversation
  std::vector<Session> sessions;
  std::optional<std::string> url;  ///< a real server
  std::string
      ca_file;   ///< the CA to trust for a wss:// server, PEM; empty: the authorities trusted on this machine
  Value source;  ///< the resolved table it was read from, for an upstream in a separate process
};

/// The upgrade request of a probe client.
struct ClientRequest {
  std::optional<std::string> path;  ///< the exact request target; none: the path of the system it connects to
  wire::Headers headers;
  std::vector<std::string> subprotocols;
  std::optional<std::string> origin;
  std::optional<std::string> extensions;
  bool upgrade = true;                     ///< false: a plain GET
  std::optional<std::int64_t> stop_after;  ///< an unfinished head: only its first bytes, this many
};

/// A probe client, or `count` of the same kind.
struct Client {
  std::string name = "client";
  int count = 1;
  fault::Moment start;
  ClientRequest request;
  std::optional<Steps> steps;  ///< none: the default conversation
};

/// The total waiting time: its stated waits, as often as they are repeated. Rules do not count.
Duration waiting_time(const Steps& steps);

/// Does it expect messages, including in blocks and rules?
bool expects(const Steps& steps);
/// What must come before the script continues, as reports name it: "expect hello", "wait message 2",
/// "pause 1s"; empty if the step waits for nothing. For a block, the result is that of its first waiting step.
std::string awaited(const Step& step);
/// Of what awaited() returned: a pause; a wait that comes to its end whatever happens.
bool is_pause(std::string_view awaited);
bool ends_by_itself(std::string_view awaited);
/// The first step that expects a message, including those in blocks; null if there is none.
const ExpectStep* first_expect(std::span<const Step> steps);
/// "expect hello".
std::string to_string(const ExpectStep& step);

/// Turns the marks at which faults strike into steps that inject.
void let_marks_inject(Upstream& upstream, const std::set<std::string>& marks);
void let_marks_inject(Client& client, const std::set<std::string>& marks);
/// The names of the marks that inject.
std::set<std::string> injecting_marks(const Upstream& upstream);
/// Does its script reach the mark of that name on a connection? A mark in the answer to a plain request does
/// not count.
bool reaches(const Upstream& upstream, const std::string& mark);
bool reaches(const Client& client, const std::string& mark);

/// Visits each moment that is waited for, in order, including those in blocks and rules. This is the only
/// place where the producers of moments (links, an upstream's process) learn of them.
using MomentVisitor = std::function<void(const fault::Moment&)>;
void visit_waits(const Steps& steps, const MomentVisitor& visit);
void visit_waits(const Upstream& upstream, const MomentVisitor& visit);
void visit_waits(const Client& client, const MomentVisitor& visit);

}  // namespace wsfault::model
