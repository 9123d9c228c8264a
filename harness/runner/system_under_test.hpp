// The system under test of a case: its own, started as a child, or an external one, reached by the commands
// of its system file.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "runner/case_context.hpp"
#include "runner/system_process.hpp"
#include "runner/upstreams.hpp"

namespace wsfault::runner {

class SystemUnderTest {
 public:
  /// Both must outlive it.
  SystemUnderTest(const CaseContext& context, const Upstreams& upstreams);

  /// Starts it and waits until it is ready, after its upstreams have been started; one sentence if that
  /// fails. Of external ones only a client with a start command is started.
  net::Task<std::string> start();
  /// Where a gateway or server is reached once it is started.
  const Address& listen() const { return listen_; }
  /// Called when it is found not to accept connections any more, and when it was started again.
  std::function<void(bool up)> on_change;
  /// Samples what its processes use until it is closed.
  void sample_usage();

  // What faults do to it.
  /// It was a child of the run, and none of its processes is alive.
  bool is_gone() const { return process_ && process_->started() && process_->is_gone(); }
  net::Task<void> signal(fault::Signal signal);
  net::Task<void> restart();
  net::Task<void> reload();
  /// Runs a command, with the variables of the case replaced.
  net::Task<void> run(std::vector<std::string> argv);

  /// What it has printed.
  std::vector<record::OutputLine> output() const;
  /// Records what it has printed of unfinished lines.
  void take_last_words();
  /// Ends everything that waits for it. stop() must follow.
  void close();
  /// Ends it, except an external gateway or server, and waits until its output is read.
  net::Task<void> stop();
  /// What went wrong at its end, in one sentence; empty: nothing.
  std::string trouble() const { return process_ ? process_->trouble() : std::string(); }

 private:
  bool is_external() const;
  net::Task<std::string> start_process();
  std::string write_hosts() const;
  net::Task<std::string> await_ready();
  net::Task<void> await_process();
  net::Task<void> run_its(std::string_view command, record::ProcessChange change);
  void see(const record::Event& event);
  net::Task<void> look_for_it();
  net::Task<void> sample();
  net::Task<void> stop_it();
  net::Task<void> end();
  std::map<std::string, std::string> variables() const;
  void set_tls_variables(std::map<std::string, std::string>& variables) const;

  const CaseContext& context_;
  const Upstreams& upstreams_;
  Address listen_;
  net::CertificateFiles certificate_;  // if it serves TLS
  std::unique_ptr<SystemProcess> process_;
  record::EventLog::Subscription subscription_;
  net::TaskGroup tasks_;
  bool closing_ = false;
};

}  // namespace wsfault::runner
