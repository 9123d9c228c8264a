// Toxics (Toxiproxy 2.12) in the words of wsfault's faults.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "proxy/proxy.hpp"
#include "value/value.hpp"

namespace wsfault::control {

struct Toxic {
  std::string name;
  std::string type;
  std::string stream = "downstream";  ///< as it was written: "downstream" or "upstream", in any case
  float toxicity = 1;                 ///< the part of the connections that it strikes
  std::vector<std::pair<std::string, std::int64_t>> attributes;  ///< all of its type, in Toxiproxy's order

  bool is_upstream() const;
  std::int64_t attribute(std::string_view name) const;
};

/// Its type's attributes, each 0; empty: there is no such type.
std::vector<std::pair<std::string, std::int64_t>> attributes_of(std::string_view type);
/// None: neither "downstream" nor "upstream".
std::optional<bool> is_upstream(std::string_view stream);

/// Adds it to the proxy: open connections and those that come. False if there is a fault of that name.
bool add_toxic(proxy::Proxy& proxy, const Toxic& toxic);
/// What it does from now on, in its place.
void change_toxic(proxy::Proxy& proxy, const Toxic& toxic);
/// False: there is none of that name.
bool remove_toxic(proxy::Proxy& proxy, const std::string& name);
void remove_all_toxics(proxy::Proxy& proxy);
/// Those to the server first, each in the order in which they came.
std::vector<Toxic> toxics_of(const proxy::Proxy& proxy);
std::optional<Toxic> find_toxic(const proxy::Proxy& proxy, const std::string& name);

/// Its JSON.
std::string to_json(const Toxic& toxic);

}  // namespace wsfault::control
