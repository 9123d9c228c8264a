#include "control/openapi.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <initializer_list>
#include <utility>

#include "control/router.hpp"
#include "report/schema.hpp"
#include "wire/field.hpp"
#include "wire/reason_phrase.hpp"

namespace wsfault::control {
namespace {

namespace json = boost::json;

/// The schemas of what is wsfault's own; those of faults, expectations and steps are a scenario's.
constexpr std::string_view own_schemas = R"json({
  "Index": {"type": "object", "required": ["version", "seed", "openapi", "sessions"], "properties": {
    "version": {"type": "string"}, "seed": {"type": "string"}, "openapi": {"type": "string"}, "sessions": {"type": "string"}}},
  "OpenApi": {"type": "object"},
  "Problem": {"type": "object", "description": "RFC 9457", "required": ["title", "status", "detail"], "properties": {
    "title": {"type": "string"}, "status": {"type": "integer"}, "detail": {"type": "string"}, "hint": {"type": "string"},
    "errors": {"type": "array", "items": {"type": "object", "required": ["pointer", "detail"], "properties": {
      "pointer": {"type": "string", "description": "RFC 6901: the place in the body"}, "detail": {"type": "string"},
      "hint": {"type": "string", "description": "what is allowed, or the nearest name"}}}}}},
  "Role": {"type": "string", "enum": ["client", "gateway", "server"], "description": "the seat of the system under test"},
  "NewSession": {"type": "object", "additionalProperties": false, "properties": {
    "id": {"type": "string"}, "role": {"type": "string", "enum": ["client", "server"], "default": "client"},
    "ttl": {"type": "string", "default": "5m", "description": "how long it lasts after the last heartbeat: 1s to 24h"},
    "traits": {"type": "object", "description": "docs/scenarios.md, System files and traits"},
    "system": {"type": "string", "description": "its name in verdicts"}, "seed": {"type": "integer", "minimum": 0}}},
  "Session": {"type": "object", "required": ["id", "role", "verdicts", "seed", "proxies"], "properties": {
    "id": {"type": "string"}, "role": {"$ref": "#/components/schemas/Role"}, "ttl": {"type": "string"},
    "verdicts": {"type": "boolean", "description": "it keeps a log, and can be judged"}, "seed": {"type": "string"},
    "proxies": {"type": "array", "items": {"$ref": "#/components/schemas/Proxy"}}}},
  "Sessions": {"type": "object", "required": ["sessions"], "properties": {
    "sessions": {"type": "array", "items": {"$ref": "#/components/schemas/Session"}}}},
  "NewProxy": {"type": "object", "additionalProperties": false, "required": ["name", "upstream"], "properties": {
    "name": {"type": "string", "minLength": 1, "maxLength": 100},
    "upstream": {"anyOf": [{"type": "string", "description": "ws://HOST:PORT, wss://HOST:PORT or HOST:PORT"},
      {"type": "object", "description": "a fake upstream: docs/scenarios.md, [upstream]; {} echoes"}]},
    "listen": {"type": "string", "default": "127.0.0.1:0"}, "enabled": {"type": "boolean", "default": true},
    "faults": {"type": "array", "items": {"$ref": "#/components/schemas/NewFault"}}}},
  "ProxyChange": {"type": "object", "additionalProperties": false, "properties": {
    "upstream": {"type": "string"}, "listen": {"type": "string"}, "enabled": {"type": "boolean"}}},
  "Proxy": {"type": "object", "required": ["name", "enabled", "listen", "host", "port", "url", "upstream", "connections", "faults"], "properties": {
    "name": {"type": "string"}, "enabled": {"type": "boolean"}, "listen": {"type": "string"}, "host": {"type": "string"},
    "port": {"type": "integer"}, "url": {"type": "string"}, "upstream": {"type": ["string", "null"]},
    "connections": {"type": "integer", "description": "that are open"},
    "faults": {"type": "array", "items": {"$ref": "#/components/schemas/Fault"}}}},
  "Proxies": {"type": "object", "required": ["proxies"], "properties": {
    "proxies": {"type": "array", "items": {"$ref": "#/components/schemas/Proxy"}}}},
  "Connection": {"type": "object", "required": ["number", "client", "open", "age_ms", "bytes_from_client", "bytes_from_server"], "properties": {
    "number": {"type": "integer"}, "client": {"type": "string"}, "open": {"type": "boolean"}, "age_ms": {"type": "integer"},
    "bytes_from_client": {"type": "integer"}, "bytes_from_server": {"type": "integer"}}},
  "Connections": {"type": "object", "required": ["connections"], "properties": {
    "connections": {"type": "array", "items": {"$ref": "#/components/schemas/Connection"}}}},
  "Act": {"type": "object", "description": "attributes of the fault that does it: code, reason, payload, direction … (docs/faults.md)"},
  "NewFault": {"$ref": "#/components/schemas/scenario.fault"},
  "Fault": {"type": "object", "required": ["name", "proxy", "inject", "state", "fired", "when", "connections"], "properties": {
    "name": {"type": "string"}, "proxy": {"type": "string"}, "inject": {"type": "string"},
    "state": {"type": "string", "enum": ["armed", "fired", "healed"]}, "fired": {"type": "integer", "description": "how often"},
    "when": {"type": "string", "description": "\"now\", or its moment"}, "connections": {"type": "string"},
    "stated": {"type": "object", "description": "as it was asked for"}}},
  "Faults": {"type": "object", "required": ["faults"], "properties": {
    "faults": {"type": "array", "items": {"$ref": "#/components/schemas/Fault"}}}},
  "NewClient": {"type": "object", "properties": {"proxy": {"type": "string"}, "name": {"type": "string"}, "count": {"type": "integer"},
    "start": {"$ref": "#/components/schemas/scenario.moment"}, "steps": {"$ref": "#/components/schemas/scenario.steps"},
    "request": {"type": "object"}}},
  "Client": {"type": "object", "required": ["name", "proxy", "count"], "properties": {
    "name": {"type": "string"}, "proxy": {"type": "string"}, "count": {"type": "integer"}}},
  "Report": {"type": "object", "required": ["event"], "properties": {"proxy": {"type": "string"},
    "event": {"type": "string", "enum": ["open", "message", "error", "close", "reconnecting"]}, "code": {"type": "integer"},
    "reason": {"type": "string"}, "clean": {"type": "boolean"}, "text": {"type": "string"}, "message": {"type": "string"},
    "status": {"type": "integer"}, "connection": {"type": "integer"}}},
  "Mark": {"type": "object", "additionalProperties": false, "required": ["name"], "properties": {
    "name": {"type": "string"}, "proxy": {"type": "string"}}},
  "Event": {"type": "object", "description": "an event of the log (docs/results.md), with its cursor and proxy", "required": ["cursor", "type", "at"], "properties": {
    "cursor": {"type": "integer"}, "proxy": {"type": "string"}, "type": {"type": "string"}, "at": {"type": "integer", "description": "nanoseconds since the proxy was made"},
    "connection": {"type": "integer"}}},
  "Events": {"type": "object", "required": ["cursor", "came", "lost", "ended", "events"], "properties": {
    "cursor": {"type": "integer", "description": "to be the next `after`"},
    "came": {"type": ["boolean", "null"], "description": "the moment of `until` came; null: none was asked for"},
    "lost": {"type": "integer", "description": "events that were dropped before they were read"},
    "ended": {"type": "boolean", "description": "the session has ended, or the program stops: this was the last of it"},
    "events": {"type": "array", "items": {"$ref": "#/components/schemas/Event"}}}},
  "EventStream": {"type": "string", "description": "the data of each is an Event; of one named `lost` {\"lost\": NUMBER}, of the last, `ended`, {\"ended\": true}"},
  "Results": {"type": "object", "description": "docs/results.md, The JSON document", "required": ["format", "version", "wsfault", "seed", "counts", "cases"], "properties": {
    "format": {"const": "wsfault-results"}, "version": {"type": "integer"}, "wsfault": {"type": "string"}, "seed": {"type": ["integer", "string", "null"]},
    "counts": {"type": "object", "additionalProperties": {"type": "integer"}}, "cases": {"type": "array", "items": {"type": "object"}}}},
  "NewExpectation": {"allOf": [{"type": "object", "description": "an expectation (docs/scenarios.md), and `proxy` and `timeout` of the request"}]},
  "Finding": {"type": "object", "required": ["state", "subject", "expected", "seen"], "properties": {
    "state": {"type": "string", "enum": ["pending", "holds", "warned", "violated", "inconclusive"]}, "subject": {"type": "string"},
    "expected": {"type": "string"}, "seen": {"type": "string"}, "broke": {"type": "string"}, "cause": {"type": "string"},
    "remedy": {"type": "string"}, "connection": {"type": "integer"}, "at": {"type": "integer"}}},
  "NewToxiproxyToxic": {"type": "object", "required": ["type"], "properties": {"name": {"type": "string"}, "type": {"type": "string"},
    "stream": {"type": "string"}, "toxicity": {"type": "number"}, "attributes": {"type": "object"}}},
  "ToxiproxyToxic": {"type": "object", "required": ["name", "type", "stream", "toxicity", "attributes"], "properties": {"name": {"type": "string"},
    "type": {"type": "string"}, "stream": {"type": "string", "enum": ["upstream", "downstream"]}, "toxicity": {"type": "number"},
    "attributes": {"type": "object", "additionalProperties": {"type": "integer"}}}},
  "ToxiproxyToxicChange": {"type": "object", "properties": {"toxicity": {"type": "number"}, "attributes": {"type": "object"}}},
  "ToxiproxyToxics": {"type": "array", "items": {"$ref": "#/components/schemas/ToxiproxyToxic"}},
  "NewToxiproxyProxy": {"type": "object", "required": ["name", "upstream"], "properties": {"name": {"type": "string"}, "listen": {"type": "string"},
    "upstream": {"type": "string"}, "enabled": {"type": "boolean"}}},
  "ToxiproxyProxy": {"type": "object", "required": ["name", "listen", "upstream", "enabled", "toxics"], "properties": {"name": {"type": "string"},
    "listen": {"type": "string"}, "upstream": {"type": "string"}, "enabled": {"type": "boolean"},
    "Logger": {"type": "object", "description": "empty, as Toxiproxy has it"}, "toxics": {"$ref": "#/components/schemas/ToxiproxyToxics"}}},
  "ToxiproxyProxyChange": {"type": "object", "properties": {"listen": {"type": "string"}, "upstream": {"type": "string"}, "enabled": {"type": "boolean"}}},
  "ToxiproxyProxies": {"type": "object", "additionalProperties": {"$ref": "#/components/schemas/ToxiproxyProxy"}},
  "ToxiproxyPopulate": {"type": "array", "items": {"$ref": "#/components/schemas/NewToxiproxyProxy"}},
  "ToxiproxyPopulated": {"type": "object", "required": ["proxies"], "properties": {
    "proxies": {"type": ["array", "null"], "items": {"$ref": "#/components/schemas/ToxiproxyProxy"}}, "error": {"type": "string"}, "status": {"type": "integer"}}},
  "ToxiproxyVersion": {"type": "object", "required": ["version"], "properties": {"version": {"type": "string"}}},
  "ToxiproxyError": {"type": "string", "contentMediaType": "application/json", "contentSchema": {"type": "object", "required": ["error", "status"],
    "properties": {"error": {"type": "string"}, "status": {"type": "integer"}}}},
  "Text": {"type": "string"},
  "Page": {"type": "string"}
})json";

json::object reference(std::string_view schema) {
  return {{"$ref", fmt::format("#/components/schemas/{}", schema)}};
}

/// "#/definitions/fault" becomes "#/components/schemas/scenario.fault".
void move_references(json::value& value) {
  if (auto* object = value.if_object()) {
    for (auto& [key, member] : *object) {
      constexpr std::string_view before = "#/definitions/";
      if (key == "$ref" && member.is_string() && member.as_string().starts_with(before)) {
        member = fmt::format("#/components/schemas/scenario.{}", std::string_view(member.as_string()).substr(before.size()));
      } else {
        move_references(member);
      }
    }
  } else if (auto* array = value.if_array()) {
    for (json::value& each : *array) move_references(each);
  }
}

json::object schemas() {
  json::object all = json::parse(own_schemas).as_object();
  const json::value scenario = json::parse(report::print_scenario_schema());
  for (const auto& [name, definition] : scenario.as_object().at("definitions").as_object()) {
    json::value moved = definition;
    move_references(moved);
    all[fmt::format("scenario.{}", std::string_view(name))] = std::move(moved);
  }
  return all;
}

json::array parameters(const Route& route) {
  json::array all;
  std::string_view rest = route.path;
  while (true) {
    const std::size_t begin = rest.find('{');
    if (begin == std::string_view::npos) break;
    const std::size_t end = rest.find('}', begin);
    all.push_back({{"name", rest.substr(begin + 1, end - begin - 1)}, {"in", "path"}, {"required", true},
                   {"schema", {{"type", "string"}}}});
    rest = rest.substr(end);
  }
  for (const Argument& each : route.arguments)
    all.push_back({{"name", each.name}, {"in", "query"}, {"description", each.does}, {"schema", {{"type", "string"}}}});
  return all;
}

std::string_view media_type(std::string_view schema) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 5> others = {
      {{"Text", "text/plain"},
       {"ToxiproxyError", "text/plain"},
       {"Page", "text/html"},
       {"EventStream", "text/event-stream"},
       {"Problem", "application/problem+json"}}};
  const auto* found =
      std::ranges::find(others, schema, &std::pair<std::string_view, std::string_view>::first);
  return found == others.end() ? "application/json" : found->second;
}

json::object content(std::initializer_list<std::string_view> schemas) {
  json::object all;
  for (const std::string_view schema : schemas) {
    if (!schema.empty()) all[media_type(schema)] = json::object{{"schema", reference(schema)}};
  }
  return all;
}

std::string_view tag_of(const Route& route) {
  if (route.path.starts_with("/v1")) return "v1";
  return route.path == "/" || route.path == "/metrics" ? "other" : "toxiproxy";
}

std::string_view error_schema(const Route& route) {
  if (!route.fails.empty()) return route.fails;
  return tag_of(route) == "toxiproxy" ? "ToxiproxyError" : "Problem";
}

json::object response(const Route& route, int status) {
  json::object out{{"description", wire::reason_phrase(status)}};
  json::object said =
      status >= 400 ? content({error_schema(route)}) : content({route.returns, route.streams});
  if (!said.empty()) out["content"] = std::move(said);
  if (tag_of(route) == "toxiproxy")
    out["headers"] = {{"X-Toxiproxy-Request-Id", {{"$ref", "#/components/headers/ToxiproxyRequestId"}}}};
  return out;
}

/// What the port answers before a route is asked: in place of a token, to a page, to what is no request.
void add_responses_of_port(const Route& route, json::object& responses) {
  responses["401"] = {{"$ref", "#/components/responses/NoToken"}};
  responses["403"] = {{"$ref", tag_of(route) == "toxiproxy" ? "#/components/responses/NoBrowser"
                                                            : "#/components/responses/NoPage"}};
  responses["default"] = {{"$ref", "#/components/responses/Other"}};
}

json::object responses_of_port() {
  return {
      {"NoToken",
       {{"description", "The port needs a token"},
        {"headers", {{"WWW-Authenticate", {{"required", true}, {"schema", {{"const", "Bearer"}}}}}}},
        {"content", content({"Problem"})}}},
      {"NoPage",
       {{"description", "A page of an origin that may not use the port"}, {"content", content({"Problem"})}}},
      {"NoBrowser",
       {{"description", "A page of an origin that may not use the port, or any browser, as Toxiproxy has it"},
        {"content", content({"Problem", "Text"})}}},
      {"Other",
       {{"description", "400: no HTTP, no Host, an argument that the route does not take; 405: another method; 408, 413, 431: too slow or too large; 500"},
        {"content", content({"Problem", "Text"})}}}};
}

/// "POST /v1/sessions/{session}/faults" is "postV1SessionsSessionFaults".
std::string operation_id(const Route& route) {
  std::string id = wire::lowered(route.method);
  bool begins = true;
  for (const char c : route.path) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (letter) id += begins && c >= 'a' ? static_cast<char>(c - 'a' + 'A') : c;
    begins = !letter;
  }
  return id;
}

json::object operation(const Route& route) {
  json::object responses;
  for (const int status : route.statuses) responses[std::to_string(status)] = response(route, status);
  add_responses_of_port(route, responses);
  json::object out{{"operationId", operation_id(route)}, {"summary", route.does}};
  out["tags"] = json::array{tag_of(route)};
  if (json::array all = parameters(route); !all.empty()) out["parameters"] = std::move(all);
  if (!route.body.empty()) out["requestBody"] = {{"content", content({route.body})}};
  out["responses"] = std::move(responses);
  return out;
}

}  // namespace

std::string print_openapi(std::string_view version) {
  json::object paths;
  const Router router;
  for (const Route& route : router.routes()) {
    json::value& path = paths[route.path];
    if (path.is_null()) path = json::object();
    path.as_object()[wire::lowered(route.method)] = operation(route);
  }
  const json::object document{
      {"openapi", "3.1.0"},
      {"info", {{"title", "wsfault proxy"}, {"version", version}, {"description", "docs/proxy.md"}}},
      {"security", json::array{json::object{{"token", json::array{}}}, json::object{}}},
      {"paths", std::move(paths)},
      {"components",
       {{"schemas", schemas()},
        {"responses", responses_of_port()},
        {"headers",
         {{"ToxiproxyRequestId",
           {{"required", true}, {"schema", {{"type", "string"}, {"pattern", "^[0-9a-v]{20}$"}}}}}}},
        {"securitySchemes", {{"token", {{"type", "http"}, {"scheme", "bearer"}}}}}}}};
  return json::serialize(document) + "\n";
}

}  // namespace wsfault::control
