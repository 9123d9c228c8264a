// Faults of the upgrade layer: what comes back instead of a right 101.
#include <fmt/format.h>

#include <algorithm>

#include "fault/catalogue.hpp"
#include "fault/fault.hpp"

namespace wsfault::fault {
namespace {

std::string_view reason_phrase(std::int64_t status) {
  struct Phrase {
    int status;
    std::string_view text;
  };
  static constexpr Phrase phrases[] = {{200, "OK"},
                                       {204, "No Content"},
                                       {301, "Moved Permanently"},
                                       {302, "Found"},
                                       {303, "See Other"},
                                       {307, "Temporary Redirect"},
                                       {308, "Permanent Redirect"},
                                       {400, "Bad Request"},
                                       {401, "Unauthorized"},
                                       {403, "Forbidden"},
                                       {404, "Not Found"},
                                       {405, "Method Not Allowed"},
                                       {408, "Request Timeout"},
                                       {426, "Upgrade Required"},
                                       {429, "Too Many Requests"},
                                       {500, "Internal Server Error"},
                                       {502, "Bad Gateway"},
                                       {503, "Service Unavailable"},
                                       {504, "Gateway Timeout"}};
  const auto* found = std::ranges::find(phrases, status, &Phrase::status);
  return found == std::end(phrases) ? "Status" : found->text;
}

Actions answer(wire::ResponseHead head, const std::string& body) {
  const auto add = [&head](std::string name, std::string value) {
    if (!wire::find_header(head.headers, name)) head.headers.push_back({std::move(name), std::move(value)});
  };
  if (head.status >= 200 && head.status != 204) add("Content-Length", std::to_string(body.size()));
  add("Connection", "close");
  return {Detach{Side::client}, Detach{Side::server},
          Inject{Side::client, wire::serialize(head) + body, Boundary::now}, SendFin{Side::server},
          SendFin{Side::client}};
}

Actions respond(const FaultSpec& spec, const Situation&) {
  const std::int64_t status = spec.integer("status");
  wire::ResponseHead head{
      .status = static_cast<int>(status), .reason = std::string(reason_phrase(status)), .headers = {}};
  if (spec.has("headers")) {
    for (const Value::Member& member : *spec.attributes.find("headers")->table()) {
      head.headers.push_back({member.key, *member.value.text()});
    }
  }
  return answer(std::move(head), spec.has("body") ? spec.text("body") : "");
}

Actions redirect(const FaultSpec& spec, const Situation&) {
  const std::int64_t status = spec.integer("status");
  return answer({.status = static_cast<int>(status),
                 .reason = std::string(reason_phrase(status)),
                 .headers = {{"Location", spec.text("location")}}},
                "");
}

/// Spoils the server's own 101, so that everything else about it is as it should be.
class Bad101 : public Fault {
 public:
  explicit Bad101(FaultSpec spec) : spec_(std::move(spec)) {}
  Actions fire(const Situation&) override { return {}; }

  Treatment treat(const Unit& unit, const Situation&) override {
    if (unit.kind != Unit::Kind::head || unit.response == nullptr || unit.response->status != 101) return {};
    wire::ResponseHead head = *unit.response;
    spoil(head);
    return {.kind = Treatment::Kind::replace, .bytes = wire::serialize(head), .delay = {}, .then = {}};
  }

 private:
  void spoil(wire::ResponseHead& head) const {
    const std::string flaw = spec_.text("flaw");
    if (flaw == "wrong-accept")
      replace(head, "Sec-WebSocket-Accept", wire::accept_key("wsfault: another key"));
    if (flaw == "no-accept") remove(head, "Sec-WebSocket-Accept");
    if (flaw == "no-upgrade") remove(head, "Upgrade");
    if (flaw == "no-connection") remove(head, "Connection");
    if (flaw == "wrong-subprotocol") replace(head, "Sec-WebSocket-Protocol", "never-offered");
    if (flaw == "unoffered-extension") replace(head, "Sec-WebSocket-Extensions", "never-offered");
  }
  static void remove(wire::ResponseHead& head, std::string_view name) {
    std::erase_if(head.headers, [&](const wire::Header& header) {
      return std::ranges::equal(header.name, name,
                                [](char a, char b) { return std::tolower(a) == std::tolower(b); });
    });
  }
  static void replace(wire::ResponseHead& head, std::string_view name, std::string value) {
    remove(head, name);
    head.headers.push_back({std::string(name), std::move(value)});
  }
  FaultSpec spec_;
};

Actions wrong_protocol(const FaultSpec& spec, const Situation& situation) {
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
  Actions actions{Detach{Side::client}, Detach{Side::server}, Inject{Side::client, bytes, Boundary::now},
                  SendFin{Side::server}};
  append_end(actions, spec.end, Side::client);
  return actions;
}

/// The first bytes of the server's answer, then the end.
class PartialHead : public Fault {
 public:
  explicit PartialHead(FaultSpec spec) : spec_(std::move(spec)) {}
  Actions fire(const Situation&) override { return {}; }

  Treatment treat(const Unit& unit, const Situation&) override {
    if (unit.kind != Unit::Kind::head || unit.response == nullptr) return {};
    const auto size =
        std::min<std::size_t>(static_cast<std::size_t>(spec_.integer("bytes")), unit.bytes.size() - 1);
    Treatment treatment{.kind = Treatment::Kind::replace,
                        .bytes = std::string(unit.bytes.substr(0, size)),
                        .delay = {},
                        .then = {Detach{Side::client}, Detach{Side::server}, SendFin{Side::server}}};
    append_end(treatment.then, spec_.end, Side::client);
    if (spec_.end == EndWish::none)
      treatment.then.push_back(Tell{{record::EffectKind::no_answer, Side::client}});
    return treatment;
  }

 private:
  FaultSpec spec_;
};

Entry upgrade_entry(std::string_view name, std::string_view does, std::string_view imitates) {
  return {.name = name,
          .layer = "upgrade",
          .does = does,
          .imitates = imitates,
          .when = "upgrade",
          .connections = "all",
          .direction = "to-client",
          .answers = true};
}

}  // namespace

namespace entries {

Entry respond() {
  Entry entry =
      upgrade_entry("respond", "Any answer instead of the 101, then FIN.",
                    "An overloaded, unauthorised or misconfigured server; a page where a socket should be.");
  entry.attributes = {
      {.name = "status", .type = AttributeType::integer, .low = 100, .high = 599, .doc = "the HTTP status"},
      {.name = "headers", .type = AttributeType::headers, .optional = true, .doc = "further header fields"},
      {.name = "body", .type = AttributeType::text, .optional = true, .doc = "the content"}};
  entry.make = make_firing<fault::respond>;
  return entry;
}

Entry redirect() {
  Entry entry = upgrade_entry("redirect", "A 3xx with a Location instead of the 101.",
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

Entry bad_101() {
  Entry entry = upgrade_entry("bad_101", "A 101 that must be refused (RFC 6455 4.1).",
                              "A broken server, or a proxy that rewrites or answers from a cache.");
  entry.attributes = {{.name = "flaw",
                       .type = AttributeType::one_of,
                       .names = {"wrong-accept", "no-accept", "no-upgrade", "no-connection",
                                 "wrong-subprotocol", "unoffered-extension"},
                       .doc = "what is wrong with it"}};
  entry.make = make_treating<Bad101>;
  return entry;
}

Entry wrong_protocol() {
  Entry entry = upgrade_entry("wrong_protocol", "What listens there speaks something else.",
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

Entry partial_head() {
  Entry entry = upgrade_entry("partial_head", "The first bytes of the answer, then the end.",
                              "A server that crashes while it answers.");
  entry.attributes = {{.name = "bytes",
                       .type = AttributeType::integer,
                       .fallback = "20",
                       .low = 0,
                       .high = 65536,
                       .doc = "how much of the head arrives; always less than all of it"}};
  entry.ends = {"fin", "reset", "none"};
  entry.make = make_treating<PartialHead>;
  return entry;
}

}  // namespace entries
}  // namespace wsfault::fault
