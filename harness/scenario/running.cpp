// `url`, `headers`, `subprotocols`, `ca_file`, `upstream_listen`.
#include "scenario/running.hpp"

#include <fmt/format.h>

#include <array>
#include <filesystem>

#include "value/url.hpp"

namespace wsfault::scenario {
namespace {

constexpr std::array of_url = {"headers", "subprotocols", "ca_file", "upstream_listen"};

std::vector<std::pair<std::string, std::string>> read_fields(TableReader& system) {
  std::vector<std::pair<std::string, std::string>> fields;
  const Value* value = system.raw("headers");
  if (value == nullptr) return fields;
  if (value->table() == nullptr) {
    system.error(*value, fmt::format("`headers` is a table, found {}", value->type_name()));
    return fields;
  }
  for (const Value::Member& member : *value->table()) {
    if (const std::string* text = member.value.text()) {
      fields.emplace_back(member.key, *text);
    } else {
      system.error(member.value,
                   fmt::format("a header field is a string, found {}", member.value.type_name()));
    }
  }
  return fields;
}

}  // namespace

std::optional<model::Running> read_running(TableReader& system, model::Role role, const std::string& folder) {
  const Value* url = system.raw("url");
  model::Running running;
  running.url = system.text("url").value_or("");
  running.headers = read_fields(system);
  running.subprotocols = system.texts("subprotocols").value_or(std::vector<std::string>());
  running.upstream_listen = system.texts("upstream_listen").value_or(std::vector<std::string>());
  if (const auto ca_file = system.text("ca_file"))
    running.ca_file = (std::filesystem::path(folder) / *ca_file).string();
  if (url == nullptr) {
    for (const char* key : of_url) {
      if (system.has(key))
        system.error(*system.raw(key), fmt::format("`{}` is of a system that runs already", key),
                     "url = \"wss://host:port/path\"");
    }
    return std::nullopt;
  }
  if (const auto parsed = parse_url(running.url); url->text() != nullptr && !parsed)
    system.error(*url, "`url`: " + parsed.error(), "url = \"wss://host:port/path\"");
  if (role == model::Role::client)
    system.error(*url, "`url` is of a gateway or server that runs already",
                 "a client needs to know where to connect: start, or commands.start and --listen");
  const bool is_gateway = role == model::Role::gateway;
  if (is_gateway && running.upstream_listen.empty())
    system.error(*url, "a gateway that runs already needs `upstream_listen`",
                 "where it looks for its upstreams: upstream_listen = [\"127.0.0.1:9000\"]");
  if (!is_gateway && system.has("upstream_listen"))
    system.error(*system.raw("upstream_listen"), "only a gateway has `upstream_listen`");
  return running;
}

}  // namespace wsfault::scenario
