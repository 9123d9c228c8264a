// A client's part in the closing handshake, and the end of TCP behind it.
#pragma once

#include <cstdint>
#include <optional>

#include "verdict/oracle/client_report.hpp"
#include "verdict/oracle/scene.hpp"

namespace wsfault::verdict::oracle {

/// When it ended TCP by itself: what its kernel does when it is killed is not its act.
std::optional<std::int64_t> own_end(const Leg& connection, const Scene& scene);
/// RFC 6455 5.5.1: a Close is answered with a Close, as long as there is a connection on which it can be.
Opinion on_close_reply(const Broken& it, const Scene& scene);
/// Where the peer does not end TCP, the client does in its close limit: from the last Close on, or from that time.
Opinion on_end_of_tcp(const Broken& it, const Scene& scene, std::int64_t from);
/// Told to stop, it closed first.
Opinion on_closing(const Broken& it, const Scene& scene);

}  // namespace wsfault::verdict::oracle
