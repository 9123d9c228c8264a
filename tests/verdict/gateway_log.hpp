// Literal logs of a gateway for the tests of the oracle: one call is what was seen at one time, in
// milliseconds.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "verdict/oracle_log.hpp"
#include "verdict/row_events.hpp"

namespace wsfault::verdict::test {

/// A client in front of a gateway and an upstream behind it. What passes through is seen 1 ms later on the
/// other side.
class GatewayLog {
 public:
  RowEvents events;

  // --- whose
  /// What follows in front is of that client's connection.
  GatewayLog& client(std::string name, int connection = 1) {
    client_ = std::move(name);
    front_ = connection;
    return *this;
  }
  /// What follows behind is of that connection.
  GatewayLog& behind(int connection, std::string link = "back") {
    back_ = connection;
    link_ = std::move(link);
    return *this;
  }
  /// The gateway does not pass on the header.
  GatewayLog& without_header() {
    header_ = false;
    return *this;
  }

  GatewayLog& add(int at, record::Where where, record::What what) {
    events.push_back({at * ms, std::move(where), std::move(what)});
    return *this;
  }
  GatewayLog& front(int at, record::What what) {
    return add(at, {"front", client_, front_}, std::move(what));
  }
  GatewayLog& back(int at, record::What what) { return add(at, {link_, "sut", back_}, std::move(what)); }

  /// The gateway reaches for its upstream, and nobody listens.
  GatewayLog& nobody(int at) { return add(at, {"back", "sut", 0}, record::AttemptRefused{}); }

  // --- the handshake
  GatewayLog& request(int at, bool arrives_as_upgrade = true) {
    front(at, record::Accepted{"127.0.0.1:1"});
    const wire::RequestHead head{
        "GET", "/", 11, {{"Wsfault-Connection", client_ + "-" + std::to_string(front_)}}};
    front(at, record::RequestSeen{Tap::sent, head, true, {}});
    return front(at, record::RequestSeen{Tap::arrived, head, arrives_as_upgrade, {}});
  }
  /// The gateway connects, with the request of the client that is spoken of.
  GatewayLog& dial(int at, bool upgrade = true) {
    wire::RequestHead head{"GET", "/", 11, {}};
    if (header_) head.headers.push_back({"Wsfault-Connection", client_ + "-" + std::to_string(front_)});
    return dial_only(at).back(at, record::RequestSeen{Tap::sent, std::move(head), upgrade, {}});
  }
  GatewayLog& dial_only(int at) { return back(at, record::Accepted{"127.0.0.1:2"}); }
  /// The upstream's answer, as it reaches the gateway.
  GatewayLog& upstream_answers(int at, int status, std::vector<std::string> flaws = {}) {
    return back(at, record::ResponseSeen{Tap::arrived, {status, "", 11, {}}, std::move(flaws), false});
  }
  /// The gateway's answer.
  GatewayLog& answers(int at, int status, std::vector<std::string> flaws = {}) {
    front(at, record::ResponseSeen{Tap::sent, {status, "", 11, {}}, flaws, false});
    return front(at, record::ResponseSeen{Tap::arrived, {status, "", 11, {}}, std::move(flaws), false});
  }
  GatewayLog& garbage_behind(int at) {
    return back(at, record::NotHttp{Tap::arrived, Side::server, "SSH-2.0-x"});
  }
  GatewayLog& garbage_in_front(int at) {
    return front(at, record::NotHttp{Tap::sent, Side::server, "SSH-2.0-x"});
  }
  GatewayLog& open(int at) {
    return request(at).dial(at + 1).upstream_answers(at + 2, 101).answers(at + 3, 101);
  }
  /// What client and upstream would agree on: as offered, as that left the gateway, as picked, as that left it.
  GatewayLog& agree(int at, wire::Headers offered, wire::Headers offered_behind, wire::Headers picked,
                    wire::Headers picked_in_front) {
    front(at, record::Accepted{"127.0.0.1:1"});
    front(at, record::RequestSeen{Tap::arrived, {"GET", "/", 11, offered}, true, {}});
    front(at, record::RequestSeen{Tap::sent, {"GET", "/", 11, std::move(offered)}, true, {}});
    dial_only(at + 1).back(at + 1, record::RequestSeen{Tap::sent, {"GET", "/", 11, std::move(offered_behind)}, true, {}});
    back(at + 2, record::ResponseSeen{Tap::arrived, {101, "", 11, std::move(picked)}, {}, false});
    front(at + 3, record::ResponseSeen{Tap::sent, {101, "", 11, picked_in_front}, {}, false});
    return front(at + 3, record::ResponseSeen{Tap::arrived, {101, "", 11, std::move(picked_in_front)}, {}, false});
  }
  /// Kind `websocket`: it answers before it has an upstream.
  GatewayLog& accepted_first(int at) { return request(at).answers(at, 101); }

  // --- frames
  GatewayLog& upstream_sends(int at, record::FrameSeen frame, std::string violation = "") {
    return sent_behind(at, std::move(frame), Side::server, std::move(violation));
  }
  GatewayLog& gateway_sends(int at, record::FrameSeen frame, std::string violation = "") {
    return sent_in_front(at, std::move(frame), Side::server, std::move(violation));
  }
  GatewayLog& client_sends(int at, record::FrameSeen frame, std::string violation = "") {
    return sent_in_front(at, std::move(frame), Side::client, std::move(violation));
  }
  GatewayLog& gateway_sends_behind(int at, record::FrameSeen frame, std::string violation = "") {
    return sent_behind(at, std::move(frame), Side::client, std::move(violation));
  }
  GatewayLog& upstream_message(int at, std::string text) {
    return message(at, std::move(text), Side::server, false);
  }
  GatewayLog& gateway_message(int at, std::string text) {
    return message(at, std::move(text), Side::server, true);
  }
  GatewayLog& client_message(int at, std::string text) {
    return message(at, std::move(text), Side::client, true);
  }
  GatewayLog& gateway_message_behind(int at, std::string text) {
    return message(at, std::move(text), Side::client, false);
  }
  GatewayLog& upstream_close(int at, int code, std::string reason = "") {
    return upstream_sends(at, Log::close_of(code, std::move(reason)));
  }
  GatewayLog& gateway_close(int at, int code, std::string reason = "") {
    return gateway_sends(at, Log::close_of(code, std::move(reason)));
  }
  GatewayLog& client_close(int at, int code, std::string reason = "") {
    return client_sends(at, Log::close_of(code, std::move(reason)));
  }
  GatewayLog& gateway_close_behind(int at, int code, std::string reason = "") {
    return gateway_sends_behind(at, Log::close_of(code, std::move(reason)));
  }

  // --- ends
  GatewayLog& upstream_fin(int at, std::string inside = "") {
    return back(at, record::StreamEnded{Tap::arrived, Side::client, fin, 0, 0, std::move(inside)});
  }
  GatewayLog& upstream_reset(int at) {
    return back(at, record::StreamEnded{Tap::arrived, Side::client, record::EndKind::reset, 0, 0, ""});
  }
  GatewayLog& gateway_fin(int at) {
    return front(at, record::StreamEnded{Tap::sent, Side::server, fin, 0, 0, ""});
  }
  GatewayLog& client_fin(int at) {
    return front(at, record::StreamEnded{Tap::arrived, Side::server, fin, 0, 0, ""});
  }
  GatewayLog& gateway_fin_behind(int at) {
    return back(at, record::StreamEnded{Tap::sent, Side::client, fin, 0, 0, ""});
  }

  // --- effects, processes, reports
  GatewayLog& silence_behind(int at) {
    return back(at, record::LinkEffect{record::LinkEffectKind::silence, {}});
  }
  GatewayLog& silence_in_front(int at) {
    return front(at, record::LinkEffect{record::LinkEffectKind::silence, {}});
  }
  GatewayLog& refused(int at) {
    return add(at, {link_, "", 0}, record::LinkEffect{record::LinkEffectKind::refused, {}});
  }
  GatewayLog& served(int at) {
    return add(at, {link_, "", 0}, record::LinkEffect{record::LinkEffectKind::resumed, {}});
  }
  GatewayLog& process(int at, record::ProcessChange change, std::string party = "sut") {
    return add(at, {"", std::move(party), 0}, record::ProcessChanged{change, 7, 0, 0});
  }
  GatewayLog& reports_close(int at, int code) {
    record::Report report;
    report.event = "close";
    report.code = code;
    report.clean = code != 1006;
    return front(at, report);
  }

 private:
  static constexpr record::EndKind fin = record::EndKind::fin;

  GatewayLog& sent_in_front(int at, record::FrameSeen frame, Side from, std::string violation) {
    prepare(frame, from, from == Side::client ? client_frames_ : gateway_frames_);
    front(at, frame);
    const std::uint64_t number = frame.number;
    frame.tap = Tap::arrived;
    front(at, std::move(frame));
    if (violation.empty()) return *this;
    front(at, record::ViolationSeen{Tap::sent, from, number, violation, "5.2"});
    return front(at, record::ViolationSeen{Tap::arrived, from, number, violation, "5.2"});
  }
  GatewayLog& sent_behind(int at, record::FrameSeen frame, Side from, std::string violation) {
    prepare(frame, from, from == Side::client ? own_frames_ : upstream_frames_);
    back(at, frame);
    const std::uint64_t number = frame.number;
    frame.tap = Tap::arrived;
    back(at, std::move(frame));
    if (violation.empty()) return *this;
    back(at, record::ViolationSeen{Tap::sent, from, number, violation, "5.2"});
    return back(at, record::ViolationSeen{Tap::arrived, from, number, violation, "5.2"});
  }
  static void prepare(record::FrameSeen& frame, Side from, std::uint64_t& number) {
    frame.from = from;
    frame.masked = from == Side::client;
    frame.number = ++number;
  }
  GatewayLog& message(int at, std::string text, Side from, bool in_front) {
    record::FrameSeen frame = Log::opcode(1);
    frame.length = text.size();
    in_front ? sent_in_front(at, frame, from, "") : sent_behind(at, frame, from, "");
    for (const Tap tap : {Tap::sent, Tap::arrived}) {
      record::MessageSeen whole{tap, from, 1, 1, text.size(), text};
      in_front ? front(at, std::move(whole)) : back(at, std::move(whole));
    }
    return *this;
  }

  std::string client_ = "client";
  std::string link_ = "back";
  int front_ = 1;
  int back_ = 1;
  bool header_ = true;
  std::uint64_t client_frames_ = 0;
  std::uint64_t gateway_frames_ = 0;
  std::uint64_t own_frames_ = 0;
  std::uint64_t upstream_frames_ = 0;
};

/// A gateway that declares all of its limits: 2 s for the upstream's answer and for idleness, 1 s to connect,
/// 3 s to drain; of kind `websocket` with a heartbeat that finds a silence in 200 to 500 ms.
inline Case gateway_case(model::Kind kind) {
  Case scenario;
  scenario.role = model::Role::gateway;
  scenario.system.role = model::Role::gateway;
  scenario.system.kind = kind;
  auto& traits = scenario.system.traits.values;
  traits.emplace("connect_limit", Value("1s"));
  traits.emplace("response_limit", Value("2s"));
  traits.emplace("idle_limit", Value("2s"));
  traits.emplace("drain", Value("3s"));
  traits.emplace("close_limit", Value("500ms"));
  if (kind == model::Kind::websocket) {
    traits.emplace("heartbeat", Value("300ms"));
    traits.emplace("heartbeat_timeout", Value("200ms"));
  }
  return scenario;
}

/// The worst of the oracle's findings; `now` in milliseconds.
inline Finding judge_log(const Case& scenario, const GatewayLog& log, int now, bool over = false) {
  Log whole;
  whole.events = log.events;
  return judge_log(scenario, whole, now, over);
}

}  // namespace wsfault::verdict::test
