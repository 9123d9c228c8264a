// Faults of a session, in the words of [[fault]].
#include <fmt/format.h>

#include "control/v1.hpp"

namespace wsfault::control {
namespace {

net::Task<Response> list_faults(Context& context, const Call& call) {
  json::array all;
  const auto session = session_of(context, call);
  for (const proxy::Proxy* proxy : session->proxies())
    for (const proxy::StandingFault* each : proxy->faults()) all.push_back(shown(*proxy, *each));
  co_return answer(json::object{{"faults", std::move(all)}});
}

/// `at` names a proxy; it may be left out where there is one only.
proxy::Proxy& place_of(proxy::Session& session, const JsonBody& body) {
  const Value* at = body.value.find("at");
  if (at == nullptr) return named_proxy(session, std::nullopt);
  if (!at->text()) throw Stop{problem(400, fmt::format("`at` is the name of a proxy, found {}", at->type_name()))};
  return named_proxy(session, *at->text());
}

/// The proxy that has the fault of the path.
std::pair<proxy::Proxy*, proxy::StandingFault*> fault_of(const proxy::Session& session, const Call& call) {
  std::string names;
  for (proxy::Proxy* proxy : session.proxies()) {
    if (proxy::StandingFault* found = proxy->find_fault(call["fault"])) return {proxy, found};
    for (const proxy::StandingFault* each : proxy->faults()) names += (names.empty() ? "" : ", ") + each->name();
  }
  throw Stop{problem(404, fmt::format("there is no fault \"{}\"", call["fault"]),
                     names.empty() ? "there are none" : "there are: " + names)};
}

net::Task<Response> inject_fault(Context& context, const Call& call) {
  const auto session = session_of(context, call);
  const JsonBody body = body_of(call);
  proxy::Proxy& proxy = place_of(*session, body);
  Diagnostics diagnostics = diagnostics_of(body);
  auto order = proxy.read_fault(body.value, diagnostics);
  check(body, diagnostics);
  if (!proxy::name_apart(*order, [&](const std::string& name) { return session->has_fault(name); }))
    throw Stop{problem(409, fmt::format("there is a fault \"{}\" already", order->spec.name))};
  proxy::StandingFault* fault = proxy.inject(*std::move(order));
  co_return answer(shown(proxy, *fault), 201);
}

net::Task<Response> show_fault(Context& context, const Call& call) {
  const auto session = session_of(context, call);
  const auto [proxy, fault] = fault_of(*session, call);
  co_return answer(shown(*proxy, *fault));
}

net::Task<Response> heal_fault(Context& context, const Call& call) {
  const auto session = session_of(context, call);
  const auto [proxy, fault] = fault_of(*session, call);
  const std::string name = fault->name();
  proxy->heal(name);
  co_await session->healed();
  co_return Response{.status = 204};
}

net::Task<Response> heal_all_faults(Context& context, const Call& call) {
  const auto session = session_of(context, call);
  for (proxy::Proxy* proxy : session->proxies()) proxy->heal_all();
  co_await session->healed();
  co_return Response{.status = 204};
}

}  // namespace

std::vector<Route> fault_routes() {
  constexpr std::string_view all = "/v1/sessions/{session}/faults";
  constexpr std::string_view one = "/v1/sessions/{session}/faults/{fault}";
  return {
      {"GET", all, "The faults of a session", answered<list_faults>, {}, {}, "Faults", {200, 404}},
      {"POST", all, "Injects a fault, in the words of [[fault]]; `at` names the proxy", answered<inject_fault>, {}, "NewFault", "Fault", {201, 400, 404, 409}},
      {"DELETE", all, "Heals all faults", answered<heal_all_faults>, {}, {}, {}, {204, 404}},
      {"GET", one, "A fault, and what became of it", answered<show_fault>, {}, {}, "Fault", {200, 404}},
      {"DELETE", one, "Heals a fault", answered<heal_fault>, {}, {}, {}, {204, 404}},
  };
}

}  // namespace wsfault::control
