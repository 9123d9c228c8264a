// What a link must report so that a moment can be seen: exact bytes, silences, whole messages, "… done".
#pragma once

#include "actor/connection.hpp"
#include "fault/moment.hpp"

namespace wsfault::actor {

/// Adds what the moment needs to the setting, or takes it back.
void ask_for(const fault::Moment& moment, bool needed, LinkSetting& setting);

}  // namespace wsfault::actor
