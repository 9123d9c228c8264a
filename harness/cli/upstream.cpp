// `wsfault upstream`: the scriptable fake upstream by itself, or as a child of a run.
#include "actor/upstream.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/streambuf.hpp>
#include <cinttypes>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iostream>
#include <map>
#include <set>
#include <sstream>
#include <type_traits>

#include "cli/subcommands.hpp"
#include "net/interruption.hpp"
#include "record/json.hpp"
#include "report/exit_code.hpp"
#include "runner/lone_upstream.hpp"
#include "runner/upstream_seat.hpp"
#include "scenario/outline.hpp"
#include "scenario/standalone.hpp"
#include "value/toml.hpp"

namespace wsfault::cli {
namespace {

namespace asio = net::asio;

void print(const std::string& line) {
  fmt::print("{}\n", line);
  std::fflush(stdout);
}

/// Its events go to stdout as JSON lines; moments of the whole run arrive on stdin.
class PipeHost : public actor::ScriptHost {
 public:
  /// `sequence`: the last number already used.
  PipeHost(const asio::any_io_executor& executor, const model::Upstream& model, std::uint64_t sequence)
      : waits_(runner::waits_of(model)),
        changed_(executor),
        start_(std::chrono::steady_clock::now()),
        sequence_(sequence) {}

  void record(int connection, record::What what) override {
    const auto at = (std::chrono::steady_clock::now() - start_).count();
    print(record::to_json({at, {{}, {}, connection}, std::move(what)}));
  }

  net::Task<void> until(const fault::Moment& moment, int connection) override {
    const std::string text = to_string(moment);
    for (std::size_t i = 0; i < waits_.size(); ++i) {
      if (to_string(waits_[i]) != text) continue;
      print(fmt::format("wait {} {}", i, connection));
      while (!came_.contains({i, connection}) && !closed_) co_await changed_.wait();
      co_return;
    }
  }

  net::Task<void> inject(int connection, std::string mark, std::uint64_t written) override {
    const std::uint64_t serial = ++injections_;
    print(fmt::format("inject {} {} {} {}", serial, connection, written, mark));
    while (!injected_.contains(serial) && !closed_) co_await changed_.wait();
    injected_.erase(serial);
  }

  std::uint64_t next_sequence() override {
    print(fmt::format("sequence {}", ++sequence_));
    return sequence_;
  }

  void injected(std::uint64_t serial) {
    injected_.insert(serial);
    changed_.notify();
  }
  void close() {
    closed_ = true;
    changed_.notify();
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
  std::uint64_t sequence_;
  std::uint64_t injections_ = 0;
  std::set<std::uint64_t> injected_;  // serials that were answered
  bool closed_ = false;
};

/// Runs until the harness is gone.
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
    } else if (std::uint64_t serial = 0; std::sscanf(line.c_str(), "injected %" SCNu64, &serial) == 1) {
      host.injected(serial);
    }
  }
}

struct Order {
  model::Upstream upstream;
  std::uint64_t seed = 1;
  std::optional<net::TlsContext> tls;
  std::uint64_t sequence = 0;  ///< where its predecessor's messages ended
};

/// Runs until the task ends; SIGINT and SIGTERM close it. In a run SIGTERM is a fault, and the process
/// continues until its sessions end; by itself it ends after a second at most.
int serve(asio::io_context& io, bool served, net::Task<void> run, const std::function<void()>& close,
          const std::function<void()>& ended) {
  asio::signal_set signals(io);
  if (served) signals.add(SIGTERM);
  if (served) signals.add(SIGINT);
  if (!served) net::expect_interruption();
  signals.async_wait([&](const net::error_code& error, int) {
    if (!error) close();
  });
  net::InterruptionWatch interruption(io, std::chrono::seconds(1), close);
  std::exception_ptr failure;
  asio::co_spawn(io, std::move(run), [&](const std::exception_ptr& thrown) {
    failure = thrown;
    signals.cancel();
    interruption.cancel();
    ended();
  });
  io.run();
  if (interruption.gave_up()) {  // its sessions are unfinished: nothing they refer to may be destroyed
    std::fflush(nullptr);
    std::_Exit(0);
  }
  if (failure) std::rethrow_exception(failure);
  return 0;
}

int serve_orders(const Order& order) {
  asio::io_context io(1);
  PipeHost host(io.get_executor(), order.upstream, order.sequence);
  actor::Upstream upstream(io.get_executor(), order.upstream, host, "127.0.0.1", 0, order.seed, order.tls);
  asio::posix::stream_descriptor input(io, ::dup(STDIN_FILENO));
  print(fmt::format("listening {}", upstream.port()));
  std::exception_ptr failure;
  // A script that waits for a moment would prevent the end.
  const auto close = [&] {
    host.close();
    upstream.close();
  };
  asio::co_spawn(io, take_orders(input, upstream, host), [&](const std::exception_ptr& thrown) {
    failure = thrown;
    close();
  });
  const int code = serve(io, true, upstream.run(), close, [&] { input.close(); });
  if (failure) std::rethrow_exception(failure);
  return code;
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
  if (const Value* marks = value.find("strikes"); marks != nullptr && marks->array() != nullptr) {
    std::set<std::string> names;  // of marks at which faults strike
    for (const Value& mark : *marks->array()) {
      if (mark.text()) names.insert(*mark.text());
    }
    model::let_marks_inject(order.upstream, names);
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
  return serve_orders(order);
}

/// Actions of a script and of faults are printed; traffic is not.
void tell(const record::Event& event) {
  const bool of_interest = std::visit(
      []<typename What>(const What&) {
        return std::is_same_v<What, record::Mark> || std::is_same_v<What, record::ScriptDone> ||
               std::is_same_v<What, record::ScriptFailed> || std::is_same_v<What, record::PlainRequest> ||
               std::is_same_v<What, record::FaultFired> || std::is_same_v<What, record::FaultHealed> ||
               std::is_same_v<What, record::FaultSpared>;
      },
      event.what);
  if (of_interest) print(record::to_json(event));
}

/// The only case of the file; errors, and parts that need other parties, are printed.
std::optional<scenario::LoadedCase> load_standalone(const std::string& file, const std::string& text,
                                                    const std::map<std::string, std::string>& set) {
  Diagnostics diagnostics(file, text);
  scenario::Setting setting;
  setting.set = set;
  setting.system.role = scenario::outline(text).role.value_or(model::Role::client);
  // A scenario's requirements concern the system under test; here any client may connect.
  Diagnostics ignored("", "");
  if (const auto tree = parse_toml(text, ignored)) {
    const Value* requirements = tree->find("system");
    for (const Value::Member& requirement :
         requirements && requirements->table() ? *requirements->table() : Value::Table{})
      setting.system.settable.push_back(requirement.key);
  }
  setting.defaults = {{"title", "A standalone upstream"}, {"role", "client"}};
  std::vector<scenario::LoadedCase> cases = scenario::load_scenario("upstream", setting, text, diagnostics);
  if (diagnostics.ok() && cases.size() == 1) scenario::check_standalone(cases.front(), diagnostics);
  fmt::print(stderr, "{}", diagnostics.print());
  if (!diagnostics.ok()) return std::nullopt;
  if (cases.size() != 1) {
    fmt::print(stderr, "wsfault upstream: {} has {} cases, one can be played: choose its values with --set\n",
               file, cases.size());
    return std::nullopt;
  }
  if (const std::string& skip = cases.front().skip;
      !skip.empty() && setting.system.role != model::Role::gateway) {
    fmt::print(stderr, "wsfault upstream: {} cannot be played: {}\n", file, skip);
    return std::nullopt;
  }
  return std::move(cases.front());
}

struct FileOptions {
  std::string file;
  std::string listen = "127.0.0.1:0";
  std::vector<std::string> set;
};

int serve_from_file(const FileOptions& options) {
  std::string text;
  if (!options.file.empty()) {
    std::ifstream in(options.file, std::ios::binary);
    std::ostringstream read;
    if (!in || !(read << in.rdbuf())) {
      fmt::print(stderr, "wsfault upstream: cannot read {}\n", options.file);
      return report::exit_usage;
    }
    text = read.str();
  }
  std::map<std::string, std::string> set;
  for (const std::string& pair : options.set) {
    const std::size_t equals = pair.find('=');
    if (equals == std::string::npos || equals == 0) {
      fmt::print(stderr, "wsfault upstream: --set {}: must be NAME=VALUE\n", pair);
      return report::exit_usage;
    }
    set[pair.substr(0, equals)] = pair.substr(equals + 1);
  }
  const std::size_t colon = options.listen.rfind(':');
  int port = -1;
  if (colon != std::string::npos) std::sscanf(options.listen.c_str() + colon + 1, "%d", &port);
  if (port < 0 || port > 65535) {
    fmt::print(stderr, "wsfault upstream: --listen {}: must be HOST:PORT\n", options.listen);
    return report::exit_usage;
  }
  const auto loaded = load_standalone(options.file, text, set);
  if (!loaded) return report::exit_usage;
  asio::io_context io(1);
  const std::string host = options.listen.substr(0, colon);
  runner::LoneUpstream upstream(io.get_executor(), *loaded, host, static_cast<std::uint16_t>(port), 1, tell);
  print(fmt::format("listening on {}:{}", host, upstream.port()));
  return serve(
      io, false, upstream.run(), [&] { upstream.close(); }, [] {});
}

}  // namespace

int run_upstream(int argc, char** argv) {
  CLI::App app(
      "The scriptable fake upstream: plays the [upstream] of a scenario file, or the default conversation",
      "wsfault upstream");
  FileOptions options;
  bool served = false;
  app.add_option("SCENARIO", options.file, "Its [upstream], and what its faults do to the connections");
  app.add_option("--listen", options.listen, "HOST:PORT, port 0 for any")->capture_default_str();
  app.add_option("--set", options.set, "A value of [each], or a trait: --set code=1012")
      ->type_name("NAME=VALUE")
      ->take_all();
  app.add_flag("--served", served, "As a child of `wsfault run`: orders by stdin, events by stdout")
      ->group("");
  app.footer("\nExamples:\n  wsfault upstream --listen 127.0.0.1:9000\n  wsfault upstream my-scenario.toml");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : report::exit_usage;
  }
  return served ? serve_from_stdin() : serve_from_file(options);
}

}  // namespace wsfault::cli
