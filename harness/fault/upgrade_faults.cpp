// Faults of the upgrade layer: what is sent instead of a correct 101, or with it.
#include <fmt/format.h>

#include "fault/heads.hpp"

namespace wsfault::fault {
namespace {

ConnectionActions answer(wire::ResponseHead head, const std::string& body) {
  const auto add = [&head](std::string name, std::string value) {
    if (!wire::find_header(head.headers, name)) head.headers.push_back({std::move(name), std::move(value)});
  };
  if (head.status >= 200 && head.status != 204) add("Content-Length", std::to_string(body.size()));
  add("Connection", "close");
  return {Detach{Side::client}, Detach{Side::server},
          Inject{Side::client, wire::serialize(head) + body, Boundary::now}, SendFin{Side::server},
          SendFin{Side::client}};
}

wire::ResponseHead head_of(std::int64_t status) {
  return {.status = static_cast<int>(status), .reason = std::string(reason_phrase(status))};
}

wire::ResponseHead stated_head(const FaultSpec& spec) {
  wire::ResponseHead head = head_of(spec.integer("status"));
  if (spec.has("headers")) {
    for (const Value::Member& member : *spec.attributes.find("headers")->table()) {
      head.headers.push_back({member.key, *member.value.text()});
    }
  }
  return head;
}

std::string stated_body(const FaultSpec& spec) { return spec.has("body") ? spec.text("body") : ""; }

ConnectionActions respond(const FaultSpec& spec, const Situation&) {
  return answer(stated_head(spec), stated_body(spec));
}

ConnectionActions misroute(const FaultSpec& spec, const Situation&) {
  wire::ResponseHead head = stated_head(spec);
  if (!wire::find_header(head.headers, "Content-Type")) head.headers.push_back({"Content-Type", "text/html"});
  return answer(std::move(head), stated_body(spec));
}

ConnectionActions redirect(const FaultSpec& spec, const Situation&) {
  wire::ResponseHead head = head_of(spec.integer("status"));
  head.headers.push_back({"Location", spec.text("location")});
  return answer(std::move(head), "");
}

ConnectionActions wrong_protocol(const FaultSpec& spec, const Situation& situation) {
  using namespace std::string_literals;
  const std::string speaks = spec.text("speaks");
  std::string bytes;
  if (speaks == "ssh") bytes = "SSH-2.0-OpenSSH_9.2\r\nProtocol mismatch.\n";
  if (speaks == "tls")
    bytes = "\x15\x03\x01\x00\x02\x02\x46"s;  // alert, fatal, protocol_version (RFC 5246 7.2)
  if (speaks == "http2")
    bytes = "\x00\x00\x00\x04\x00\x00\x00\x00\x00"s;  // an empty SETTINGS frame (RFC 9113 6.5)
  if (speaks == "garbage") {
    for (int i = 0; i < 64; ++i) bytes += static_cast<char>(0x80 | (situation.random() & 0x7f));
  }
  ConnectionActions actions{Detach{Side::client}, Detach{Side::server},
                            Inject{Side::client, bytes, Boundary::now}, SendFin{Side::server}};
  append_end(actions, spec.end, Side::client);
  return actions;
}

/// A 103 sent when the request is complete, or in one piece with the final answer.
class EarlyHints : public ConnectionFault {
 public:
  explicit EarlyHints(const FaultSpec& spec) : glued_(spec.boolean("glued")) {}
  ConnectionActions fire(const Situation&) override {
    if (glued_) return {};
    return {Inject{Side::client, hints(), Boundary::now}};
  }
  Treatment treat(const Unit& unit, const Situation&) override {
    if (!glued_ || !is_final_answer(unit)) return {};
    return {.kind = Treatment::Kind::replace,
            .bytes = hints() + std::string(unit.bytes),
            .delay = {},
            .then = {}};
  }

 private:
  static std::string hints() {
    wire::ResponseHead head = head_of(103);
    head.headers.push_back({"Link", "</style.css>; rel=preload; as=style"});
    return wire::serialize(head);
  }
  bool glued_;
};

/// The 101, followed by a second final answer.
class AnswerTwice : public ConnectionFault {
 public:
  explicit AnswerTwice(FaultSpec spec) : spec_(std::move(spec)) {}
  Treatment treat(const Unit& unit, const Situation&) override {
    if (!is_switch(unit)) return {};
    const std::string body = stated_body(spec_);
    wire::ResponseHead second = head_of(spec_.integer("status"));
    second.headers.push_back({"Content-Length", std::to_string(body.size())});
    second.headers.push_back({"Connection", "close"});
    return {.kind = Treatment::Kind::replace,
            .bytes = std::string(unit.bytes) + wire::serialize(second) + body,
            .delay = {},
            .then = {}};
  }

 private:
  FaultSpec spec_;
};

constexpr std::string_view page =
    "<!DOCTYPE html><html><head><title>It works</title></head><body><h1>It works</h1></body></html>";

std::vector<Attribute> response_attributes(std::string_view status, std::string_view body) {
  return {
      {.name = "status",
       .type = AttributeType::integer,
       .fallback = status,
       .low = 100,
       .high = 599,
       .doc = "the HTTP status"},
      {.name = "headers", .type = AttributeType::headers, .optional = true, .doc = "further header fields"},
      {.name = "body",
       .type = AttributeType::text,
       .fallback = body,
       .optional = true,
       .doc = "the content"}};
}

}  // namespace

namespace entries {

Entry respond() {
  Entry entry =
      answer_entry("respond", "Any answer instead of the 101, then FIN.",
                   "An overloaded, unauthorised or misconfigured server; a page where a socket should be.");
  entry.attributes = response_attributes("", "");
  entry.make = make_firing<fault::respond>;
  return entry;
}

Entry misroute() {
  Entry entry =
      answer_entry("misroute", "A plain HTTP service gets the request, and answers with a page.",
                   "A route that leads to the wrong service, a catch-all that serves an index page.");
  entry.attributes = response_attributes("200", page);
  entry.make = make_firing<fault::misroute>;
  return entry;
}

Entry redirect() {
  Entry entry = answer_entry("redirect", "A 3xx with a Location instead of the 101.",
                             "A server that moved, or forces https or a login page.");
  entry.attributes = {{.name = "location", .type = AttributeType::text, .doc = "the value of Location"},
                      {.name = "status",
                       .type = AttributeType::integer,
                       .fallback = "307",
                       .low = 300,
                       .high = 399,
                       .doc = "the HTTP status"}};
  entry.make = make_firing<fault::redirect>;
  return entry;
}

Entry wrong_protocol() {
  Entry entry = answer_entry("wrong_protocol", "What listens there speaks something else.",
                             "A wrong port: SSH, TLS where plain text was meant, HTTP/2 only, garbage.");
  entry.attributes = {{.name = "speaks",
                       .type = AttributeType::one_of,
                       .fallback = "ssh",
                       .names = {"ssh", "tls", "http2", "garbage"},
                       .doc = "which protocol"}};
  entry.ends = {"fin", "reset", "none"};
  entry.make = make_firing<fault::wrong_protocol>;
  return entry;
}

Entry early_hints() {
  Entry entry = answer_entry("early_hints", "A 103 with a Link before the 101 (RFC 8297).",
                             "A server or content delivery network that hints to every client.");
  entry.attributes = {{.name = "glued",
                       .type = AttributeType::boolean,
                       .fallback = "false",
                       .doc = "true: in one piece with the answer; false: as soon as the request is in"}};
  entry.make = make_treating<EarlyHints>;
  return entry;
}

Entry answer_twice() {
  Entry entry = answer_entry("answer_twice", "The 101, and a second HTTP response behind it.",
                             "A proxy that writes its error page into the tunnel it has just opened.");
  entry.attributes = {{.name = "status",
                       .type = AttributeType::integer,
                       .fallback = "502",
                       .low = 200,
                       .high = 599,
                       .doc = "of the second response"},
                      {.name = "body", .type = AttributeType::text, .optional = true, .doc = "its content"}};
  entry.illegal = true;
  entry.make = make_treating<AnswerTwice>;
  return entry;
}

}  // namespace entries
}  // namespace wsfault::fault
