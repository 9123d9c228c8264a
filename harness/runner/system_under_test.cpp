// Starts, signals and ends the system under test, or asks its commands to do so.
#include "runner/system_under_test.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <fstream>

#include "net/dial.hpp"
#include "network/addresses.hpp"
#include "runner/address.hpp"
#include "runner/command.hpp"
#include "runner/external_system.hpp"
#include "runner/readiness.hpp"
#include "runner/usage.hpp"
#include "scenario/render.hpp"

namespace wsfault::runner {
namespace {

using record::ProcessChange;

/// Nobody else listens in a network of one's own.
constexpr std::uint16_t isolated_port = 8080;
constexpr Duration looking = std::chrono::seconds(1);
/// Limit for starting a container.
constexpr Duration command_within = std::chrono::seconds(60);
constexpr Duration between_samples = std::chrono::milliseconds(50);

/// As spelled in a system file's `commands`.
std::string_view command_name(ProcessChange change) {
  switch (change) {
    case ProcessChange::killed:
      return "kill";
    case ProcessChange::stopping:
      return "stop";
    case ProcessChange::frozen:
      return "freeze";
    case ProcessChange::thawed:
      return "thaw";
    case ProcessChange::reloaded:
      return "reload";
    case ProcessChange::started:
    case ProcessChange::exited:
      return "start";
  }
  return "start";
}

}  // namespace

SystemUnderTest::SystemUnderTest(const CaseContext& context, const Upstreams& upstreams)
    : context_(context), upstreams_(upstreams), tasks_(context.task_group()) {}

bool SystemUnderTest::is_external() const { return runner::is_external(context_.setting, context_.loaded()); }

// --- starting

net::Task<std::string> SystemUnderTest::start() {
  std::string error;
  if (!is_external()) {
    error = co_await start_process();
  } else if (context_.setting.external) {
    listen_ = context_.setting.external->listen;
  } else if (context_.system().commands.contains("start")) {
    co_await run_its("start", ProcessChange::started);
  }
  co_return error;
}

net::Task<std::string> SystemUnderTest::start_process() {
  if (context_.role() != model::Role::client) {
    listen_ = context_.network ? Address{std::string(network::far_address), isolated_port}
                               : free_loopback_address(context_.executor);
    if (context_.tls && context_.tls->front()) certificate_ = context_.tls->certificate_for(listen_.host);
  }
  subscription_ = context_.log.subscribe([this](const record::Event& event) { see(event); });
  process_ = std::make_unique<SystemProcess>(context_.executor, *context_.setting.warden, context_.system(),
                                             "sut", variables(), context_.log);
  if (context_.network) process_->live_in_network_of(context_.network->far_process());
  if (context_.network && context_.loaded().scenario.addresses > 1) process_->find_names_in(write_hosts());
  std::string error = co_await process_->start(context_.folder());
  if (error.empty()) error = co_await await_ready();
  co_return error;
}

/// The link's name stands for all of its addresses.
std::string SystemUnderTest::write_hosts() const {
  std::string file = context_.folder() + "/hosts";
  std::ofstream stream(file);
  stream << "127.0.0.1 localhost\n::1 localhost\n";
  for (const Address& each : upstreams_.addresses_of_link())
    stream << each.host << ' ' << network::link_name << '\n';
  return file;
}

net::Task<std::string> SystemUnderTest::await_ready() {
  const std::map<std::string, std::string> known = variables();
  co_return co_await runner::await_ready(context_.system(), *process_, known, context_.log, context_.changed,
                                         context_.setting.timeout_scale, context_.sockets());
}

// --- watching

void SystemUnderTest::see(const record::Event& event) {
  const auto* process = std::get_if<record::ProcessChanged>(&event.what);
  if (process == nullptr || process->change != ProcessChange::exited || event.where.party != "sut") return;
  if (on_change && !closing_) tasks_.spawn(look_for_it());
}

/// Its first process has ended; other processes may still serve.
net::Task<void> SystemUnderTest::look_for_it() {
  const net::DialResult result = co_await net::dial(listen_.host, listen_.port, looking, {}, context_.sockets());
  if (result.shortage) context_.fail("cannot see whether the system still serves: " + result.detail);
  const bool refused = !result.socket && !result.shortage;
  if (refused && !closing_ && !process_->running()) on_change(false);
}

void SystemUnderTest::sample_usage() { tasks_.spawn(sample()); }

net::Task<void> SystemUnderTest::sample() {
  while (!closing_) {
    if (process_ && process_->running()) {
      if (const auto usage = usage_of_tree(process_->pid())) context_.log.record({{}, "sut", 0}, *usage);
    }
    co_await net::sleep_for(between_samples);
  }
}

void SystemUnderTest::take_last_words() {
  if (process_) process_->take_unfinished_lines();
}

std::vector<record::OutputLine> SystemUnderTest::output() const {
  if (!process_) return {};
  return {process_->output().begin(), process_->output().end()};
}

// --- faults

net::Task<void> SystemUnderTest::signal(fault::Signal signal) {
  if (is_external()) {
    co_await run_its(command_name(signal.change), signal.change);
    co_return;
  }
  co_await await_process();
  if (!closing_) process_->signal(signal);
}

net::Task<void> SystemUnderTest::restart() {
  if (is_external()) {
    co_await run_its("start", ProcessChange::started);
    co_return;
  }
  std::string error = co_await process_->restart();
  if (error.empty()) error = co_await await_ready();
  if (closing_) co_return;
  if (!error.empty()) {
    context_.fail(error);
  } else if (on_change) {
    on_change(true);
  }
}

net::Task<void> SystemUnderTest::reload() {
  if (!is_external()) co_await await_process();
  if (!closing_) co_await run_its("reload", ProcessChange::reloaded);
}

/// It may already have connected before its keeper's start report is read.
net::Task<void> SystemUnderTest::await_process() {
  while (!closing_ && !(process_ && process_->started())) co_await context_.changed.wait();
}

net::Task<void> SystemUnderTest::run_its(std::string_view command, ProcessChange change) {
  const auto& commands = context_.system().commands;
  const auto found = commands.find(std::string(command));
  if (found == commands.end()) {
    context_.fail(fmt::format("the system {} has no commands.{}", context_.system().name, command));
    co_return;
  }
  context_.log.record({{}, "sut", 0}, record::ProcessChanged{change, 0, 0, 0});
  co_await run(found->second);
}

net::Task<void> SystemUnderTest::run(std::vector<std::string> argv) {
  const std::map<std::string, std::string> known = variables();
  for (std::string& word : argv) {
    auto rendered = scenario::render(word, known);
    if (!rendered) {
      context_.fail(fmt::format("command: {}", rendered.error()));
      co_return;
    }
    word = *std::move(rendered);
  }
  const Duration limit = scaled(command_within, context_.setting.timeout_scale);
  const std::string error =
      co_await run_command(context_.executor, *context_.setting.warden, std::move(argv), limit);
  if (!error.empty()) context_.fail(error);
}

// --- the end

void SystemUnderTest::close() {
  closing_ = true;
  subscription_ = {};
  context_.changed.notify();
}

net::Task<void> SystemUnderTest::stop() { co_await net::finally(stop_it(), end()); }

net::Task<void> SystemUnderTest::stop_it() {
  if (process_) {
    // The reference systems have nothing to save, so they are killed at once.
    const bool is_reference = context_.system().start.front() == context_.setting.program;
    co_await process_->stop(is_reference ? Duration(0) : context_.setting.stop_grace);
  } else if (is_external() && context_.role() == model::Role::client) {
    const auto& commands = context_.system().commands;
    auto command = commands.find("stop");
    if (command == commands.end()) command = commands.find("kill");
    if (command != commands.end()) co_await run(command->second);
  }
}

net::Task<void> SystemUnderTest::end() {
  co_await tasks_.join();
  if (process_) co_await process_->join();
}

// --- variables of its start command, its templates and its commands

std::map<std::string, std::string> SystemUnderTest::variables() const {
  std::map<std::string, std::string> variables = scenario::system_variables(context_.system());
  variables["seed"] = std::to_string(context_.order.seed);
  variables["dir"] = context_.folder();
  if (process_ && process_->started()) variables["pid"] = std::to_string(process_->program_pid());
  set_tls_variables(variables);
  const std::vector<Address> upstreams = upstreams_.addresses();
  if (context_.role() == model::Role::client) {
    const Address& address = upstreams.front();
    variables["address"] = address.text();
    std::vector<std::string> all;
    for (const Address& each : upstreams_.addresses_of_link()) all.push_back(each.text());
    variables["addresses"] = fmt::format("{}", fmt::join(all, ","));
    variables["host"] = address.host;
    variables["port"] = std::to_string(address.port);
    variables["url"] = fmt::format("{}://{}{}", variables["scheme"], address.text(), context_.request_path());
  } else {
    set_address(variables, "listen", listen_);
    set_upstreams(variables, upstreams);
  }
  return variables;
}

/// Empty without TLS, so that a template may use them all.
void SystemUnderTest::set_tls_variables(std::map<std::string, std::string>& variables) const {
  const model::Role role = context_.role();
  const bool front = context_.tls && context_.tls->front();
  const bool back = context_.tls && context_.tls->back();
  const bool dials = role == model::Role::client ? front : role == model::Role::gateway && back;
  variables["scheme"] = front ? "wss" : "ws";
  variables["ca_file"] = dials ? context_.tls->ca_file() : "";
  if (role == model::Role::client) return;
  variables["certificate_file"] = certificate_.certificate;
  variables["key_file"] = certificate_.key;
  if (role == model::Role::gateway) variables["upstream_scheme"] = back ? "wss" : "ws";
}

}  // namespace wsfault::runner
