// What a server that echoes sends back.
#pragma once

#include "trace/leg.hpp"
#include "verdict/oracle/scene.hpp"

namespace wsfault::verdict::oracle {

/// The trait `echoes` says so.
bool sends_back_what_came(const model::Traits& traits);
/// Of a server whose trait `echoes` is true: each message that came whole comes back whole, of the same type,
/// once, in order and on its own connection, and nothing else does. Not after an illegal frame, nor of what
/// is compressed.
Opinion on_echoes(const trace::Leg& served, const Scene& scene);

}  // namespace wsfault::verdict::oracle
