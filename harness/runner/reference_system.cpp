// The reference systems described as any other system is.
#include "runner/reference_system.hpp"

#include <string_view>
#include <utility>

#include "reference/defect.hpp"

namespace wsfault::runner {
namespace {

struct TraitOption {
  std::string_view trait;
  std::string_view option;
};
constexpr TraitOption client_options[] = {
    {"heartbeat", "--heartbeat"},
    {"heartbeat_timeout", "--heartbeat-timeout"},
    {"handshake_limit", "--handshake-limit"},
    {"close_limit", "--close-limit"},
    {"backoff.first", "--backoff-first"},
    {"backoff.factor", "--backoff-factor"},
    {"backoff.max", "--backoff-max"},
    {"backoff.jitter", "--backoff-jitter"},
    {"messages", "--messages"},
    {"final", "--final"},
};

}  // namespace

model::System reference_client(const std::string& program, const std::vector<std::string>& defects) {
  model::System system;
  system.name = "reference client";
  system.role = model::Role::client;
  system.report = model::ReportMode::json;
  system.start = {program, "reference", "client", "--url", "${url}", "--seed", "${seed}"};
  for (const TraitOption& row : client_options) {
    system.start.emplace_back(row.option);
    system.start.push_back("${" + std::string(row.trait) + "}");
  }
  for (const std::string& defect : defects) {
    system.start.emplace_back("--defect");
    system.start.push_back(defect);
    system.name += ", " + defect;
  }
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
  for (const auto& [name, value] : system.traits.values) system.settable.push_back(name);
  return system;
}

std::vector<std::string> reference_defects(model::Role role) {
  const reference::Seat seat = role == model::Role::client    ? reference::Seat::client
                               : role == model::Role::gateway ? reference::Seat::gateway
                                                              : reference::Seat::server;
  std::vector<std::string> names;
  for (const reference::DefectInfo& row : reference::defects()) {
    if (row.seat == seat) names.emplace_back(row.name);
  }
  return names;
}

}  // namespace wsfault::runner
