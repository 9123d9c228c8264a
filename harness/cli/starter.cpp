// Templates with {{marks}}, because TOML and YAML use single braces.
#include "cli/starter.hpp"

#include <boost/algorithm/string/replace.hpp>
#include <utility>

#include "runner/repeat_command.hpp"

namespace wsfault::cli {
namespace {

using model::Role;

constexpr std::string_view client_file =
    R"(# How wsfault runs this client. Every key: docs/scenarios.md, "System files".
name = {{name}}
role = "client"

# A fresh one is started for each case. ${url} is where it has to connect: a proxy, and behind it a fake server. The
# environment has WSFAULT_URL with the same.
start = {{command}}
cwd   = ".."   # relative to this file

# If it prints a line like {"event":"close","code":1006} at each end, the code that it saw is judged, too; else what is
# seen on the wire. Lines of another form are read by patterns: report = { close = '/closed with (?P<code>\d+)/' }
report = "auto"

# What it is known to have, and is held to. Take away the # where it is true; "none" says that it has no such thing.
[traits]
# heartbeat         = "20s"    # its own pings
# heartbeat_timeout = "10s"    # how long it waits for a pong
# handshake_limit   = "10s"    # from connecting to the answer
# close_limit       = "5s"     # for the server's part of a closing handshake
# backoff           = { first = "500ms", factor = 2, max = "30s", jitter = "full" }
)";

constexpr std::string_view started_gateway = R"(
# A fresh one is started for each case. ${listen} is where it has to listen, ${upstream} what it forwards to (each HOST:PORT;
# ${listen_host}, ${listen_port}, ${upstream_host} and ${upstream_port} are the parts).
start = {{command}}
cwd   = ".."   # relative to this file
ready = { connect = "${listen}", within = "10s" }
)";

constexpr std::string_view running_gateway = R"(
# It runs already; its upstream is what wsfault listens as at upstream_listen.
url             = {{url}}
upstream_listen = [{{upstream_listen}}]
# headers = { Authorization = "Bearer ${env:TOKEN}" }   # in each request; what comes from ${env:…} is in no log
)";

constexpr std::string_view gateway_file =
    R"(# How wsfault runs this gateway. Every key: docs/scenarios.md, "System files".
name = {{name}}
role = "gateway"
kind = "{{kind}}"   # "tcp" forwards bytes, "http" reads the upgrade and is a tunnel then, "websocket" is a peer on both sides
{{place}}
# Its limits, which it is held to. Take away the # where it is true; "none" says that there is no such limit.
[traits]
# connect_limit   = "5s"     # for connecting to its upstream
# response_limit  = "60s"    # from a request to the upstream's answer
# handshake_limit = "10s"    # for a client's request to come whole
# idle_limit      = "60s"    # of an open connection without a byte
)";

constexpr std::string_view started_server = R"(
# A fresh one is started for each case. ${listen} is where it has to listen (HOST:PORT; ${listen_host} and ${listen_port} are
# the parts).
start = {{command}}
cwd   = ".."   # relative to this file
ready = { connect = "${listen}", within = "10s" }
)";

constexpr std::string_view running_server = R"(
# It runs already. What would have to start, kill or freeze it is skipped, unless a command does it:
# commands = { kill = ["docker", "kill", "app"], start = ["docker", "start", "app"] }
url = {{url}}
# headers = { Authorization = "Bearer ${env:TOKEN}" }   # in each request; what comes from ${env:…} is in no log
)";

constexpr std::string_view server_file =
    R"(# How wsfault runs this server. Every key: docs/scenarios.md, "System files".
name = {{name}}
role = "server"
{{place}}
# Its limits, which it is held to. Take away the # where it is true; "none" says that it has no such thing.
[traits]
# heartbeat         = "30s"    # its own pings
# heartbeat_timeout = "10s"    # how long it waits for a pong
# handshake_limit   = "10s"    # for a request to come whole
# close_limit       = "5s"     # for a client's part of a closing handshake
# drain             = "10s"    # how long SIGTERM lets connections live
)";

constexpr std::string_view server_crashes = R"(# The server's process is gone from one moment to the next.
title = "The connection is reset, and the client comes back"
role  = "client"

# Behind the proxy is a fake server: it sends ten numbered messages and echoes what it gets. A script of your own:
# [upstream]
# steps = [{ expect = '/"subscribe"/' }, { send = '{"type":"data","n":1}' }]

[[fault]]
inject = "reset"     # `wsfault list faults` shows what else can happen
when   = "open"
after  = "300ms"

[[expect]]
reconnect = true
within    = "15s"
)";

constexpr std::string_view server_restarts =
    R"(# A deploy: for two seconds nobody listens, then everything is as before.
title = "The server restarts, and the client is back soon"
role  = "client"

[[fault]]
inject = "restart"
at     = "upstream"
when   = "open"
after  = "300ms"
down   = "2s"

[[expect]]
reconnect = true
within    = "40s"

# Once: meanwhile a second loop of attempts beside the first would open another connection.
[[expect]]
never      = { wire_close = "any" }
connection = 2
since      = "healed restart"
for        = "3s"
)";

constexpr std::string_view backend_down =
    R"(# A deploy, a crash loop, a wrong port: nobody listens where the gateway sends the upgrade.
title = "The backend is down, and the gateway says so"
role  = "gateway"

# The client in front of the gateway; its request can be made like yours:
# [[client]]
# request = { path = "/chat", subprotocols = ["chat"] }

[[fault]]
inject = "refuse"    # `wsfault list faults` shows what else can happen

[[expect]]
status = [502, 503, 504]
)";

constexpr std::string_view backend_crashes = R"(# The backend's process is gone while clients converse.
title = "The backend crashes, and the client learns of it"
role  = "gateway"

[[fault]]
inject = "reset"
when   = "message 3"
)";

constexpr std::string_view client_crashes =
    R"(# A client's process dies while it writes: half a frame is no message, and its end is nobody else's.
title = "A client crashes in the middle of a frame, and the next one is served"
role  = "server"

[[client]]
name = "crashing"
# request = { path = "/chat", headers = { Cookie = "session=${env:SESSION}" } }
# steps   = [{ send = '{"type":"hello"}' }, { expect = '/"welcome"/' }]      # default: ten numbered messages

[[client]]
name  = "next"
start = "fault truncate_frame"
steps = [{ ping = "are you there" }, { wait = "200ms" }, { close = 1000 }]

[[fault]]
inject    = "truncate_frame"    # `wsfault list faults` shows what else can happen
end       = "reset"
of        = "crashing"
direction = "to-server"
when      = { moment = "message 1", from = "client" }

[[expect]]
of    = "next"
close = 1000
since = "fault truncate_frame"
)";

constexpr std::string_view illegal_frame =
    R"(# A broken client, or a hostile one. Without an [[expect]] the standards decide: Close 1002, and the end of the connection.
title = "A client sends a frame that no client may send"
role  = "server"

[[client]]
name  = "illegal"
steps = [{ frame = { opcode = 3, payload = "x" } }, { wait = "1s" }]
)";

constexpr std::string_view github =
    R"(# wsfault has to be in the image, or installed by a step before: docs/ci.md shows both.
name: wsfault
on: [push, pull_request]
jobs:
  wsfault:
    runs-on: ubuntu-latest
    container: your.registry/wsfault
    steps:
      - uses: actions/checkout@v4
      - run: {{run}} --github --junit wsfault-junit.xml --log wsfault-logs
      - uses: actions/upload-artifact@v4
        if: always()
        with:
          name: wsfault
          path: |
            wsfault-junit.xml
            wsfault-logs
)";

constexpr std::string_view gitlab =
    R"(# In .gitlab-ci.yml: include: {{folder}}/gitlab-ci.yml. wsfault has to be in the image: docs/ci.md shows how.
wsfault:
  image: your.registry/wsfault
  script:
    - {{run}} --junit wsfault-junit.xml --log wsfault-logs
  artifacts:
    when: always
    reports:
      junit: wsfault-junit.xml
    paths: [wsfault-logs]
)";

/// A basic string of TOML (toml.io, String).
std::string toml(std::string text) {
  boost::algorithm::replace_all(text, "\\", "\\\\");
  boost::algorithm::replace_all(text, "\"", "\\\"");
  boost::algorithm::replace_all(text, "\t", "\\t");
  boost::algorithm::replace_all(text, "\n", "\\n");
  return "\"" + text + "\"";
}

std::string filled(std::string_view text, const Starter& starter) {
  std::string file(text);
  const std::pair<std::string, std::string> marks[] = {
      {"{{name}}", toml(starter.name)}, {"{{command}}", toml(starter.command)},
      {"{{url}}", toml(starter.url)},   {"{{upstream_listen}}", toml(starter.upstream_listen)},
      {"{{kind}}", starter.kind},       {"{{folder}}", starter.folder},
      {"{{run}}", starter_run(starter)}};
  for (const auto& [mark, value] : marks) boost::algorithm::replace_all(file, mark, value);
  return file;
}

std::string system_file(const Starter& starter) {
  if (starter.role == Role::client) return filled(client_file, starter);
  const bool is_gateway = starter.role == Role::gateway;
  std::string_view place = is_gateway ? started_gateway : started_server;
  if (!starter.url.empty()) place = is_gateway ? running_gateway : running_server;
  return filled(boost::algorithm::replace_all_copy(std::string(is_gateway ? gateway_file : server_file),
                                                   "{{place}}", std::string(place)),
                starter);
}

std::vector<StarterFile> scenarios(Role role) {
  switch (role) {
    case Role::client:
      return {{"server-crashes.toml", std::string(server_crashes)},
              {"server-restarts.toml", std::string(server_restarts)}};
    case Role::gateway:
      return {{"backend-down.toml", std::string(backend_down)},
              {"backend-crashes.toml", std::string(backend_crashes)}};
    case Role::server:
      return {{"client-crashes.toml", std::string(client_crashes)},
              {"illegal-frame.toml", std::string(illegal_frame)}};
  }
  return {};
}

}  // namespace

std::string starter_run(const Starter& starter) {
  return "wsfault run " + runner::shell_quoted(starter.folder + "/scenarios") + " --system " +
         runner::shell_quoted(starter.folder + "/system.toml");
}

std::vector<StarterFile> starter_files(const Starter& starter) {
  std::vector<StarterFile> files = {{starter.folder + "/system.toml", system_file(starter)}};
  for (StarterFile& scenario : scenarios(starter.role))
    files.push_back({starter.folder + "/scenarios/" + scenario.path, std::move(scenario.text)});
  if (starter.ci == "github") files.push_back({".github/workflows/wsfault.yml", filled(github, starter)});
  if (starter.ci == "gitlab") files.push_back({starter.folder + "/gitlab-ci.yml", filled(gitlab, starter)});
  return files;
}

}  // namespace wsfault::cli
