// The steps of scripts as a schema.
#include <stdexcept>
#include <string>
#include <utility>

#include "report/schema_parts.hpp"
#include "scenario/script.hpp"

namespace wsfault::report::schema {
namespace {

struct Step {
  Object value;
  std::string_view does;
  Object beside;  ///< further keys
};

Object frame() {
  return table({{"opcode", or_variable(integer(0, 15))},
                {"rsv", or_variable(integer(0, 7))},
                {"fin", ref("boolean")},
                {"masked", ref("boolean")},
                {"length", or_variable(integer(0, 9e15))},
                {"payload", ref("payload")}});
}

/// scenario::step_keys() lists them.
Step step_of(std::string_view key) {
  if (key == "accept") {
    return {
        any_of({Object{{"const", true}}, table({{"subprotocol", ref("text")}, {"headers", ref("headers")}})}),
        "How the upgrade is accepted; the first step only",
        {}};
  }
  if (key == "respond")
    return {
        or_variable(integer(100, 999)),
        "Answers instead of accepting",
        {{"headers", ref("headers")}, {"body", ref("text")}, {"end", or_variable(one_of({"fin", "none"}))}}};
  if (key == "expect")
    return {ref("text"),
            "Waits for the next message that matches: a text or /regex/",
            {{"within", ref("duration")}}};
  if (key == "send") return {ref("payload"), "Sends a message", {}};
  if (key == "wait") return {any_of({ref("duration"), ref("moment")}), "Waits: a time, or for a moment", {}};
  if (key == "ping") return {ref("text"), "Sends a ping", {}};
  if (key == "frame") return {frame(), "Sends any frame, legal or not", {}};
  if (key == "raw") return {ref("bytes"), "Sends bytes", {}};
  if (key == "repeat")
    return {or_variable(integer(1, 1e6)), "Plays `steps` so often", {{"steps", ref("steps")}}};
  if (key == "on")
    return {ref("moment"), "A rule: plays `steps` whenever this comes", {{"steps", ref("steps")}}};
  if (key == "mark") return {ref("text"), "A moment for others: `mark NAME`", {}};
  if (key == "close")
    return {any_of({integer(0, 65535), one_of({"empty"}), Object{{"const", true}}, ref("variable")}),
            "The closing handshake, with a code or \"empty\"",
            {{"reason", ref("text")}}};
  throw std::logic_error("the schema has no step " + std::string(key));
}

Array required_keys(std::string_view key, const Object& beside) {
  Array keys{key};
  if (beside.contains("steps")) keys.emplace_back("steps");
  return keys;
}

}  // namespace

Object step_schema() {
  Object properties;
  Array exactly_one;
  for (const std::string_view key : scenario::step_keys()) {
    if (key == "inject") continue;
    Step step = step_of(key);
    properties[key] = with(std::move(step.value), step.does);
    Array keys{key};
    for (const auto& [other, schema] : step.beside) {
      properties[other] = schema;
      keys.emplace_back(other);
    }
    exactly_one.emplace_back(Object{{"required", required_keys(key, step.beside)},
                                    {"propertyNames", Object{{"enum", std::move(keys)}}}});
  }
  Object plain = table(std::move(properties));
  plain["oneOf"] = std::move(exactly_one);
  Object fault{{"allOf", Array{ref("fault"), Object{{"not", Object{{"required", Array{"when"}}}}}}}};
  return {{"type", "object"},
          {"if", Object{{"required", Array{"inject"}}}},
          {"then", std::move(fault)},
          {"else", std::move(plain)}};
}

}  // namespace wsfault::report::schema
