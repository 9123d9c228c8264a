// The complete schemas of scenario and system files.
#include "report/schema.hpp"

#include "model/scenario.hpp"
#include "report/json_text.hpp"
#include "report/schema_parts.hpp"
#include "verdict/cause.hpp"

namespace wsfault::report {
namespace {

using namespace schema;

Object document(std::string_view title, const Object& root, Object parts) {
  Object out{{"$schema", "http://json-schema.org/draft-07/schema#"}, {"title", title}};
  for (const auto& [key, value] : root) out[key] = value;
  out["definitions"] = std::move(parts);
  return out;
}

Object tls_of_scenario() {
  return any_of({Object{{"type", "boolean"}}, one_of({"front", "back", "passthrough"}), ref("variable")});
}

Object upstream() {
  Object session =
      table({{"connection", or_variable(integer(1, 1e6))}, {"steps", ref("steps")}}, {"connection", "steps"});
  return table({{"name", with(ref("text"), "Where there are several")},
                {"steps", with(ref("steps"), "The script that each connection gets")},
                {"session", with(list_of(std::move(session)), "Scripts of single connections")},
                {"url", with(pattern(R"(^wss?://|\$\{)"), "A real server behind the link")},
                {"ca_file", with(ref("text"), "Whom to trust for its wss; relative to this file's folder")}});
}

Object client() {
  Object request = table({{"path", ref("text")},
                          {"headers", ref("headers")},
                          {"subprotocols", one_or_list(ref("text"))},
                          {"origin", ref("text")},
                          {"extensions", ref("text")},
                          {"upgrade", ref("boolean")},
                          {"stop_after", or_variable(integer(0, 65536))}});
  return table({{"name", with(ref("text"), "Default: client")},
                {"count", with(or_variable(integer(1, 10'000)), "How many alike")},
                {"start", with(ref("moment"), "When it connects")},
                {"request", with(std::move(request), "What it asks with")},
                {"steps", with(ref("steps"), "The script that it plays")}});
}

Object scenario_keys() {
  return {
      {"title", with(ref("text"), "One sentence on what happens")},
      {"role", with(one_of({"client", "gateway", "server"}), "The seat of the system under test")},
      {"kinds", with(one_or_list(or_variable(one_of({"tcp", "http", "websocket"}))),
                     "For which kinds of gateway it makes sense; default: all")},
      {"tags", with(one_or_list(ref("text")), "For --tag")},
      {"spec", with(one_or_list(ref("text")), "Sections of RFCs, shown in reports")},
      {"deadline", with(ref("duration"), "Of the whole case; undecided by then: failed")},
      {"tls", with(tls_of_scenario(), "wss, and on which links")},
      {"appropriate", with(ref("boolean"), "false: only the expectations of the file are judged")},
      {"isolate", with(Object{{"type", "boolean"}}, "The system lives in a network of its own")},
      {"link", with(table({{"addresses", or_variable(integer(1, model::most_addresses))}}),
                    "The link to the server: how many addresses it has")},
      {"refutes", with(one_or_list(ref("text")), "Defects of the reference system on which it must fail")},
      {"system", with(traits_schema(true), "Traits that it requires of the system")},
      {"each", with(map_of({{"type", "array"}}), "One file, many cases: lists of values")},
      {"upstream",
       with(any_of({upstream(), list_of(upstream())}), "The fake server, or several behind a gateway")},
      {"client", with(list_of(client()), "Probe clients, in front of a gateway or a server")},
      {"fault", list_of(ref("fault"))},
      {"expect", list_of(ref("expectation"))},
  };
}

/// A key that a role does not have.
Object without(std::string_view role, std::string_view key) {
  return {{"if", Object{{"properties", Object{{"role", Object{{"const", role}}}}}}},
          {"then", Object{{"not", Object{{"required", Array{key}}}}}}};
}

Object tls_form() {
  return table({{"start", ref("command")}, {"env", map_of(text())}, {"files", map_of(text())}});
}

Object ready() {
  Object out = table({{"connect", ref("text")},
                      {"http", ref("text")},
                      {"log", pattern("^/.+/$")},
                      {"within", ref("duration")}});
  Array exactly_one;
  for (const char* key : {"connect", "http", "log"})
    exactly_one.emplace_back(Object{{"required", Array{key}}});
  out["oneOf"] = std::move(exactly_one);
  return out;
}

Object commands() {
  Object keys;
  for (const char* key : {"reload", "kill", "start", "stop", "freeze", "thaw"}) keys[key] = ref("command");
  return table(std::move(keys));
}

Object report_modes() {
  Object patterns;
  for (const char* event : {"open", "message", "error", "close", "reconnecting"})
    patterns[event] = pattern("^/.+/$");
  return any_of({one_of({"json", "http", "none", "auto"}), table(std::move(patterns))});
}

Object remedies() {
  Object causes;
  for (const std::string_view key : verdict::cause_keys()) causes[key] = text();
  return table(std::move(causes));
}

Object system_keys() {
  const Object close_code = integer(0, 65535);
  const Object known = table({{"scenario", with(text(), "With or without the [values] of its case")},
                              {"outcome", one_of({"failed", "inconclusive", "warned", "error"})},
                              {"reason", text()},
                              {"tls", with(Object{{"type", "boolean"}}, "Only with --tls")},
                              {"sometimes", with(Object{{"type", "boolean"}}, "It need not occur")}},
                             {"scenario", "outcome", "reason"});
  const Object stop =
      one_of({"SIGTERM", "SIGINT", "SIGQUIT", "SIGHUP", "SIGKILL", "SIGUSR1", "SIGUSR2", "SIGWINCH"});
  return {
      {"name", with(text(), "The name that reports show")},
      {"role", with(one_of({"client", "gateway", "server"}), "The seat it takes")},
      {"kind", with(one_of({"tcp", "http", "websocket"}), "How a gateway works")},
      {"start", with(ref("command"), "A list of words, or a string for `sh -c`")},
      {"url", with(pattern("^wss?://[^/?#@]+([/?][^#]*)?$"),
                   "Where a gateway or server runs already; instead of start")},
      {"headers", with(map_of(text()), "In each request to it; ${env:NAME} is of the environment")},
      {"subprotocols", with(one_or_list(text()), "Offered to it")},
      {"ca_file", with(text(), "Whom to trust for its wss; relative to this file's folder")},
      {"upstream_listen",
       with(one_or_list(text()), "HOST:PORT where such a gateway looks for its upstreams")},
      {"path", with(pattern("^/[^# ]*$"), "What is asked of a system that is started, with the query")},
      {"cwd", with(text(), "Where it starts; relative to this file's folder")},
      {"env", with(map_of(text()), "Its environment")},
      {"files", with(map_of(text()), "Templates, rendered into a fresh ${dir}")},
      {"tls", with(Object{}, "What is different where it speaks TLS")},
      {"stop", with(stop, "The signal that ends it")},
      {"ready", with(ready(), "When it is ready")},
      {"commands",
       with(commands(), "How it is reloaded; of systems that are no child of the run, how it is killed …")},
      {"upstreams", with(integer(0, 9), "How many it knows")},
      {"share", with(Object{{"type", "boolean"}}, "One instance for the whole run, one case at a time")},
      {"report", with(report_modes(), "How it tells what it saw")},
      {"version", with(ref("command"), "Prints its version")},
      {"install", with(text(), "What to install where it is missing")},
      {"settable", with(one_or_list(text()), "The traits that a scenario may choose")},
      {"dialect", with(table({{"hides_status", Object{{"type", "boolean"}}},
                              {"follows_redirects", Object{{"type", "boolean"}}},
                              {"refuses_codes", one_or_list(close_code)}}),
                       "What its API is known not to show or accept")},
      {"traits", with(traits_schema(false), "What it has")},
      {"product", with(text(), "The shipped system file whose [[known]] and [remedies] count for it, too")},
      {"server_field",
       with(pattern("^/.+/$"), "The Server field by which this product is recognised elsewhere")},
      {"known", with(list_of(known), "Findings that are accepted for now")},
      {"defects",
       with(map_of(text()), "Ways in which it can be made wrong on purpose, for `wsfault prove --system`")},
      {"remedies", with(remedies(), "What to set in this product, by cause")},
  };
}

/// [tls], for a gateway [tls.front] and [tls.back]; only a gateway has a kind, and always one.
Object gateway_rule() {
  Object gateway{{"properties", Object{{"tls", table({{"front", tls_form()}, {"back", tls_form()}})}}},
                 {"required", Array{"kind"}}};
  Object other{{"properties", Object{{"tls", tls_form()}}}, {"not", Object{{"required", Array{"kind"}}}}};
  return {{"if", Object{{"properties", Object{{"role", Object{{"const", "gateway"}}}}}}},
          {"then", std::move(gateway)},
          {"else", std::move(other)}};
}

}  // namespace

std::string print_scenario_schema() {
  Object parts = definitions(true);
  parts["steps"] = list_of(ref("step"));
  parts["step"] = step_schema();
  parts["fault"] = fault_schema();
  parts["expectation"] = expectation_schema();
  parts["never"] = never_schema();
  Object root = table(scenario_keys(), {"title", "role"});
  root["allOf"] = Array{without("server", "upstream"), without("client", "client")};
  return print_json(document("A wsfault scenario (docs/scenarios.md)", root, std::move(parts)));
}

std::string print_system_schema() {
  Object root = table(system_keys(), {"name", "role"});
  Object started_by_command{{"required", Array{"commands"}},
                            {"properties", Object{{"commands", Object{{"required", Array{"start"}}}}}}};
  root["anyOf"] = Array{Object{{"required", Array{"start"}}}, Object{{"required", Array{"url"}}},
                        std::move(started_by_command)};
  root["allOf"] = Array{gateway_rule()};
  Object parts = definitions(false);
  for (const char* unused :
       {"moment", "bound", "duration_bound", "headers", "patterns", "payload", "bytes", "boolean"})
    parts.erase(unused);
  return print_json(
      document("A wsfault system file (docs/scenarios.md, System files)", root, std::move(parts)));
}

}  // namespace wsfault::report
