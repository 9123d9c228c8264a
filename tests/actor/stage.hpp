// A link between two raw peers, with the faults of a literal scenario, all in one loop.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "actor/fault_board.hpp"
#include "actor/link.hpp"
#include "net/listener.hpp"
#include "record/event_log.hpp"
#include "reference/loop.hpp"

namespace wsfault::actor {

/// One end of a TCP connection: reads continuously, writes in order.
class Peer {
 public:
  Peer(reference::Loop& loop, net::Socket socket);

  void send(std::string bytes);
  /// After everything sent before.
  void send_fin();
  /// At once.
  void send_reset() { socket_.send_reset(); }
  void close() { socket_.close(); }
  bool has_fin() const { return end && end->kind == net::EndKind::fin; }
  bool has_reset() const { return end && end->kind == net::EndKind::reset; }
  /// "FIN", "RST", "error" or "" while it is open.
  std::string_view ending() const;
  /// All bytes sent have reached the other kernel.
  bool delivered() const { return !writing_ && socket_.unacknowledged() == 0; }
  net::Socket& socket() { return socket_; }

  std::string received;
  std::optional<net::StreamEnd> end;

 private:
  net::Task<void> read();
  net::Task<void> write();

  reference::Loop& loop_;
  net::Socket socket_;
  std::string outgoing_;
  bool writing_ = false;
  bool fin_wanted_ = false;
};

/// [[fault]] tables; an invalid one fails the test.
std::vector<fault::FaultSpec> faults_of(std::string_view toml, Side sut = Side::client);

struct StageSetting {
  std::string faults;  ///< [[fault]] tables
  Side sut = Side::client;
  std::vector<std::pair<Side, std::uint64_t>> bytes;  ///< of "byte N"
  std::vector<Duration> idles;
  bool tells_forwarded = false;
  bool holds_messages = false;
  bool numbers_at_once = true;
  bool declines_compression = false;
  bool has_fast_lane = false;  ///< with Passing::as_needed
  Passing passing = Passing::in_units;
  std::string target_host = "127.0.0.1";
  bool target_up = true;
  std::uint64_t seed = 1;
  LinkTls tls;
  std::optional<net::TlsContext> client_tls;  ///< clients speak TLS to "localhost"
};

/// Its destruction ends the link; a task that is still waiting some time later fails the test.
class Stage {
 public:
  explicit Stage(StageSetting setting = {});
  ~Stage();

  /// A client dials the link; null if it is refused.
  Peer* dial();
  /// A client, and the server's end of its connection.
  std::pair<Peer&, Peer&> connect();
  /// The same after the handshake.
  std::pair<Peer&, Peer&> open();
  Peer& server(std::size_t number) { return *servers_.at(number - 1); }
  std::size_t servers() const { return servers_.size(); }
  /// Where the link dials.
  net::Listener& target() { return listener_; }

  bool until(const std::function<bool()>& condition) { return loop.until(condition); }
  /// Waits until such an event is in the log.
  bool until_told(const std::string& line);
  /// Lines of the log that begin with one of these, in its order.
  std::vector<std::string> told(const std::vector<std::string_view>& beginnings) const;
  std::string whole_log() const;
  /// That one of its faults.
  const fault::FaultSpec& spec(std::size_t index) const { return specs_.at(index); }

  reference::Loop loop;
  record::EventLog log;
  std::string tls_error;  ///< what the last client reported about its TLS handshake

 private:
  struct NoParties;
  net::Task<void> accept();
  net::Task<void> run_link();

  std::vector<fault::FaultSpec> specs_;
  std::optional<net::TlsContext> client_tls_;
  std::vector<std::unique_ptr<Peer>> clients_;
  std::vector<std::unique_ptr<Peer>> servers_;
  net::Listener listener_;
  std::unique_ptr<NoParties> parties_;
  bool link_over_ = false;

 public:
  Link link;

 private:
  std::unique_ptr<FaultBoard> board_;
};

}  // namespace wsfault::actor
