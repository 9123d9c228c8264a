// One case, from its parties' start to its verdict: sets the seats, waits until all is decided, cleans up.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "actor/fault_board.hpp"
#include "actor/link.hpp"
#include "actor/script_host.hpp"
#include "net/child.hpp"
#include "record/event_log.hpp"
#include "report/case_result.hpp"
#include "runner/system_process.hpp"
#include "runner/upstream_seat.hpp"
#include "scenario/load.hpp"

namespace wsfault::runner {

/// Starting processes is what costs: only so many cases start theirs at once, so that on a slow machine none
/// of them waits for the processor until its own limits are over.
struct StartGate {
  explicit StartGate(const net::asio::any_io_executor& executor) : changed(executor) {}
  int free = 4;
  net::EventGate changed;
};

/// What all cases of a run share.
struct RunSetting {
  net::Warden* warden = nullptr;
  std::string program;  ///< this program's own path, for its child processes
  double patience = 1;
  Duration stop_grace{0};  ///< before a system is killed at the end of its case
};

/// A case as it is asked for.
struct CaseOrder {
  const scenario::LoadedCase* loaded = nullptr;
  std::string id;  ///< with "#3" behind it for a repetition
  std::uint64_t seed = 0;
  std::string repeat;  ///< the command that repeats it
};

class CaseRun : private actor::Parties, private actor::ScriptHost {
 public:
  CaseRun(const net::asio::any_io_executor& executor, const RunSetting& setting, StartGate& gate,
          const CaseOrder& order);

  net::Task<report::CaseResult> run();
  /// Ctrl-C: it is ended as soon as its parties are.
  void interrupt();

 private:
  // actor::Parties
  net::Task<void> signal(const std::string& party, const fault::Signal& signal) override;
  net::Task<void> start(const std::string& party) override;
  net::Task<void> command(const std::vector<std::string>& argv) override;
  // actor::ScriptHost
  void record(int connection, record::What what) override;
  net::Task<void> until(const fault::Moment& moment, int connection) override;
  std::uint64_t next_sequence() override { return ++sequence_; }

  net::Task<std::string> set_up_in_turn();
  net::Task<std::string> set_up();
  std::unique_ptr<UpstreamSeat> make_upstream();
  std::map<std::string, std::string> variables() const;
  std::string sut_folder() const;
  net::Task<void> await_decision();
  net::Task<void> tear_down();
  void check_exit(const record::Event& event);
  void fail(const std::string& message);
  verdict::Judgement judge(bool over) const;
  report::CaseResult result(verdict::Judgement judgement) const;

  net::asio::any_io_executor executor_;
  const RunSetting& setting_;
  StartGate& gate_;
  const CaseOrder& order_;
  const scenario::LoadedCase& loaded_;
  verdict::Case judged_;  // with this run's patience
  record::EventLog log_;
  net::EventGate changed_;
  record::EventLog::Subscription subscription_;
  std::unique_ptr<UpstreamSeat> upstream_;
  std::unique_ptr<actor::Link> link_;
  std::unique_ptr<actor::FaultBoard> board_;
  std::unique_ptr<SystemProcess> sut_;
  net::TaskGroup tasks_;
  std::string path_ = "/";
  std::uint64_t sequence_ = 0;
  bool closing_ = false;
  bool interrupted_ = false;
};

}  // namespace wsfault::runner
