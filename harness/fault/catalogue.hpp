// The catalogue of faults: the only list of all faults; lists, docs and checks are generated from it.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "fault/attribute.hpp"
#include "fault/fault_spec.hpp"
#include "fault/preset.hpp"
#include "network/disturbance.hpp"
#include "value/diagnostic.hpp"
#include "wire/side.hpp"

namespace wsfault::fault {

class ConnectionFault;
struct PartyFault;
using MakeConnectionFault = std::function<std::unique_ptr<ConnectionFault>(const FaultSpec&)>;
using MakePartyFault = std::function<PartyFault(const FaultSpec&)>;
using MakeDisturbance = std::function<network::Disturbance(const FaultSpec&)>;

/// Where a fault can act.
enum class Stand { link, party, network };

struct Entry {
  std::string_view name;
  std::string_view layer;  ///< process, connecting, tcp, tls, upgrade, websocket, network
  Stand stand = Stand::link;
  std::string_view does;      ///< one sentence
  std::string_view imitates;  ///< the cause in the field
  std::string_view faithful;  ///< what a real occurrence does differently; empty: nothing
  std::vector<Attribute> attributes;
  std::vector<Preset> presets = {};     ///< values of its attribute `preset`
  std::string_view when = "open";       ///< default moment
  std::string_view connections = "1";   ///< default
  std::string_view direction = "both";  ///< default: "both", "to-sut", "to-client" or "to-server"
  std::vector<std::string_view> ends;   ///< allowed values of `end`, default first; empty: takes none
  bool heals = false;                   ///< may have `lasts`
  bool middlebox = false;               ///< fires when it ends the flow
  bool counts = false;                  ///< takes `count`
  bool reads_messages = false;          ///< needs messages uncompressed
  bool answers = false;   ///< answers instead of the server: only where the sut is on the client side
  bool sut_only = false;  ///< of the parties, only "sut" can do it
  std::string_view awaits = {};  ///< the frame that it strikes, where it waits for one: "a ping"
  // Set by fault/entry.hpp.
  bool acts_once = false;  ///< on a connection: nothing of it lasts
  std::any blank = {};  ///< the struct of the attributes, before any is read
  /// Makes the fault for one connection, or for a link or a party.
  std::variant<MakeConnectionFault, MakePartyFault> make = {};
  MakeDisturbance disturb = {};  ///< what it does to the network, of a fault that stands there

  bool strikes_connections() const { return std::holds_alternative<MakeConnectionFault>(make); }
  /// It works on heads, frames or messages, not on bytes.
  bool needs_units() const { return layer == "upgrade" || layer == "websocket" || reads_messages; }
  /// May strike a whole link: a connection that is open can be struck by it.
  bool takes_scope() const { return strikes_connections() && (layer == "tcp" || layer == "websocket"); }
};

const std::vector<Entry>& catalogue();
const Entry* find_entry(std::string_view name);

/// The fault for one connection; `spec` strikes connections, and must outlive it.
std::unique_ptr<ConnectionFault> make_connection_fault(const FaultSpec& spec);
/// The fault for a link or a party; `spec` strikes no connections.
PartyFault make_party_fault(const FaultSpec& spec);
/// What a fault on the network does to it.
network::Disturbance disturbance_of(const FaultSpec& spec);

/// The parts of the scenario's role: what `at` may be, and on which side of a link the system under test is.
struct Seats {
  std::vector<std::string> links;  ///< "link" or "front", "back", names of further upstreams
  std::string default_link;
  std::vector<std::string> parties;                     ///< "sut", "upstream", names
  std::vector<std::string> served_by_sut = {};          ///< links where the sut is on the server side
  std::map<std::string, std::string> also_called = {};  ///< another name of a link → the link
  int addresses = 1;                                    ///< of the default link
  Duration slowest_stop{0};                             ///< how long stopping "sut" takes, as it declares

  /// The link of that name; null if there is none.
  const std::string* find_link(const std::string& name) const;
  /// The side of that link on which the system under test is.
  wire::Side side_of_sut(const std::string& link) const;
};

/// Reads one [[fault]] table; anything wrong is reported as an error.
std::optional<FaultSpec> read_fault(const Value& table, const Seats& seats, Diagnostics& diagnostics);

}  // namespace wsfault::fault
