// Watches the log for the moments of faults, and makes the faults strike.
#pragma once

#include <functional>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "actor/link.hpp"
#include "fault/moment.hpp"
#include "fault/party_fault.hpp"
#include "net/task_group.hpp"
#include "record/event_log.hpp"

namespace wsfault::actor {

/// What faults do to parties: signals, restarts, commands.
class Parties {
 public:
  virtual ~Parties() = default;
  virtual net::Task<void> signal(const std::string& party, const fault::Signal& signal) = 0;
  virtual net::Task<void> start(const std::string& party) = 0;
  virtual net::Task<void> reload(const std::string& party) = 0;
  virtual net::Task<void> command(const std::vector<std::string>& argv) = 0;
  /// Begins what a fault does to the network of the case, or ends it. One sentence if that fails.
  virtual std::string disturb(const fault::FaultSpec&) { return "there is no network of its own"; }
  virtual std::string repair(const fault::FaultSpec&) { return {}; }
};

/// Where there are none: no fault strikes one.
class NoParties : public Parties {
 public:
  net::Task<void> signal(const std::string&, const fault::Signal&) override { co_return; }
  net::Task<void> start(const std::string&) override { co_return; }
  net::Task<void> reload(const std::string&) override { co_return; }
  net::Task<void> command(const std::vector<std::string>&) override { co_return; }
};

class FaultBoard {
 public:
  /// `specs`, `links` and `parties` must outlive it. Watches from now on.
  FaultBoard(const net::asio::any_io_executor& executor, const std::vector<fault::FaultSpec>& specs,
             std::map<std::string, Link*> links, Parties& parties, record::EventLog& log, std::uint64_t seed);

  /// Waits until each fault whose moment has come has done everything up to its first wait. A fault that
  /// refuses connections does so from then on; a delay, a process that starts and a command may still take
  /// time.
  net::Task<void> settled();
  /// All of its faults strike now, whatever their moment: the connections that they list, each by its own draw of
  /// their probability, and those that come. What works on frames strikes those that are open, and the others once
  /// they are.
  void begin();
  /// All of its faults are taken back: what they do ends, and they strike no more. It stays as it is then.
  void withdraw();
  /// Something that it does, or undoes, is not done yet.
  bool is_busy() const { return tasks_.running() > 0; }
  /// False once no connection refers to its faults any more.
  bool is_in_use() const;
  /// No further fault fires; the active ones are ended.
  void close();
  net::Task<void> join() { return tasks_.join(); }

 private:
  struct Armed {
    const fault::FaultSpec* spec;
    fault::MomentWatch watch;
    std::set<std::pair<std::string, int>> struck;  // party and connection; 0: without one
    bool unsettled = false;  // its moment has come, and it has neither waited nor ended since
  };
  void see(const record::Event& event);
  void moment_came(Armed& armed, const record::Event& event);
  /// Those that a fault on links or on the network concerns.
  std::vector<Link*> links_of(const fault::FaultSpec& spec) const;
  /// The part of a fault that the network itself plays.
  void disturb(const fault::FaultSpec& spec, bool begins);
  bool lists(const fault::FaultSpec& spec, const record::Where& where) const;
  bool spared(const fault::FaultSpec& spec, const record::Event& event);
  net::Task<void> act(Armed& armed);
  net::Task<void> perform(Armed& armed, fault::PartyActions actions);
  net::Task<void> settle(Armed& armed);
  net::Task<void> pause(Duration duration);
  record::Where where(const fault::FaultSpec& spec) const;
  struct Performer;

  std::map<std::string, Link*> links_;
  Parties& parties_;
  record::EventLog& log_;
  std::mt19937_64 random_;
  std::vector<Armed> armed_;
  net::EventGate changed_;  // notified when it closes and when a fault settles
  net::TaskGroup tasks_;
  bool closing_ = false;
  bool withdrawn_ = false;
  record::EventLog::Subscription subscription_;
};

}  // namespace wsfault::actor
