// The reference systems, described like any other system.
#include "runner/reference_system.hpp"

#include <fmt/format.h>

#include <string_view>
#include <utility>

#include "reference/defect.hpp"
#include "scenario/standard_traits.hpp"

namespace wsfault::runner {
namespace {

/// Each trait that it declares is an option of it.
void add_options(model::System& system) {
  const auto add = [&system](const std::string& trait) {
    system.start.push_back(scenario::option_of_trait(trait));
    system.start.push_back("${" + trait + "}");
  };
  for (const auto& [name, value] : system.traits.values) {
    if (value.boolean()) continue;  // what it is, not what it can be told
    system.settable.push_back(name);
    if (!value.table()) {
      add(name);
      continue;
    }
    for (const Value::Member& member : *value.table()) add(name + "." + member.key);
  }
}

}  // namespace

model::System reference_client(const std::string& program, const std::vector<std::string>& defects) {
  model::System system;
  system.name = "reference client";
  system.role = model::Role::client;
  system.report = model::ReportMode::json;
  system.start = {program,        "reference", "client",     "--url",  "${url}", "--addresses",
                  "${addresses}", "--ca",      "${ca_file}", "--seed", "${seed}"};
  Value backoff{Value::Table{}};
  backoff.set("first", Value("50ms"));
  backoff.set("factor", Value(2));
  backoff.set("max", Value("1600ms"));
  backoff.set("jitter", Value("full"));
  Value::Array final_codes;
  for (const char* code : {"1008", "4400-4499", "401", "403"}) final_codes.emplace_back(code);
  system.traits.values = {
      {"heartbeat", Value("500ms")},
      {"heartbeat_timeout", Value("1s")},
      {"handshake_limit", Value("1s")},
      {"close_limit", Value("1s")},
      {"backoff", std::move(backoff)},
      {"messages", Value(10)},
      {"final", Value(std::move(final_codes))},
  };
  add_options(system);
  for (const std::string& defect : defects) system = with_defect(system, defect);
  return system;
}

model::System reference_gateway(const std::string& program, model::Kind kind,
                                const std::vector<std::string>& defects) {
  model::System system;
  system.name = fmt::format("reference gateway ({})", model::to_string(kind));
  system.role = model::Role::gateway;
  system.kind = kind;
  system.upstreams = 2;
  system.start = {program,
                  "reference",
                  "gateway",
                  "--kind",
                  std::string(model::to_string(kind)),
                  "--listen",
                  "${listen}",
                  "--upstream",
                  "${upstream}",
                  "--upstream",
                  "${upstream2}",
                  "--lock",
                  "${dir}/lock",
                  "--seed",
                  "${seed}",
                  "--ca",
                  "${ca_file}",
                  "--certificate",
                  "${certificate_file}",
                  "--key",
                  "${key_file}"};
  system.tls.emplace();
  system.tls_back.emplace();
  system.commands["reload"] = {"kill", "-HUP", "${pid}"};
  system.traits.values = {
      {"connect_limit", Value("1s")},   {"response_limit", Value("1s")}, {"idle_limit", Value("2s")},
      {"handshake_limit", Value("1s")}, {"close_limit", Value("1s")},    {"drain", Value("1s")},
  };
  if (kind == model::Kind::websocket) {
    system.traits.values["heartbeat"] = Value("300ms");
    system.traits.values["heartbeat_timeout"] = Value("600ms");
  } else {
    system.traits.values["heartbeat"] = Value("none");
    system.traits.values["heartbeat_timeout"] = Value("none");
  }
  add_options(system);
  for (const std::string& defect : defects) system = with_defect(system, defect);
  return system;
}

model::System reference_server(const std::string& program, const std::vector<std::string>& defects) {
  model::System system;
  system.name = "reference server";
  system.role = model::Role::server;
  system.start = {program,
                  "reference",
                  "server",
                  "--listen",
                  "${listen}",
                  "--lock",
                  "${dir}/lock",
                  "--subprotocol",
                  "chat",
                  "--seed",
                  "${seed}",
                  "--certificate",
                  "${certificate_file}",
                  "--key",
                  "${key_file}"};
  system.tls.emplace();
  system.traits.values = {
      {"heartbeat", Value("500ms")},   {"heartbeat_timeout", Value("1s")}, {"handshake_limit", Value("1s")},
      {"close_limit", Value("1s")},    {"write_limit", Value("2s")},       {"drain", Value("1s")},
      {"max_connections", Value(200)}, {"max_message", Value("1MiB")},     {"echoes", Value(true)},
  };
  add_options(system);
  for (const std::string& defect : defects) system = with_defect(system, defect);
  return system;
}

std::vector<model::System> reference_systems(const std::string& program) {
  return {reference_client(program), reference_gateway(program, model::Kind::http),
          reference_gateway(program, model::Kind::websocket), reference_server(program)};
}

std::string reference_name(const model::System& system) {
  const std::string name = fmt::format("reference-{}", model::to_string(system.role));
  return system.kind == model::Kind::none ? name : fmt::format("{}-{}", name, model::to_string(system.kind));
}

std::optional<model::System> find_reference(const std::string& program, std::string_view name) {
  for (model::System& system : reference_systems(program)) {
    if (reference_name(system) == name) return std::move(system);
  }
  return std::nullopt;
}

reference::Seat reference_seat(model::Role role) {
  switch (role) {
    case model::Role::client:
      return reference::Seat::client;
    case model::Role::gateway:
      return reference::Seat::gateway;
    case model::Role::server:
      return reference::Seat::server;
  }
  return reference::Seat::client;
}

std::vector<std::pair<std::string, std::string>> reference_defects(const model::System& system) {
  std::vector<std::pair<std::string, std::string>> possible_ones;
  for (const reference::DefectInfo& row : reference::defects()) {
    if (row.seat != reference_seat(system.role)) continue;
    const bool possible = system.kind == model::Kind::none ||
                          (system.kind == model::Kind::websocket ? row.kinds.websocket : row.kinds.http);
    if (possible) possible_ones.emplace_back(row.name, row.sentence);
  }
  return possible_ones;
}

model::System with_defect(const model::System& system, const std::string& defect) {
  model::System defective = system;
  defective.traits.values.insert_or_assign("defect", Value(defect));
  if (defect == model::no_defect) return defective;
  defective.start.emplace_back("--defect");
  defective.start.push_back(defect);
  defective.name += ", " + defect;
  return defective;
}

}  // namespace wsfault::runner
