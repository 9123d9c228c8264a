// Messages between the harness and the process that holds a case's network: one packet each way.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "net/file_descriptor.hpp"

namespace wsfault::network {

/// What the holder is to do, in the namespace of wsfault's own ends.
struct Order {
  enum class Kind : std::int32_t {
    socket,  ///< make a TCP socket of the address family `value`, and pass it back
    cable,   ///< plug it in (1) or out (0)
    rules,   ///< have libnftables run `text`
    roam,    ///< go on over a new cable
    flows,   ///< say which flows with the port `value` connection tracking knows (network/flows.hpp)
    table    ///< pass a socket of sock_diag(7) that tells of the system's namespace
  };
  Kind kind = Kind::socket;
  std::int32_t value = 0;
  std::string text;
};

/// Its answer; the first one, without an order, says whether the network could be made.
struct Answer {
  std::string error;           ///< one sentence; empty: it is done
  std::string text;            ///< of Order::Kind::flows
  std::int32_t pid = 0;        ///< first answer: of a process in the system's namespace
  net::FileDescriptor socket;  ///< of Order::Kind::socket and Order::Kind::table
};

/// The longest text of either.
inline constexpr std::size_t longest_text = 32 * 1024;

/// False: the other end is gone.
bool send(int socket, const Order& order);
bool send(int socket, const Answer& answer);
/// None: the other end is gone, or what came is none.
std::optional<Order> receive_order(int socket);
std::optional<Answer> receive_answer(int socket);

}  // namespace wsfault::network
