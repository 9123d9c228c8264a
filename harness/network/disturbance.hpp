// What is done to a network of a case's own, and how the packet filter is told.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "value/units.hpp"

namespace wsfault::network {

/// The TCP connections of one link on the cable.
struct Path {
  std::uint16_t port = 0;
  bool near_listens = true;  ///< the port is at wsfault's end; false: at the system's
};

struct Disturbance {
  enum class Kind {
    unplug,       ///< the cable is out
    drop,         ///< no packet passes, either way
    drop_syn,     ///< no SYN passes
    unreachable,  ///< what the system sends is answered with ICMP "host unreachable", and nothing comes back
    loss,         ///< a part of the packets is lost
    rate,         ///< what exceeds a rate is lost
    firewall,     ///< flows are forgotten after a silence; it has to be there before they begin
    roam          ///< the system's address changes
  };
  Kind kind = Kind::drop;
  bool to_client = true, to_server = true;  ///< of `loss` and `rate`: in which direction
  double ratio = 0;                         ///< of `loss`: 0 to 1
  std::uint64_t rate = 0;                   ///< of `rate`: bytes a second, in each direction
  Duration idle{0};                         ///< of `firewall`; whole seconds, rounded up, at least 1 s
  bool reset = false;  ///< of `firewall`: what comes on a forgotten flow is answered with RST
};

/// The shortest silence that the kernel's connection tracking can count.
inline constexpr Duration shortest_idle = std::chrono::seconds(1);

/// Commands of nft(8) that begin it, in a table of that name, at wsfault's end of the cable; empty: it takes
/// none.
std::string rules_of(const Disturbance& disturbance, std::string_view table, const std::vector<Path>& paths);
/// And those that end it.
std::string end_of_rules(std::string_view table);

}  // namespace wsfault::network
