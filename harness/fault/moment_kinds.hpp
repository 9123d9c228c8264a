// Every kind of moment, one row each: how it is written, when it comes, and what it takes to see it.
#pragma once

#include <set>
#include <string_view>
#include <vector>

#include "fault/moment.hpp"

namespace wsfault::fault {

/// What follows a moment's name.
enum class Argument { none, number, number_or_text, regex, duration, name };

/// Where it happens.
enum class Scope {
  run,         ///< on no connection
  connection,  ///< possibly on one; its link's wire shows nothing of it
  wire,        ///< on a link's wire
};

/// What a link records for it, beyond heads, frames and ends.
enum class Telling {
  nothing,
  silences,        ///< when nothing has passed for so long
  bytes,           ///< when so many bytes of a direction were forwarded
  whole_messages,  ///< messages are read whole before their last frame is forwarded
};

struct MomentKind {
  std::string_view name;
  Moment::Kind kind;
  Argument argument;
  std::string_view forms;    ///< "message N, frame N, ping N, pong N, close"; empty: told with another row
  std::string_view is_when;  ///< of those forms
  Scope scope;
  bool has_done = false;  ///< may be followed by "done": then `done_when`
  bool has_sender = false;
  std::string_view done_forms = {};
  std::string_view done_when = {};
  Telling telling = Telling::nothing;
  std::set<record::CutKind> seen_by = {};  ///< events that a log which was cut may lack
};

/// In the order of docs/scenarios.md. A name may have several rows: the first is the one it is read as.
const std::vector<MomentKind>& moment_kinds();
const MomentKind& moment_kind(Moment::Kind kind);

}  // namespace wsfault::fault
