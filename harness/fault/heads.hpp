// Shared by the faults of the upgrade layer: which heads they act on, and rows of the catalogue.
#pragma once

#include <string_view>

#include "fault/entry.hpp"

namespace wsfault::fault {

/// The head of a final response: not 103 or another 1xx.
bool is_final_answer(const Unit& unit);
/// The 101.
bool is_switch(const Unit& unit);

void remove_header(wire::Headers& headers, std::string_view name);

/// A fault of the upgrade layer, on either side of the system under test.
Entry upgrade_entry(std::string_view name, std::string_view does, std::string_view imitates);
/// A fault that answers instead of the server, or changes its answer: towards the client.
Entry answer_entry(std::string_view name, std::string_view does, std::string_view imitates);

}  // namespace wsfault::fault
