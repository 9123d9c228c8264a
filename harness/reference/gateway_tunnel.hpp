// After the 101 of a gateway of kind http: bytes both ways, not interpreted, and their end.
#pragma once

#include <chrono>
#include <string>

#include "net/asio.hpp"
#include "net/event_gate.hpp"
#include "net/socket.hpp"
#include "reference/gateway_options.hpp"
#include "reference/stop_signal.hpp"

namespace wsfault::reference {

class Tunnel {
 public:
  /// `options` must outlive this.
  Tunnel(net::Socket client, net::Socket upstream, const GatewayOptions& options);

  /// Passes on a FIN as FIN and a RST as FIN (so that what came before it is not lost). Ends both sides when
  /// both have ended, `leave` is requested, or nothing came for the idle limit. `client_bytes` came after the
  /// request.
  net::Task<void> run(std::string client_bytes, StopSignal& leave);
  /// The upstream ended with a RST.
  bool upstream_broke() const;

 private:
  using Clock = std::chrono::steady_clock;
  struct Way {
    net::Socket from;
    bool done = false;          // its end was read
    bool keeps_end = false;     // the end is not passed on; of two defects
    bool forgets_tail = false;  // of a defect
  };

  net::Task<void> pump(Way& way, Way& back);
  net::Task<void> pass_end(Way& way, Way& back, bool is_reset);
  net::Task<bool> loses_what_was_read(Way& way);
  net::Task<void> end_both();
  Clock::time_point last_sign() const;

  const GatewayOptions& options_;
  Way client_;
  Way upstream_;
  StopSignal broken_;
  net::EventGate one_done_;
  Clock::time_point last_byte_ = Clock::now();
};

/// The idle limit, unless a defect changes it.
std::optional<Duration> effective_idle_limit(const GatewayOptions& options);

}  // namespace wsfault::reference
