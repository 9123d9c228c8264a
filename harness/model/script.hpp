// Scripts of fake upstreams and probe clients: steps as values.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
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

/// A payload: text (with ${seq} and captures replaced when it is sent), bytes, or so many bytes of filler.
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
  std::optional<bool> masked;  ///< none: as the side must
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
  bool injects = false;  ///< a fault strikes at this mark: what was sent before it passes first
};
struct CloseStep {
  std::optional<std::uint16_t> code;  ///< none: an empty Close
  std::string reason;
};

/// A step that injects is a MarkStep here: the scenario has a fault whose `when` is that mark.
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
      ca_file;   ///< whom to trust for a wss:// one, PEM; empty: the authorities that this machine trusts
  Value source;  ///< the resolved table it was read from, for an upstream in its own process
};

/// The upgrade request of a probe client.
struct ClientRequest {
  std::optional<std::string> path;  ///< exactly what it asks for; none: the path of what it is sent to
  wire::Headers headers;
  std::vector<std::string> subprotocols;
  std::optional<std::string> origin;
  std::optional<std::string> extensions;
  bool upgrade = true;                     ///< false: a plain GET
  std::optional<std::int64_t> stop_after;  ///< an unfinished head: so many bytes of it
};

/// A probe client, or `count` of the same kind.
struct Client {
  std::string name = "client";
  int count = 1;
  fault::Moment start;
  ClientRequest request;
  std::optional<Steps> steps;  ///< none: the default conversation
};

/// Does it put on the wire what no endpoint may send: a `frame`, a `raw`, a Close with an illegal code?
bool sends_illegal(const Steps& steps);
/// How long it waits, all told: its stated waits, as often as they are repeated. Rules do not count.
Duration waiting_time(const Steps& steps);

/// Does it expect messages, in blocks and in rules too?
bool expects(const Steps& steps);
/// What the script must see before it goes on, as reports name it: "expect hello", "wait message 2"; empty
/// where the step is done by the script alone. A block is what its first such step is.
std::string awaited(const Step& step);

/// Marks at which faults strike are steps that inject.
void let_marks_inject(Upstream& upstream, const std::set<std::string>& marks);
void let_marks_inject(Client& client, const std::set<std::string>& marks);
/// The names of those that do.
std::set<std::string> injecting_marks(const Upstream& upstream);
/// Does its script reach the mark of that name on a connection? Not so in the answer to a plain request.
bool reaches(const Upstream& upstream, const std::string& mark);
bool reaches(const Client& client, const std::string& mark);

/// Is shown each moment that is waited for, in order, those in blocks and in rules too. What makes moments
/// happen (links, an upstream's process) learns of them here and nowhere else.
using MomentVisitor = std::function<void(const fault::Moment&)>;
void visit_waits(const Steps& steps, const MomentVisitor& visit);
void visit_waits(const Upstream& upstream, const MomentVisitor& visit);
void visit_waits(const Client& client, const MomentVisitor& visit);

}  // namespace wsfault::model
