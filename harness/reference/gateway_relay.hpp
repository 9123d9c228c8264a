// After the 101 of a gateway of kind websocket: a peer on both sides that passes on frames and Closes.
#pragma once

#include <cstdint>
#include <deque>
#include <string>

#include "net/asio.hpp"
#include "net/event_gate.hpp"
#include "net/socket.hpp"
#include "reference/connection.hpp"
#include "reference/gateway_generation.hpp"
#include "reference/gateway_options.hpp"

namespace wsfault::reference {

/// A side of the relay, with the bytes that came after its handshake.
struct RelaySide {
  net::Socket socket;
  std::string first_bytes;
};

class Relay {
 public:
  /// All references must outlive this.
  Relay(RelaySide client, RelaySide upstream, const GatewayOptions& options, Random& random,
        Generation& generation);

  /// Runs until both sides have ended, each with a Close if it can still receive one.
  net::Task<void> run();
  /// The upstream ended without a Close.
  bool upstream_broke() const { return upstream_broke_; }

 private:
  net::Task<void> conduct();
  net::Task<void> client_ended(Ending ending);
  net::Task<void> upstream_ended(Ending ending);
  net::Task<void> client_left_alone(Ending ending);
  net::Task<void> pass_close(Connection& from, Ending said, Connection& to);
  net::Task<void> part(Connection& connection, std::uint16_t code);
  net::Task<void> part_from_both(std::uint16_t client_code);
  net::Task<void> end(Connection& connection, Ending ending);
  net::Task<void> pass_on_late();
  void pass_on(Incoming frame, Connection& to);
  void take_from_upstream(const Incoming& frame);
  std::string passed_on(const Ending& said) const;
  std::uint16_t code_for_dead_upstream() const;

  const GatewayOptions& options_;
  Generation& generation_;
  std::deque<Incoming> held_;  // of the defect forgets-tail
  net::EventGate held_changed_;
  Connection client_;
  Connection upstream_;
  bool upstream_broke_ = false;
};

}  // namespace wsfault::reference
