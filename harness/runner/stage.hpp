// The parties of one case around the system under test, according to its role (docs/architecture.md): set up
// and torn down in order of dependency.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "actor/fault_board.hpp"
#include "runner/front.hpp"
#include "runner/system_under_test.hpp"
#include "runner/upstreams.hpp"

namespace wsfault::runner {

class Stage : private actor::Parties {
 public:
  /// `changed` is notified with every event of `log`; all arguments must outlive it.
  Stage(const net::asio::any_io_executor& executor, const RunSetting& setting, const CaseOrder& order,
        record::EventLog& log, net::EventGate& changed);

  /// Starts everything; one sentence if that fails.
  net::Task<std::string> set_up();
  /// Ends everything, and waits for it, even if parts fail; returns what went wrong, in one sentence.
  net::Task<std::string> tear_down();
  SystemUnderTest& system() { return system_; }

 private:
  // actor::Parties
  net::Task<void> signal(const std::string& party, const fault::Signal& signal) override;
  net::Task<void> start(const std::string& party) override;
  net::Task<void> reload(const std::string& party) override;
  net::Task<void> command(const std::vector<std::string>& argv) override;
  std::string disturb(const fault::FaultSpec& spec) override;
  std::string repair(const fault::FaultSpec& spec) override;

  net::Task<std::string> make_network();
  net::Task<std::string> start_behind_front();
  void open_front();
  void start_board();
  void watch();

  CaseContext context_;
  Scripts scripts_;
  Upstreams upstreams_;
  SystemUnderTest system_;
  Front front_;  // not opened before a client
  std::map<std::string, actor::Link*> links_;  // by name, once they exist
  std::unique_ptr<actor::FaultBoard> board_;
};

}  // namespace wsfault::runner
