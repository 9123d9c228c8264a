// What the parts of the opinion on a server share: its scene, and what it owes a client whatever happens.
#pragma once

#include <string>

#include "verdict/oracle/places.hpp"
#include "verdict/oracle/scene.hpp"

namespace wsfault::verdict::oracle {

struct ServerScene : Scene {
  const Places& places;
};

/// "the client", with its name where it has one of its own.
std::string name_of(const Leg& served);

/// After its Close it ends TCP: at once where both have sent theirs (RFC 6455 7.1.1), else in its close
/// limit.
Opinion on_tcp_end(const Leg& served, const ServerScene& scene);
/// A sound request that was not answered with 101: right only while all places are taken.
Opinion on_answer(const Leg& served, const ServerScene& scene);
/// The last ping of the client is answered with its own data (RFC 6455 5.5.3).
Opinion on_pongs(const Leg& served, const ServerScene& scene);
/// It let one in though all places were taken.
Opinion on_places(const Leg& served, const ServerScene& scene);

}  // namespace wsfault::verdict::oracle
