// How faults reach parties, scripts reach the log, and clients reach the front.
#include <fmt/format.h>

#include <algorithm>

#include "net/dial.hpp"
#include "runner/command.hpp"
#include "runner/external_system.hpp"
#include "runner/readiness.hpp"
#include "runner/stage_scripts.hpp"
#include "scenario/render.hpp"

namespace wsfault::runner {
namespace {

constexpr Duration looking = std::chrono::seconds(1);
/// Limit for starting a container.
constexpr Duration command_within = std::chrono::seconds(60);

/// As spelled in a system file's `commands`.
std::string command_name(record::ProcessChange change) {
  switch (change) {
    case record::ProcessChange::killed:
      return "kill";
    case record::ProcessChange::stopping:
      return "stop";
    case record::ProcessChange::frozen:
      return "freeze";
    case record::ProcessChange::thawed:
      return "thaw";
    case record::ProcessChange::reloaded:
      return "reload";
    case record::ProcessChange::started:
    case record::ProcessChange::exited:
      return "start";
  }
  return "start";
}

}  // namespace

// --- clients

net::Task<void> Stage::play(Probe& probe) {
  co_await client_scripts_.at(probe.model->name)->until(probe.model->start, 0);
  if (closing_) co_return;
  const Address front{front_->host(), front_->port()};
  actor::ProbeTarget target{front.host, front.port};
  if (setting_.external) target = probe_target(*setting_.external, front);
  target.path = request_path();
  if (tls_) target.tls = tls_->probe();
  co_await probe.client->run(std::move(target),
                             [this, &probe](std::uint16_t port) { by_port_[port] = &probe; });
}

// --- the end of the system, as seen from the front

void Stage::see(const record::Event& event) {
  moments_.see(event);
  if (event.where.party == visitor_ && std::holds_alternative<record::ScriptDone>(event.what))
    visitor_served_ = true;
  const auto* process = std::get_if<record::ProcessChanged>(&event.what);
  if (process == nullptr || closing_ || !front_ || event.where.party != "sut") return;
  if (process->change == record::ProcessChange::exited) tasks_.spawn(look_for_system());
}

/// Its first process has ended; other processes may still serve. If none does, the front refuses connections.
net::Task<void> Stage::look_for_system() {
  auto result = co_await net::dial(listen_.host, listen_.port, looking);
  if (result.shortage) fail("cannot see whether the system still serves: " + result.detail);
  const bool refused = !result.socket && !result.shortage;
  if (refused && !closing_ && !sut_->running()) front_->set_target_up(false);
}

// --- faults

UpstreamSeat* Stage::seat_of(const std::string& party) {
  const auto& models = loaded().scenario.upstreams;
  for (std::size_t i = 0; i < upstreams_.size(); ++i) {
    if (models[i].name == party) return upstreams_[i].seat.get();
  }
  return nullptr;
}

actor::Link* Stage::link_of(const std::string& name) {
  if (front_ && front_->name() == name) return front_.get();
  for (const Upstream& upstream : upstreams_) {
    if (upstream.link && upstream.link->name() == name) return upstream.link.get();
  }
  return nullptr;
}

net::Task<void> Stage::signal(const std::string& party, const fault::Signal& signal) {
  if (party == "sut" && is_external()) {
    co_await command_of_system(command_name(signal.change), signal.change);
  } else if (party == "sut") {
    // It may already have connected before its keeper's start report is read.
    while (!closing_ && !(sut_ && sut_->started())) co_await changed_.wait();
    if (!closing_) sut_->signal(signal);
  } else if (UpstreamSeat* seat = seat_of(party)) {
    seat->signal(signal);
  }
}

net::Task<void> Stage::start(const std::string& party) {
  std::string error;
  if (party == "sut" && is_external()) {
    co_await command_of_system("start", record::ProcessChange::started);
  } else if (party == "sut") {
    error = co_await sut_->restart();
    if (error.empty()) {
      error =
          co_await await_ready(loaded().judged.system, *sut_, variables(), log_, changed_, setting_.patience);
    }
    if (error.empty() && front_ && !closing_) front_->set_target_up(true);
  } else if (UpstreamSeat* seat = seat_of(party)) {
    error = co_await seat->restart();
  }
  if (!error.empty() && !closing_) fail(error);
}

net::Task<void> Stage::reload(const std::string& party) {
  while (party == "sut" && !closing_ && sut_ && !sut_->started()) co_await changed_.wait();
  if (!closing_) co_await command_of_system("reload", record::ProcessChange::reloaded);
}

// --- an external system

bool Stage::is_external() const { return runner::is_external(setting_, loaded()); }

/// A client without a command connects by itself.
net::Task<void> Stage::start_external() {
  if (loaded().judged.system.commands.contains("start"))
    co_await command_of_system("start", record::ProcessChange::started);
}

net::Task<void> Stage::stop_external() {
  const auto& commands = loaded().judged.system.commands;
  for (const char* name : {"stop", "kill"}) {
    if (const auto found = commands.find(name); found != commands.end()) {
      co_await command(found->second);
      co_return;
    }
  }
}

net::Task<void> Stage::command_of_system(std::string name, record::ProcessChange change) {
  const auto& commands = loaded().judged.system.commands;
  const auto found = commands.find(name);
  if (found == commands.end()) {
    fail(fmt::format("the system {} has no commands.{}", loaded().judged.system.name, name));
    co_return;
  }
  log_.record({{}, "sut", 0}, record::ProcessChanged{change, 0, 0, 0});
  co_await command(found->second);
}

net::Task<void> Stage::command(const std::vector<std::string>& argv) {
  std::vector<std::string> rendered_words;
  for (const std::string& word : argv) {
    auto rendered = scenario::render(word, variables());
    if (!rendered) {
      fail(fmt::format("command: {}", rendered.error()));
      co_return;
    }
    rendered_words.push_back(*rendered);
  }
  const std::string wrong = co_await run_command(executor_, *setting_.warden, std::move(rendered_words),
                                                 scaled(command_within, setting_.patience));
  if (!wrong.empty()) fail(wrong);
}

// --- scripts

void Stage::Scripts::record(int connection, record::What what) {
  if (stage_.closing_) return;
  stage_.log_.record({connection == 0 ? std::string() : link_, party_, connection}, std::move(what));
}

/// Does it happen on connections with this party's own numbers? This excludes those of other links and other
/// clients, and plain requests.
bool Stage::Scripts::is_own(const fault::Moment& moment) const {
  using Kind = fault::Moment::Kind;
  const bool is_client = stage_.seat_of(party_) == nullptr;
  if (moment.kind == Kind::http || (moment.at && *moment.at != link_)) return false;
  if (moment.of && *moment.of != party_ && (is_client || *moment.of != "sut")) return false;
  const model::Scenario& scenario = stage_.loaded().scenario;
  if (moment.kind == Kind::mark) {
    const auto reaches = [&](const auto& party) {
      return party.name == party_ && model::reaches(party, moment.name);
    };
    return std::ranges::any_of(scenario.clients, reaches) || std::ranges::any_of(scenario.upstreams, reaches);
  }
  if (moment.kind == Kind::fault || moment.kind == Kind::healed) {
    const auto fault = std::ranges::find(scenario.faults, moment.name, &fault::FaultSpec::name);
    return fault == scenario.faults.end() ||
           (fault->at == link_ && !(is_client && fault->of && *fault->of != party_));
  }
  return true;
}

/// A script that waits for a moment.
struct Stage::Scripts::Waiting {
  explicit Waiting(const net::asio::any_io_executor& executor) : gate(executor) {}
  net::EventGate gate;
  bool came = false;
};

net::Task<void> Stage::Scripts::until(const fault::Moment& moment, int connection) {
  fault::Moment placed = moment;
  const bool on_wire = fault::is_on_wire(placed.kind);
  if (!is_own(moment)) connection = 0;
  if (!placed.at && on_wire && link_ != "link") placed.at = link_;
  // Each client numbers its own connections.
  if (!placed.of && on_wire && connection != 0 && stage_.seat_of(party_) == nullptr) placed.of = party_;
  const auto waiting = std::make_shared<Waiting>(stage_.executor_);
  stage_.moments_.await(placed, connection, [waiting] {
    waiting->came = true;
    waiting->gate.notify();
  });
  while (!stage_.closing_ && !waiting->came) co_await waiting->gate.wait();
}

net::Task<void> Stage::Scripts::inject(int connection, std::string mark, std::uint64_t written) {
  if (actor::Link* link = stage_.link_of(link_)) co_await link->passed(party_, connection, written);
  record(connection, record::Mark{std::move(mark)});
}

}  // namespace wsfault::runner
