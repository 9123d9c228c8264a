#include "value/schema.hpp"

#include <fmt/format.h>

namespace wsfault::schema {

Object with(Object schema, std::string_view description) {
  if (!description.empty()) schema["description"] = description;
  return schema;
}

Object ref(std::string_view name) {
  // Draft-07 ignores other keys next to a $ref.
  return {{"allOf", Array{Object{{"$ref", fmt::format("#/definitions/{}", name)}}}}};
}

Object any_of(Array schemas) { return {{"anyOf", std::move(schemas)}}; }
Object list_of(Object items) { return {{"type", "array"}, {"items", std::move(items)}}; }

Object one_or_list(Object items) {
  Object list = list_of(items);
  return any_of({std::move(items), std::move(list)});
}

Object table(Object properties, std::initializer_list<std::string_view> required) {
  Object out{{"type", "object"}, {"additionalProperties", false}};
  if (required.size() > 0) {
    Array keys;
    for (const std::string_view key : required) keys.emplace_back(key);
    out["required"] = std::move(keys);
  }
  out["properties"] = std::move(properties);
  return out;
}

Object map_of(Object values) { return {{"type", "object"}, {"additionalProperties", std::move(values)}}; }

Object one_of(const std::vector<std::string_view>& names) {
  Array all;
  for (const std::string_view name : names) all.emplace_back(name);
  return {{"type", "string"}, {"enum", std::move(all)}};
}

Object text() { return {{"type", "string"}}; }
Object pattern(std::string_view regex) { return {{"type", "string"}, {"pattern", regex}}; }
Object integer(double low, double high) {
  return {{"type", "integer"},
          {"minimum", static_cast<std::int64_t>(low)},
          {"maximum", static_cast<std::int64_t>(high)}};
}
Object number(double low, double high) { return {{"type", "number"}, {"minimum", low}, {"maximum", high}}; }

Object or_variable(Object schema) { return any_of({std::move(schema), ref("variable")}); }

}  // namespace wsfault::schema
