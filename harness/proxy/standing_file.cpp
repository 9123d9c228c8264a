#include "proxy/standing_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "scenario/parties.hpp"
#include "value/reader.hpp"
#include "value/toml.hpp"

namespace wsfault::proxy {
namespace {

/// A file without variables has its faults read as a session's proxies read theirs.
fault::Seats seats() {
  scenario::Parties parties;
  parties.upstreams.emplace_back();
  return scenario::seats_of(model::Role::client, parties);
}

StandingProxy read_proxy(const Value& value, Diagnostics& diagnostics) {
  TableReader table(value, diagnostics, "[[proxy]]");
  StandingProxy proxy;
  for (const std::string_view key : {"name", "upstream"})
    if (!table.has(key)) table.error(fmt::format("a proxy needs `{}`", key), "upstream = \"ws://127.0.0.1:9000\"");
  proxy.name = table.text("name").value_or("");
  proxy.upstream = table.text("upstream").value_or("");
  proxy.listen = table.text("listen").value_or("127.0.0.1:0");
  proxy.enabled = table.boolean("enabled").value_or(true);
  fault::Seats at = seats();
  at.also_called[proxy.name] = at.default_link;
  std::vector<std::string> names;
  for (const Value* fault : scenario::tables_of(table, "fault", "[[proxy.fault]]")) {
    auto order = read_order(*fault, at, names, diagnostics);
    if (!order) continue;
    const auto is_taken = [&](const std::string& name) { return std::ranges::find(names, name) != names.end(); };
    if (!name_apart(*order, is_taken))
      diagnostics.error(fault->place, fmt::format("there is a fault \"{}\" already", order->spec.name));
    names.push_back(order->spec.name);
    order->of_file = true;
    proxy.faults.push_back(*std::move(order));
  }
  table.finish();
  return proxy;
}

/// The faults of the file; those of the API stay.
void apply_faults(Proxy& proxy, std::vector<FaultOrder> wanted) {
  for (const StandingFault* present : proxy.faults()) {
    const auto same = std::ranges::find_if(wanted, [&](const FaultOrder& order) {
      return order.spec.name == present->name() && order.stated == present->stated();
    });
    if (same != wanted.end()) {
      wanted.erase(same);
    } else if (std::ranges::any_of(wanted, [&](const FaultOrder& order) { return order.spec.name == present->name(); }) ||
               present->of_file()) {
      proxy.heal(std::string(present->name()));
    }
  }
  for (FaultOrder& order : wanted) proxy.inject(std::move(order));
}

bool is_same_port(const Route& one, const Route& other) {
  return one.listen_host == other.listen_host && one.listen_port == other.listen_port;
}

/// A proxy that leaves a port which another is to have waits at any port.
void make_way(Session& session, const StandingFile& file, const std::vector<Route>& routes) {
  for (std::size_t i = 0; i < routes.size(); ++i) {
    Proxy* proxy = session.find(file.proxies[i].name);
    if (proxy == nullptr || routes[i].listen_port == 0 || is_same_port(proxy->route(), routes[i])) continue;
    Route aside = proxy->route();
    const auto takes_it = [&](const Route& other) { return is_same_port(other, aside); };
    if (std::ranges::none_of(routes, takes_it)) continue;
    aside.listen_port = 0;
    proxy->reroute(aside);
  }
}

std::string apply_one(Session& session, StandingProxy wanted, Route route) {
  try {
    Proxy* proxy = session.find(wanted.name);
    if (proxy == nullptr) proxy = session.add(session.plan_for(wanted.name, route));
    const Route present = proxy->route();
    // Any port is the one that it has.
    if (route.listen_port == 0 && route.listen_host == present.listen_host) route.listen_port = present.listen_port;
    if (!(route == present)) proxy->reroute(route);
    if (wanted.enabled) proxy->enable();
    if (!wanted.enabled) proxy->disable();
    apply_faults(*proxy, std::move(wanted.faults));
  } catch (const boost::system::system_error& error) {
    return fmt::format("the proxy {} cannot listen at {}: {}\n", wanted.name, wanted.listen, error.code().message());
  }
  return {};
}

}  // namespace

Result<StandingFile> read_standing(const std::string& name, const std::string& text) {
  Diagnostics diagnostics(name, text);
  StandingFile file;
  if (const auto tree = parse_toml(text, diagnostics)) {
    TableReader table(*tree, diagnostics, "a file of proxies");
    for (const Value* value : scenario::tables_of(table, "proxy", "[[proxy]]")) {
      StandingProxy proxy = read_proxy(*value, diagnostics);
      const auto same = [&](const StandingProxy& other) { return other.name == proxy.name; };
      if (!proxy.name.empty() && std::ranges::any_of(file.proxies, same))
        diagnostics.error(value->place, fmt::format("there is a proxy \"{}\" already", proxy.name));
      const auto port = [](const StandingProxy& each) {
        return each.listen.ends_with(":0") ? std::string() : each.listen;
      };
      const auto sharer = std::ranges::find(file.proxies, port(proxy), port);
      if (!port(proxy).empty() && sharer != file.proxies.end())
        diagnostics.error(value->place, fmt::format("the proxy \"{}\" listens at {}, too", sharer->name, proxy.listen));
      file.proxies.push_back(std::move(proxy));
    }
    table.finish();
  }
  if (!diagnostics.ok()) return Error{diagnostics.print()};
  return file;
}

net::Task<std::string> apply(Session& session, StandingFile file, std::set<std::string>& of_file) {
  std::string wrong;
  std::set<std::string> names;
  std::vector<Route> routes;
  for (const StandingProxy& wanted : file.proxies) {
    names.insert(wanted.name);
    auto route = co_await read_route(wanted.listen, wanted.upstream);
    if (!route) wrong += fmt::format("the proxy {}: {}\n", wanted.name, route.error());
    if (route) routes.push_back(*std::move(route));
  }
  if (!wrong.empty()) co_return wrong;
  // Before others are added: a proxy may have got another name.
  for (const std::string& name : of_file) {
    if (!names.contains(name)) co_await session.remove(name);
  }
  try {
    make_way(session, file, routes);
  } catch (const boost::system::system_error& error) {
    wrong = fmt::format("no port for a proxy that leaves its own: {}\n", error.code().message());
  }
  for (std::size_t i = 0; i < routes.size(); ++i)
    wrong += apply_one(session, std::move(file.proxies[i]), routes[i]);
  of_file = std::move(names);
  co_return wrong;
}

}  // namespace wsfault::proxy
