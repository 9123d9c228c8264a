#include "control/v1.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "proxy/route.hpp"
#include "control/openapi.hpp"
#include "record/json.hpp"

namespace wsfault::control {
namespace {

constexpr Duration longest_wait = std::chrono::minutes(1);
constexpr std::size_t longest_name = 100;

net::Task<Response> show_index(Context& context, const Call&) {
  co_return answer(json::object{{"version", context.version},
                                {"seed", std::to_string(context.sessions.seed())},
                                {"openapi", "/v1/openapi.json"},
                                {"sessions", "/v1/sessions"}});
}

net::Task<Response> show_openapi(Context& context, const Call&) {
  co_return Response{.body = print_openapi(context.version)};
}

std::string names_of(const proxy::Session& session) {
  std::string names;
  for (const proxy::Proxy* each : session.proxies()) names += (names.empty() ? "" : ", ") + each->name();
  return names.empty() ? "it has no proxies yet" : "its proxies: " + names;
}

}  // namespace

std::shared_ptr<proxy::Session> session_of(Context& context, const Call& call) {
  auto session = context.sessions.find(call["session"]);
  if (!session)
    throw Stop{problem(404, fmt::format("there is no session \"{}\"", call["session"]),
                       "it was deleted, or its time to live was over: POST /v1/sessions begins one")};
  return session;
}

proxy::Proxy& proxy_of(proxy::Session& session, const Call& call) { return named_proxy(session, call["proxy"]); }

proxy::Proxy& named_proxy(proxy::Session& session, const std::optional<std::string>& name) {
  if (!name) {
    const auto proxies = session.proxies();
    if (proxies.size() == 1) return *proxies.front();
    throw Stop{problem(proxies.empty() ? 404 : 400,
                       proxies.empty() ? "the session has no proxy" : "the session has several proxies: say which",
                       names_of(session))};
  }
  if (proxy::Proxy* found = session.find(*name)) return *found;
  std::vector<std::string_view> names;
  const auto proxies = session.proxies();
  for (const proxy::Proxy* each : proxies) names.emplace_back(each->name());
  const std::string_view nearest = nearest_name(*name, names);
  throw Stop{problem(404, fmt::format("there is no proxy \"{}\"", *name),
                     nearest.empty() ? names_of(session) : fmt::format("did you mean \"{}\"?", nearest))};
}

JsonBody body_of(const Call& call) {
  auto body = read_json(call.request.body);
  if (!body) throw Stop{problem(400, body.error())};
  if (!body->value.table()) throw Stop{problem(400, fmt::format("the body is an object, found {}", body->value.type_name()))};
  return *std::move(body);
}

void check(const JsonBody& body, const Diagnostics& diagnostics) {
  if (!diagnostics.ok()) throw Stop{problem(body, diagnostics)};
}

Diagnostics diagnostics_of(const JsonBody&) { return {"the body", ""}; }

std::optional<Duration> duration_argument(const Call& call, const std::string& name) {
  const auto text = call.request.argument(name);
  if (!text) return std::nullopt;
  const auto duration = parse_duration(*text);
  if (!duration) throw Stop{problem(400, fmt::format("`{}`: {}", name, duration.error()), "5s, 250ms")};
  if (*duration > longest_wait)
    throw Stop{problem(400, fmt::format("`{}`: at most 1m, found {}", name, *text))};
  return *duration;
}

std::optional<std::uint64_t> number_argument(const Call& call, const std::string& name) {
  const auto text = call.request.argument(name);
  if (!text) return std::nullopt;
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  if (error != std::errc() || end != text->data() + text->size())
    throw Stop{problem(400, fmt::format("`{}` must be a number, found \"{}\"", name, *text))};
  return number;
}

void check_name(TableReader& table, std::string_view key) {
  const Value* value = table.raw(key);
  if (!value || !value->text()) return;
  const std::string& name = *value->text();
  if (name.empty() || name.size() > longest_name || name.find('/') != std::string::npos)
    table.error(*value, fmt::format("`{}` has 1 to {} characters, and no \"/\"", key, longest_name));
}

Response answer(const json::value& value, int status) {
  return {.status = status, .body = json::serialize(value) + "\n"};
}

json::value as_json(const Value& value) { return json::parse(to_json(value)); }

std::string event_json(const proxy::Journal::Entry& entry) {
  std::string event = record::to_json(entry.event);
  const std::string proxy = entry.proxy.empty() ? "" : "\"proxy\":" + json::serialize(json::string(entry.proxy.view())) + ",";
  event.replace(0, 1, fmt::format("{{\"cursor\":{},{}", entry.cursor, proxy));
  return event;
}

json::object shown(const proxy::Session& session) {
  json::array proxies;
  for (const proxy::Proxy* each : session.proxies()) proxies.push_back(shown(*each));
  json::object out{{"id", session.id()},
                   {"role", model::to_string(session.setting().role)},
                   {"verdicts", session.setting().keeps_logs},
                   {"seed", std::to_string(session.setting().seed)},
                   {"proxies", std::move(proxies)}};
  if (session.setting().ttl) out["ttl"] = format_duration(*session.setting().ttl);
  return out;
}

json::object shown(const proxy::Proxy& proxy) {
  json::array faults;
  for (const proxy::StandingFault* each : proxy.faults()) faults.push_back(shown(proxy, *each));
  const std::string listen = proxy::listen_text(proxy.route());
  return {{"name", proxy.name()},
          {"enabled", proxy.enabled()},
          {"listen", listen},
          {"host", proxy.route().listen_host},
          {"port", proxy.route().listen_port},
          {"url", "ws://" + listen},
          {"upstream", proxy.has_fake_upstream() ? json::value(nullptr) : json::value(proxy::upstream_text(proxy.route()))},
          {"connections", proxy.living()},
          {"faults", std::move(faults)}};
}

json::object shown(const proxy::Proxy& proxy, const proxy::StandingFault& fault) {
  constexpr std::array<std::string_view, 3> states = {"armed", "fired", "healed"};
  json::object out{{"name", fault.name()},
                   {"proxy", proxy.name()},
                   {"inject", fault.spec().inject},
                   {"state", states[static_cast<std::size_t>(fault.state())]},
                   {"fired", fault.fired()},
                   {"when", fault.at_once() ? std::string("now") : fault::to_string(fault.spec().when)},
                   {"connections", fault.spec().connections.text}};
  if (!fault.stated().is_null()) out["stated"] = as_json(fault.stated());
  return out;
}

std::vector<Route> v1_routes() {
  std::vector<Route> routes = {
      {"GET", "/v1", "What serves here", answered<show_index>, {}, {}, "Index"},
      {"GET", "/v1/openapi.json", "This document", answered<show_openapi>, {}, {}, "OpenApi"},
  };
  for (auto* list : {&session_routes, &proxy_routes, &fault_routes, &client_routes, &event_routes, &verdict_routes}) {
    std::vector<Route> more = (*list)();
    routes.insert(routes.end(), more.begin(), more.end());
  }
  return routes;
}

}  // namespace wsfault::control
