// The options of the reference gateway's command line.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "reference/defect.hpp"
#include "value/units.hpp"

namespace wsfault::reference {

struct UpstreamAddress {
  std::string host;  ///< without the brackets of an IPv6 address
  std::uint16_t port = 0;
};

/// Limits: none means that there is no such limit.
struct GatewayOptions {
  GatewayKind kind = GatewayKind::http;
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;
  std::string certificate_file;  ///< PEM; empty: no TLS towards its clients
  std::string key_file;
  std::string ca_file;                     ///< PEM; empty: no TLS towards its upstreams
  std::vector<UpstreamAddress> upstreams;  ///< at least one
  std::optional<Duration> handshake_limit = std::chrono::seconds(1);    ///< from accept to a complete request
  std::optional<Duration> connect_limit = std::chrono::seconds(1);      ///< for each upstream
  std::optional<Duration> response_limit = std::chrono::seconds(1);     ///< from request to final answer
  std::optional<Duration> idle_limit = std::chrono::seconds(2);         ///< nothing in either direction
  std::optional<Duration> heartbeat = std::chrono::milliseconds(500);   ///< kind websocket, to the upstream
  std::optional<Duration> heartbeat_timeout = std::chrono::seconds(1);  ///< from a ping to its pong
  std::optional<Duration> close_limit = std::chrono::seconds(1);        ///< for closing and the end of TCP
  std::optional<std::uint64_t> max_message;  ///< kind websocket, either direction: bytes; 1009 above it
  std::optional<Duration> drain =
      std::chrono::seconds(1);  ///< how long old connections stay open after a reload
  std::string lock;  ///< a file that exists while it runs; if it exists at the start, the last run crashed
  bool crashed_before = false;
  bool in_worker = false;  ///< it serves in a process of its own, which outlives its main process
  std::uint64_t seed = 0;
  Defects defects;
};

}  // namespace wsfault::reference
