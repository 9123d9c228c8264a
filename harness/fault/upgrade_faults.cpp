// Faults of the upgrade layer: what is sent instead of a correct 101, or with it.
#include <fmt/format.h>

#include "fault/heads.hpp"
#include "wire/reason_phrase.hpp"

namespace wsfault::fault {
namespace {

/// What keeps TCP open does not announce its end.
ConnectionActions answer(wire::ResponseHead head, const std::string& body, EndWish end) {
  const auto add = [&head](std::string name, std::string value) {
    if (!wire::find_header(head.headers, name)) head.headers.push_back({std::move(name), std::move(value)});
  };
  if (head.status >= 200 && head.status != 204) add("Content-Length", std::to_string(body.size()));
  if (end != EndWish::none) add("Connection", "close");
  ConnectionActions actions{Detach{Side::client}, Detach{Side::server},
                            Inject{Side::client, wire::serialize(head) + body, Boundary::now},
                            SendFin{Side::server}};
  append_end(actions, end, Side::client);
  return actions;
}

wire::ResponseHead head_of(int status) {
  return {.status = status, .reason = std::string(wire::reason_phrase(status))};
}

struct Response {
  int status;
  wire::Headers headers;
  std::string body;

  wire::ResponseHead head() const {
    wire::ResponseHead head = head_of(status);
    head.headers = headers;
    return head;
  }
};

ConnectionActions respond(const FaultSpec& spec, const Response& own, const Situation&) {
  return answer(own.head(), own.body, spec.end);
}

ConnectionActions misroute(const FaultSpec&, const Response& own, const Situation&) {
  wire::ResponseHead head = own.head();
  if (!wire::find_header(head.headers, "Content-Type")) head.headers.push_back({"Content-Type", "text/html"});
  return answer(std::move(head), own.body, EndWish::fin);
}

struct Redirect {
  std::string location;
  int status;
};

ConnectionActions redirect(const FaultSpec&, const Redirect& own, const Situation&) {
  wire::ResponseHead head = head_of(own.status);
  head.headers.push_back({"Location", own.location});
  return answer(std::move(head), "", EndWish::fin);
}

BOOST_DEFINE_ENUM_CLASS(Protocol, ssh, tls, http2, garbage)
struct WrongProtocol {
  Protocol speaks;
  std::optional<std::string> raw;
};

std::string greeting(Protocol protocol, std::mt19937_64& random) {
  using namespace std::string_literals;
  std::string bytes;
  switch (protocol) {
    case Protocol::ssh:
      return "SSH-2.0-OpenSSH_9.2\r\nProtocol mismatch.\n";
    case Protocol::tls:
      return "\x15\x03\x01\x00\x02\x02\x46"s;  // alert, fatal, protocol_version (RFC 5246 7.2)
    case Protocol::http2:
      return "\x00\x00\x00\x04\x00\x00\x00\x00\x00"s;  // an empty SETTINGS frame (RFC 9113 6.5)
    case Protocol::garbage:
      for (int i = 0; i < 64; ++i) bytes += static_cast<char>(0x80 | (random() & 0x7f));
  }
  return bytes;
}

ConnectionActions wrong_protocol(const FaultSpec& spec, const WrongProtocol& own,
                                 const Situation& situation) {
  ConnectionActions actions{
      Detach{Side::client}, Detach{Side::server},
      Inject{Side::client, own.raw ? *own.raw : greeting(own.speaks, situation.random), Boundary::now},
      SendFin{Side::server}};
  append_end(actions, spec.end, Side::client);
  return actions;
}

struct EarlyHints {
  bool glued;
};

/// A 103 sent when the request is complete, or in one piece with the final answer.
class EarlyHintsFault : public FaultWith<EarlyHints> {
 public:
  using FaultWith::FaultWith;
  ConnectionActions fire(const Situation&) override {
    if (own_.glued) return {};
    return {Inject{Side::client, hints(), Boundary::now}};
  }
  Treatment treat(const Unit& unit, const Situation&) override {
    if (!own_.glued || !is_final_answer(unit)) return {};
    return {.kind = Treatment::Kind::replace, .bytes = hints() + std::string(unit.bytes)};
  }

 private:
  static std::string hints() {
    wire::ResponseHead head = head_of(103);
    head.headers.push_back({"Link", "</style.css>; rel=preload; as=style"});
    return wire::serialize(head);
  }
};

struct AnswerTwice {
  int status;
  std::string body;
};

/// The 101, followed by a second final answer.
class AnswerTwiceFault : public FaultWith<AnswerTwice> {
 public:
  using FaultWith::FaultWith;
  Treatment treat(const Unit& unit, const Situation&) override {
    if (!is_switch(unit)) return {};
    wire::ResponseHead second = head_of(own_.status);
    second.headers.push_back({"Content-Length", std::to_string(own_.body.size())});
    second.headers.push_back({"Connection", "close"});
    return {.kind = Treatment::Kind::replace,
            .bytes = std::string(unit.bytes) + wire::serialize(second) + own_.body};
  }
};

constexpr std::string_view page =
    "<!DOCTYPE html><html><head><title>It works</title></head><body><h1>It works</h1></body></html>";

Rows<Response> response_rows(std::string_view status, std::string_view body) {
  return {{&Response::status,
           {.name = "status", .fallback = status, .low = 100, .high = 599, .doc = "the HTTP status"}},
          {&Response::headers, {.name = "headers", .optional = true, .doc = "further header fields"}},
          {&Response::body, {.name = "body", .fallback = body, .optional = true, .doc = "the content"}}};
}

}  // namespace

namespace entries {

Entry respond() {
  Entry entry =
      answer_entry("respond",
                   "Any answer instead of the 101, then `end`; with `none` TCP stays open, and `Connection: "
                   "close` is not said.",
                   "An overloaded, unauthorised or misconfigured server; a page where a socket should be.");
  entry.ends = {"fin", "reset", "none"};
  return firing_entry(std::move(entry), fault::respond, response_rows("", ""));
}

Entry misroute() {
  return firing_entry(
      answer_entry("misroute", "A plain HTTP service gets the request, and answers with a page.",
                   "A route that leads to the wrong service, a catch-all that serves an index page."),
      fault::misroute, response_rows("200", page));
}

Entry redirect() {
  return firing_entry(
      answer_entry("redirect", "A 3xx with a Location instead of the 101.",
                   "A server that moved, or forces https or a login page."),
      fault::redirect,
      {{&Redirect::location, {.name = "location", .doc = "the value of Location"}},
       {&Redirect::status,
        {.name = "status", .fallback = "307", .low = 300, .high = 399, .doc = "the HTTP status"}}});
}

Entry wrong_protocol() {
  Entry entry = answer_entry("wrong_protocol", "What listens there speaks something else.",
                             "A wrong port: SSH, TLS where plain text was meant, HTTP/2 only, garbage.");
  entry.ends = {"fin", "reset", "none"};
  return firing_entry(
      std::move(entry), fault::wrong_protocol,
      {{&WrongProtocol::speaks, {.name = "speaks", .fallback = "ssh", .doc = "which protocol"}},
       {&WrongProtocol::raw,
        {.name = "raw", .optional = true, .doc = "these bytes instead: text, or { hex = \"…\" }"}}});
}

Entry early_hints() {
  return class_entry<EarlyHintsFault>(
      answer_entry("early_hints", "A 103 with a Link before the 101 (RFC 8297).",
                   "A server or content delivery network that hints to every client."),
      {{&EarlyHints::glued,
        {.name = "glued",
         .fallback = "false",
         .doc = "true: in one piece with the answer; false: as soon as the request is in"}}});
}

Entry answer_twice() {
  Entry entry = answer_entry("answer_twice", "The 101, and a second HTTP response after it.",
                             "A proxy that writes its error page into the tunnel it has just opened.");
  return class_entry<AnswerTwiceFault>(
      std::move(entry),
      {{&AnswerTwice::status,
        {.name = "status", .fallback = "502", .low = 200, .high = 599, .doc = "of the second response"}},
       {&AnswerTwice::body, {.name = "body", .optional = true, .doc = "its content"}}});
}

}  // namespace entries
}  // namespace wsfault::fault
