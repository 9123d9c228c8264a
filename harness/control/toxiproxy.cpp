// Toxiproxy's API, as its 2.12 serves it: routes, statuses, fields, bodies, defaults. docs/toxiproxy.md lists what is
// done otherwise on purpose.
#include "control/toxiproxy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cctype>
#include <cmath>
#include <random>

#include "proxy/route.hpp"
#include "control/router.hpp"
#include "control/toxic.hpp"
#include "wire/field.hpp"

namespace wsfault::control {
namespace {

constexpr std::string_view compatible_version = "2.12.0";
const std::string bad_body = "bad request body";
const std::string missing_field = "missing required field";

/// Thrown by a handler, and answered.
struct Refusal {
  int status;
  std::string message;
};

std::string quoted(std::string_view text) { return boost::json::serialize(boost::json::string(text)); }

// --- reading, as Go's encoding/json does: names in any case, what is unknown is left out

const Value* field(const Value& object, std::string_view name) {
  const Value* found = nullptr;
  for (const Value::Member& member : object.table() ? *object.table() : Value::Table{}) {
    if (wire::equal_without_case(member.key, name)) found = object.find(member.key);
  }
  return found == nullptr || found->is_null() ? nullptr : found;
}

std::string go_type(const Value& value) {
  if (value.boolean()) return "bool";
  if (value.integer() || value.real()) return "number";
  if (value.text()) return "string";
  return value.array() ? "array" : "object";
}

[[noreturn]] void wrong_type(const Value& value, std::string_view wanted) {
  throw Refusal{400, fmt::format("{}: json: cannot unmarshal {} into Go value of type {}", bad_body, go_type(value), wanted)};
}

std::string text(const Value& object, std::string_view name, std::string otherwise) {
  const Value* value = field(object, name);
  if (value == nullptr) return otherwise;
  if (!value->text()) wrong_type(*value, "string");
  return *value->text();
}

bool boolean(const Value& object, std::string_view name, bool otherwise) {
  const Value* value = field(object, name);
  if (value == nullptr) return otherwise;
  if (!value->boolean()) wrong_type(*value, "bool");
  return *value->boolean();
}

Value read_body(const std::string& body) {
  if (body.find_first_not_of(" \t\r\n") == std::string::npos) throw Refusal{400, bad_body + ": EOF"};
  auto json = read_json(body);
  if (!json) throw Refusal{400, bad_body + ": " + json.error()};
  return std::move(json->value);
}

Value read_object(const std::string& body) {
  Value value = read_body(body);
  if (!value.table() && !value.is_null()) wrong_type(value, "object");
  return value;
}

// --- writing

std::string proxy_json(const proxy::Proxy& proxy) {
  std::string toxics;
  for (const Toxic& toxic : toxics_of(proxy)) toxics += (toxics.empty() ? "" : ",") + to_json(toxic);
  return fmt::format("{{\"name\":{},\"listen\":{},\"upstream\":{},\"enabled\":{},\"Logger\":{{}},\"toxics\":[{}]}}",
                     quoted(proxy.name()), quoted(proxy::listen_text(proxy.route())), quoted(proxy::upstream_text(proxy.route())),
                     proxy.enabled(), toxics);
}

Response json_answer(int status, std::string body) { return {.status = status, .body = std::move(body)}; }

proxy::Proxy& find_proxy(Context& context, const Call& call) {
  proxy::Proxy* proxy = context.sessions.standing().find(call["proxy"]);
  if (proxy == nullptr) throw Refusal{404, "proxy not found"};
  return *proxy;
}

/// "listen tcp 127.0.0.1:80: bind: permission denied", as Go says it.
std::string bind_error(const proxy::Route& route, const boost::system::system_error& error) {
  std::string why = error.code().message();
  if (!why.empty()) why[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(why[0])));
  return fmt::format("listen tcp {}: bind: {}", proxy::listen_text(route), why);
}

void enable(proxy::Proxy& proxy) {
  try {
    proxy.enable();
  } catch (const boost::system::system_error& error) {
    throw Refusal{500, bind_error(proxy.route(), error)};
  }
}

net::Task<proxy::Route> route_of(std::string listen, std::string upstream) {
  auto route = co_await proxy::read_route(std::move(listen), std::move(upstream));
  if (!route) throw Refusal{500, route.error()};
  co_return *std::move(route);
}

// --- proxies

net::Task<Response> proxy_index(Context& context, const Call&) {
  std::string all;
  for (const proxy::Proxy* proxy : context.sessions.standing().proxies())
    all += fmt::format("{}{}:{}", all.empty() ? "" : ",", quoted(proxy->name()), proxy_json(*proxy));
  co_return json_answer(200, "{" + all + "}");
}

net::Task<void> add(Context& context, std::string name, std::string listen, std::string upstream, bool enabled) {
  proxy::Session& session = context.sessions.standing();
  proxy::Route route = co_await route_of(std::move(listen), std::move(upstream));
  proxy::Proxy* proxy = session.add(session.plan_for(name, std::move(route)));
  if (proxy == nullptr) throw Refusal{409, "proxy already exists"};
  std::exception_ptr thrown;
  try {
    if (enabled) enable(*proxy);
  } catch (...) {
    thrown = std::current_exception();
  }
  if (!thrown) co_return;
  co_await session.remove(name);
  std::rethrow_exception(thrown);
}

net::Task<Response> proxy_create(Context& context, const Call& call) {
  const Value body = read_object(call.request.body);
  const std::string name = text(body, "name", "");
  const std::string listen = text(body, "listen", "");
  const std::string upstream = text(body, "upstream", "");
  const bool enabled = boolean(body, "enabled", true);
  if (name.empty()) throw Refusal{400, missing_field + ": name"};
  if (upstream.empty()) throw Refusal{400, missing_field + ": upstream"};
  co_await add(context, name, listen, upstream, enabled);
  co_return json_answer(201, proxy_json(*context.sessions.standing().find(name)));
}

net::Task<Response> proxy_show(Context& context, const Call& call) {
  co_return json_answer(200, proxy_json(find_proxy(context, call)));
}

net::Task<Response> proxy_update(Context& context, const Call& call) {
  find_proxy(context, call);
  const Value body = read_object(call.request.body);
  const proxy::Route before = find_proxy(context, call).route();
  const std::string listen = text(body, "listen", proxy::listen_text(before));
  const std::string upstream = text(body, "upstream", proxy::upstream_text(before));
  const bool enabled = boolean(body, "enabled", find_proxy(context, call).enabled());
  proxy::Route route = co_await route_of(listen, upstream);
  proxy::Proxy& proxy = find_proxy(context, call);
  try {
    if (!(route == before)) proxy.reroute(route);
  } catch (const boost::system::system_error& error) {
    throw Refusal{500, bind_error(route, error)};
  }
  if (enabled) {
    enable(proxy);
  } else {
    proxy.disable();
  }
  co_return json_answer(200, proxy_json(proxy));
}

net::Task<Response> proxy_delete(Context& context, const Call& call) {
  const std::string name = find_proxy(context, call).name();
  co_await context.sessions.standing().remove(name);
  co_return Response{.status = 204};
}

/// All are read before the first is changed. One that is there as it is to be stays; another is replaced.
net::Task<Response> populate(Context& context, const Call& call) {
  std::string shown_ones;
  std::string wrong;
  int status = 201;
  try {
    const Value body = read_body(call.request.body);
    if (!body.array()) wrong_type(body, "array");
    std::size_t number = 0;
    for (const Value& each : *body.array()) {
      ++number;
      if (text(each, "name", "").empty()) throw Refusal{400, fmt::format("{}: name at proxy {}", missing_field, number)};
      if (text(each, "upstream", "").empty())
        throw Refusal{400, fmt::format("{}: upstream at proxy {}", missing_field, number)};
      text(each, "listen", "");
      boolean(each, "enabled", true);
    }
    for (const Value& each : *body.array()) {
      const std::string name = text(each, "name", "");
      const std::string listen = text(each, "listen", "");
      const std::string upstream = text(each, "upstream", "");
      proxy::Session& session = context.sessions.standing();
      const proxy::Route route = co_await route_of(listen, upstream);
      const proxy::Proxy* present = session.find(name);
      if (present == nullptr || !(present->route() == route)) {
        if (present) co_await session.remove(name);
        co_await add(context, name, listen, upstream, boolean(each, "enabled", true));
      }
      shown_ones += (shown_ones.empty() ? "" : ",") + proxy_json(*session.find(name));
    }
  } catch (const Refusal& refusal) {
    status = refusal.status;
    wrong = fmt::format("\"error\":{},\"status\":{},", quoted(refusal.message), refusal.status);
  }
  const std::string proxies = shown_ones.empty() && !wrong.empty() ? "null" : "[" + shown_ones + "]";
  co_return json_answer(status, fmt::format("{{{}\"proxies\":{}}}", wrong, proxies));
}

net::Task<Response> reset_all(Context& context, const Call&) {
  for (proxy::Proxy* proxy : context.sessions.standing().proxies()) {
    enable(*proxy);
    remove_all_toxics(*proxy);
  }
  co_return Response{.status = 204};
}

// --- toxics

net::Task<Response> toxic_index(Context& context, const Call& call) {
  std::string all;
  for (const Toxic& toxic : toxics_of(find_proxy(context, call))) all += (all.empty() ? "" : ",") + to_json(toxic);
  co_return json_answer(200, "[" + all + "]");
}

void read_attributes(const Value& body, Toxic& toxic) {
  const Value* attributes = field(body, "attributes");
  if (attributes == nullptr) return;
  if (!attributes->table()) wrong_type(*attributes, "object");
  for (auto& [name, number] : toxic.attributes) {
    const Value* value = field(*attributes, name);
    if (value == nullptr) continue;
    const double* real = value->real();
    if (real && *real == std::floor(*real) && std::abs(*real) < 9e15) {
      number = static_cast<std::int64_t>(*real);
    } else if (value->integer()) {
      number = *value->integer();
    } else {
      wrong_type(*value, "int64");
    }
  }
}

float read_toxicity(const Value& body, float otherwise) {
  const Value* value = field(body, "toxicity");
  if (value == nullptr) return otherwise;
  if (value->integer()) return static_cast<float>(*value->integer());
  if (!value->real()) wrong_type(*value, "float32");
  return static_cast<float>(*value->real());
}

net::Task<Response> toxic_create(Context& context, const Call& call) {
  proxy::Proxy& proxy = find_proxy(context, call);
  const Value body = read_object(call.request.body);
  Toxic toxic;
  toxic.name = text(body, "name", "");
  toxic.type = text(body, "type", "");
  toxic.stream = text(body, "stream", toxic.stream);
  toxic.toxicity = read_toxicity(body, toxic.toxicity);
  if (!is_upstream(toxic.stream))
    throw Refusal{400, "stream was invalid, can be either upstream or downstream"};
  if (toxic.name.empty()) toxic.name = toxic.type + "_" + toxic.stream;
  toxic.attributes = attributes_of(toxic.type);
  if (toxic.attributes.empty()) throw Refusal{400, "invalid toxic type"};
  if (proxy.find_fault(toxic.name)) throw Refusal{409, "toxic already exists"};
  read_attributes(body, toxic);
  add_toxic(proxy, toxic);
  co_return json_answer(200, to_json(toxic));
}

Toxic present_toxic(const proxy::Proxy& proxy, const Call& call) {
  auto toxic = find_toxic(proxy, call["toxic"]);
  if (!toxic) throw Refusal{404, "toxic not found"};
  return *std::move(toxic);
}

net::Task<Response> toxic_show(Context& context, const Call& call) {
  co_return json_answer(200, to_json(present_toxic(find_proxy(context, call), call)));
}

net::Task<Response> toxic_update(Context& context, const Call& call) {
  proxy::Proxy& proxy = find_proxy(context, call);
  Toxic toxic = present_toxic(proxy, call);
  const Value body = read_object(call.request.body);
  toxic.toxicity = read_toxicity(body, toxic.toxicity);
  read_attributes(body, toxic);
  change_toxic(proxy, toxic);
  co_return json_answer(200, to_json(toxic));
}

net::Task<Response> toxic_delete(Context& context, const Call& call) {
  proxy::Proxy& proxy = find_proxy(context, call);
  remove_toxic(proxy, present_toxic(proxy, call).name);
  co_return Response{.status = 204};
}

net::Task<Response> show_version(Context&, const Call&) {
  Response response = json_answer(200, fmt::format("{{\"version\": \"{}\"}}\n", compatible_version));
  response.type = "application/json;charset=utf-8";
  co_return response;
}

/// An id of 20 digits and letters, as Toxiproxy gives each request.
std::string request_id() {
  static std::mt19937_64 random(std::random_device{}());
  constexpr std::string_view digits = "0123456789abcdefghijklmnopqrstuv";
  std::string id;
  for (int i = 0; i < 20; ++i) id += digits[random() % digits.size()];
  return id;
}

/// Answers what a handler throws, and keeps pages of browsers out, as Toxiproxy does.
template <net::Task<Response> (*serve)(Context&, const Call&)>
net::Task<Response> guarded(Context& context, const Call& call) {
  Response response;
  if (call.request.field("user-agent").starts_with("Mozilla/")) {
    response = {.status = 403, .type = "text/plain; charset=utf-8", .body = "User agent not allowed\n"};
    response.fields.emplace_back("X-Content-Type-Options", "nosniff");
  } else {
    try {
      response = co_await serve(context, call);
    } catch (const Refusal& refusal) {
      response = toxiproxy_error(refusal.status, refusal.message);
    }
  }
  response.fields.emplace_back("X-Toxiproxy-Request-Id", request_id());
  co_return response;
}

}  // namespace

Response toxiproxy_error(int status, std::string_view message) {
  Response response{.status = status, .type = "text/plain; charset=utf-8"};
  response.body = fmt::format("{{\"error\":{},\"status\":{}}}\n", quoted(message), status);
  response.fields.emplace_back("X-Content-Type-Options", "nosniff");
  return response;
}

Response no_such_page() {
  Response response{.status = 404, .type = "text/plain; charset=utf-8", .body = "404 page not found\n"};
  response.fields.emplace_back("X-Content-Type-Options", "nosniff");
  return response;
}

Response no_such_method() { return {.status = 405, .type = "text/plain; charset=utf-8"}; }

std::vector<Route> toxiproxy_routes() {
  using std::vector;
  constexpr std::string_view one = "/proxies/{proxy}";
  constexpr std::string_view toxics = "/proxies/{proxy}/toxics";
  constexpr std::string_view toxic = "/proxies/{proxy}/toxics/{toxic}";
  return {
      {"POST", "/reset", "Enables all proxies and removes all toxics", guarded<reset_all>, {}, {}, {}, {204, 500}},
      {"GET", "/proxies", "All proxies with their toxics, by name", guarded<proxy_index>, {}, {}, "ToxiproxyProxies"},
      {"POST", "/proxies", "Adds a proxy", guarded<proxy_create>, {}, "NewToxiproxyProxy", "ToxiproxyProxy", {201, 400, 409, 500}},
      {"POST", "/populate", "Adds or replaces proxies", guarded<populate>, {}, "ToxiproxyPopulate", "ToxiproxyPopulated", {201, 400, 500}, {}, "ToxiproxyPopulated"},
      {"GET", one, "A proxy", guarded<proxy_show>, {}, {}, "ToxiproxyProxy", {200, 404}},
      {"POST", one, "Changes a proxy", guarded<proxy_update>, {}, "ToxiproxyProxyChange", "ToxiproxyProxy", {200, 400, 404, 500}},
      {"PATCH", one, "Changes a proxy", guarded<proxy_update>, {}, "ToxiproxyProxyChange", "ToxiproxyProxy", {200, 400, 404, 500}},
      {"DELETE", one, "Removes a proxy", guarded<proxy_delete>, {}, {}, {}, {204, 404}},
      {"GET", toxics, "The toxics of a proxy", guarded<toxic_index>, {}, {}, "ToxiproxyToxics", {200, 404}},
      {"POST", toxics, "Adds a toxic", guarded<toxic_create>, {}, "NewToxiproxyToxic", "ToxiproxyToxic", {200, 400, 404, 409}},
      {"GET", toxic, "A toxic", guarded<toxic_show>, {}, {}, "ToxiproxyToxic", {200, 404}},
      {"POST", toxic, "Changes a toxic", guarded<toxic_update>, {}, "ToxiproxyToxicChange", "ToxiproxyToxic", {200, 400, 404}},
      {"PATCH", toxic, "Changes a toxic", guarded<toxic_update>, {}, "ToxiproxyToxicChange", "ToxiproxyToxic", {200, 400, 404}},
      {"DELETE", toxic, "Removes a toxic", guarded<toxic_delete>, {}, {}, {}, {204, 404}},
      {"GET", "/version", "The version of Toxiproxy whose API this is", guarded<show_version>, {}, {}, "ToxiproxyVersion"},
  };
}

}  // namespace wsfault::control
