// The reference client: one connection after another, with a report of what it saw on each.
#pragma once

#include <string>
#include <vector>

#include "net/asio.hpp"
#include "net/dial.hpp"
#include "net/socket.hpp"
#include "reference/backoff.hpp"
#include "reference/client_handshake.hpp"
#include "reference/client_options.hpp"
#include "reference/connection.hpp"
#include "reference/own_messages.hpp"
#include "reference/report.hpp"
#include "reference/stop_signal.hpp"

namespace wsfault::reference {

/// The close code that a client reports for an end (RFC 6455 7.1.5): the code received, 1005 for an empty
/// Close, else 1006.
CloseReport close_report(const Ending& ending, const Defects& defects = {});

class Client {
 public:
  /// Throws std::runtime_error if the CA file cannot be read.
  Client(const net::asio::any_io_executor& executor, const ClientOptions& options, ReportLine report);

  /// Connects, converses and reconnects until stop(). After a final outcome it does not reconnect, but keeps
  /// running.
  net::Task<void> run();
  /// Closes with 1000 and waits for the peer's Close, at most the close limit; run() then returns.
  void stop() { stop_.request(); }

 private:
  using Clock = std::chrono::steady_clock;

  net::Task<void> come_back();
  net::Task<AttemptEnd> attempt();
  net::Task<std::string> open_tls(net::Socket& socket, Clock::time_point deadline);
  net::Task<Opening> open_handshake(net::Socket& socket, Clock::time_point deadline);
  net::Task<AttemptEnd> fail(Refusal refusal);
  net::Task<AttemptEnd> live(net::Socket socket, std::string first_bytes);
  net::Task<AttemptEnd> speak(Connection& connection);
  bool gives_up(const AttemptEnd& end);
  struct Dialled {
    net::DialResult result;
    Clock::time_point deadline;  ///< of the handshake that follows
  };
  net::Task<std::vector<PeerAddress>> addresses();
  net::Task<Dialled> connect();
  net::Task<void> wait_to_come_back(AttemptEnd end);
  net::Task<void> be_late();
  void take_message(Connection& connection, const Incoming& message);
  void send_outstanding(Connection& connection);
  void report_close(const CloseReport& close);
  ConnectionTraits connection_traits() const;
  std::optional<Duration> handshake_limit() const;

  net::asio::any_io_executor executor_;
  ClientOptions options_;
  std::optional<net::TlsContext> tls_;  // wss
  ReportLine report_;
  Random random_;
  StopSignal stop_;
  Backoff backoff_;
  OwnMessages messages_;
  std::optional<Clock::time_point> failing_since_;  // of the defect gives-up-after-3s
  std::string first_key_;                  // of the defect same-key
  int messages_seen_ = 0;                  // of the defect drops-messages
  bool has_lost_one_ = false;              // of the defect two-loops
  std::vector<net::Socket> never_closed_;  // of the defect never-closes-tcp
};

}  // namespace wsfault::reference
