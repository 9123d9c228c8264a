// wsfault reference client|server: the embedded reference programs, each run as a process of its own.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/url/parse.hpp>
#include <csignal>
#include <cstdio>
#include <exception>
#include <random>
#include <string>
#include <vector>

#include "cli/subcommands.hpp"
#include "net/asio.hpp"
#include "reference/client.hpp"
#include "reference/server.hpp"

namespace wsfault::cli {
namespace {

namespace reference = wsfault::reference;

constexpr int exit_usage = 2;
constexpr int exit_environment = 3;

constexpr std::string_view client_examples = R"(
Examples:
  wsfault reference client --url ws://127.0.0.1:8080/
  wsfault reference client --url ws://127.0.0.1:8080/chat --heartbeat 200ms --heartbeat-timeout 500ms
  wsfault reference client --url ws://127.0.0.1:8080/ --heartbeat none --final 1008,4400-4499
  wsfault reference client --url ws://127.0.0.1:8080/ --defect no-jitter

Prints one JSON object a line: open, message, error, close, reconnecting.
SIGTERM or SIGINT: closes with 1000 and exits 0.
)";

constexpr std::string_view server_examples = R"(
Examples:
  wsfault reference server --listen 127.0.0.1:0
  wsfault reference server --listen 127.0.0.1:8080 --heartbeat 5s --drain 2s

Prints "listening on HOST:PORT", then echoes every message.
SIGTERM or SIGINT: closes with 1001 and exits 0.
)";

std::string defect_list(reference::Seat seat) {
  std::string list;
  for (const reference::DefectInfo& info : reference::defects()) {
    if (info.seat == seat) list += fmt::format("  {:<28} {}\n", info.name, info.sentence);
  }
  return list.empty() ? list : "\nDefects:\n" + list;
}

void add_duration(CLI::App& app, const std::string& flag, Duration& target, const std::string& help) {
  const auto take = [flag, &target](const std::string& text) {
    const auto duration = parse_duration(text);
    if (!duration) throw CLI::ValidationError(flag, duration.error());
    target = *duration;
  };
  app.add_option_function<std::string>(flag, take, help)
      ->type_name("DURATION")
      ->default_str(format_duration(target));
}

void add_limit(CLI::App& app, const std::string& flag, std::optional<Duration>& target,
               const std::string& help) {
  const auto take = [flag, &target](const std::string& text) {
    const auto duration = parse_duration(text == "none" ? "0s" : text);
    if (!duration) throw CLI::ValidationError(flag, duration.error());
    target = text == "none" ? std::nullopt : std::optional(*duration);
  };
  app.add_option_function<std::string>(flag, take, help + R"(, or "none")")
      ->type_name("DURATION")
      ->default_str(target ? format_duration(*target) : "none");
}

void add_heartbeat(CLI::App& app, std::optional<Duration>& target) {
  add_limit(app, "--heartbeat", target, "From ping to ping");
  app.callback([&target] {
    if (target && *target <= Duration::zero()) {
      throw CLI::ValidationError("--heartbeat", R"(must be more than 0; "none" for no pings)");
    }
  });
}

void add_defects(CLI::App& app, reference::Seat seat, reference::Defects& defects) {
  const auto take = [seat, &defects](const std::vector<std::string>& names) {
    for (const std::string& name : names) {
      const auto defect = reference::find_defect(seat, name);
      if (!defect) {
        throw CLI::ValidationError("--defect",
                                   fmt::format(R"(the reference {} has no defect "{}"; see --help)",
                                               reference::to_string(seat), name));
      }
      defects.add(*defect);
    }
  };
  app.add_option_function<std::vector<std::string>>("--defect", take, "A named defect; may be repeated")
      ->type_name("NAME")
      ->allow_extra_args(false);
}

void add_seed(CLI::App& app, std::uint64_t& seed) {
  seed = std::random_device{}();
  app.add_option("--seed", seed, "Of every random choice; default: a fresh one")->type_name("N");
}

void add_backoff(CLI::App& app, reference::BackoffSchedule& backoff) {
  add_duration(app, "--backoff-first", backoff.first, "The first cap of the delay before a new attempt");
  app.add_option("--backoff-factor", backoff.factor, "What the cap grows by with each attempt")
      ->type_name("FACTOR")
      ->check(CLI::Range(1.0, 1000.0))
      ->capture_default_str();
  add_duration(app, "--backoff-max", backoff.max, "The largest cap");
  const auto take = [&backoff](const std::string& name) {
    backoff.jitter = name == "none" ? reference::Jitter::none : reference::Jitter::full;
  };
  app.add_option_function<std::string>("--backoff-jitter", take, "full: from 0 to the cap; none: the cap")
      ->check(CLI::IsMember({"full", "none"}))
      ->default_str("full");
}

void add_url(CLI::App& app, reference::Target& target) {
  const auto take = [&target](const std::string& url) {
    auto parsed = reference::parse_target(url);
    if (!parsed) throw CLI::ValidationError("--url", parsed.error());
    target = *parsed;
  };
  app.add_option_function<std::string>("--url", take, "Where to connect to")->type_name("URL")->required();
}

void add_final(CLI::App& app, reference::FinalOutcomes& final) {
  constexpr const char* usual = "1008,4400-4499,401,403";
  final = *reference::FinalOutcomes::parse(usual);
  const auto take = [&final](const std::string& text) {
    auto parsed = reference::FinalOutcomes::parse(text);
    if (!parsed) throw CLI::ValidationError("--final", parsed.error());
    final = *parsed;
  };
  app.add_option_function<std::string>("--final", take, "Codes and statuses after which it stays away")
      ->type_name("LIST")
      ->default_str(usual);
}

void add_listen(CLI::App& app, reference::ServerOptions& options) {
  const auto take = [&options](const std::string& text) {
    const auto authority = boost::urls::parse_authority(text);
    if (!authority || authority->encoded_host().empty() || !authority->has_port()) {
      throw CLI::ValidationError("--listen", fmt::format(R"("{}" is not HOST:PORT)", text));
    }
    options.host = authority->host_address();
    options.port = authority->port_number();
  };
  app.add_option_function<std::string>("--listen", take, "Where to listen; port 0: any free one")
      ->type_name("HOST:PORT")
      ->default_str("127.0.0.1:0");
}

void describe_client(CLI::App& app, reference::ClientOptions& options) {
  add_url(app, options.target);
  add_heartbeat(app, options.heartbeat);
  add_limit(app, "--heartbeat-timeout", options.heartbeat_timeout, "From a ping to its pong");
  add_limit(app, "--handshake-limit", options.handshake_limit, "For connecting and the handshake");
  add_limit(app, "--close-limit", options.close_limit, "For the closing handshake and the end of TCP");
  add_backoff(app, options.backoff);
  app.add_option("--messages", options.messages, "How many numbered messages it sends")
      ->type_name("N")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  add_final(app, options.final);
  add_seed(app, options.seed);
  add_defects(app, reference::Seat::client, options.defects);
  app.footer(std::string(client_examples) + defect_list(reference::Seat::client));
}

void describe_server(CLI::App& app, reference::ServerOptions& options) {
  add_listen(app, options);
  add_heartbeat(app, options.heartbeat);
  add_limit(app, "--heartbeat-timeout", options.heartbeat_timeout, "From a ping to its pong");
  add_limit(app, "--handshake-limit", options.handshake_limit, "From accept to a whole request");
  add_limit(app, "--close-limit", options.close_limit, "For the closing handshake and the end of TCP");
  add_duration(app, "--drain", options.drain, "How long stopping takes at most");
  add_seed(app, options.seed);
  add_defects(app, reference::Seat::server, options.defects);
  app.footer(std::string(server_examples) + defect_list(reference::Seat::server));
}

/// Runs the program's one task until it ends; SIGTERM and SIGINT ask it to stop.
template <typename Program>
void run_program(net::asio::io_context& io, Program& program) {
  net::asio::signal_set signals(io, SIGTERM, SIGINT);
  signals.async_wait([&program](const net::error_code& error, int) {
    if (!error) program.stop();
  });
  std::exception_ptr failure;
  net::asio::co_spawn(io, program.run(), [&](std::exception_ptr thrown) {
    failure = std::move(thrown);
    signals.cancel();
  });
  io.run();
  if (failure) std::rethrow_exception(failure);
}

void run_client(const reference::ClientOptions& options) {
  net::asio::io_context io(1);
  reference::Client client(io.get_executor(), options, reference::print_line);
  run_program(io, client);
}

void run_server(const reference::ServerOptions& options) {
  net::asio::io_context io(1);
  reference::Server server(io.get_executor(), options);
  reference::print_line(fmt::format("listening on {}:{}", options.host, server.port()));
  run_program(io, server);
}

}  // namespace

int run_reference(int argc, char** argv) {
  CLI::App app("Small conforming WebSocket programs, each with named defects", "wsfault reference");
  app.require_subcommand(1);
  app.footer(
      "\nExamples:\n  wsfault reference server --listen 127.0.0.1:8080\n"
      "  wsfault reference client --url ws://127.0.0.1:8080/\n");
  reference::ClientOptions client;
  reference::ServerOptions server;
  CLI::App* client_command = app.add_subcommand("client", "Connects, converses, reports and comes back");
  CLI::App* server_command = app.add_subcommand("server", "Echoes, keeps a heartbeat and drains");
  describe_client(*client_command, client);
  describe_server(*server_command, server);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : exit_usage;
  }
  try {
    if (client_command->parsed()) run_client(client);
    if (server_command->parsed()) run_server(server);
  } catch (const std::exception& error) {
    fmt::print(stderr, "wsfault reference: {}\n", error.what());
    return exit_environment;
  }
  return 0;
}

}  // namespace wsfault::cli
