// Faults of the upgrade layer that change a head on its way.
#include <fmt/format.h>

#include <algorithm>

#include "fault/heads.hpp"

namespace wsfault::fault {
namespace {

BOOST_DEFINE_ENUM_CLASS(SwitchFlaw, wrong_accept, no_accept, no_upgrade, no_connection, wrong_subprotocol,
                        unoffered_extension)
struct Bad101 {
  SwitchFlaw flaw;
};

void replace(wire::ResponseHead& head, std::string_view name, std::string value) {
  remove_header(head.headers, name);
  head.headers.push_back({std::string(name), std::move(value)});
}

void spoil(wire::ResponseHead& head, SwitchFlaw flaw) {
  switch (flaw) {
    case SwitchFlaw::wrong_accept:
      return replace(head, "Sec-WebSocket-Accept", wire::accept_key("wsfault: another key"));
    case SwitchFlaw::no_accept:
      return remove_header(head.headers, "Sec-WebSocket-Accept");
    case SwitchFlaw::no_upgrade:
      return remove_header(head.headers, "Upgrade");
    case SwitchFlaw::no_connection:
      return remove_header(head.headers, "Connection");
    case SwitchFlaw::wrong_subprotocol:
      return replace(head, "Sec-WebSocket-Protocol", "never-offered");
    case SwitchFlaw::unoffered_extension:
      return replace(head, "Sec-WebSocket-Extensions", "never-offered");
  }
}

/// Spoils the server's own 101, so that everything else about it is correct.
class Bad101Fault : public FaultWith<Bad101> {
 public:
  using FaultWith::FaultWith;
  Treatment treat(const Unit& unit, const Situation&) override {
    if (!is_switch(unit)) return {};
    wire::ResponseHead head = *unit.response;
    spoil(head, own_.flaw);
    return {.kind = Treatment::Kind::replace, .bytes = wire::serialize(head)};
  }
};

struct PartialHead {
  std::uint32_t bytes;
};

/// The first bytes of the server's answer, then the end.
class PartialHeadFault : public FaultWith<PartialHead> {
 public:
  using FaultWith::FaultWith;
  Treatment treat(const Unit& unit, const Situation&) override {
    if (unit.kind != Unit::Kind::head || unit.response == nullptr) return {};
    const auto size = std::min<std::size_t>(own_.bytes, unit.bytes.size() - 1);
    Treatment treatment{.kind = Treatment::Kind::replace,
                        .bytes = std::string(unit.bytes.substr(0, size)),
                        .then = {Detach{Side::client}, Detach{Side::server}, SendFin{Side::server}}};
    append_end(treatment.then, spec_.end, Side::client);
    if (spec_.end == EndWish::none)
      treatment.then.push_back(Tell{{record::LinkEffectKind::no_answer, Side::client}});
    return treatment;
  }
};

BOOST_DEFINE_ENUM_CLASS(Fate, keep, lose)
struct StripUpgrade {
  Fate sec_websocket;
};

/// The request arrives without its upgrade headers.
class StripUpgradeFault : public FaultWith<StripUpgrade> {
 public:
  using FaultWith::FaultWith;
  Treatment treat(const Unit& unit, const Situation&) override {
    if (unit.kind != Unit::Kind::head || unit.from != Side::client) return {};
    auto head = wire::parse_request(unit.bytes);
    if (!head) return {};
    remove_header(head->headers, "Upgrade");
    remove_header(head->headers, "Connection");
    for (const std::string_view name : {"Key", "Version", "Protocol", "Extensions"}) {
      if (own_.sec_websocket == Fate::lose)
        remove_header(head->headers, fmt::format("Sec-WebSocket-{}", name));
    }
    return {.kind = Treatment::Kind::replace, .bytes = wire::serialize(*head)};
  }
};

struct SlowHead {
  std::int64_t rate;
};

class SlowHeadFault : public FaultWith<SlowHead> {
 public:
  using FaultWith::FaultWith;
  Treatment treat(const Unit& unit, const Situation&) override {
    if (unit.kind != Unit::Kind::head || !covers(spec_.direction, unit.from)) return {};
    return {.kind = Treatment::Kind::pace, .rate = own_.rate};
  }
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

struct HugeHead {
  std::size_t bytes;
};

class HugeHeadFault : public FaultWith<HugeHead> {
 public:
  using FaultWith::FaultWith;
  Treatment treat(const Unit& unit, const Situation&) override {
    const bool whole = is_final_answer(unit) || (unit.kind == Unit::Kind::head && unit.from == Side::client);
    if (!whole || !covers(spec_.direction, unit.from)) return {};
    std::string bytes(unit.bytes);
    bytes.insert(bytes.size() - 2, filling_lines(own_.bytes));
    return {.kind = Treatment::Kind::replace, .bytes = std::move(bytes)};
  }
};

struct GluedHead {
  Duration within;
};

/// Holds the 101 until the first frame, and sends both together.
class GluedHeadFault : public FaultWith<GluedHead> {
 public:
  using FaultWith::FaultWith;
  bool wants_messages() const override { return !glued_; }
  Treatment treat(const Unit& unit, const Situation&) override {
    if (unit.from == Side::server && unit.kind != Unit::Kind::head) glued_ = true;
    if (!is_switch(unit)) return {};
    return {.kind = Treatment::Kind::hold, .delay = own_.within};
  }

 private:
  bool glued_ = false;
};

}  // namespace

namespace entries {

Entry bad_101() {
  return class_entry<Bad101Fault>(
      answer_entry("bad_101", "A 101 that must be refused (RFC 6455 4.1).",
                   "A broken server, or a proxy that rewrites or answers from a cache."),
      {{&Bad101::flaw, {.name = "flaw", .doc = "what is wrong with it"}}});
}

Entry partial_head() {
  Entry entry = answer_entry("partial_head", "The first bytes of the answer, then the end.",
                             "A server that crashes while it answers.");
  entry.ends = {"fin", "reset", "none"};
  return class_entry<PartialHeadFault>(
      std::move(entry), {{&PartialHead::bytes,
                          {.name = "bytes",
                           .fallback = "20",
                           .low = 0,
                           .high = 65536,
                           .doc = "how much of the head arrives; always less than all of it"}}});
}

Entry strip_upgrade() {
  Entry entry = upgrade_entry(
      "strip_upgrade", "The hop-by-hop headers, Upgrade and Connection, are lost on the way to the server.",
      "A proxy that is not configured for WebSockets (RFC 9110 7.6.1).");
  entry.faithful = "nginx by default also makes the request one of HTTP/1.0 and says `Connection: close`.";
  entry.direction = "to-server";
  return class_entry<StripUpgradeFault>(
      std::move(entry),
      {{&StripUpgrade::sec_websocket,
        {.name = "sec_websocket",
         .fallback = "keep",
         .doc = "what becomes of Sec-WebSocket-Key, -Version, -Protocol and -Extensions"}}});
}

Entry slow_head() {
  return class_entry<SlowHeadFault>(
      upgrade_entry("slow_head",
                    "A head comes slowly: the answer, or the request where the system is the server.",
                    "A server under load, a slow path, a client that holds servers up."),
      {{&SlowHead::rate,
        {.name = "rate", .fallback = "50", .low = 1, .high = 1'000'000, .doc = "bytes a second"}}});
}

Entry huge_head() {
  return class_entry<HugeHeadFault>(
      upgrade_entry(
          "huge_head",
          "A head with many more headers: the answer, or the request where the system is the server.",
          "Cookies that pile up, a proxy that adds headers at every hop."),
      {{&HugeHead::bytes,
        {.name = "bytes",
         .fallback = "64KiB",
         .low = 32,
         .high = 1 << 20,
         .doc = "of the added headers, in lines of about 1 KiB"}}});
}

Entry glued_head() {
  Entry entry = answer_entry("glued_head", "The 101 and the server's first frame in one segment.",
                             "A server that greets at once, a proxy that buffers.");
  entry.faithful = "The kernel decides on segments; written in one piece, both are in one where they fit.";
  return class_entry<GluedHeadFault>(std::move(entry),
                                     {{&GluedHead::within,
                                       {.name = "within",
                                        .fallback = "500ms",
                                        .above_zero = true,
                                        .doc = "how long the 101 waits for a frame at most"}}});
}

}  // namespace entries
}  // namespace wsfault::fault
