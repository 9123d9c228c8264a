// The whole JSON of every event; and every event reads back equal, whatever it contains.
#include <gtest/gtest.h>

#include <boost/pfr.hpp>
#include <random>

#include "record/json.hpp"

namespace wsfault::record {
namespace {

using namespace std::string_literals;

struct Row {
  What what;
  std::string json;  ///< after "at"
};

std::vector<Row> rows() {
  const wire::Headers headers = {{"Host", "a"}, {"X", ""}, {"host", "\xff"}};
  Value resolved;
  resolved.set("title", "x");
  resolved.set("ratio", 0.1);
  return {
      {Ready{}, R"({"type":"ready","at":7})"},
      {Mark{"m"}, R"({"type":"mark","at":7,"name":"m"})"},
      {ScriptFailed{"expect", "nothing came"},
       R"({"type":"script_failed","at":7,"step":"expect","detail":"nothing came"})"},
      {ScriptDone{}, R"({"type":"script_done","at":7})"},
      {ScriptAwaits{"expect x"}, R"({"type":"script_awaits","at":7,"step":"expect x"})"},
      {RunEnded{EndReason::decided, 0}, R"({"type":"run_ended","at":7,"reason":"decided","stalled":0})"},
      {RunEnded{EndReason::interrupted, 1500000000},
       R"({"type":"run_ended","at":7,"reason":"interrupted","stalled":1500000000})"},
      {HarnessError{"no port"}, R"({"type":"harness_error","at":7,"message":"no port"})"},
      {RunStarted{resolved},
       R"({"type":"run_started","log_version":2,"at":7,"resolved":{"title":"x","ratio":0.1}})"},
      {Accepted{"127.0.0.1:9"}, R"({"type":"accepted","at":7,"peer":"127.0.0.1:9","waited":0})"},
      {Dialled{}, R"({"type":"dialled","at":7})"},
      {DialFailed{111}, R"({"type":"dial_failed","at":7,"error":111})"},
      {TlsHandshake{Side::server, "TLSv1.3", ""},
       R"({"type":"tls_handshake","at":7,"side":"server","version":"TLSv1.3"})"},
      {TlsHandshake{Side::client, "", "no TLS handshake in time"},
       R"({"type":"tls_handshake","at":7,"side":"client","error":"no TLS handshake in time"})"},
      {StreamEnded{Tap::arrived, Side::server, EndKind::error, 104, 12, "frame", true},
       R"({"type":"stream_ended","at":7,"tap":"arrived","side":"server","how":"error","error":104,)"
       R"("unacknowledged":12,"inside":"frame","truncated":true})"},
      {StreamEnded{}, R"({"type":"stream_ended","at":7,"tap":"sent","side":"client","how":"fin","error":0,)"
                      R"("unacknowledged":0,"truncated":false})"},
      {ConnectionOver{}, R"({"type":"connection_over","at":7})"},
      {RequestSeen{Tap::sent, {"GET", "/chat", 11, headers}, true, {"no-host", "bad-key"}},
       R"({"type":"request_seen","at":7,"tap":"sent","method":"GET","target":"/chat","version":11,)"
       R"("headers":[["Host","a"],["X",""],["host",{"hex":"ff"}]],"upgrade":true,"flaws":["no-host","bad-key"]})"},
      {ResponseSeen{Tap::arrived, {502, "Bad Gateway", 10, {}}, {}, true},
       R"({"type":"response_seen","at":7,"tap":"arrived","status":502,"reason":"Bad Gateway","version":10,)"
       R"("second":true})"},
      {BodySeen{Tap::arrived, Side::server, 6, "denied", true},
       R"({"type":"body_seen","at":7,"tap":"arrived","from":"server","size":6,"text":"denied","whole":true})"},
      {BodySeen{Tap::sent, Side::client, 70'000, "\xff", false},
       R"({"type":"body_seen","at":7,"tap":"sent","from":"client","size":70000,"text":{"hex":"ff"},"whole":false})"},
      {NotHttp{Tap::sent, Side::server, "\x15\x03\x01"s},
       R"({"type":"not_http","at":7,"tap":"sent","from":"server","start":"\u0015\u0003\u0001"})"},
      {Opened{}, R"({"type":"opened","at":7})"},
      {PlainRequest{"POST", "/refresh"},
       R"({"type":"plain_request","at":7,"method":"POST","target":"/refresh"})"},
      {FrameSeen{Tap::arrived, Side::server, true, 0, 8, false, true, false, 4, 1, 0, 6, 1011, "oops"},
       R"({"type":"frame_seen","at":7,"tap":"arrived","from":"server","number":4,"of_kind":1,"fin":true,"rsv":0,)"
       R"("opcode":8,"masked":false,"length":6,"code":1011,"text":"oops","injected":true,"of":0})"},
      {FrameSeen{Tap::sent, Side::client, false, 7, 15, true, false, false, 1, 1, 0, UINT64_MAX, std::nullopt,
                 "\xff\x00"s},
       R"({"type":"frame_seen","at":7,"tap":"sent","from":"client","number":1,"of_kind":1,"fin":false,"rsv":7,)"
       R"("opcode":15,"masked":true,"length":"18446744073709551615","text":{"hex":"ff00"},"injected":false,"of":0})"},
      {RequestSeen{Tap::sent, {"GET", "/", 11, {}}, true, {}, "permessage-deflate"},
       R"({"type":"request_seen","at":7,"tap":"sent","method":"GET","target":"/","version":11,"upgrade":true,)"
       R"("declined":"permessage-deflate"})"},
      {FrameSeen{Tap::sent, Side::server, true, 4, 1, false, false, true, 1, 1, 0, 7},
       R"({"type":"frame_seen","at":7,"tap":"sent","from":"server","number":1,"of_kind":1,"fin":true,"rsv":4,)"
       R"("opcode":1,"masked":false,"length":7,"injected":false,"of":0,"compressed":true})"},
      {MessageSeen{Tap::sent, Side::server, 1, 1, 2, "\xf2H"s, true},
       R"({"type":"message_seen","at":7,"tap":"sent","from":"server","number":1,"opcode":1,"size":2,)"
       R"("payload":{"hex":"f248"},"compressed":true})"},
      {MessageSeen{Tap::sent, Side::server, 3, 1, 5, "hällo"},
       R"({"type":"message_seen","at":7,"tap":"sent","from":"server","number":3,"opcode":1,"size":5,)"
       R"("payload":"hällo"})"},
      {Forwarded{Side::server, 9, 3, 2, 1, true},
       R"({"type":"forwarded","at":7,"from":"server","frame":9,"message":3,"ping":2,"pong":1,"close":true})"},
      {ByteReached{Side::client, 300}, R"({"type":"byte_reached","at":7,"from":"client","bytes":300})"},
      {ViolationSeen{Tap::sent, Side::client, 2, "reserved-opcode", "RFC 6455 5.2"},
       R"({"type":"violation_seen","at":7,"tap":"sent","from":"client","frame":2,"violation":"reserved-opcode",)"
       R"("section":"RFC 6455 5.2"})"},
      {IdleReached{30'000'000'000}, R"({"type":"idle_reached","at":7,"idle":30000000000})"},
      {LinkEffect{LinkEffectKind::no_answer, Side::client},
       R"({"type":"effect","at":7,"kind":"no_answer","to":"client"})"},
      {LinkEffect{LinkEffectKind::tls_failure, Side::client},
       R"({"type":"effect","at":7,"kind":"tls_failure","to":"client"})"},
      {LinkEffect{LinkEffectKind::resumed, std::nullopt}, R"({"type":"effect","at":7,"kind":"resumed"})"},
      {FaultFired{"f", "reset", "reset to client"},
       R"({"type":"fault_fired","at":7,"name":"f","inject":"reset","done":"reset to client"})"},
      {FaultHealed{"f"}, R"({"type":"fault_healed","at":7,"name":"f"})"},
      {AttemptRefused{}, R"({"type":"attempt_refused","at":7})"},
      {AttemptUnanswered{AttemptChange::answered, "127.0.0.1:40000"},
       R"({"type":"attempt_unanswered","at":7,"change":"answered","peer":"127.0.0.1:40000"})"},
      {LinkEffect{LinkEffectKind::dark, Side::client},
       R"({"type":"effect","at":7,"kind":"dark","to":"client"})"},
      {LinkEffect{LinkEffectKind::dark, {}, 2}, R"({"type":"effect","at":7,"kind":"dark","address":2})"},
      {AttemptRefused{1}, R"({"type":"attempt_refused","at":7,"address":1})"},
      {AttemptRefused{{}, 5'000'000}, R"({"type":"attempt_refused","at":7,"ago":5000000})"},
      {Accepted{"127.0.0.1:40000", 0, 2},
       R"({"type":"accepted","at":7,"peer":"127.0.0.1:40000","waited":0,"address":2})"},
      {FaultSpared{"f"}, R"({"type":"fault_spared","at":7,"name":"f"})"},
      {ProcessChanged{ProcessChange::exited, 42, 1, 9},
       R"({"type":"process_changed","at":7,"change":"exited","pid":42,"code":1,"signal":9})"},
      {OutputLine{"stderr", "a\tb"}, R"({"type":"output_line","at":7,"stream":"stderr","line":"a\u0009b"})"},
      {Report{"close", 1006, "", "x", false, 502},
       R"({"type":"report","at":7,"event":"close","code":1006,"reason":"","clean":false,"text":"x","status":502})"},
      {Report{"open", {}, {}, "", {}, {}}, R"({"type":"report","at":7,"event":"open"})"},
      {Cut{CutKind::pings}, R"({"type":"cut","at":7,"what":"pings"})"},
      {UsageSample{1 << 20, 3}, R"({"type":"usage_sample","at":7,"memory":1048576,"sockets":3})"},
  };
}

TEST(EventJson, IsOneObjectOfWords) {
  for (const Row& row : rows()) EXPECT_EQ(to_json(Event{7, {}, row.what}), row.json);
}

TEST(EventJson, NamesThePlaceWhereThereIsOne) {
  EXPECT_EQ(to_json(Event{0, {"back", "client", 3}, Opened{}}),
            R"({"type":"opened","at":0,"link":"back","party":"client","connection":3})");
}

// --- Equality and random values for any event, by its members and not by the description under test.

template <typename T>
constexpr bool is_boxed =
    std::is_same_v<T, HeadBox<wire::RequestHead>> || std::is_same_v<T, HeadBox<wire::ResponseHead>> ||
    std::is_same_v<T, Boxed<std::vector<std::string>>>;

template <typename T>
void expect_equal(const T& a, const T& b) {
  if constexpr (is_boxed<T>) {
    expect_equal(*a, *b);
  } else if constexpr (std::is_same_v<T, Boxed<Value>>) {
    EXPECT_TRUE(*a == *b);
  } else if constexpr (std::is_same_v<T, wire::Headers>) {
    ASSERT_EQ(a.size(), b.size());
    for (std::size_t i = 0; i < a.size(); ++i) expect_equal(a[i], b[i]);
  } else if constexpr (requires { a == b; }) {
    EXPECT_TRUE(a == b);
  } else {
    boost::pfr::for_each_field(
        a, [&b](const auto& field, auto index) { expect_equal(field, boost::pfr::get<index.value>(b)); });
  }
}

class Chance {
 public:
  explicit Chance(std::uint64_t seed) : random_(seed) {}

  template <typename T>
  void fill(T& member) {
    if constexpr (std::is_same_v<T, Value>) {
      member = value(3);
    } else if constexpr (is_boxed<T> || std::is_same_v<T, Boxed<Value>>) {
      fill(*member);
    } else if constexpr (std::is_same_v<T, std::string> || std::is_same_v<T, Text> ||
                         std::is_same_v<T, Name>) {
      member = text();
    } else if constexpr (std::is_same_v<T, Side>) {
      member = static_cast<Side>(below(2));
    } else if constexpr (std::is_enum_v<T>) {
      member = static_cast<T>(below(std::is_same_v<T, Tap>              ? 2
                                    : std::is_same_v<T, EndKind>        ? 3
                                    : std::is_same_v<T, EndReason>      ? 4
                                    : std::is_same_v<T, LinkEffectKind> ? 7
                                    : std::is_same_v<T, AttemptChange>  ? 3
                                    : std::is_same_v<T, CutKind>        ? 8
                                                                        : 7));
    } else if constexpr (std::is_integral_v<T>) {
      member = static_cast<T>(random_() >> below(64));
    } else if constexpr (requires {
                           member.emplace();
                           member.reset();
                         }) {
      if (below(2) == 0) return;
      fill(member.emplace());
    } else if constexpr (requires { member.emplace_back(); }) {
      for (std::uint64_t i = below(4); i > 0; --i) fill(member.emplace_back());
    } else {
      boost::pfr::for_each_field(member, [this](auto& field) { fill(field); });
    }
  }

 private:
  std::uint64_t below(std::uint64_t bound) { return random_() % bound; }

  /// Any bytes, or only ASCII.
  std::string text() {
    std::string text(below(12), '\0');
    const std::uint64_t bytes = below(2) == 0 ? 256 : 128;
    for (char& byte : text) byte = static_cast<char>(below(bytes));
    return text;
  }

  /// As in TOML: text is UTF-8.
  Value value(int depth) {
    switch (below(depth == 0 ? 5 : 7)) {
      case 0:
        return {};
      case 1:
        return below(2) == 0;
      case 2:
        return static_cast<std::int64_t>(random_());
      case 3:
        return static_cast<double>(random_()) / 3e9;
      case 4:
        return "h\u00e4ll\"o " + std::to_string(below(10));
      case 5: {
        Value::Array array;
        for (std::uint64_t i = below(4); i > 0; --i) array.push_back(value(depth - 1));
        return array;
      }
      default: {
        Value table(Value::Table{});
        for (std::uint64_t i = below(4); i > 0; --i)
          table.set("k" + std::to_string(below(9)), value(depth - 1));
        return table;
      }
    }
  }

  std::mt19937_64 random_;
};

template <std::size_t Index>
void expect_round_trips(Chance& chance) {
  for (int i = 0; i < 200; ++i) {
    Event event{0, {}, What(std::in_place_index<Index>)};
    chance.fill(event.at);
    chance.fill(event.where);
    chance.fill(std::get<Index>(event.what));
    const std::string json = to_json(event);
    SCOPED_TRACE(json);
    ASSERT_EQ(json.find('\n'), std::string::npos);
    const Result<Event> back = event_from_json(json);
    ASSERT_TRUE(back) << back.error();
    ASSERT_EQ(back->what.index(), Index);
    expect_equal(back->at, event.at);
    expect_equal(back->where, event.where);
    expect_equal(std::get<Index>(back->what), std::get<Index>(event.what));
    if (testing::Test::HasFailure()) return;
  }
}

TEST(EventJson, ReadsBackEqual) {
  Chance chance(1);
  [&]<std::size_t... Index>(std::index_sequence<Index...>) { (expect_round_trips<Index>(chance), ...); }
  (std::make_index_sequence<std::variant_size_v<What>>());
}

TEST(EventJson, KeepsAnEmptyReasonApartFromNone) {
  const Report said{"close", 1000, ""s, {}, "", {}};
  const Report silent{"close", 1000, std::nullopt, {}, "", {}};
  EXPECT_EQ(std::get<Report>(event_from_json(to_json(Event{0, {}, said}))->what).reason, "");
  EXPECT_EQ(std::get<Report>(event_from_json(to_json(Event{0, {}, silent}))->what).reason, std::nullopt);
}

TEST(EventFromJson, SaysWhyItIsNone) {
  const std::pair<const char*, const char*> cases[] = {
      {"", "not JSON: incomplete JSON at byte 1"},
      {"[]", "an event is a JSON object, not a list"},
      {"{}", "no event has the type \"\""},
      {R"({"type":"opend","at":0})", "no event has the type \"opend\""},
      {R"({"type":7,"at":0})", "\"type\" is an integer"},
      {R"({"type":"opened"})", "\"at\" is missing"},
      {R"({"type":"opened","at":"soon"})", "\"at\" has no value that this version knows"},
      {R"({"type":"opened","at":0,"connection":5000000000})",
       "\"connection\" has no value that this version knows"},
      {R"({"type":"byte_reached","at":0,"bytes":1})", "\"from\" is missing"},
      {R"({"type":"byte_reached","at":0,"from":"nobody","bytes":1})",
       "\"from\" has no value that this version knows"},
      {R"({"type":"byte_reached","at":0,"from":"client","bytes":-1})",
       "\"bytes\" has no value that this version knows"},
      {R"({"type":"byte_reached","at":0,"from":"client","bytes":"99999999999999999999"})",
       "\"bytes\" has no value that this version knows"},
      {R"({"type":"mark","at":0,"name":{"hex":"f"}})", "\"name\" has a wrong hex"},
      {R"({"type":"mark","at":0,"name":{"hex":"fg"}})", "\"name\" has a wrong hex"},
      {R"({"type":"mark","at":0,"name":{}})", "\"name\" is a table"},
      {R"({"type":"request_seen","at":0,"tap":"sent","version":11,"headers":[["Host"]],"upgrade":true})",
       "\"headers\" has no value that this version knows"},
      {R"({"type":"run_started","at":0,"resolved":{}})", "\"log_version\" is missing"},
      {R"({"type":"run_started","log_version":3,"at":0,"resolved":{}})",
       "this log has version 3, and only version 2 can be read"},
  };
  for (const auto& [json, expected] : cases) {
    const Result<Event> event = event_from_json(json);
    EXPECT_EQ(event ? "read" : event.error(), expected) << json;
  }
}

}  // namespace
}  // namespace wsfault::record
