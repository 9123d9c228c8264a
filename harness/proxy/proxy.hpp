// One proxy: a link, what stands behind it, its faults, and the log by which it is judged.
#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "actor/link.hpp"
#include "actor/probe_client.hpp"
#include "actor/upstream.hpp"
#include "net/task_group.hpp"
#include "proxy/counters.hpp"
#include "proxy/journal.hpp"
#include "proxy/route.hpp"
#include "proxy/standing_fault.hpp"
#include "runner/scripts.hpp"
#include "scenario/load.hpp"
#include "verdict/judge.hpp"

namespace wsfault::proxy {

struct ProxyPlan {
  std::string name;
  Route route;
  scenario::LoadedCase played;  ///< the role and traits of the system, and the script of a fake upstream
  bool keeps_log = false;       ///< for a verdict; what runs without end keeps none
};

class Proxy {
 public:
  /// Nothing listens yet. `journal` must outlive it.
  Proxy(const net::asio::any_io_executor& executor, ProxyPlan plan, std::uint64_t seed, Journal& journal);
  ~Proxy();
  Proxy(const Proxy&) = delete;
  Proxy& operator=(const Proxy&) = delete;

  const std::string& name() const { return plan_.name; }
  const Route& route() const { return plan_.route; }
  bool has_fake_upstream() const { return plan_.route.server_host.empty(); }

  /// Binds, and listens. Throws boost::system::system_error. No effect if it listens.
  void enable();
  /// Refuses what comes, and ends what is open; the port stays its own.
  void disable();
  bool enabled() const { return enabled_; }
  /// Passes on to another server, or listens elsewhere: then what is open ends, as in disable(). Throws as enable()
  /// does; then it is disabled.
  void reroute(Route route);

  /// Reads a [[fault]] table for this proxy.
  std::optional<FaultOrder> read_fault(const Value& table, Diagnostics& diagnostics) const;
  /// Adds it under its name; null if there is one of that name.
  StandingFault* inject(FaultOrder order);
  StandingFault* find_fault(const std::string& name) const;
  /// In the order in which they came.
  std::vector<StandingFault*> faults() const;
  /// Takes it back. False if there is none of that name.
  bool heal(const std::string& name);
  /// The connections that are open and on which it has fired.
  std::set<int> struck_by(const std::string& name) const;
  void heal_all();
  /// Waits until what was healed is undone: a port listens again.
  net::Task<void> healed();

  /// Reads an [[expect]] table for this proxy.
  std::optional<verdict::Expectation> read_expectation(const Value& table, Diagnostics& diagnostics) const;
  /// Of what has happened so far, with these expectations, too. `ended`: nothing more will happen.
  verdict::Judgement judge(const std::vector<verdict::Expectation>& expectations, bool ended) const;
  /// The case that is judged, with the faults that have been.
  verdict::Case judged(std::vector<verdict::Expectation> expectations) const;
  /// A probe client connects through it, once its own moment has come; `known` says what the verdict must know of it.
  void play(model::Client client, verdict::PlayedClient known);
  /// Adds what the system under test said of itself.
  void report(record::Report report);
  /// Adds a mark: moments of faults may be "mark NAME".
  void mark(const std::string& name);
  const record::EventLog& log() const { return log_; }

  actor::Link& link() { return *link_; }
  Counters counters() const;
  /// How long it kept bytes of its own accord, beyond what faults ask for.
  const relay::Delays& delays() const { return *delays_; }
  /// Connections on which no fault is armed: they pass by the relay.
  std::size_t relayed() const { return link_ ? link_->on_fast_lane() : 0; }
  /// The journal is read: it tells of frames, too, on proxies before a real server, where they are only counted else.
  void set_recorded(bool recorded);
  /// Since it listens at this place.
  actor::Traffic traffic() const { return link_ ? link_->traffic() : actor::Traffic(); }
  /// From now on the log tells of what the moment needs, until the journal is read no more.
  void ask_for(const fault::Moment& moment);
  /// Those that are open.
  std::vector<actor::Connection::Glance> connections() const;
  std::size_t living() const { return link_ ? link_->living() : 0; }
  /// Accepts none, and waits at most so long for those that are open; then ends them. To be awaited before it is
  /// destroyed. `says_goodbye`: with Close 1012 (IANA: Service Restart) where a Close may be sent.
  net::Task<void> end(bool says_goodbye, Duration grace);

 private:
  /// A probe client, all its life.
  struct Played;
  net::Task<void> play_out(Played& played);
  void make_link();
  void start_upstream();
  fault::Seats seats() const;
  net::Task<void> run_link(std::shared_ptr<actor::Link> link);
  void forget_withdrawn();

  net::asio::any_io_executor executor_;
  ProxyPlan plan_;
  std::uint64_t seed_;
  Journal& journal_;
  record::Text journal_name_;
  record::EventLog log_;
  std::map<std::string, fault::Moment> asked_;  // by their text
  Counters counters_;
  std::shared_ptr<relay::Delays> delays_ = std::make_shared<relay::Delays>();
  net::EventGate changed_;  // notified with each event
  net::TaskGroup tasks_;
  record::EventLog::Subscription subscription_;
  runner::Scripts scripts_;
  actor::NoParties parties_;
  std::shared_ptr<actor::Link> link_;
  std::unique_ptr<actor::ScriptHost> upstream_host_;
  std::unique_ptr<actor::Upstream> upstream_;
  std::list<std::unique_ptr<Played>> clients_;
  std::map<std::uint16_t, Played*> by_port_;
  std::list<std::unique_ptr<StandingFault>> faults_;
  std::list<std::unique_ptr<StandingFault>> withdrawn_;  // until nothing refers to them
  std::vector<fault::FaultSpec> have_been_;              // for the verdict: those that stand, and those that fired
  int orders_ = 0;
  bool recorded_ = false;
  bool enabled_ = false;
  int waiting_ = 0;  // for what is healed
  bool ending_ = false;
};

}  // namespace wsfault::proxy
