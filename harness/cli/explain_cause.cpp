#include "cli/explain_cause.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "value/diagnostic.hpp"
#include "wire/field.hpp"

namespace wsfault::cli {
namespace {

using verdict::Cause;
using verdict::CauseRow;

std::string as_key(std::string_view text) {
  std::string key = wire::lowered(std::string(text));
  std::ranges::replace(key, '-', '_');
  return key;
}

/// The subject of its sentence.
std::string who_must_change(const CauseRow& row) {
  if (row.id < Cause::no_handshake_limit) return "nobody by this alone: it says what happened to the connection";
  if (row.cause.find("{party}") != std::string_view::npos)
    return "the system under test: a client, a gateway or a server";
  for (const std::string_view party : {"client", "gateway", "server"}) {
    if (row.cause.find(party) != std::string_view::npos) return fmt::format("the {}", party);
  }
  return "the system under test";
}

}  // namespace

Cause cause_named(std::string_view key) { return verdict::cause_of_key(as_key(key)); }

void print_cause(Cause cause) {
  const CauseRow& row = verdict::describe(cause);
  fmt::print("{} (a cause: docs/verdicts.md, Causes and remedies)\n", row.key);
  fmt::print("  meaning:    {}\n", verdict::sentence_of(cause));
  fmt::print("  shown by:   {}\n", row.shown);
  if (!row.outcomes.empty()) fmt::print("  outcome:    {}\n", row.outcomes);
  fmt::print("  to change:  {}\n", who_must_change(row));
  fmt::print("  remedy:     {}\n", row.remedy);
  fmt::print("  product:    in a system file, [remedies] {} = \"…\" adds a sentence for that product\n", row.key);
}

std::vector<std::string_view> keys_that_name(std::string_view found) {
  const std::string wanted = as_key(found);
  constexpr std::size_t least = 4;  // shorter ones are part of anything
  std::vector<std::string_view> keys;
  for (const std::string_view key : verdict::cause_keys()) {
    if (wanted.size() >= least && key.find(wanted) != std::string_view::npos) keys.push_back(key);
  }
  return keys;
}

std::vector<std::string_view> near_keys(std::string_view found) {
  std::vector<std::string_view> keys = keys_that_name(found);
  if (!keys.empty()) return keys;
  if (const auto near = nearest_name(as_key(found), verdict::cause_keys()); !near.empty()) return {near};
  return {};
}

}  // namespace wsfault::cli
