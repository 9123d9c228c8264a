// The fault catalogue as JSON, for editors and scripts.
#include <boost/json.hpp>

#include "report/catalogue_text.hpp"
#include "report/json_text.hpp"

namespace wsfault::report {
namespace {

namespace json = boost::json;
using fault::AttributeType;

std::string_view type_name(AttributeType type) {
  switch (type) {
    case AttributeType::duration:
      return "duration";
    case AttributeType::size:
      return "size";
    case AttributeType::integer:
      return "integer";
    case AttributeType::number:
      return "number";
    case AttributeType::boolean:
      return "boolean";
    case AttributeType::text:
      return "text";
    case AttributeType::one_of:
      return "one_of";
    case AttributeType::headers:
      return "headers";
    case AttributeType::command:
      return "command";
    case AttributeType::durations:
      return "durations";
  }
  return "";
}

std::string_view stand_name(fault::Stand stand) {
  switch (stand) {
    case fault::Stand::link:
      return "link";
    case fault::Stand::party:
      return "party";
    case fault::Stand::network:
      return "network";
  }
  return "";
}

json::array texts(const std::vector<std::string_view>& list) {
  json::array out;
  for (const std::string_view text : list) out.push_back(json_string(text));
  return out;
}

json::value attribute_json(const fault::Attribute& attribute) {
  json::object out{{"name", attribute.name},
                   {"type", type_name(attribute.type)},
                   {"required", attribute.fallback.empty() && !attribute.optional},
                   {"default", text_or_null(attribute.fallback)},
                   {"meaning", text_or_null(attribute.doc)}};
  if (attribute.low < attribute.high) {
    out["low"] = attribute.low;
    out["high"] = attribute.high;
  }
  if (!attribute.names.empty()) out["names"] = texts(attribute.names);
  return out;
}

json::array presets_json(const fault::Entry& entry) {
  json::array presets;
  for (const fault::Preset& preset : entry.presets) {
    json::object keys;
    for (const auto& [key, text] : preset.keys) keys[key] = text;
    presets.push_back(
        json::object{{"name", preset.name}, {"keys", std::move(keys)}, {"source", preset.source}});
  }
  return presets;
}

json::value entry_json(const fault::Entry& entry) {
  json::array attributes;
  for (const fault::Attribute& attribute : entry.attributes) attributes.push_back(attribute_json(attribute));
  json::object out{
      {"name", entry.name},
      {"layer", entry.layer},
      {"stands_on", stand_name(entry.stand)},
      {"does", json_string(entry.does)},
      {"imitates", text_or_null(entry.imitates)},
      {"really", text_or_null(entry.faithful)},
      {"when", entry.when},
      {"connections", entry.strikes_connections() ? json::value(entry.connections) : json::value()},
      {"direction", entry.direction},
      {"ends", texts(entry.ends)},
      {"heals", entry.heals},
      {"count", entry.counts},
      {"attributes", std::move(attributes)}};
  if (!entry.presets.empty()) out["presets"] = presets_json(entry);
  return out;
}

}  // namespace

std::string print_faults_json(const std::vector<fault::Entry>& entries) {
  json::array out;
  for (const fault::Entry& entry : entries) out.push_back(entry_json(entry));
  return print_json(out);
}

}  // namespace wsfault::report
