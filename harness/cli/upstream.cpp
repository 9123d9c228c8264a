// `wsfault upstream`: the scriptable fake upstream alone, or as a child of a run.
#include "actor/upstream.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/streambuf.hpp>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>

#include "cli/subcommands.hpp"
#include "net/interruption.hpp"
#include "record/json.hpp"
#include "report/exit_code.hpp"
#include "runner/upstream_seat.hpp"
#include "scenario/load.hpp"
#include "value/toml.hpp"

namespace wsfault::cli {
namespace {

namespace asio = net::asio;

/// Its events go to stdout as JSON lines; moments of the whole run come back by stdin.
class PipeHost : public actor::ScriptHost {
 public:
  /// `sequence`: the last number that was said before; with one, each further one is told.
  PipeHost(const asio::any_io_executor& executor, const model::Upstream& model,
           std::optional<std::uint64_t> sequence)
      : waits_(runner::waits_of(model)),
        changed_(executor),
        start_(std::chrono::steady_clock::now()),
        tells_sequence_(sequence.has_value()),
        sequence_(sequence.value_or(0)) {}

  void record(int connection, record::What what) override {
    const auto at = (std::chrono::steady_clock::now() - start_).count();
    fmt::print("{}\n", record::to_json({at, {{}, {}, connection}, std::move(what)}));
    std::fflush(stdout);
  }

  net::Task<void> until(const fault::Moment& moment, int connection) override {
    const std::string text = to_string(moment);
    for (std::size_t i = 0; i < waits_.size(); ++i) {
      if (to_string(waits_[i]) != text) continue;
      fmt::print("wait {} {}\n", i, connection);
      std::fflush(stdout);
      while (!came_.contains({i, connection})) co_await changed_.wait();
      co_return;
    }
  }

  std::uint64_t next_sequence() override {
    ++sequence_;
    if (tells_sequence_) {
      fmt::print("sequence {}\n", sequence_);
      std::fflush(stdout);
    }
    return sequence_;
  }

  void moment_came(std::size_t wait, int connection) {
    came_.insert({wait, connection});
    changed_.notify();
  }

 private:
  std::vector<fault::Moment> waits_;
  std::set<std::pair<std::size_t, int>> came_;
  net::EventGate changed_;
  std::chrono::steady_clock::time_point start_;
  bool tells_sequence_;
  std::uint64_t sequence_;
};

net::Task<void> take_orders(asio::posix::stream_descriptor& input, actor::Upstream& upstream,
                            PipeHost& host) {
  asio::streambuf buffer;
  while (true) {
    const auto [error, size] = co_await asio::async_read_until(input, buffer, '\n', net::as_result);
    if (error) break;
    std::istream lines(&buffer);
    std::string line;
    std::getline(lines, line);
    unsigned port = 0;
    std::size_t wait = 0;
    int connection = 0;
    if (std::sscanf(line.c_str(), "connection %u %d", &port, &connection) == 2) {
      upstream.announce(static_cast<std::uint16_t>(port), connection);
    } else if (std::sscanf(line.c_str(), "moment %zu %d", &wait, &connection) == 2) {
      host.moment_came(wait, connection);
    }
  }
  upstream.close();  // the harness is gone
}

struct Order {
  model::Upstream upstream;
  std::uint64_t seed = 1;
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;
  std::optional<net::TlsContext> tls;
  std::optional<std::uint64_t> sequence;  ///< of a served one: where its predecessor's messages ended
};

int serve(const Order& order, bool served) {
  asio::io_context io(1);
  PipeHost host(io.get_executor(), order.upstream, order.sequence);
  actor::Upstream upstream(io.get_executor(), order.upstream, host, order.host, order.port, order.seed,
                           order.tls);
  // Of a served one SIGTERM is a fault, which it outlives as long as its sessions take.
  asio::signal_set signals(io);
  if (served) signals.add(SIGTERM);
  if (served) signals.add(SIGINT);
  if (!served) net::expect_interruption();
  signals.async_wait([&](const net::error_code& error, int) {
    if (!error) upstream.close();
  });
  net::InterruptionWatch interruption(io, std::chrono::seconds(1), [&] { upstream.close(); });
  asio::posix::stream_descriptor input(io, ::dup(STDIN_FILENO));
  std::exception_ptr failure;
  if (served) {
    fmt::print("listening {}\n", upstream.port());
    asio::co_spawn(io, take_orders(input, upstream, host), [&](const std::exception_ptr& thrown) {
      if (!thrown) return;
      failure = thrown;
      upstream.close();
    });
  } else {
    fmt::print("listening on {}:{}\n", order.host, upstream.port());
  }
  std::fflush(stdout);
  asio::co_spawn(io, upstream.run(), [&](const std::exception_ptr& thrown) {
    if (thrown) failure = thrown;
    signals.cancel();
    interruption.cancel();
    input.close();
  });
  io.run();
  if (interruption.gave_up()) {  // its sessions are in the middle: nothing of them may be destroyed
    std::fflush(nullptr);
    std::_Exit(0);
  }
  if (failure) std::rethrow_exception(failure);
  return 0;
}

/// The first line of stdin: the upstream's table, the seed, the port, the last message's number.
int serve_from_stdin() {
  std::string line;
  char c = 0;
  while (::read(STDIN_FILENO, &c, 1) == 1 && c != '\n') line += c;
  const Value value = parse_json(line);
  Diagnostics diagnostics("stdin", line);
  Order order;
  if (const Value* table = value.find("upstream")) {
    auto upstream = scenario::read_upstream(*table, diagnostics);
    if (!upstream) {
      fmt::print(stderr, "{}", diagnostics.print());
      return report::exit_usage;
    }
    order.upstream = std::move(*upstream);
  }
  if (const Value* seed = value.find("seed"); seed != nullptr && seed->integer() != nullptr) {
    order.seed = static_cast<std::uint64_t>(*seed->integer());
  }
  if (const Value* sequence = value.find("sequence"); sequence != nullptr && sequence->integer() != nullptr) {
    order.sequence = static_cast<std::uint64_t>(*sequence->integer());
  }
  const Value* certificate = value.find("certificate");
  const Value* key = value.find("key");
  if (certificate != nullptr && key != nullptr)
    order.tls = net::TlsContext::server(*certificate->text(), *key->text());
  return serve(order, true);
}

int serve_from_file(const std::string& file, const std::string& listen) {
  Order order;
  if (!file.empty()) {
    std::ifstream in(file, std::ios::binary);
    if (!in) {
      fmt::print(stderr, "wsfault upstream: cannot read {}\n", file);
      return report::exit_usage;
    }
    std::ostringstream text;
    text << in.rdbuf();
    Diagnostics diagnostics(file, text.str());
    const auto value = parse_toml(text.str(), diagnostics);
    const Value* table = value ? value->find("upstream") : nullptr;
    if (value && table == nullptr) diagnostics.error({1, 1}, "there is no [upstream] table");
    if (table != nullptr) {
      if (auto upstream = scenario::read_upstream(*table, diagnostics)) order.upstream = std::move(*upstream);
    }
    if (!diagnostics.ok()) {
      fmt::print(stderr, "{}", diagnostics.print());
      return report::exit_usage;
    }
  }
  const std::size_t colon = listen.rfind(':');
  int port = -1;
  if (colon != std::string::npos) std::sscanf(listen.c_str() + colon + 1, "%d", &port);
  if (port < 0 || port > 65535) {
    fmt::print(stderr, "wsfault upstream: --listen {}: must be HOST:PORT\n", listen);
    return report::exit_usage;
  }
  order.host = listen.substr(0, colon);
  order.port = static_cast<std::uint16_t>(port);
  return serve(order, false);
}

}  // namespace

int run_upstream(int argc, char** argv) {
  CLI::App app(
      "The scriptable fake upstream: plays the [upstream] of a scenario file, or the default conversation",
      "wsfault upstream");
  std::string file;
  std::string listen = "127.0.0.1:0";
  bool served = false;
  app.add_option("SCENARIO", file, "A file with an [upstream] table");
  app.add_option("--listen", listen, "HOST:PORT, port 0 for any")->capture_default_str();
  app.add_flag("--served", served, "As a child of `wsfault run`: orders by stdin, events by stdout")
      ->group("");
  app.footer("\nExamples:\n  wsfault upstream --listen 127.0.0.1:9000\n  wsfault upstream my-scenario.toml");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : report::exit_usage;
  }
  return served ? serve_from_stdin() : serve_from_file(file, listen);
}

}  // namespace wsfault::cli
