// The parties and links of one case, placed around the system under test according to its role
// (docs/architecture.md).
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "actor/fault_board.hpp"
#include "actor/link.hpp"
#include "actor/probe_client.hpp"
#include "actor/script_host.hpp"
#include "record/event_log.hpp"
#include "runner/case_tls.hpp"
#include "runner/loopback.hpp"
#include "runner/run_setting.hpp"
#include "runner/system_process.hpp"
#include "runner/upstream_seat.hpp"
#include "trace/moments.hpp"

namespace wsfault::runner {

class Stage : private actor::Parties {
 public:
  /// `changed` is notified with every event of `log`; all arguments must outlive it.
  Stage(const net::asio::any_io_executor& executor, const RunSetting& setting, const CaseOrder& order,
        record::EventLog& log, net::EventGate& changed);
  ~Stage() override;

  /// Starts everything in order of dependency; one sentence if that fails.
  net::Task<std::string> set_up();
  /// Ends everything, and waits for it, even if parts fail; errors are in trouble().
  net::Task<void> tear_down();
  /// What went wrong when the case was ended, in one sentence; empty: nothing.
  const std::string& trouble() const { return trouble_; }

  /// What the system under test printed.
  std::vector<record::OutputLine> output() const;
  /// Records what the system has printed of unfinished lines.
  void take_last_words();

 private:
  class Scripts;
  struct Upstream {
    std::unique_ptr<Scripts> scripts;
    std::unique_ptr<UpstreamSeat> seat;
    std::unique_ptr<actor::Link> link;
  };
  struct Probe {
    const model::Client* model = nullptr;
    std::unique_ptr<actor::ProbeClient> client;
  };

  // actor::Parties
  net::Task<void> signal(const std::string& party, const fault::Signal& signal) override;
  net::Task<void> start(const std::string& party) override;
  net::Task<void> reload(const std::string& party) override;
  net::Task<void> command(const std::vector<std::string>& argv) override;

  // stage.cpp: setting up and tearing down
  net::Task<std::string> join_external_system();
  net::Task<std::string> start_system();
  net::Task<void> let_probe_pass();
  void open_front();
  void start_board();
  void start_clients();
  void set_up_tls();
  net::Task<void> step(net::Task<void> ending);

  // an external system
  bool is_external() const;
  net::Task<void> start_external();
  net::Task<void> stop_external();
  net::Task<void> command_of_system(std::string name, record::ProcessChange change);

  // stage_upstreams.cpp: upstreams, each with the link in front of it
  net::Task<std::string> set_up_upstreams();
  net::Task<std::string> set_up_upstream(const model::Upstream& model, const std::string& link,
                                         const Address& address);
  static std::string speak_tls_to_real(const model::Upstream& model, actor::LinkTls& tls);
  std::unique_ptr<UpstreamSeat> make_seat(const model::Upstream& model, Scripts& scripts);
  actor::LinkSetting link_setting(const std::string& name) const;

  // stage_watch.cpp: what expectations ask to be looked at
  void look_as_expected();
  net::Task<void> sample_usage();
  net::Task<void> visit(fault::Moment since, Duration limit);

  // stage_variables.cpp: variables for the system's command, templates and commands
  std::string sut_folder() const;
  Address advertised(const actor::Link& link) const;
  std::string request_path() const;
  std::map<std::string, std::string> variables() const;
  void set_tls_variables(std::map<std::string, std::string>& variables) const;

  // stage_parties.cpp: how faults reach parties, scripts reach the log, and clients reach the front
  net::Task<void> play(Probe& probe);
  net::Task<void> look_for_system();
  void see(const record::Event& event);
  UpstreamSeat* seat_of(const std::string& party);
  actor::Link* link_of(const std::string& name);

  const scenario::LoadedCase& loaded() const { return *order_.loaded; }
  model::Role role() const { return loaded().scenario.role; }
  void fail(const std::string& message) { log_.record({}, record::HarnessError{message}); }

  net::asio::any_io_executor executor_;
  const RunSetting& setting_;
  const CaseOrder& order_;
  record::EventLog& log_;
  net::EventGate& changed_;
  trace::Moments moments_;  // moments that scripts wait for
  record::EventLog::Subscription subscription_;
  std::unique_ptr<CaseTls> tls_;           // null: no TLS
  net::CertificateFiles sut_certificate_;  // if the system serves TLS
  std::vector<Upstream> upstreams_;
  std::vector<std::unique_ptr<net::Listener>> absent_;  // upstreams known to the system but not in the case
  Address listen_;                                      // of a gateway or server
  std::unique_ptr<actor::Link> front_;
  std::unique_ptr<actor::FaultBoard> board_;
  std::unique_ptr<SystemProcess> sut_;
  std::map<std::string, std::unique_ptr<Scripts>> client_scripts_;
  std::vector<Probe> probes_;
  std::deque<model::Client> visiting_;  // one per `alive`
  std::deque<Probe> visitors_;          // their attempts
  record::Name visitor_ = "visitor";    // the party of `alive`'s clients
  bool visitor_served_ = false;         // one of them got its echo
  std::map<std::uint16_t, Probe*> by_port_;
  net::TaskGroup tasks_;
  std::uint64_t sequence_ = 0;
  bool closing_ = false;
  std::string trouble_;
};

}  // namespace wsfault::runner
