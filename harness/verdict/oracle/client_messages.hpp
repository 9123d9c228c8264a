// What a client reports of messages, held against those that reached it.
#pragma once

#include <optional>

#include "trace/trace.hpp"
#include "verdict/oracle/scene.hpp"

namespace wsfault::verdict::oracle {

/// Of a client that reports messages word for word: each that came whole is reported, none more often than it
/// came, and none before one that came earlier on the same connection. What came right before an end that the
/// client did not only read, after a Close or an illegal frame, or to a process that was struck, may be
/// missing; so may kinds of messages of which it never reports any. None: nothing is wrong, and nothing is
/// waited for.
std::optional<Finding> judge_messages(const trace::Trace& trace, const Case& scenario, Horizon horizon);

}  // namespace wsfault::verdict::oracle
