#include "proxy/proxy.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "fault/catalogue.hpp"
#include "net/shortage.hpp"
#include "runner/moments_of.hpp"
#include "scenario/parties.hpp"
#include "scenario/references.hpp"

namespace wsfault::proxy {
namespace {

/// What a verdict of a session reads.
constexpr std::size_t most_events = 300'000;
constexpr std::size_t most_remembered = 10'000;  // faults
const std::string loopback = "127.0.0.1";
/// The body of a Close with 1012 (IANA: Service Restart; RFC 6455 5.5.1).
const std::string service_restart = "\x03\xF4";

record::Budget budget() {
  record::Budget budget;
  budget.events = most_events;
  return budget;
}

}  // namespace

struct Proxy::Played {
  Played(const net::asio::any_io_executor& executor, model::Client of, actor::Link& link, runner::Scripts& scripts,
         std::uint64_t seed)
      : model(std::move(of)),
        host(scripts.host(link, wire::Side::client, model.name)),
        client(executor, model, *host, seed) {}
  const model::Client model;
  std::unique_ptr<actor::ScriptHost> host;
  actor::ProbeClient client;
};

Proxy::Proxy(const net::asio::any_io_executor& executor, ProxyPlan plan, std::uint64_t seed, Journal& journal)
    : executor_(executor),
      plan_(std::move(plan)),
      seed_(seed),
      journal_(journal),
      journal_name_(plan_.name),
      log_(plan_.keeps_log ? record::EventLog(budget()) : record::EventLog(record::EventLog::Keep::nothing)),
      changed_(executor),
      tasks_(executor,
             [this](const std::exception_ptr& thrown) {
               log_.record({}, record::HarnessError{net::describe_failure(thrown)});
             }),
      scripts_(executor, log_, plan_.played.scenario) {
  subscription_ = log_.subscribe([this](const record::Event& event) {
    counters_.count(event);
    journal_.add(journal_name_, event);
    changed_.notify();
  });
}

Proxy::~Proxy() = default;

// --- its link

void Proxy::make_link() {
  actor::LinkSetting setting;
  setting.log = &log_;
  setting.name = seats().default_link;
  const bool before_client = plan_.played.scenario.role == model::Role::client;
  setting.client_party = before_client ? "sut" : "client";
  setting.sut = before_client ? wire::Side::client : wire::Side::server;
  setting.seed = seed_;
  setting.passing = actor::Passing::as_needed;
  setting.delays = delays_;
  runner::ask_for_moments(plan_.played, setting);
  setting.numbers_at_once = true;
  setting.has_fast_lane = !plan_.keeps_log && !has_fake_upstream() && !plan_.route.server_tls;
  if (plan_.route.server_tls) {
    setting.tls.to_server = net::TlsContext::client({});
    setting.tls.server_name = plan_.route.server_host;
  }
  setting.client_of = [this, usual = setting.client_party](std::uint16_t port) {
    const auto found = by_port_.find(port);
    return found == by_port_.end() ? usual : found->second->model.name;
  };
  setting.accepted = [this](std::uint16_t port, const std::string&, int number) {
    if (const auto found = by_port_.find(port); found != by_port_.end()) found->second->client.numbered(number);
  };
  setting.target_host = plan_.route.server_host;
  setting.target_port = plan_.route.server_port;
  if (has_fake_upstream()) {
    setting.target_host = loopback;
    setting.dialling = [this](std::uint16_t from, int connection) { upstream_->announce(from, connection); };
  }
  auto link = std::make_shared<actor::Link>(executor_, std::move(setting), plan_.route.listen_host,
                                            plan_.route.listen_port);
  plan_.route.listen_port = link->port();
  if (link_) counters_.add(link_->tally());
  link_ = std::move(link);
  if (recorded_) link_->need_events(true);
  for (const auto& [text, moment] : asked_) link_->ask_for(moment);
  if (has_fake_upstream()) start_upstream();
  tasks_.spawn(run_link(link_));
  for (const fault::FaultSpec& spec : plan_.played.judged.faults) inject({spec, Value(), false});
}

void Proxy::start_upstream() {
  const model::Upstream& model = plan_.played.scenario.upstreams.front();
  upstream_host_ = scripts_.host(*link_, wire::Side::server, model.name);
  upstream_ = std::make_unique<actor::Upstream>(executor_, model, *upstream_host_, actor::Upstream::Place{loopback}, seed_);
  link_->set_target(loopback, upstream_->port());
  tasks_.spawn(upstream_->run());
}

net::Task<void> Proxy::run_link(std::shared_ptr<actor::Link> link) { co_await link->run(); }

void Proxy::enable() {
  if (enabled_) return;
  if (!link_) make_link();
  link_->set_target_up(true);
  if (!std::exchange(enabled_, true)) log_.record({}, record::Ready{});
}

void Proxy::disable() {
  if (!std::exchange(enabled_, false)) return;
  link_->set_target_up(false);
  link_->end_connections();
}

void Proxy::reroute(Route route) {
  if (has_fake_upstream()) throw std::logic_error("a proxy with a fake upstream of its own stays where it is");
  const bool was_enabled = enabled_;
  const bool moves = route.listen_host != plan_.route.listen_host || route.listen_port != plan_.route.listen_port;
  disable();
  Route before = std::exchange(plan_.route, std::move(route));
  if (!link_) {
    if (was_enabled) enable();
    return;
  }
  std::exception_ptr thrown;
  if (!moves && before.server_tls == plan_.route.server_tls) {
    link_->set_target(plan_.route.server_host, plan_.route.server_port);
  } else {
    // The old one is closed first: the new one may take a port of it.
    std::vector<FaultOrder> orders;
    for (const auto& fault : faults_) orders.push_back(fault->order());
    heal_all();
    link_->close();
    try {
      make_link();
    } catch (...) {
      thrown = std::current_exception();
      plan_.route = std::move(before);
      make_link();
    }
    for (FaultOrder& order : orders) inject(std::move(order));
  }
  if (was_enabled) enable();
  if (thrown) std::rethrow_exception(thrown);
}

void Proxy::set_recorded(bool recorded) {
  if (std::exchange(recorded_, recorded) == recorded) return;
  if (link_) link_->need_events(recorded);
  if (recorded) return;
  for (const auto& [text, moment] : std::exchange(asked_, {})) {
    if (link_) link_->ask_for(moment, false);
  }
}

void Proxy::ask_for(const fault::Moment& moment) {
  if (asked_.try_emplace(fault::to_string(moment), moment).second && link_) link_->ask_for(moment);
}

Counters Proxy::counters() const {
  Counters all = counters_;
  if (link_) all.add(link_->tally());
  return all;
}

std::vector<actor::Connection::Glance> Proxy::connections() const {
  return link_ ? link_->glances() : std::vector<actor::Connection::Glance>();
}

// --- its faults

fault::Seats Proxy::seats() const {
  scenario::Parties parties;
  parties.upstreams = plan_.played.scenario.upstreams;
  parties.clients = plan_.played.scenario.clients;
  fault::Seats seats = scenario::seats_of(plan_.played.scenario.role, parties);
  seats.also_called[plan_.name] = seats.default_link;
  return seats;
}

std::optional<FaultOrder> Proxy::read_fault(const Value& table, Diagnostics& diagnostics) const {
  std::vector<std::string> names;
  for (const auto& each : faults_) names.push_back(each->name());
  return read_order(table, seats(), std::move(names), diagnostics);
}

StandingFault* Proxy::inject(FaultOrder order) {
  forget_withdrawn();
  if (find_fault(order.spec.name)) return nullptr;
  if (!link_) make_link();
  order.spec.index = order.place.value_or(orders_);
  ++orders_;
  if (have_been_.size() < most_remembered) have_been_.push_back(order.spec);
  const auto later = [&](const auto& each) { return each->spec().index > order.spec.index; };
  const auto at = std::ranges::find_if(faults_, later);
  auto added = std::make_unique<StandingFault>(std::move(order), link_, parties_, log_, executor_,
                                               seed_ + static_cast<std::uint64_t>(orders_));
  return faults_.insert(at, std::move(added))->get();
}

StandingFault* Proxy::find_fault(const std::string& name) const {
  const auto found = std::ranges::find(faults_, name, [](const auto& each) { return each->name(); });
  return found == faults_.end() ? nullptr : found->get();
}

std::vector<StandingFault*> Proxy::faults() const {
  std::vector<StandingFault*> found;
  for (const auto& each : faults_) found.push_back(each.get());
  return found;
}

bool Proxy::heal(const std::string& name) {
  const auto found = std::ranges::find(faults_, name, [](const auto& each) { return each->name(); });
  if (found == faults_.end()) return false;
  (*found)->withdraw();
  // What never did anything has no part in what happened.
  if ((*found)->fired() == 0) {
    const int index = (*found)->spec().index;
    std::erase_if(have_been_, [&](const fault::FaultSpec& each) { return each.index == index; });
  }
  withdrawn_.splice(withdrawn_.end(), faults_, found);
  forget_withdrawn();
  return true;
}

std::set<int> Proxy::struck_by(const std::string& name) const {
  const StandingFault* fault = find_fault(name);
  std::set<int> found;
  if (fault == nullptr) return found;
  for (const auto& each : link_->glances())
    if (fault->struck().contains(each.number)) found.insert(each.number);
  return found;
}

void Proxy::heal_all() {
  while (!faults_.empty()) heal(faults_.front()->name());
}

net::Task<void> Proxy::healed() {
  constexpr std::chrono::seconds limit{1};
  const auto due = net::deadline_after(limit);
  ++waiting_;
  while (!ending_ && std::chrono::steady_clock::now() < due &&
         std::ranges::any_of(withdrawn_, [](const auto& each) { return each->is_busy(); }))
    co_await changed_.wait_until(due);
  --waiting_;
  changed_.notify();
}

void Proxy::forget_withdrawn() {
  std::erase_if(withdrawn_, [](const auto& each) { return !each->is_in_use(); });
}

// --- its clients

void Proxy::play(model::Client client, verdict::PlayedClient known) {
  if (!link_) make_link();
  plan_.played.judged.clients.push_back(std::move(known));
  model::visit_waits(client, [this](const fault::Moment& moment) { link_->ask_for(moment); });
  for (int i = 0; i < client.count; ++i) {
    clients_.push_back(std::make_unique<Played>(executor_, client, *link_, scripts_,
                                                seed_ + static_cast<std::uint64_t>(clients_.size()) + 1));
    tasks_.spawn(play_out(*clients_.back()));
  }
}

net::Task<void> Proxy::play_out(Played& played) {
  co_await played.host->until(played.model.start, 0);
  if (ending_) co_return;
  actor::ProbeTarget target{link_->host(), link_->port()};
  std::uint16_t own_port = 0;
  const auto bound = [&](std::uint16_t port) { by_port_[own_port = port] = &played; };
  co_await played.client.run(std::move(target), bound);
  if (const auto found = by_port_.find(own_port); found != by_port_.end() && found->second == &played)
    by_port_.erase(found);
}

// --- its verdict

std::optional<verdict::Expectation> Proxy::read_expectation(const Value& table, Diagnostics& diagnostics) const {
  const std::size_t before = diagnostics.errors().size();
  const auto expectation = verdict::read_expectation(table, diagnostics, have_been_.size());
  if (!expectation) return std::nullopt;
  const fault::Seats seats = this->seats();
  std::vector<std::string> names;
  for (const fault::FaultSpec& each : have_been_) names.push_back(each.name);
  const scenario::References references(seats, names, {}, {}, diagnostics);
  references.check(table, *expectation);
  return diagnostics.errors().size() == before ? expectation : std::nullopt;
}

verdict::Case Proxy::judged(std::vector<verdict::Expectation> expectations) const {
  verdict::Case judged = plan_.played.judged;
  judged.faults = have_been_;
  judged.expectations = std::move(expectations);
  return judged;
}

verdict::Judgement Proxy::judge(const std::vector<verdict::Expectation>& expectations, bool ended) const {
  return verdict::judge(judged(expectations), log_.events(), log_.now(), ended);
}

void Proxy::report(record::Report report) { log_.record({{}, "sut", 0}, std::move(report)); }

void Proxy::mark(const std::string& name) { log_.record({}, record::Mark{name}); }

// --- its end

net::Task<void> Proxy::end(bool says_goodbye, Duration grace) {
  enabled_ = false;
  ending_ = true;
  if (link_) {
    link_->set_target_up(false);
    link_->end_connections({}, says_goodbye ? service_restart : "");
    const auto due = net::deadline_after(grace);
    while (link_->living() > 0 && std::chrono::steady_clock::now() < due) co_await changed_.wait_until(due);
  }
  for (const auto* list : {&faults_, &withdrawn_}) {
    for (const auto& each : *list) co_await each->close();
  }
  scripts_.close();
  for (const auto& each : clients_) each->client.close();
  if (link_) link_->close();
  if (upstream_) upstream_->close();
  co_await tasks_.all_ended();
  changed_.notify();
  while (waiting_ > 0) co_await changed_.wait();
  subscription_ = {};
}

}  // namespace wsfault::proxy
