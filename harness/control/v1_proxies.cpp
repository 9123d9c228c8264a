// Proxies of a session, their connections, and what can be done to one at once.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "proxy/route.hpp"
#include "control/v1.hpp"
#include "value/words.hpp"

namespace wsfault::control {
namespace {

net::Task<Response> list_proxies(Context& context, const Call& call) {
  json::array all;
  const auto session = session_of(context, call);
  for (const proxy::Proxy* each : session->proxies()) all.push_back(shown(*each));
  co_return answer(json::object{{"proxies", std::move(all)}});
}

/// A proxy as it is asked for, all of it read before anything is made.
struct Wanted {
  std::string name;
  std::string listen = "127.0.0.1:0";
  std::string server;  ///< empty: a fake upstream
  bool enabled = true;
  Value upstream;  ///< the table of a fake upstream
  std::vector<Value> faults;
};

void read_wanted_upstream(TableReader& table, const JsonBody& body, Wanted& wanted) {
  const Value* upstream = table.raw("upstream");
  if (upstream && upstream->text()) {
    wanted.server = *upstream->text();
    if (wanted.server.empty()) table.error(*upstream, "`upstream` is empty", "ws://127.0.0.1:9000, or a table: a fake upstream");
  } else if (upstream && upstream->table()) {
    wanted.upstream = *upstream;
  } else if (upstream) {
    table.error(*upstream, fmt::format("`upstream` is a URL or the table of a fake upstream, found {}", upstream->type_name()),
                R"("ws://127.0.0.1:9000", or {"steps": […]} (docs/scenarios.md))");
  } else {
    table.error(body.value, "a proxy needs `upstream`, what stands behind it",
                R"("ws://127.0.0.1:9000", or {} for a fake upstream that echoes)");
  }
}

Wanted read_wanted(const JsonBody& body, Diagnostics& diagnostics) {
  TableReader table(body.value, diagnostics, "a proxy");
  Wanted wanted;
  check_name(table, "name");
  if (!table.has("name")) table.error(body.value, "a proxy needs a `name`");
  wanted.name = table.text("name").value_or("");
  wanted.listen = table.text("listen").value_or(wanted.listen);
  wanted.enabled = table.boolean("enabled").value_or(true);
  read_wanted_upstream(table, body, wanted);
  if (const Value* faults = table.raw("faults")) {
    if (faults->array()) wanted.faults = *faults->array();
    if (!faults->array()) table.error(*faults, fmt::format("`faults` is a list of faults, found {}", faults->type_name()));
  }
  table.finish();
  return wanted;
}

Response cannot_listen(const std::string& at, const boost::system::system_error& error) {
  return problem(error.code().value() == EADDRINUSE ? 409 : 500,
                 fmt::format("cannot listen at {}: {}", at, error.code().message()));
}

net::Task<Response> create_proxy(Context& context, const Call& call) {
  const auto session = session_of(context, call);
  const JsonBody body = body_of(call);
  Diagnostics diagnostics = diagnostics_of(body);
  const Wanted wanted = read_wanted(body, diagnostics);
  check(body, diagnostics);
  if (session->find(wanted.name))
    throw Stop{problem(409, fmt::format("there is a proxy \"{}\" already", wanted.name))};
  auto played = session->read_played(wanted.name, wanted.upstream, diagnostics);
  check(body, diagnostics);
  auto route = co_await proxy::read_route(wanted.listen, wanted.server);
  if (!route) throw Stop{problem(400, route.error())};
  proxy::Proxy* proxy = session->add({wanted.name, *std::move(route), *std::move(played), session->setting().keeps_logs});
  if (proxy == nullptr) throw Stop{problem(409, fmt::format("there is a proxy \"{}\" already", wanted.name))};
  std::optional<Response> failed;
  try {
    if (wanted.enabled) proxy->enable();
    for (const Value& each : wanted.faults) {
      auto order = proxy->read_fault(each, diagnostics);
      if (!order) continue;
      if (proxy::name_apart(*order, [&](const std::string& name) { return session->has_fault(name); })) {
        proxy->inject(*std::move(order));
      } else {
        diagnostics.error(each.place, "there is a fault of that name already", "each fault has a name of its own");
      }
    }
    if (!diagnostics.ok()) failed = problem(body, diagnostics);
  } catch (const boost::system::system_error& error) {
    failed = cannot_listen(wanted.listen, error);
  }
  if (!failed) co_return answer(shown(*proxy), 201);
  co_await session->remove(wanted.name);
  co_return *std::move(failed);
}

net::Task<Response> show_proxy(Context& context, const Call& call) {
  co_return answer(shown(proxy_of(*session_of(context, call), call)));
}

net::Task<Response> change_proxy(Context& context, const Call& call) {
  const auto session = session_of(context, call);
  const bool has_fake_upstream = proxy_of(*session, call).has_fake_upstream();
  const proxy::Route before = proxy_of(*session, call).route();
  const JsonBody body = body_of(call);
  Diagnostics diagnostics = diagnostics_of(body);
  TableReader table(body.value, diagnostics, "a change of a proxy");
  const auto enabled = table.boolean("enabled");
  const auto listen = table.text("listen");
  const auto upstream = table.text("upstream");
  if (has_fake_upstream && (listen || upstream))
    table.error(body.value, "a proxy with a fake upstream of its own stays where it is", "only `enabled` can be changed");
  table.finish();
  check(body, diagnostics);
  std::optional<proxy::Route> route;
  if (listen || upstream) {
    // Variables, not temporaries: GCC 12 destroys those of a co_await's arguments twice.
    const std::string from = listen.value_or(proxy::listen_text(before));
    const std::string to = upstream.value_or(proxy::upstream_text(before));
    auto read = co_await proxy::read_route(from, to);
    if (!read) throw Stop{problem(400, read.error())};
    route = *std::move(read);
  }
  proxy::Proxy& proxy = proxy_of(*session, call);
  try {
    if (route) proxy.reroute(*route);
    if (enabled && *enabled) proxy.enable();
  } catch (const boost::system::system_error& error) {
    throw Stop{cannot_listen(listen.value_or(proxy::listen_text(before)), error)};
  }
  if (enabled && !*enabled) proxy.disable();
  co_return answer(shown(proxy));
}

net::Task<Response> remove_proxy(Context& context, const Call& call) {
  const auto session = session_of(context, call);
  const std::string name = proxy_of(*session, call).name();
  co_await session->remove(name);
  co_return Response{.status = 204};
}

// --- connections

json::object glance_json(const actor::Connection::Glance& glance) {
  return {{"number", glance.number},
          {"client", glance.client},
          {"open", glance.open},
          {"age_ms", std::chrono::duration_cast<std::chrono::milliseconds>(glance.age).count()},
          {"bytes_from_client", glance.traffic.from_client},
          {"bytes_from_server", glance.traffic.from_server}};
}

net::Task<Response> list_connections(Context& context, const Call& call) {
  json::array all;
  for (const auto& glance : proxy_of(*session_of(context, call), call).connections()) all.push_back(glance_json(glance));
  co_return answer(json::object{{"connections", std::move(all)}});
}

/// What can be done to a connection at once, in the words of a fault.
struct Act {
  std::string_view name;
  std::string_view inject;
};
constexpr std::array<Act, 6> acts = {{{"close", "close"},
                                      {"reset", "reset"},
                                      {"fin", "fin"},
                                      {"freeze", "stall"},
                                      {"send", "extra_message"},
                                      {"ping", "ping_flood"}}};

net::Task<Response> act_on_connection(Context& context, const Call& call) {
  const auto session = session_of(context, call);
  proxy::Proxy& proxy = proxy_of(*session, call);
  const auto found = std::ranges::find(acts, call["act"], &Act::name);
  if (found == acts.end()) {
    std::vector<std::string_view> names;
    for (const Act& each : acts) names.push_back(each.name);
    throw Stop{problem(404, fmt::format("a connection takes no \"{}\"", call["act"]), suggest(call["act"], names))};
  }
  const auto living = proxy.connections();
  const auto is_it = [&](const auto& each) { return std::to_string(each.number) == call["number"]; };
  if (std::ranges::none_of(living, is_it))
    throw Stop{problem(404, fmt::format("there is no open connection {} at \"{}\"", call["number"], proxy.name()),
                       fmt::format("{}", counted(living.size(), "connection is open", "connections are open")))};
  JsonBody body = body_of(call);
  Diagnostics diagnostics = diagnostics_of(body);
  for (const std::string_view key : {"inject", "connections", "when", "scope"}) {
    if (const Value* value = body.value.find(key)) diagnostics.error(value->place, fmt::format("`{}` is said by the path", key));
  }
  if (const Value* after = body.value.find("after"))
    diagnostics.error(after->place, "`after`: it is done at once", "POST …/faults with `connections` and `after` does it later");
  body.value.set("inject", Value(found->inject));
  body.value.set("connections", Value(std::stoll(call["number"])));
  if (found->name == "ping" && !body.value.find("count")) body.value.set("count", Value(1));
  check(body, diagnostics);
  auto order = proxy.read_fault(body.value, diagnostics);
  check(body, diagnostics);
  if (!proxy::name_apart(*order, [&](const std::string& name) { return session->has_fault(name); }))
    throw Stop{problem(409, fmt::format("there is a fault \"{}\" already", order->spec.name))};
  const std::string name = order->spec.name;
  proxy::StandingFault* fault = proxy.inject(*std::move(order));
  const json::object done = shown(proxy, *fault);
  // What lasts no time is over; a freeze is healed by its name.
  if (fault->spec().acts_once) proxy.heal(name);
  co_return answer(done, 201);
}

}  // namespace

std::vector<Route> proxy_routes() {
  constexpr std::string_view all = "/v1/sessions/{session}/proxies";
  constexpr std::string_view one = "/v1/sessions/{session}/proxies/{proxy}";
  return {
      {"GET", all, "The proxies of a session", answered<list_proxies>, {}, {}, "Proxies", {200, 404}},
      {"POST", all, "Adds a proxy, with its faults", answered<create_proxy>, {}, "NewProxy", "Proxy", {201, 400, 404, 409, 500}},
      {"GET", one, "A proxy", answered<show_proxy>, {}, {}, "Proxy", {200, 404}},
      {"PATCH", one, "Enables or disables a proxy, or lets it listen or pass on elsewhere", answered<change_proxy>, {}, "ProxyChange", "Proxy", {200, 400, 404, 409, 500}},
      {"DELETE", one, "Removes a proxy, and ends its connections", answered<remove_proxy>, {}, {}, {}, {204, 404}},
      {"GET", "/v1/sessions/{session}/proxies/{proxy}/connections", "The open connections of a proxy", answered<list_connections>, {}, {}, "Connections", {200, 404}},
      {"POST", "/v1/sessions/{session}/proxies/{proxy}/connections/{number}/{act}", "Does something to a connection at once: close, reset, fin, freeze, send, ping", answered<act_on_connection>, {}, "Act", "Fault", {201, 400, 404, 409}},
  };
}

}  // namespace wsfault::control
