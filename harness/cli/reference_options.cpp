// Reads options into the values that configure the reference programs.
#include "cli/reference_options.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <boost/url/parse.hpp>
#include <charconv>
#include <random>
#include <string>
#include <vector>

#include "cli/arguments.hpp"
#include "cli/duration_option.hpp"

namespace wsfault::cli {
namespace {

constexpr std::string_view client_examples = R"(
Examples:
  wsfault reference client --url ws://127.0.0.1:8080/
  wsfault reference client --url ws://127.0.0.1:8080/chat --heartbeat 200ms --heartbeat-timeout 500ms
  wsfault reference client --url ws://127.0.0.1:8080/ --heartbeat none --final 1008,4400-4499
  wsfault reference client --url wss://localhost:8443/ --ca ca.pem
  wsfault reference client --url ws://127.0.0.1:8080/ --defect no-jitter

Prints one JSON object a line: open, message, error, close, reconnecting.
SIGTERM or SIGINT: closes with 1000 and exits 0.
)";

constexpr std::string_view server_examples = R"(
Examples:
  wsfault reference server --listen 127.0.0.1:0
  wsfault reference server --listen 127.0.0.1:8080 --heartbeat 5s --drain 2s
  wsfault reference server --max-connections 3 --max-message 64KiB --subprotocol chat
  wsfault reference server --listen 127.0.0.1:8080 --defect no-heartbeat --defect no-close-limit

Prints "listening on HOST:PORT", then echoes every message. It answers 426 to a plain GET and to other versions
than 13, 400 to what is no request, 503 when it is full.
SIGTERM or SIGINT: closes with 1001, answers 503 to handshakes under way, and exits 0.
)";

constexpr std::string_view gateway_examples = R"(
Examples:
  wsfault reference gateway --upstream 127.0.0.1:9000
  wsfault reference gateway --kind websocket --listen 127.0.0.1:8080 --upstream 127.0.0.1:9000
  wsfault reference gateway --upstream 127.0.0.1:9000 --upstream 127.0.0.1:9001 --response-limit 2s
  wsfault reference gateway --kind websocket --upstream 127.0.0.1:9000 --defect sends-1006

Prints "listening on HOST:PORT", then answers 502 or 504 for an upstream that is dead before its 101; of kind
websocket it says 1014 for one that dies after it.
SIGHUP: a reload; connections of before end when --drain is over, kind websocket says 1012.
SIGTERM or SIGINT: kind http ends when --drain is over, kind websocket closes with 1001; exits 0.
)";

std::string defect_list(reference::Seat seat) {
  std::string list;
  for (const reference::DefectInfo& info : reference::defects()) {
    if (info.seat != seat) continue;
    const bool is_special = info.kinds.websocket && !info.kinds.http;
    list += fmt::format("  {:<28} {}{}\n", info.name, is_special ? "(kind websocket) " : "", info.sentence);
  }
  return list.empty() ? list : "\nDefects:\n" + list;
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

using ParseNumber = Result<std::uint64_t> (*)(std::string_view text);

void add_maximum(CLI::App& app, const std::string& flag, std::optional<std::uint64_t>& target,
                 ParseNumber parse, const std::string& type, const std::string& help) {
  const auto take = [flag, &target, parse](const std::string& text) {
    target.reset();
    if (text == "none") return;
    const auto number = parse(text);
    if (!number) throw CLI::ValidationError(flag, number.error());
    target = *number;
  };
  app.add_option_function<std::string>(flag, take, help + R"(, or "none")")
      ->type_name(type)
      ->default_str(target ? format_size(*target) : "none");
}

Result<std::uint64_t> parse_count(std::string_view text) {
  std::uint64_t count = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, count);
  if (error != std::errc() || stop != end) return Error{fmt::format(R"("{}" is no number)", text)};
  return count;
}

void add_heartbeat(CLI::App& app, std::optional<Duration>& target,
                   const std::string& help = "From ping to ping") {
  add_limit(app, "--heartbeat", target, help);
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

void add_worker(CLI::App& app, bool& in_worker) {
  app.add_flag("--worker", in_worker, "Serves in a process of its own, which outlives its main process");
}

void add_seed(CLI::App& app, std::uint64_t& seed) {
  seed = std::random_device{}();
  app.add_option("--seed", seed, "Of every random choice; default: a fresh one")
      ->type_name("N")
      ->check(is_seed());
}

void add_backoff(CLI::App& app, reference::BackoffSchedule& backoff) {
  add_duration(app, "--backoff-first", backoff.first, "The first cap of the delay before a new attempt");
  app.add_option("--backoff-factor", backoff.factor, "What the cap grows by with each attempt")
      ->type_name("FACTOR")
      ->check(is_between(1, 1000))
      ->capture_default_str();
  add_duration(app, "--backoff-max", backoff.max, "The largest cap");
  const auto take = [&backoff](const std::string& name) {
    backoff.jitter = name == "none" ? reference::Jitter::none : reference::Jitter::full;
  };
  app.add_option_function<std::string>("--backoff-jitter", take, "full: from 0 to the cap; none: the cap")
      ->check(CLI::IsMember({"full", "none"}))
      ->default_str("full");
}

void add_addresses(CLI::App& app, std::vector<reference::PeerAddress>& target) {
  const auto take = [&target](const std::vector<std::string>& addresses) {
    for (const std::string& address : addresses) {
      auto parsed = parse_url("ws://" + address);
      if (!parsed) throw CLI::ValidationError("--addresses", address + " is no HOST:PORT");
      target.push_back({parsed->host, parsed->port});
    }
  };
  app.add_option_function<std::vector<std::string>>(
         "--addresses", take,
         "Where its server is, tried in turn (default: what the host of --url resolves to)")
      ->type_name("HOST:PORT,...")
      ->delimiter(',');
}

void add_url(CLI::App& app, WebSocketUrl& target) {
  const auto take = [&target](const std::string& url) {
    auto parsed = parse_url(url);
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

reference::UpstreamAddress parse_address(const std::string& flag, const std::string& text) {
  const auto authority = boost::urls::parse_authority(text);
  if (!authority || authority->encoded_host().empty() || !authority->has_port()) {
    throw CLI::ValidationError(flag, fmt::format(R"("{}" is not HOST:PORT)", text));
  }
  return {authority->host_address(), authority->port_number()};
}

void add_listen(CLI::App& app, std::string& host, std::uint16_t& port) {
  const auto take = [&host, &port](const std::string& text) {
    const auto address = parse_address("--listen", text);
    host = address.host;
    port = address.port;
  };
  app.add_option_function<std::string>("--listen", take, "Where to listen; port 0: any free one")
      ->type_name("HOST:PORT")
      ->default_str("127.0.0.1:0");
}

void add_certificate(CLI::App& app, std::string& certificate, std::string& key) {
  app.add_option("--certificate", certificate,
                 "Clients are served in TLS with this certificate, PEM (default: no TLS)")
      ->type_name("FILE");
  app.add_option("--key", key, "Its key, PEM")->type_name("FILE");
}

void add_upstreams(CLI::App& app, std::vector<reference::UpstreamAddress>& upstreams) {
  const auto take = [&upstreams](const std::vector<std::string>& texts) {
    for (const std::string& text : texts) upstreams.push_back(parse_address("--upstream", text));
  };
  app.add_option_function<std::vector<std::string>>(
         "--upstream", take, "Where to forward to; may be repeated: the next one is tried when one fails")
      ->type_name("HOST:PORT")
      ->allow_extra_args(false)
      ->required();
}

/// A gateway with a defect that its kind cannot have would be conforming under a wrong name.
void check_kinds(const reference::GatewayOptions& options) {
  for (const reference::DefectInfo& info : reference::defects()) {
    const bool is_meant = info.seat == reference::Seat::gateway && options.defects.has(info.defect);
    if (!is_meant || info.kinds.has(options.kind)) continue;
    throw CLI::ValidationError("--defect", fmt::format(R"(a gateway of kind {} cannot have the defect "{}")",
                                                       reference::to_string(options.kind), info.name));
  }
}

void add_kind(CLI::App& app, reference::GatewayKind& kind) {
  const auto take = [&kind](const std::string& name) {
    kind = name == "http" ? reference::GatewayKind::http : reference::GatewayKind::websocket;
  };
  app.add_option_function<std::string>(
         "--kind", take, "http: reads the upgrade, then a tunnel; websocket: a peer on both sides")
      ->check(CLI::IsMember({"http", "websocket"}))
      ->default_str("http");
}

}  // namespace

void describe_client(CLI::App& app, reference::ClientOptions& options) {
  add_url(app, options.target);
  add_addresses(app, options.addresses);
  app.add_option("--ca", options.ca_file,
                 "wss: the authorities that it trusts, PEM (default: those of this machine)")
      ->type_name("FILE");
  add_heartbeat(app, options.heartbeat);
  add_limit(app, "--heartbeat-timeout", options.heartbeat_timeout, "From a ping to its pong");
  add_limit(app, "--handshake-limit", options.handshake_limit,
            "For connecting and the handshake, at each address of its server");
  add_limit(app, "--close-limit", options.close_limit, "For the closing handshake and the end of TCP");
  add_backoff(app, options.backoff);
  app.add_option("--messages", options.messages, "How many numbered messages it sends")
      ->type_name("N")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  app.add_option("--instances", options.instances, "So many clients, side by side")
      ->type_name("N")
      ->check(is_between(1, 10'000))
      ->capture_default_str();
  add_final(app, options.final);
  add_seed(app, options.seed);
  add_defects(app, reference::Seat::client, options.defects);
  app.footer(std::string(client_examples) + defect_list(reference::Seat::client));
}

void describe_gateway(CLI::App& app, reference::GatewayOptions& options) {
  add_kind(app, options.kind);
  add_listen(app, options.host, options.port);
  add_upstreams(app, options.upstreams);
  app.add_option("--ca", options.ca_file,
                 "Upstreams are spoken to in TLS; the authorities that it trusts, PEM (default: no TLS)")
      ->type_name("FILE");
  add_certificate(app, options.certificate_file, options.key_file);
  add_limit(app, "--handshake-limit", options.handshake_limit, "From accept to a whole request");
  add_limit(app, "--connect-limit", options.connect_limit, "For connecting to an upstream");
  add_limit(app, "--response-limit", options.response_limit, "From a request to its final answer");
  add_limit(app, "--idle-limit", options.idle_limit, "Without anything from either side, once open");
  add_heartbeat(app, options.heartbeat, "Kind websocket: from ping to ping, to the upstream");
  add_limit(app, "--heartbeat-timeout", options.heartbeat_timeout, "From a ping to the upstream to its pong");
  add_limit(app, "--close-limit", options.close_limit, "For closing handshakes and the end of TCP");
  add_limit(app, "--drain", options.drain, "How long connections live on after a reload");
  add_maximum(app, "--max-message", options.max_message, parse_size, "SIZE",
              "Kind websocket: of a message of either side; 1009 above it");
  app.add_option("--lock", options.lock, "A file that is there while it runs")->type_name("FILE");
  add_worker(app, options.in_worker);
  add_seed(app, options.seed);
  add_defects(app, reference::Seat::gateway, options.defects);
  app.parse_complete_callback([&options] { check_kinds(options); });
  app.footer(std::string(gateway_examples) + defect_list(reference::Seat::gateway));
}

void describe_server(CLI::App& app, reference::ServerOptions& options) {
  add_listen(app, options.host, options.port);
  add_certificate(app, options.certificate_file, options.key_file);
  add_heartbeat(app, options.heartbeat);
  add_limit(app, "--heartbeat-timeout", options.heartbeat_timeout, "From a ping to its pong");
  add_limit(app, "--handshake-limit", options.handshake_limit, "From accept to a whole request");
  add_limit(app, "--close-limit", options.close_limit, "For the closing handshake and the end of TCP");
  add_limit(app, "--write-limit", options.write_limit, "How long a client may read nothing; then RST");
  app.add_flag("--cuts-by-close", options.cuts_by_close,
               "That end is close(), whose FIN waits behind what was not read");
  add_duration(app, "--drain", options.drain, "How long stopping takes at most");
  add_maximum(app, "--max-connections", options.max_connections, parse_count, "N",
              "Open at a time: 503 above it");
  add_maximum(app, "--max-message", options.max_message, parse_size, "SIZE", "Of a message: 1009 above it");
  app.add_option("--subprotocol", options.subprotocols, "One that it speaks; may be repeated, the best first")
      ->type_name("NAME")
      ->allow_extra_args(false);
  app.add_option("--lock", options.lock, "A file that is there while it runs")->type_name("FILE");
  add_worker(app, options.in_worker);
  add_seed(app, options.seed);
  add_defects(app, reference::Seat::server, options.defects);
  app.footer(std::string(server_examples) + defect_list(reference::Seat::server));
}

}  // namespace wsfault::cli
