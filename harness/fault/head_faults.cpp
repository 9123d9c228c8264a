// Faults of the upgrade layer that change a head on its way.
#include <fmt/format.h>

#include <algorithm>

#include "fault/heads.hpp"

namespace wsfault::fault {
namespace {

/// Spoils the server's own 101, so that everything else about it is correct.
class Bad101 : public ConnectionFault {
 public:
  explicit Bad101(FaultSpec spec) : spec_(std::move(spec)) {}
  Treatment treat(const Unit& unit, const Situation&) override {
    if (!is_switch(unit)) return {};
    wire::ResponseHead head = *unit.response;
    spoil(head);
    return {.kind = Treatment::Kind::replace, .bytes = wire::serialize(head), .delay = {}, .then = {}};
  }

 private:
  void spoil(wire::ResponseHead& head) const {
    const std::string flaw = spec_.text("flaw");
    if (flaw == "wrong-accept")
      replace(head, "Sec-WebSocket-Accept", wire::accept_key("wsfault: another key"));
    if (flaw == "no-accept") remove_header(head.headers, "Sec-WebSocket-Accept");
    if (flaw == "no-upgrade") remove_header(head.headers, "Upgrade");
    if (flaw == "no-connection") remove_header(head.headers, "Connection");
    if (flaw == "wrong-subprotocol") replace(head, "Sec-WebSocket-Protocol", "never-offered");
    if (flaw == "unoffered-extension") replace(head, "Sec-WebSocket-Extensions", "never-offered");
  }
  static void replace(wire::ResponseHead& head, std::string_view name, std::string value) {
    remove_header(head.headers, name);
    head.headers.push_back({std::string(name), std::move(value)});
  }
  FaultSpec spec_;
};

/// The first bytes of the server's answer, then the end.
class PartialHead : public ConnectionFault {
 public:
  explicit PartialHead(FaultSpec spec) : spec_(std::move(spec)) {}
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

/// The request arrives without its upgrade headers.
class StripUpgrade : public ConnectionFault {
 public:
  explicit StripUpgrade(const FaultSpec& spec) : loses_more_(spec.text("sec_websocket") == "lose") {}
  Treatment treat(const Unit& unit, const Situation&) override {
    if (unit.kind != Unit::Kind::head || unit.from != Side::client) return {};
    auto head = wire::parse_request(unit.bytes);
    if (!head) return {};
    remove_header(head->headers, "Upgrade");
    remove_header(head->headers, "Connection");
    for (const std::string_view name : {"Key", "Version", "Protocol", "Extensions"}) {
      if (loses_more_) remove_header(head->headers, fmt::format("Sec-WebSocket-{}", name));
    }
    return {.kind = Treatment::Kind::replace, .bytes = wire::serialize(*head), .delay = {}, .then = {}};
  }

 private:
  bool loses_more_;
};

class SlowHead : public ConnectionFault {
 public:
  explicit SlowHead(FaultSpec spec) : spec_(std::move(spec)) {}
  Treatment treat(const Unit& unit, const Situation&) override {
    if (unit.kind != Unit::Kind::head || !covers(spec_.direction, unit.from)) return {};
    return {
        .kind = Treatment::Kind::pace, .bytes = {}, .delay = {}, .then = {}, .rate = spec_.integer("rate")};
  }

 private:
  FaultSpec spec_;
};

/// Header lines with a total of this many bytes, each about 1 KiB, because single lines are often limited
/// too.
std::string filling_lines(std::size_t bytes) {
  constexpr std::size_t line = 1024;
  constexpr std::size_t shortest = 32;
  std::string lines;
  while (lines.size() < bytes) {
    const std::size_t left = bytes - lines.size();
    const std::size_t size = left < line + shortest ? left : line;
    const std::string name = fmt::format("X-Filling-{}: ", lines.size());
    lines += name + std::string(size - name.size() - 2, 'x') + "\r\n";
  }
  return lines;
}

class HugeHead : public ConnectionFault {
 public:
  explicit HugeHead(FaultSpec spec) : spec_(std::move(spec)) {}
  Treatment treat(const Unit& unit, const Situation&) override {
    const bool whole = is_final_answer(unit) || (unit.kind == Unit::Kind::head && unit.from == Side::client);
    if (!whole || !covers(spec_.direction, unit.from)) return {};
    const auto size = static_cast<std::size_t>(spec_.integer("bytes"));
    std::string bytes(unit.bytes);
    bytes.insert(bytes.size() - 2, filling_lines(size));
    return {.kind = Treatment::Kind::replace, .bytes = std::move(bytes), .delay = {}, .then = {}};
  }

 private:
  FaultSpec spec_;
};

/// Holds the 101 until the first frame, and sends both together.
class GluedHead : public ConnectionFault {
 public:
  explicit GluedHead(const FaultSpec& spec) : within_(spec.duration("within")) {}
  bool wants_messages() const override { return !glued_; }
  Treatment treat(const Unit& unit, const Situation&) override {
    if (unit.from == Side::server && unit.kind != Unit::Kind::head) glued_ = true;
    if (!is_switch(unit)) return {};
    return {.kind = Treatment::Kind::hold, .bytes = {}, .delay = within_, .then = {}};
  }

 private:
  Duration within_;
  bool glued_ = false;
};

}  // namespace

namespace entries {

Entry bad_101() {
  Entry entry = answer_entry("bad_101", "A 101 that must be refused (RFC 6455 4.1).",
                             "A broken server, or a proxy that rewrites or answers from a cache.");
  entry.attributes = {{.name = "flaw",
                       .type = AttributeType::one_of,
                       .names = {"wrong-accept", "no-accept", "no-upgrade", "no-connection",
                                 "wrong-subprotocol", "unoffered-extension"},
                       .doc = "what is wrong with it"}};
  entry.make = make_treating<Bad101>;
  return entry;
}

Entry partial_head() {
  Entry entry = answer_entry("partial_head", "The first bytes of the answer, then the end.",
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

Entry strip_upgrade() {
  Entry entry = upgrade_entry(
      "strip_upgrade", "The hop-by-hop headers, Upgrade and Connection, are lost on the way to the server.",
      "A proxy that is not configured for WebSockets (RFC 9110 7.6.1).");
  entry.faithful = "nginx by default also makes the request one of HTTP/1.0 and says `Connection: close`.";
  entry.direction = "to-server";
  entry.attributes = {{.name = "sec_websocket",
                       .type = AttributeType::one_of,
                       .fallback = "keep",
                       .names = {"keep", "lose"},
                       .doc = "what becomes of Sec-WebSocket-Key, -Version, -Protocol and -Extensions"}};
  entry.make = make_treating<StripUpgrade>;
  return entry;
}

Entry slow_head() {
  Entry entry = upgrade_entry(
      "slow_head", "A head comes slowly: the answer, or the request where the system is the server.",
      "A server under load, a slow path, a client that holds servers up.");
  entry.attributes = {{.name = "rate",
                       .type = AttributeType::integer,
                       .fallback = "50",
                       .low = 1,
                       .high = 1'000'000,
                       .doc = "bytes a second"}};
  entry.make = make_treating<SlowHead>;
  return entry;
}

Entry huge_head() {
  Entry entry = upgrade_entry(
      "huge_head",
      "A head with many more headers: the answer, or the request where the system is the server.",
      "Cookies that pile up, a proxy that adds headers at every hop.");
  entry.attributes = {{.name = "bytes",
                       .type = AttributeType::size,
                       .fallback = "64KiB",
                       .low = 32,
                       .high = 1 << 20,
                       .doc = "of the added headers, in lines of about 1 KiB"}};
  entry.make = make_treating<HugeHead>;
  return entry;
}

Entry glued_head() {
  Entry entry = answer_entry("glued_head", "The 101 and the server's first frame in one segment.",
                             "A server that greets at once, a proxy that buffers.");
  entry.faithful = "The kernel decides on segments; written in one piece, both are in one where they fit.";
  entry.attributes = {{.name = "within",
                       .type = AttributeType::duration,
                       .fallback = "500ms",
                       .doc = "how long the 101 waits for a frame at most"}};
  entry.make = make_treating<GluedHead>;
  return entry;
}

}  // namespace entries
}  // namespace wsfault::fault
