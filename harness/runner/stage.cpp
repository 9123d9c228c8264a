// Sets up and tears down the stage.
#include "runner/stage.hpp"

#include <filesystem>

#include "net/shortage.hpp"
#include "runner/external_system.hpp"
#include "runner/precheck.hpp"
#include "runner/readiness.hpp"
#include "runner/stage_scripts.hpp"

namespace wsfault::runner {

Stage::Stage(const net::asio::any_io_executor& executor, const RunSetting& setting, const CaseOrder& order,
             record::EventLog& log, net::EventGate& changed)
    : executor_(executor),
      setting_(setting),
      order_(order),
      log_(log),
      changed_(changed),
      moments_(log.events()),
      tasks_(executor, [this](const std::exception_ptr& thrown) { fail(net::describe_failure(thrown)); }) {
  subscription_ = log_.subscribe([this](const record::Event& event) { see(event); });
}

Stage::~Stage() = default;

net::Task<std::string> Stage::set_up() {
  std::string error;
  try {
    set_up_tls();
  } catch (const std::exception& thrown) {
    error = thrown.what();
  }
  if (error.empty()) error = co_await set_up_upstreams();
  if (error.empty() && setting_.external) {
    error = co_await join_external_system();
  } else if (error.empty() && role() != model::Role::client) {
    error = co_await start_system();
  }
  if (error.empty() && role() != model::Role::client) open_front();
  if (!error.empty()) co_return error;
  start_board();
  log_.record({}, record::Ready{});
  co_await board_->settled();  // the faults of `start` strike before a client can connect
  if (role() == model::Role::client && is_external()) {
    co_await start_external();
  } else if (role() == model::Role::client) {
    error = co_await start_system();
  } else {
    start_clients();
  }
  if (error.empty()) look_as_expected();
  co_return error;
}

// --- TLS

void Stage::set_up_tls() {
  const model::Scenario& scenario = loaded().scenario;
  if (scenario.tls == model::Tls::none || setting_.external) return;
  tls_ = std::make_unique<CaseTls>(sut_folder() + "/tls", scenario.role, scenario.tls);
  if (role() == model::Role::client || !tls_->front()) return;
  listen_ = free_loopback_address(executor_);
  sut_certificate_ = tls_->certificate_for(listen_.host);
}

/// It was running before this case. A gateway remembers the last case: an echo must pass before anything
/// counts.
net::Task<std::string> Stage::join_external_system() {
  listen_ = setting_.external->listen;
  if (role() == model::Role::server) co_return std::string();
  std::vector<actor::Link*> backs;
  for (const Upstream& upstream : upstreams_) backs.push_back(upstream.link.get());
  std::string error = co_await await_echo(executor_, *setting_.external, backs, setting_.patience);
  for (const Upstream& upstream : upstreams_)
    upstream.link->set_target(upstream.seat->host(), upstream.seat->port());
  co_return error;
}

// --- the system under test

net::Task<std::string> Stage::start_system() {
  if (role() != model::Role::client && listen_.port == 0) listen_ = free_loopback_address(executor_);
  const model::System& system = loaded().judged.system;
  sut_ = std::make_unique<SystemProcess>(executor_, *setting_.warden, system, "sut", variables(), log_);
  std::string error = co_await sut_->start(sut_folder());
  if (error.empty())
    error = co_await await_ready(system, *sut_, variables(), log_, changed_, setting_.patience);
  if (error.empty() && system.kind == model::Kind::tcp) co_await let_probe_pass();
  co_return error;
}

/// A gateway that connects to its upstream before it has read anything also does so for the readiness probe:
/// that connection must end before connections are counted.
net::Task<void> Stage::let_probe_pass() {
  constexpr auto limit = std::chrono::seconds(1);
  constexpr auto look_again = std::chrono::milliseconds(5);
  const auto quiet = [this] {
    std::size_t came = 0;
    std::size_t living = 0;
    for (const Upstream& upstream : upstreams_) {
      came += upstream.link->uncounted_ones();
      living += upstream.link->living();
    }
    return came > 0 && living == 0;
  };
  const auto deadline = std::chrono::steady_clock::now() + limit;
  while (!quiet() && std::chrono::steady_clock::now() < deadline) {
    co_await changed_.wait_until(std::chrono::steady_clock::now() + look_again);
  }
}

// --- the front: the link in front of a gateway or server, and the clients before it

void Stage::open_front() {
  actor::LinkSetting setting = link_setting(role() == model::Role::gateway ? "front" : "link");
  setting.sut = wire::Side::server;
  setting.numbers_at_once = true;  // its clients are ours
  // Through a gateway that forwards bytes, TLS is spoken with the link behind it.
  const bool forwards = loaded().judged.system.kind == model::Kind::tcp;
  if (tls_) setting.tls = tls_->before_system(forwards ? upstreams_.front().link->host() : listen_.host);
  if (setting_.external && setting_.external->tls) {
    setting.tls.to_server = setting_.external->tls;
    setting.tls.server_name = listen_.host;
  }
  setting.client_party = loaded().scenario.clients.front().name;
  setting.client_of = [this](std::uint16_t port) {
    const auto found = by_port_.find(port);
    return found == by_port_.end() ? loaded().scenario.clients.front().name : found->second->model->name;
  };
  setting.accepted = [this](std::uint16_t port, const std::string&, int number) {
    if (const auto found = by_port_.find(port); found != by_port_.end())
      found->second->client->numbered(number);
  };
  front_ = std::make_unique<actor::Link>(executor_, std::move(setting), "127.0.0.1", 0);
  front_->set_target(listen_.host, listen_.port);
  front_->set_target_up(true);
  tasks_.spawn(front_->run());
  front_->start_counting();
  for (const Upstream& upstream : upstreams_) upstream.link->start_counting();
}

void Stage::start_board() {
  std::map<std::string, actor::Link*> links;
  for (const Upstream& upstream : upstreams_) links.emplace(upstream.link->name(), upstream.link.get());
  if (front_) links.emplace(front_->name(), front_.get());
  board_ = std::make_unique<actor::FaultBoard>(executor_, loaded().judged.faults, std::move(links),
                                               static_cast<actor::Parties&>(*this), log_, order_.seed);
}

void Stage::start_clients() {
  std::uint64_t seed = order_.seed;
  for (const model::Client& model : loaded().scenario.clients) {
    auto& scripts = client_scripts_[model.name];
    scripts = std::make_unique<Scripts>(*this, front_->name(), model.name);
    for (int i = 0; i < model.count; ++i) {
      probes_.push_back({&model, std::make_unique<actor::ProbeClient>(executor_, model, *scripts, ++seed)});
    }
  }
  for (Probe& probe : probes_) tasks_.spawn(play(probe));  // they are not moved from here on
}

// --- the end

/// One step of the end: the next ones follow even if it fails.
net::Task<void> Stage::step(net::Task<void> ending) {
  try {
    co_await std::move(ending);
  } catch (...) {
    if (trouble_.empty()) trouble_ = net::describe_failure(std::current_exception());
  }
}

net::Task<void> Stage::tear_down() {
  closing_ = true;
  subscription_ = {};
  changed_.notify();
  moments_.give_up();
  if (board_) {
    board_->close();
    co_await step(board_->join());
  }
  for (const Probe& probe : probes_) probe.client->close();
  for (const Probe& probe : visitors_) probe.client->close();
  if (front_) front_->close();
  for (const Upstream& upstream : upstreams_) {
    if (upstream.link) upstream.link->close();
  }
  // The reference systems have nothing to save, so they are killed at once.
  const auto& start = loaded().judged.system.start;
  const bool is_reference = !start.empty() && start.front() == setting_.program;
  if (sut_) co_await step(sut_->stop(is_reference ? Duration(0) : setting_.stop_grace));
  if (role() == model::Role::client && is_external()) co_await step(stop_external());
  for (const Upstream& upstream : upstreams_) {
    if (upstream.seat) co_await step(upstream.seat->stop());
  }
  for (const auto& listener : absent_) listener->close();
  co_await step(tasks_.join());
  if (sut_) co_await step(sut_->join());
  if (!sut_) co_return;
  if (trouble_.empty()) trouble_ = sut_->trouble();
  std::error_code ignored;  // the warden deletes the remaining files in the run's folder
  std::filesystem::remove_all(sut_folder(), ignored);
}

void Stage::take_last_words() {
  if (sut_) sut_->take_unfinished_lines();
}

std::vector<record::OutputLine> Stage::output() const {
  if (!sut_) return {};
  return {sut_->output().begin(), sut_->output().end()};
}

}  // namespace wsfault::runner
