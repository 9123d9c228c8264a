// The options of the reference server's command line.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "reference/defect.hpp"
#include "reference/inbox.hpp"
#include "value/units.hpp"

namespace wsfault::reference {

/// Limits: none means that there is no such limit.
struct ServerOptions {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;
  std::string certificate_file;  ///< PEM; empty: no TLS
  std::string key_file;
  std::optional<Duration> heartbeat = std::chrono::milliseconds(500);
  std::optional<Duration> heartbeat_timeout = std::chrono::seconds(1);
  std::optional<Duration> handshake_limit = std::chrono::seconds(1);
  std::optional<Duration> close_limit = std::chrono::seconds(1);
  std::optional<Duration> write_limit = std::chrono::seconds(2);  ///< for a client that does not read
  Duration drain = std::chrono::seconds(1);                       ///< how long stopping takes at most
  std::optional<std::uint64_t> max_connections;                   ///< open at a time: 503 above it
  std::optional<std::uint64_t> max_message = largest_message;     ///< bytes: 1009 above it
  bool cuts_by_close = false;  ///< write_limit ends a connection with close(), not with RST
  std::vector<std::string> subprotocols;                          ///< that it supports, best first
  std::string lock;  ///< a file that exists while it runs; if it exists at the start, the last run crashed
  bool crashed_before = false;
  bool in_worker = false;  ///< it serves in a process of its own, which outlives its main process
  std::uint64_t seed = 0;
  Defects defects;
};

}  // namespace wsfault::reference
