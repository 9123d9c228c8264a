// What a server has to deal with on one of its connections: the first thing that broke it.
#pragma once

#include <optional>

#include "verdict/case.hpp"
#include "verdict/oracle/act.hpp"

namespace wsfault::verdict::oracle {

/// After an RST from its client nothing that the server does can be seen.
bool is_out_of_sight(const Leg& served);

/// None: nothing broke, and the server did nothing that ends it. Of the effects for a handshake `answer` is a
/// plain request, `invalid-101` one that asks for the upgrade and is flawed (detail: how), `silence` one
/// that is not whole.
std::optional<Break> server_break(const Leg& served, const trace::Process& process, const Case& scenario);

}  // namespace wsfault::verdict::oracle
