// One case of a scenario file, resolved: every variable replaced, every name checked.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "fault/fault_spec.hpp"
#include "model/script.hpp"
#include "model/system.hpp"

namespace wsfault::model {

/// Where wss is used with the system under test: nowhere, on every link, only towards a gateway's clients,
/// only towards its upstreams; or on every link with the link passing TLS through.
enum class Tls { none, both, front, back, passthrough };
constexpr bool has_front(Tls tls) { return tls != Tls::none && tls != Tls::back; }
constexpr bool has_back(Tls tls) { return tls != Tls::none && tls != Tls::front; }

/// That a link may have.
inline constexpr int most_addresses = 4;

struct Scenario {
  std::string id;    ///< "1006/server-crash", with its values: "close/legal[code=1000]"
  std::string file;  ///< as given on the command line
  std::string title;
  Role role = Role::client;
  std::vector<std::string> tags;
  std::vector<std::string> spec;
  std::vector<std::string> refutes;  ///< defects of the reference system that make it fail
  std::optional<Duration> deadline;  ///< as stated
  bool isolate = false;              ///< the system lives in a network of its own
  int addresses = 1;                 ///< of the link, for a client
  Tls tls = Tls::none;
  bool appropriate = true;
  std::vector<Upstream> upstreams;       ///< at least one; none in role server
  std::vector<Client> clients;           ///< at least one; none in role client
  std::vector<fault::FaultSpec> faults;  ///< in file order; faults injected by steps come last
  std::vector<std::pair<std::string, Value>>
      requirements;  ///< of [system]: traits that the scenario asks for
  std::vector<std::pair<std::string, std::string>> values;  ///< of [each]: name, value
};

}  // namespace wsfault::model
