// Literal logs of a server for the tests of the oracle: one call is what was seen at one time, in
// milliseconds.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "verdict/oracle_log.hpp"
#include "verdict/row_events.hpp"

namespace wsfault::verdict::test {

class ServerEvents {
 public:
  RowEvents events;

  /// What follows is of this client's connection.
  ServerEvents& of(std::string party, int connection = 1) {
    party_ = std::move(party);
    connection_ = connection;
    return *this;
  }
  ServerEvents& link(int at, record::What what) {
    events.push_back({at * ms, {"link", party_, connection_}, std::move(what)});
    return *this;
  }

  // The handshake.
  ServerEvents& connect(int at) {
    return link(at, record::Accepted{"127.0.0.1:1"}).link(at, record::Dialled{});
  }
  ServerEvents& refused(int at) {
    return link(at, record::Accepted{"127.0.0.1:1"}).link(at, record::DialFailed{111});
  }
  ServerEvents& asks(int at, std::vector<std::string> flaws = {}, bool upgrade = true) {
    record::RequestSeen request{Tap::sent, {"GET", "/", 11, {}}, upgrade, std::move(flaws)};
    link(at, request);
    request.tap = Tap::arrived;
    return link(at, std::move(request));
  }
  ServerEvents& garbage(int at) { return link(at, record::NotHttp{Tap::arrived, Side::client, "SSH-2.0-x"}); }
  ServerEvents& answers(int at, int status, std::vector<std::string> flaws = {}) {
    return link(at, record::ResponseSeen{Tap::sent, {status, "", 11, {}}, std::move(flaws), false});
  }
  ServerEvents& let_in(int at) { return connect(at).asks(at).answers(at + 1, 101); }
  /// Let in, and its client has played its steps.
  ServerEvents& open(int at) { return let_in(at).script_done(at + 2); }
  ServerEvents& script_done(int at) { return link(at, record::ScriptDone{}); }

  // Frames. Of the client: as they arrived.
  ServerEvents& client(int at, record::FrameSeen frame) {
    frame.tap = Tap::arrived;
    frame.from = Side::client;
    frame.masked = true;
    frame.number = ++client_frames_;
    return link(at, std::move(frame));
  }
  ServerEvents& client_close(int at, int code) { return client(at, Log::close_of(code, "")); }
  ServerEvents& client_close_empty(int at) { return client(at, Log::opcode(8)); }
  ServerEvents& client_close_of_one_byte(int at) {
    record::FrameSeen frame = Log::opcode(8);
    frame.length = 1;
    return client(at, frame).violation(at, "close-body-one-byte");
  }
  ServerEvents& illegal(int at, std::string name) {
    return client(at, Log::opcode(1)).violation(at, std::move(name));
  }
  ServerEvents& violation(int at, std::string name) {
    return link(at,
                record::ViolationSeen{Tap::arrived, Side::client, client_frames_, std::move(name), "5.2"});
  }
  ServerEvents& data(int at, std::uint64_t length, std::uint8_t opcode = 2) {
    record::FrameSeen frame = Log::opcode(opcode);
    frame.length = length;
    return client(at, frame);
  }
  ServerEvents& ping(int at, std::string data = "") {
    record::FrameSeen frame = Log::opcode(9);
    frame.text = std::move(data);
    return client(at, frame);
  }
  /// What the server puts on the wire.
  ServerEvents& server(int at, record::FrameSeen frame) {
    frame.from = Side::server;
    return link(at, std::move(frame));
  }
  ServerEvents& pong(int at, std::string data = "") {
    record::FrameSeen frame = Log::opcode(10);
    frame.text = std::move(data);
    return server(at, frame);
  }
  ServerEvents& server_close(int at, int code) { return server(at, Log::close_of(code, "")); }
  ServerEvents& server_violation(int at, std::string name) {
    return link(at, record::ViolationSeen{Tap::sent, Side::server, 1, std::move(name), "5.2"});
  }

  // Ends.
  ServerEvents& client_fin(int at) { return end(at, Tap::arrived, record::EndKind::fin); }
  ServerEvents& client_reset(int at) { return end(at, Tap::arrived, record::EndKind::reset); }
  ServerEvents& server_fin(int at) { return end(at, Tap::sent, record::EndKind::fin); }
  ServerEvents& server_reset(int at) { return end(at, Tap::sent, record::EndKind::reset); }

  // Effects and the process.
  ServerEvents& silence(int at) { return link(at, record::LinkEffect{record::LinkEffectKind::silence, {}}); }
  /// What is said in the TLS handshake ends it.
  ServerEvents& tls_failure(int at) {
    return link(at, record::LinkEffect{record::LinkEffectKind::tls_failure, Side::server});
  }
  ServerEvents& stall(int at) {
    return link(at, record::LinkEffect{record::LinkEffectKind::stalled, Side::client});
  }
  ServerEvents& process(int at, record::ProcessChange change) {
    events.push_back({at * ms, {"", "sut", 0}, record::ProcessChanged{change, 7, 0, 0}});
    return *this;
  }

 private:
  ServerEvents& end(int at, Tap tap, record::EndKind how) {
    return link(at, record::StreamEnded{tap, Side::server, how, 0, 0, {}});
  }
  std::string party_ = "client";
  int connection_ = 1;
  std::uint64_t client_frames_ = 0;
};

/// A server that declares its limits: a silence is noticed in 200 to 500 ms, a handshake lasts 1 s at most.
inline Case server_case() {
  Case scenario;
  scenario.role = model::Role::server;
  auto& traits = scenario.system.traits.values;
  traits.emplace("heartbeat", Value("300ms"));
  traits.emplace("heartbeat_timeout", Value("200ms"));
  traits.emplace("handshake_limit", Value("1s"));
  traits.emplace("close_limit", Value("500ms"));
  traits.emplace("drain", Value("1s"));
  traits.emplace("max_message", Value("64KiB"));
  traits.emplace("max_connections", Value(2));
  return scenario;
}

/// The same without a limit.
inline Case limitless_server_case() {
  Case scenario = server_case();
  for (auto& [name, value] : scenario.system.traits.values) value = Value("none");
  scenario.system.traits.values.insert_or_assign("write_limit", Value("none"));
  return scenario;
}

/// The same that ends who keeps its writes waiting.
inline Case server_case_with_write_limit() {
  Case scenario = server_case();
  scenario.system.traits.values.emplace("write_limit", Value("50ms"));
  return scenario;
}

}  // namespace wsfault::verdict::test
