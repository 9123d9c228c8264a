// What is wrong with a client that does not come, or does not come back.
#pragma once

#include "verdict/cause.hpp"
#include "verdict/expect/question.hpp"

namespace wsfault::verdict {

/// gives_up; where it has not left a connection that was silent, what it lacks to notice, or outage_outlived where it
/// need not have, or where it was not struck and nobody listened meanwhile; one_address_only where one address of several was struck, it tried that one, and no other served it.
Cause why_it_stays_away(const Question& question);

}  // namespace wsfault::verdict
