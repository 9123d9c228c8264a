// [[expect]] as a schema: exactly one kind, with the keys that narrow it.
#include <algorithm>
#include <stdexcept>
#include <string>

#include "report/schema_parts.hpp"
#include "verdict/expectation.hpp"

namespace wsfault::report::schema {
namespace {

/// A close code or status, a range, a list of these, or one of the words.
Object codes(double low, double high, std::string_view words) {
  const std::string range = "^([0-9]+(-[0-9]+)?|" + std::string(words) + R"()$|\$\{)";
  return one_or_list(any_of({integer(low, high), pattern(range)}));
}

Object regex() { return pattern(R"(^/.*/$|\$\{)"); }

/// The keys of a schedule; in the value of `backoff` itself they include no further `backoff`.
Object schedule_keys() {
  return {{"first", ref("duration")},
          {"factor", or_variable(number(1, 1000))},
          {"max", ref("duration")},
          {"jitter", or_variable(one_of({"full", "equal", "none"}))}};
}

Object reconnect() {
  Object keys = schedule_keys();
  keys["attempts"] = ref("bound");
  keys["backoff"] = any_of({one_of({"exponential"}), ref("variable"), table(schedule_keys())});
  return any_of({Object{{"type", "boolean"}}, ref("bound"), table(std::move(keys))});
}

/// The value of each kind; expectation_kinds() lists them.
Object value_of(std::string_view kind) {
  if (kind == "close") return codes(0, 65535, "any");
  if (kind == "wire_close") return codes(0, 65535, "any|empty");
  if (kind == "status") return codes(100, 599, "any|[1-5]xx");
  if (kind == "request")
    return table({{"path", ref("text")}, {"headers", ref("patterns")}, {"subprotocol", ref("text")}});
  if (kind == "message") return ref("bytes");
  if (kind == "event") return ref("moment");
  if (kind == "reconnect") return reconnect();
  if (kind == "connections") {
    return table(
        {{"open", ref("bound")}, {"total", ref("bound")}, {"rate", pattern(R"(^[ \t]*<=.*/s$|\$\{)")}});
  }
  if (kind == "ping" || kind == "pong") return any_of({one_of({"any"}), ref("duration_bound")});
  if (kind == "end") return one_or_list(or_variable(one_of({"fin", "reset", "open"})));
  if (kind == "delivery") return or_variable(one_of({"at-least-once", "at-most-once", "exactly-once"}));
  if (kind == "alive") return ref("duration");
  if (kind == "exit") return any_of({integer(0, 255), one_of({"running"}), ref("variable")});
  if (kind == "usage") return table({{"memory", ref("text")}, {"sockets", ref("text")}});
  if (kind == "log") return regex();
  if (kind == "order") {
    Object list = list_of(ref("moment"));
    list["minItems"] = 2;
    return list;
  }
  if (kind == "never") return ref("never");
  throw std::logic_error("the schema has no value for the expectation " + std::string(kind));
}

/// A key that narrows one kind of expectation.
struct Narrowing {
  std::string_view key;
  std::vector<std::string_view> kinds;
  Object schema;
  std::string_view meaning;
};

std::vector<Narrowing> narrowings() {
  const std::vector<std::string_view> causes = {"reset",          "fin",      "heartbeat", "timeout",
                                                "protocol-error", "handshake"};
  return {
      {"reason", {"close"}, ref("text"), "The reason that it reported: a text or /regex/"},
      {"clean", {"close"}, ref("boolean"), "Whether it called the end clean"},
      {"cause", {"close"}, one_or_list(or_variable(one_of(causes))), "What ended it, as the link saw it"},
      {"direction",
       {"wire_close"},
       or_variable(one_of({"to-client", "to-server", "both"})),
       "Which way it went"},
      {"headers", {"status"}, ref("patterns"), "Of the answer: texts or /regex/"},
      {"body", {"status"}, ref("text"), "Of the answer: a text or /regex/"},
      {"count", {"message"}, ref("bound"), "How many such messages"},
      {"seq", {"delivery"}, regex(), "Finds the number in the system's own messages"},
  };
}

/// The kinds, the keys that narrow them, and the rule that there is exactly one kind.
Object kinds_schema(bool in_never) {
  Object properties;
  Array exactly_one;
  Object needs;
  for (const verdict::ExpectationKind& kind : verdict::expectation_kinds()) {
    if (in_never && kind.key == "never") continue;
    properties[kind.key] = with(value_of(kind.key), kind.holds);
    exactly_one.emplace_back(Object{{"required", Array{kind.key}}});
    if (kind.needs_for && !in_never) needs[kind.key] = Array{"for"};
  }
  if (in_never) {
    properties["fault"] = with(ref("text"), "The name of a fault");
    exactly_one.emplace_back(Object{{"required", Array{"fault"}}});
  }
  for (const Narrowing& narrowing : narrowings()) {
    properties[narrowing.key] = with(narrowing.schema, narrowing.meaning);
    needs[narrowing.key] = Array{narrowing.kinds.front()};
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
