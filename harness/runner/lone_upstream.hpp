// The fake upstream without a run: behind its own link, so that its faults, moments and numbers are the same
// as in a run. Where it has none of these there is no link: then it serves as fast as it can.
#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "actor/fault_board.hpp"
#include "actor/link.hpp"
#include "actor/script_host.hpp"
#include "actor/upstream.hpp"
#include "record/event_log.hpp"
#include "scenario/load.hpp"

namespace wsfault::runner {

/// Nothing in it needs a link: no fault, no script that waits for a moment, none for a connection of some number.
bool needs_no_link(const scenario::LoadedCase& loaded);

class LoneUpstream : private actor::ScriptHost {
 public:
  /// Listens at host:port (0: any); `shares_port`: beside other processes of this user that do (SO_REUSEPORT), which
  /// only one that needs no link can. `loaded` must outlive it, and must have passed
  /// scenario::check_standalone(). `tell` is called with each event. Throws boost::system::system_error.
  LoneUpstream(const net::asio::any_io_executor& executor, const scenario::LoadedCase& loaded,
               const std::string& host, std::uint16_t port, std::uint64_t seed,
               std::function<void(const record::Event&)> tell, bool shares_port = false);

  /// Serves until close(); returns when all its parts have ended.
  net::Task<void> run();
  void close();
  std::uint16_t port() const { return link_ ? link_->port() : upstream_->port(); }

 private:
  /// A moment that scripts wait for, and the connections on which it has come (0: on none).
  struct Awaited {
    std::string text;
    fault::MomentWatch watch;
    std::set<int> came;
  };

  // actor::ScriptHost
  void record(int connection, record::What what) override;
  net::Task<void> until(const fault::Moment& moment, int connection) override;
  net::Task<void> inject(int connection, std::string mark, std::uint64_t written) override;
  std::uint64_t next_sequence() override { return ++sequence_; }

  void see(const record::Event& event);
  void make_link(const net::asio::any_io_executor& executor, const scenario::LoadedCase& loaded,
                 const std::string& host, std::uint16_t port, std::uint64_t seed);

  const model::Upstream& model_;
  std::function<void(const record::Event&)> tell_;
  record::EventLog log_;
  net::EventGate changed_;
  net::TaskGroup tasks_;
  std::vector<Awaited> awaited_;
  record::EventLog::Subscription subscription_;
  std::unique_ptr<actor::Upstream> upstream_;
  std::string link_name_;
  std::unique_ptr<actor::Link> link_;  // null: it needs none, and no board
  actor::NoParties parties_;  // check_standalone() admits no fault that strikes one
  std::unique_ptr<actor::FaultBoard> board_;
  std::uint64_t sequence_ = 0;
  bool closed_ = false;
};

}  // namespace wsfault::runner
