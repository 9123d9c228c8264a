// wsfault reference client|gateway|server: the embedded reference programs, each run as its own process.
#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <exception>
#include <fstream>
#include <functional>
#include <span>
#include <string>
#include <system_error>

#include "cli/arguments.hpp"
#include "cli/reference_options.hpp"
#include "cli/subcommands.hpp"
#include "net/asio.hpp"
#include "reference/client.hpp"
#include "reference/gateway.hpp"
#include "reference/server.hpp"

namespace wsfault::cli {
namespace {

namespace reference = wsfault::reference;

constexpr int exit_usage = 2;
constexpr int exit_environment = 3;

/// Runs the programs until all have ended, and then `ended`; SIGTERM and SIGINT tell them to stop.
template <typename Programs>
void run_programs(
    net::asio::io_context& io, Programs&& programs, const std::function<void()>& ended = [] {}) {
  net::asio::signal_set signals(io, SIGTERM, SIGINT);
  signals.async_wait([&programs](const net::error_code& error, int) {
    if (error) return;
    for (auto& program : programs) program.stop();
  });
  std::exception_ptr failure;
  std::size_t running = programs.size();
  for (auto& program : programs) {
    net::asio::co_spawn(io, program.run(), [&](std::exception_ptr thrown) {
      if (thrown) failure = std::move(thrown);
      if (--running > 0) return;
      signals.cancel();
      ended();
    });
  }
  io.run();
  if (failure) std::rethrow_exception(failure);
}

void run_client(const reference::ClientOptions& options) {
  net::asio::io_context io(1);
  std::deque<reference::Client> clients;
  for (int i = 0; i < options.instances; ++i) {
    reference::ClientOptions one = options;
    one.seed += static_cast<std::uint64_t>(i);
    clients.emplace_back(io.get_executor(), one, reference::print_line);
  }
  run_programs(io, clients);
}

/// Goes on in a child, if that is wanted; the main process passes signals on to it, and ends as it does.
void go_on_in_worker(bool wanted) {
  if (!wanted) return;
  sigset_t passed_on;
  sigset_t before;
  ::sigemptyset(&passed_on);
  for (const int signal : {SIGTERM, SIGINT, SIGHUP, SIGCHLD}) ::sigaddset(&passed_on, signal);
  ::sigprocmask(SIG_BLOCK, &passed_on, &before);
  const pid_t worker = ::fork();
  if (worker < 0) throw std::system_error(errno, std::generic_category(), "no worker");
  if (worker == 0) {
    ::sigprocmask(SIG_SETMASK, &before, nullptr);
    return;
  }
  int status = 0;
  while (::waitpid(worker, &status, WNOHANG) == 0) {
    int signal = 0;
    if (::sigwait(&passed_on, &signal) == 0 && signal != SIGCHLD) ::kill(worker, signal);
  }
  std::_Exit(WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status));
}

/// SIGHUP means reload, until the gateway has ended.
class ReloadSignal {
 public:
  ReloadSignal(net::asio::io_context& io, reference::Gateway& gateway)
      : signal_(io, SIGHUP), gateway_(gateway) {
    wait();
  }
  void cancel() { signal_.cancel(); }

 private:
  void wait() {
    signal_.async_wait([this](const net::error_code& error, int) {
      if (error) return;
      gateway_.reload();
      wait();
    });
  }
  net::asio::signal_set signal_;
  reference::Gateway& gateway_;
};

/// A file that exists while the program runs; a crash leaves it in place.
class Lock {
 public:
  explicit Lock(std::string file) : file_(std::move(file)) {
    if (!file_.empty()) std::ofstream(file_) << ::getpid() << "\n";
  }
  ~Lock() {
    if (!file_.empty()) ::unlink(file_.c_str());
  }
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;

 private:
  std::string file_;
};

bool is_there(const std::string& lock) { return !lock.empty() && ::access(lock.c_str(), F_OK) == 0; }

void run_server(reference::ServerOptions options) {
  go_on_in_worker(options.in_worker);
  options.crashed_before = is_there(options.lock);
  const Lock lock(options.lock);
  net::asio::io_context io(1);
  reference::Server server(io.get_executor(), options);
  reference::print_line(fmt::format("listening on {}:{}", options.host, server.port()));
  run_programs(io, std::span(&server, 1));
}

void run_gateway(reference::GatewayOptions options) {
  go_on_in_worker(options.in_worker);
  options.crashed_before = is_there(options.lock);
  const Lock lock(options.lock);
  net::asio::io_context io(1);
  reference::Gateway gateway(io.get_executor(), options);
  ReloadSignal reload(io, gateway);
  reference::print_line(fmt::format("listening on {}:{}", options.host, gateway.port()));
  run_programs(io, std::span(&gateway, 1), [&reload] { reload.cancel(); });
}

}  // namespace

int run_reference(int argc, char** argv) {
  CLI::App app("Small conforming WebSocket programs, each with named defects", "wsfault reference");
  app.require_subcommand(1);
  app.footer(
      "\nExamples:\n  wsfault reference server --listen 127.0.0.1:8080\n"
      "  wsfault reference gateway --listen 127.0.0.1:8081 --upstream 127.0.0.1:8080\n"
      "  wsfault reference client --url ws://127.0.0.1:8081/\n");
  reference::ClientOptions client;
  reference::GatewayOptions gateway;
  reference::ServerOptions server;
  CLI::App* client_command = app.add_subcommand("client", "Connects, converses, reports and comes back");
  CLI::App* gateway_command = app.add_subcommand("gateway", "Forwards to an upstream, and says 502 or 1014");
  CLI::App* server_command = app.add_subcommand("server", "Echoes, keeps a heartbeat and drains");
  describe_client(*client_command, client);
  describe_gateway(*gateway_command, gateway);
  describe_server(*server_command, server);
  if (const auto code = parse_filled_arguments(app, argc, argv)) return *code;
  try {
    if (client_command->parsed()) run_client(client);
    if (gateway_command->parsed()) run_gateway(gateway);
    if (server_command->parsed()) run_server(server);
  } catch (const std::exception& error) {
    fmt::print(stderr, "wsfault reference: {}\n", error.what());
    return exit_environment;
  }
  return 0;
}

}  // namespace wsfault::cli
