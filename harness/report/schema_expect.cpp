// [[expect]] as a schema: exactly one kind, with the keys that narrow it.
#include "report/schema_parts.hpp"
#include "verdict/expect/kind.hpp"

namespace wsfault::report::schema {
namespace {

using verdict::ExpectationKind;

/// The kinds, the keys that narrow them, and the rule that there is exactly one kind.
Object kinds_schema(bool in_never) {
  Object properties;
  Array exactly_one;
  Object needs;
  for (const ExpectationKind& kind : verdict::expectation_kinds()) {
    const bool allowed = in_never ? kind.read != nullptr : !kind.only_in_never;
    if (!allowed) continue;
    properties[kind.key] = with(kind.schema, kind.holds);
    exactly_one.emplace_back(Object{{"required", Array{kind.key}}});
    if (kind.needs_for && !in_never) needs[kind.key] = Array{"for"};
  }
  for (const ExpectationKind& kind : verdict::expectation_kinds()) {
    for (const verdict::Narrowing& narrowing : kind.narrowings) {
      properties[narrowing.key] = with(narrowing.schema, narrowing.meaning);
      needs[narrowing.key] = Array{kind.key};
    }
  }
  Object out = table(std::move(properties));
  out["oneOf"] = std::move(exactly_one);
  out["dependencies"] = std::move(needs);
  return out;
}

}  // namespace

Object never_schema() { return kinds_schema(true); }

Object expectation_schema() {
  Object out = with(kinds_schema(false), "What is expected: exactly one kind");
  Object& properties = out["properties"].as_object();
  properties["within"] = with(ref("duration"), "The longest time, from `since`; default 5 s");
  properties["not_before"] = with(ref("duration"), "The shortest time, from `since`");
  properties["for"] = with(ref("duration"), "How long it must hold");
  properties["since"] = with(ref("moment"), "From when times count");
  properties["connection"] = with(or_variable(integer(1, 1e6)), "Of which connection");
  properties["of"] = with(ref("text"), "Of whom");
  return out;
}

}  // namespace wsfault::report::schema
