// Sets up and tears down the stage.
#include "runner/stage.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "fault/catalogue.hpp"
#include "net/shortage.hpp"

namespace wsfault::runner {

Stage::Stage(const net::asio::any_io_executor& executor, const RunSetting& setting, const CaseOrder& order,
             record::EventLog& log, net::EventGate& changed)
    : context_{executor, setting, order, log, changed},
      scripts_(context_.executor, context_.log, context_.loaded().scenario),
      upstreams_(context_, scripts_),
      system_(context_, upstreams_),
      front_(context_, scripts_) {}

net::Task<std::string> Stage::set_up() {
  const model::Scenario& scenario = context_.loaded().scenario;
  const bool is_client = scenario.role == model::Role::client;
  if (scenario.isolate) {
    if (std::string wrong = co_await make_network(); !wrong.empty()) co_return wrong;
  }
  if (scenario.tls != model::Tls::none && !context_.setting.external)
    context_.tls = std::make_unique<CaseTls>(context_.folder() + "/tls", scenario.role, scenario.tls);
  std::string error = co_await upstreams_.start();
  if (error.empty() && !is_client) error = co_await start_behind_front();
  if (!error.empty()) co_return error;
  if (!is_client) open_front();
  start_board();
  context_.log.record({}, record::Ready{});
  co_await board_->settled();  // the faults of `start` strike before a client can connect
  if (is_client) {
    error = co_await system_.start();
  } else {
    front_.start_clients();
  }
  if (error.empty()) watch();
  co_return error;
}

net::Task<std::string> Stage::make_network() {
  std::error_code ignored;  // the holder's socket says what is wrong with the folder
  std::filesystem::create_directories(context_.folder(), ignored);
  auto network = co_await network::PrivateNetwork::make(context_.executor, *context_.setting.warden,
                                                        context_.setting.program, context_.folder());
  if (!network) co_return "no network of its own: " + network.error();
  context_.network = *std::move(network);
  context_.system_table = std::make_shared<const net::FileDescriptor>(context_.network->far_table());
  co_return std::string();
}

/// A gateway or server. What a gateway does because of its own start must be over before its clients come.
net::Task<std::string> Stage::start_behind_front() {
  std::string error = co_await system_.start();
  if (!error.empty() || context_.role() == model::Role::server) co_return error;
  if (context_.setting.external) {
    error = co_await upstreams_.await_echo();
  } else if (context_.system().kind == model::Kind::tcp) {
    co_await upstreams_.let_probe_pass();
  }
  co_return error;
}

void Stage::open_front() {
  // Through a gateway that forwards bytes, TLS is spoken with the link behind it.
  const bool forwards = context_.system().kind == model::Kind::tcp && !context_.setting.external;
  front_.open(system_.listen(), forwards ? upstreams_.links().front()->host() : system_.listen().host);
  for (actor::Link* link : upstreams_.links()) link->start_counting();
  system_.on_change = [this](bool up) { front_.link()->set_target_up(up); };
}

void Stage::start_board() {
  for (actor::Link* link : upstreams_.links()) links_.emplace(link->name(), link);
  if (actor::Link* link = front_.link()) links_.emplace(link->name(), link);
  board_ = std::make_unique<actor::FaultBoard>(context_.executor, context_.loaded().judged.faults,
                                               links_, static_cast<actor::Parties&>(*this),
                                               context_.log, context_.order.seed);
}

/// What expectations must observe.
void Stage::watch() {
  // A client under test reconnects by itself.
  if (front_.link() != nullptr) front_.start_visits();
  const auto& expectations = context_.loaded().judged.expectations;
  if (std::ranges::any_of(expectations, [](const auto& each) { return each.what.nature.samples_usage; }))
    system_.sample_usage();
}

net::Task<std::string> Stage::tear_down() {
  std::string trouble;
  const auto step = [&trouble](net::Task<void> ending) -> net::Task<void> {
    try {
      co_await std::move(ending);
    } catch (...) {
      if (trouble.empty()) trouble = net::describe_failure(std::current_exception());
    }
  };
  if (board_) board_->close();
  scripts_.close();
  front_.close();
  system_.close();
  if (board_) co_await step(board_->join());  // a gateway that it restarts needs its upstreams until then
  upstreams_.close();
  co_await step(system_.stop());
  co_await step(upstreams_.stop());
  co_await step(front_.stop());
  if (trouble.empty()) trouble = system_.trouble();
  std::error_code ignored;  // the warden deletes the remaining files in the run's folder
  std::filesystem::remove_all(context_.folder(), ignored);
  co_return trouble;
}

// --- faults

net::Task<void> Stage::signal(const std::string& party, const fault::Signal& signal) {
  if (party != "sut") {
    upstreams_.signal(party, signal);
    co_return;
  }
  co_await system_.signal(signal);
}

net::Task<void> Stage::start(const std::string& party) {
  if (party == "sut") {
    co_await system_.restart();
  } else {
    co_await upstreams_.restart(party);
  }
}

net::Task<void> Stage::reload(const std::string&) { co_await system_.reload(); }

net::Task<void> Stage::command(const std::vector<std::string>& argv) { co_await system_.run(argv); }

namespace {

std::string name_in_network(const fault::FaultSpec& spec) { return fmt::format("fault{}", spec.index); }

}  // namespace

std::string Stage::disturb(const fault::FaultSpec& spec) {
  std::vector<network::Path> paths;
  for (const std::string& name : spec.links) {
    if (const auto link = links_.find(name); link != links_.end())
      paths.push_back({link->second->port_with_system(), link->second->listens_to_system()});
  }
  return context_.network->disturb(name_in_network(spec), fault::disturbance_of(spec), paths);
}

std::string Stage::repair(const fault::FaultSpec& spec) {
  return context_.network->repair(name_in_network(spec), fault::disturbance_of(spec));
}

}  // namespace wsfault::runner
