// The names of roles, kinds and report modes, as the files spell them.
#include "model/system.hpp"

namespace wsfault::model {

std::string_view to_string(Role role) {
  switch (role) {
    case Role::client:
      return "client";
    case Role::gateway:
      return "gateway";
    case Role::server:
      return "server";
  }
  return "";
}

std::string_view to_string(Kind kind) {
  switch (kind) {
    case Kind::none:
      return "none";
    case Kind::tcp:
      return "tcp";
    case Kind::http:
      return "http";
    case Kind::websocket:
      return "websocket";
  }
  return "";
}

std::string_view to_string(ReportMode mode) {
  switch (mode) {
    case ReportMode::json:
      return "json";
    case ReportMode::patterns:
      return "patterns";
    case ReportMode::http:
      return "http";
    case ReportMode::none:
      return "none";
    case ReportMode::automatic:
      return "auto";
  }
  return "";
}

std::optional<Role> parse_role(std::string_view text) {
  for (const Role role : {Role::client, Role::gateway, Role::server}) {
    if (to_string(role) == text) return role;
  }
  return std::nullopt;
}

std::optional<Kind> parse_kind(std::string_view text) {
  for (const Kind kind : {Kind::none, Kind::tcp, Kind::http, Kind::websocket}) {
    if (to_string(kind) == text) return kind;
  }
  return std::nullopt;
}

std::optional<ReportMode> parse_report_mode(std::string_view text) {
  for (const ReportMode mode :
       {ReportMode::json, ReportMode::patterns, ReportMode::http, ReportMode::none, ReportMode::automatic}) {
    if (to_string(mode) == text) return mode;
  }
  return std::nullopt;
}

namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

void replace(Pairs& pairs, const Pairs& others) {
  for (const auto& other : others) {
    std::erase_if(pairs, [&](const auto& pair) { return pair.first == other.first; });
    pairs.push_back(other);
  }
}

}  // namespace

std::string called(const System& system) {
  const bool is_command = !system.start.empty() && system.start.back() == system.name;
  const bool is_address = system.name.find("://") != std::string::npos;
  return is_command || is_address ? "the system" : "the system " + system.name;
}

System with_form(const System& system, const TlsForm& form) {
  System changed = system;
  if (!form.start.empty()) {
    changed.start = form.start;
    changed.starts_by_shell = form.starts_by_shell;
  }
  replace(changed.environment, form.environment);
  replace(changed.files, form.files);
  return changed;
}

}  // namespace wsfault::model
