// A fault as a scenario defines it: what, where, whose connection, when, for how long.
#pragma once

#include <any>
#include <optional>
#include <string>
#include <vector>

#include "fault/moment.hpp"
#include "fault/request_pattern.hpp"
#include "value/value.hpp"

namespace wsfault::fault {

/// "1", "1-3", "2-", "odd", "even", "all", or those whose request is such a one.
struct ConnectionSet {
  int first = 1;
  int last = 1;  ///< 0: open range
  int step = 1;  ///< 2 for odd and even
  std::string text = "1";
  std::optional<RequestPattern> request = {};  ///< of the connections with these numbers
  bool contains(int connection) const {
    return connection >= first && (last == 0 || connection <= last) && (connection - first) % step == 0;
  }
  /// Lists each of its members: all of them must be struck. An open range needs at least one.
  bool closed() const { return last != 0; }
};
Result<ConnectionSet> parse_connection_set(std::string_view text);
/// A number, one of the texts, or a table: { path, headers } with texts or /regex/. A wrong one is an error.
std::optional<ConnectionSet> read_connection_set(TableReader& table, std::string_view key);

enum class Direction { to_client, to_server, both };
enum class EndWish {
  fin,
  reset,
  none,
  reset_next,  ///< RST to the next packet
  follow,      ///< none of its own: the peer's passes
  close        ///< a Close frame, then FIN
};

struct FaultSpec {
  std::string name;               ///< unique in the scenario
  std::string inject;             ///< its name in the catalogue
  std::string at;                 ///< a link or a party
  std::optional<std::string> of;  ///< whose connections
  ConnectionSet connections;
  Moment when;
  Duration after{0};
  std::optional<Duration> lasts;
  Direction direction = Direction::both;
  EndWish end = EndWish::fin;
  std::optional<std::int64_t> count = 1;  ///< none: all
  double probability = 1;
  std::any attributes;              ///< the struct of the fault's own, checked, defaults filled in
  bool on_party = false;            ///< a process fault
  bool on_network = false;          ///< it disturbs a network of the case's own
  std::vector<std::string> links;   ///< of a fault on the network: those that it disturbs
  bool middlebox = false;           ///< starts at its `when`, fires when it ends the flow
  bool strikes_connections = true;  ///< false: refuse and similar faults, process faults
  std::optional<int>
      address;              ///< of a link with several, from 1: connections that come by it, attempts there
  Duration slowest_stop{0};  ///< of a party that declares how long stopping takes, where no `grace` is stated
  bool whole_link = false;  ///< `scope = "link"`: one moment for all that are open then and all that come
  bool acts_once = false;   ///< it does all that it does as it fires: nothing of it lasts
  int index = 0;                    ///< in the scenario: several faults apply in this order
  Place place;

  /// Its moment is none of a connection of its own: it comes once, and numbers count over the whole run.
  bool has_one_moment() const { return !strikes_connections || whole_link; }
  /// It knows only what begins after it: its `when` is "start".
  bool needs_the_start() const { return on_network && middlebox; }
};

std::string_view to_string(Direction direction);
std::string_view to_string(EndWish end);

}  // namespace wsfault::fault
