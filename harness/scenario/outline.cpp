// Reads a file's keys, and the names in its texts.
#include "scenario/outline.hpp"

#include <algorithm>
#include <array>

#include "scenario/pieces.hpp"
#include "scenario/variables.hpp"
#include "value/toml.hpp"

namespace wsfault::scenario {
namespace {

constexpr std::array<std::string_view, 15> of_scenarios = {
    "title", "kinds",  "tags",  "spec",     "deadline", "appropriate", "isolate", "link",
    "each",  "system", "fault", "upstream", "client",   "expect",      "refutes"};
constexpr std::array<std::string_view, 26> of_systems = {
    "name",    "kind",    "start",   "url",     "headers",  "subprotocols", "ca_file",  "upstream_listen",
    "path",    "cwd",     "env",     "files",   "stop",     "ready",        "commands", "upstreams",
    "share",   "report",  "version", "install", "settable", "dialect",      "traits",   "known",
    "defects", "remedies"};

template <std::size_t N>
std::ptrdiff_t count_keys(const Value& tree, const std::array<std::string_view, N>& names) {
  return std::ranges::count_if(*tree.table(), [&](const Value::Member& member) {
    return std::ranges::find(names, member.key) != names.end();
  });
}

std::vector<std::string> texts_of(const Value* value) {
  std::vector<std::string> texts;
  if (value && value->text()) texts.push_back(*value->text());
  if (!value || !value->array()) return texts;
  for (const Value& member : *value->array()) {
    if (member.text()) texts.push_back(*member.text());
  }
  return texts;
}

/// "code", and "case.code" of rows or tables.
void add_keys(const Value* table, std::vector<std::string>& names) {
  if (!table || !table->table()) return;
  for (const Value::Member& member : *table->table()) {
    names.push_back(member.key);
    const Value* row = &member.value;
    if (row->array() && !row->array()->empty()) row = &row->array()->front();
    if (!row->table()) continue;
    for (const Value::Member& column : *row->table()) names.push_back(member.key + "." + column.key);
  }
}

void add_variables(const Value& tree, std::vector<std::string>& names) {
  if (tree.array()) {
    for (const Value& member : *tree.array()) add_variables(member, names);
  }
  if (tree.table()) {
    for (const Value::Member& member : *tree.table()) add_variables(member.value, names);
  }
  const auto pieces = tree.text() ? split_variables(*tree.text()) : Result<Pieces>(Error{""});
  if (!pieces) return;
  for (const Piece& piece : *pieces) {
    if (piece.variable) names.push_back(piece.text);
  }
}

}  // namespace

Outline outline(std::string_view text) {
  Outline found;
  Diagnostics ignored("", "");
  const std::optional<Value> tree = parse_toml(text, ignored);
  if (!tree || !tree->table()) return found;
  found.is_system = count_keys(*tree, of_systems) > count_keys(*tree, of_scenarios);
  const std::vector<std::string> roles = texts_of(tree->find("role"));
  if (roles.size() == 1) found.role = model::parse_role(roles.front());
  found.tags = texts_of(tree->find("tags"));
  add_keys(tree->find("each"), found.names);
  add_keys(tree->find("system"), found.names);
  add_variables(*tree, found.names);
  found.secrets = environment_secrets(*tree);
  return found;
}

}  // namespace wsfault::scenario
