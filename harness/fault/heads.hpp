// What the faults of the upgrade layer share: which heads they look at, and rows of the catalogue.
#pragma once

#include <cstdint>
#include <string_view>

#include "fault/catalogue.hpp"
#include "fault/fault.hpp"

namespace wsfault::fault {

/// "Bad Gateway" of 502; "Status" where there is no name.
std::string_view reason_phrase(std::int64_t status);

/// A response's head after which no other comes: not 103 and its like.
bool is_final_answer(const Unit& unit);
/// The 101.
bool is_switch(const Unit& unit);

void remove_header(wire::Headers& headers, std::string_view name);

/// A fault of the upgrade layer, on either side of the system under test.
Entry upgrade_entry(std::string_view name, std::string_view does, std::string_view imitates);
/// One that answers in the server's place, or changes what it answers: towards the client.
Entry answer_entry(std::string_view name, std::string_view does, std::string_view imitates);

}  // namespace wsfault::fault
