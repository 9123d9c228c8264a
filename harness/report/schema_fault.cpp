// [[fault]] as a schema: each fault of the catalogue with its keys.
#include <fmt/format.h>

#include <map>
#include <string>

#include "model/scenario.hpp"
#include "report/schema_parts.hpp"

namespace wsfault::report::schema {
namespace {

using fault::Attribute;
using fault::Entry;

/// The keys allowed besides `inject`, for any fault; keys_of() says which of them a fault takes.
Object common_keys() {
  return {
      {"at", with(ref("text"), "The link (default) or the party at which it stands, or \"network\"")},
      {"between", with(Object{{"type", "array"}, {"items", ref("text")}, {"minItems", 2}, {"maxItems", 2}},
                       "Of a fault on the network: [\"sut\", a peer of it]; without it, it concerns all peers")},
      {"of", with(ref("text"), "Whose connections it strikes")},
      {"connections", with(any_of({integer(1, 1e6), pattern(R"(^([0-9]+(-[0-9]*)?|odd|even|all)$|\$\{)"),
                                   table({{"path", ref("text")}, {"headers", ref("patterns")}})}),
                           "Which connections it strikes: 1, \"1-3\", \"2-\", \"odd\", \"even\", \"all\", or "
                           "those whose request "
                           "has this path and these headers (texts or /regex/)")},
      {"scope", with(ref("text"),
                     "link: all connections that are open then, and all that come while it lasts; of a "
                     "process fault whom it strikes")},
      {"address",
       with(or_variable(integer(1, model::most_addresses)), "Of a link with several: only that one, from 1")},
      {"when", with(ref("moment"), "The moment at which it fires")},
      {"after", with(ref("duration"), "A delay after that moment")},
      {"lasts", with(ref("duration"), "How long; then it heals")},
      {"direction",
       with(or_variable(one_of({"to-client", "to-server", "both"})), "Which way its effect goes")},
      {"end", with(ref("text"), "How it ends TCP")},
      {"count", with(any_of({integer(1, 9e15), one_of({"all"}), ref("variable")}),
                     "Of the things that it changes one by one")},
      {"probability", with(or_variable(number(0, 1)), "From 0 to 1, drawn from the run's seed")},
      {"name", with(ref("text"), "For the moments `fault NAME` and `healed NAME`; default: what it injects")},
  };
}

Array keys_of(const Entry& entry) {
  Array keys{"inject", "at", "when", "after", "direction", "probability", "name"};
  if (entry.strikes_connections()) keys.insert(keys.end(), {"of", "connections"});
  if (entry.takes_scope()) keys.emplace_back("scope");
  if (entry.stand == fault::Stand::link) keys.emplace_back("address");
  if (entry.stand == fault::Stand::network) keys.emplace_back("between");
  if (entry.heals) keys.emplace_back("lasts");
  if (!entry.ends.empty()) keys.emplace_back("end");
  if (entry.counts) keys.emplace_back("count");
  for (const Attribute& attribute : entry.attributes) keys.emplace_back(attribute.name);
  return keys;
}

std::string about(const Attribute& attribute) {
  if (attribute.fallback.empty()) return std::string(attribute.doc);
  return fmt::format("{}{}default: {}", attribute.doc, attribute.doc.empty() ? "" : "; ", attribute.fallback);
}

/// The rule that applies if `inject` is this fault.
Object rule_of(const Entry& entry) {
  Object properties;
  Array required;
  for (const Attribute& one : entry.attributes) {
    properties[one.name] = with(attribute(one), about(one));
    if (one.fallback.empty() && !one.optional) required.emplace_back(one.name);
  }
  // A preset may say what is required.
  Array ways;
  if (!entry.presets.empty()) ways = {Object{{"required", required}}, Object{{"required", Array{"preset"}}}};
  if (!entry.presets.empty()) required.clear();
  if (entry.stand == fault::Stand::party) required.emplace_back("at");
  if (entry.stand == fault::Stand::network) properties["at"] = or_variable(one_of({"network"}));
  if (!entry.ends.empty()) properties["end"] = or_variable(one_of(entry.ends));
  if (entry.takes_scope()) properties["scope"] = or_variable(one_of({"connection", "link"}));
  Object then = with({{"propertyNames", Object{{"enum", keys_of(entry)}}}}, entry.does);
  if (!required.empty()) then["required"] = std::move(required);
  if (!ways.empty()) then["anyOf"] = std::move(ways);
  if (!properties.empty()) then["properties"] = std::move(properties);
  return {{"if", Object{{"properties", Object{{"inject", Object{{"const", entry.name}}}}}}},
          {"then", std::move(then)}};
}

/// Editors complete keys from here; the text for an attribute of several faults describes each.
void add_attributes(Object& properties) {
  std::map<std::string_view, std::string> docs;
  for (const Entry& entry : fault::catalogue()) {
    for (const Attribute& attribute : entry.attributes) {
      std::string& doc = docs[attribute.name];
      doc += fmt::format("{}{}: {}", doc.empty() ? "" : "\n", entry.name, about(attribute));
    }
  }
  for (const auto& [name, doc] : docs) {
    if (!properties.contains(name)) properties[name] = Object{{"description", doc}};
  }
}

}  // namespace

Object fault_schema() {
  std::vector<std::string_view> names;
  Array sentences;
  Array rules;
  for (const Entry& entry : fault::catalogue()) {
    names.push_back(entry.name);
    sentences.emplace_back(entry.does);
    rules.emplace_back(rule_of(entry));
  }
  Object inject = one_of(names);
  inject["x-taplo"] = Object{{"docs", Object{{"enumValues", std::move(sentences)}}}};
  Object properties{
      {"inject", with(or_variable(std::move(inject)), "What breaks: a fault of docs/faults.md")}};
  for (auto& [key, schema] : common_keys()) properties[key] = schema;
  add_attributes(properties);
  return {{"type", "object"},
          {"description", "What breaks, where, when"},
          {"required", Array{"inject"}},
          {"properties", std::move(properties)},
          {"allOf", std::move(rules)}};
}

}  // namespace wsfault::report::schema
