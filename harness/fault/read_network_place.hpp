// Where a fault on the network stands.
#pragma once

#include "fault/catalogue.hpp"
#include "value/reader.hpp"

namespace wsfault::fault {

/// Reads `at` and `between` into `links` and `at` of the fault.
void read_network_place(TableReader& table, const Entry& entry, const Seats& seats, FaultSpec& spec);

}  // namespace wsfault::fault
