// `wsfault proxy`: proxies that stand until they are stopped, and the port from which they are controlled.
#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <boost/asio/signal_set.hpp>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <memory>
#include <random>
#include <set>
#include <sstream>

#include "cli/arguments.hpp"
#include "cli/proxy_log.hpp"
#include "cli/subcommands.hpp"
#include "cli/terminal.hpp"
#include "proxy/route.hpp"
#include "control/http_server.hpp"
#include "control/router.hpp"
#include "net/interruption.hpp"
#include "net/shortage.hpp"
#include "proxy/standing_file.hpp"
#include "report/exit_code.hpp"
#include "runner/address.hpp"
#include "value/toml.hpp"
#include "version.hpp"

namespace wsfault::cli {
namespace {

namespace asio = net::asio;

struct Options {
  std::string upstream;
  std::string listen = "127.0.0.1:0";
  std::vector<std::string> faults;
  std::string config;
  std::string control = "127.0.0.1:8474";
  std::string token;
  std::vector<std::string> origins;
  std::string log_format = "text";
  std::uint64_t seed = 0;
  double drain = 5;
  bool verbose = false;
};

/// The one proxy of the command line, as a file would have it.
std::string as_file(const Options& options) {
  std::string text = "[[proxy]]\nname = \"proxy\"\n";
  text += "listen = " + to_json(Value(options.listen)) + "\nupstream = " + to_json(Value(options.upstream)) + "\n";
  std::string faults;
  for (const std::string& fault : options.faults) faults += (faults.empty() ? "" : ", ") + fault;
  return text + "fault = [" + faults + "]\n";
}

/// Where the token is: in the option's own file, so that no list of processes shows it.
std::optional<std::string> read_token(const std::string& file) {
  std::ifstream in(file);
  std::string token;
  if (!in || !std::getline(in, token) || token.empty()) return std::nullopt;
  return token;
}

class Program {
 public:
  Program(asio::io_context& io, const Options& options, std::string token, const runner::Address& control)
      : io_(io),
        options_(options),
        log_(options.log_format == "json", options.verbose),
        sessions_(io.get_executor(), options.seed),
        context_{sessions_, std::string(version)},
        tasks_(io.get_executor(), [this](const std::exception_ptr& thrown) { log_.error(net::describe_failure(thrown)); }),
        signals_(io) {
    // From before it says that it serves.
    for (const int number : {SIGTERM, SIGINT, SIGHUP}) signals_.add(number);
    control::ServerSetting setting{.host = control.host, .port = control.port, .token = std::move(token)};
    setting.origins = options.origins;
    server_ = std::make_unique<control::HttpServer>(
        io.get_executor(), std::move(setting),
        [this](const control::Request& request) { return router_.serve(context_, request); });
  }

  /// Reads what stands from the beginning. Empty, or what is wrong, printed.
  net::Task<std::string> begin() {
    const auto read = read_standing();
    if (!read) co_return read.error();
    co_return co_await proxy::apply(sessions_.standing(), *read, of_file_);
  }

  net::Task<int> run() {
    if (std::string wrong = co_await begin(); !wrong.empty()) {
      fmt::print(stderr, "{}", wrong);
      co_await sessions_.end_all(false, Duration(0));
      server_->close();
      co_await server_->run();
      co_return report::exit_usage;
    }
    for (const proxy::Proxy* each : sessions_.standing().proxies())
      log_.listens(*each, proxy::upstream_text(each->route()));
    log_.controls(fmt::format("{}:{}", options_.control.substr(0, options_.control.rfind(':')), server_->port()));
    tasks_.spawn(server_->run());
    tasks_.spawn(sessions_.watch());
    tasks_.spawn(log_.follow(sessions_, context_.stops));
    co_await until_stopped();
    context_.stops = true;
    log_.says("stopping: connections have " + format_duration(drain()) + " to end");
    for (const auto& session : sessions_.all()) session->journal().changed().notify();
    server_->close();
    sessions_.close();
    co_await sessions_.end_all(true, drain());
    co_await tasks_.all_ended();
    co_return report::exit_passed;
  }

 private:
  Duration drain() const { return std::chrono::duration_cast<Duration>(std::chrono::duration<double>(options_.drain)); }

  Result<proxy::StandingFile> read_standing() const {
    if (options_.config.empty() && options_.upstream.empty()) return proxy::StandingFile{};
    if (options_.config.empty()) return proxy::read_standing("the command line", as_file(options_));
    std::ifstream in(options_.config, std::ios::binary);
    std::ostringstream text;
    if (!in || !(text << in.rdbuf())) return Error{fmt::format("wsfault proxy: cannot read {}\n", options_.config)};
    return proxy::read_standing(options_.config, text.str());
  }

  /// SIGHUP reads the file again; SIGINT and SIGTERM stop.
  net::Task<void> until_stopped() {
    for (;;) {
      const auto [error, number] = co_await signals_.async_wait(net::as_result);
      if (error || number != SIGHUP) co_return;
      std::string wrong = co_await begin();
      if (wrong.empty()) {
        log_.says("read again: " + (options_.config.empty() ? std::string("the command line") : options_.config));
      } else {
        while (!wrong.empty() && wrong.back() == '\n') wrong.pop_back();
        log_.error("what stood before stays: " + wrong);
      }
    }
  }

  asio::io_context& io_;
  const Options& options_;
  ProxyLog log_;
  proxy::Sessions sessions_;
  control::Context context_;
  control::Router router_;
  net::TaskGroup tasks_;
  asio::signal_set signals_;
  std::set<std::string> of_file_;
  std::unique_ptr<control::HttpServer> server_;
};

int serve(const Options& options, std::string token, const runner::Address& control) {
  asio::io_context io(1);
  int code = report::exit_undecided;
  std::exception_ptr failure;
  try {
    Program program(io, options, std::move(token), control);
    asio::co_spawn(
        io, program.run(),
        [&](const std::exception_ptr& thrown, int ended) {
          failure = thrown;
          code = ended;
        });
    io.run();
  } catch (const boost::system::system_error& error) {
    complain("wsfault proxy", fmt::format("the control port {}: {}", control.text(), error.code().message()));
    return report::exit_usage;
  }
  if (failure) std::rethrow_exception(failure);
  return code;
}

/// Empty, or what is wrong with the options together.
std::string wrong_together(const Options& options, const Result<runner::Address>& control, const std::string& token) {
  if (!options.upstream.empty() && !options.config.empty()) return "--upstream and --config: one of them says what stands";
  if (options.upstream.empty() && !options.faults.empty()) return "--fault needs --upstream: a file has its faults itself";
  if (!control) return "--control " + control.error();
  boost::system::error_code none;
  const auto address = asio::ip::make_address(control->host, none);
  if (none) return fmt::format("--control {}: must be an address and a port", options.control);
  if (!address.is_loopback() && token.empty())
    return fmt::format("--control {}: others than this machine reach it, so it needs --token-file", options.control);
  return {};
}

}  // namespace

int run_proxy(int argc, char** argv) {
  CLI::App app("A chaos proxy for test suites: faults by HTTP, with the API of Toxiproxy and more (docs/proxy.md)",
               "wsfault proxy");
  Options options;
  std::string token_file;
  app.add_option("--upstream", options.upstream, "What stands behind the proxy: ws://HOST:PORT, wss://HOST:PORT, HOST:PORT");
  app.add_option("--listen", options.listen, "Where the proxy listens: HOST:PORT, port 0 for any")->capture_default_str();
  app.add_option("--fault", options.faults, "A fault of the proxy from the beginning, a table of TOML; may be repeated")
      ->type_name("TABLE")
      ->take_all();
  app.add_option("--config", options.config, "A file of proxies with their faults; SIGHUP reads it again")->type_name("FILE");
  app.add_option("--control", options.control, "Where the HTTP API listens; port 0 for any")->capture_default_str();
  app.add_option("--token-file", token_file, "Requests need the token on the first line of this file")->type_name("FILE");
  app.add_option("--cors", options.origins, "An origin whose pages may use the API; * for any; may be repeated")
      ->type_name("ORIGIN")
      ->take_all();
  app.add_option("--seed", options.seed, "For what is drawn: jitter, toxicity")->check(is_seed())->type_name("NUMBER");
  app.add_option("--drain", options.drain, "How long connections have to end after SIGTERM, in seconds")
      ->check(is_between(0, 3600))
      ->capture_default_str()
      ->type_name("SECONDS");
  app.add_option("--log-format", options.log_format, "text or json, a line each")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  app.add_flag("-v,--verbose", options.verbose, "Log connections, too");
  app.footer(
      "\nExamples:\n"
      "  wsfault proxy --upstream ws://127.0.0.1:9000 --listen 127.0.0.1:9001\n"
      "  wsfault proxy --upstream ws://127.0.0.1:9000 --fault '{ inject = \"reset\", when = \"message 3\" }'\n"
      "  wsfault proxy --config proxies.toml --control 127.0.0.1:8474\n"
      "  wsfault proxy            # no proxy yet: clients of Toxiproxy's API add them at port 8474\n"
      "\nRuns until SIGTERM or SIGINT: then it accepts none any more, sends Close 1012 (service restart) where a Close may\n"
      "be sent, else FIN, and ends with 0. A second signal ends it at once.");
  if (const auto code = parse_arguments(app, argc, argv)) return *code;
  std::string token;
  if (!token_file.empty()) {
    const auto read = read_token(token_file);
    if (!read) {
      complain("wsfault proxy", fmt::format("--token-file {}: there is no token on its first line", token_file));
      return report::exit_usage;
    }
    token = *read;
  }
  if (options.seed == 0) options.seed = std::random_device{}();
  const auto control = runner::parse_address(options.control);
  if (const std::string wrong = wrong_together(options, control, token); !wrong.empty()) {
    complain("wsfault proxy", wrong);
    return report::exit_usage;
  }
  return serve(options, token, *control);
}

}  // namespace wsfault::cli
