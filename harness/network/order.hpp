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
    socket,     ///< make a TCP socket of the address family `value`, and pass it back
    diagnosis,  ///< pass back a socket that asks for the sockets in the system's namespace (sock_diag(7))
    cable,      ///< plug it in (1) or out (0)
    rules       ///< have libnftables run `text`
  };
  Kind kind = Kind::socket;
  std::int32_t value = 0;
  std::string text;
};

/// Its answer; the first one, without an order, says whether the network could be made.
struct Answer {
  std::string error;      ///< one sentence; empty: it is done
  std::int32_t pid = 0;   ///< first answer: of a process in the system's namespace
  net::FileDescriptor socket;  ///< of Order::Kind::socket and Order::Kind::diagnosis
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
