// `wsfault init`: writes the first files of a project, and runs them once.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "cli/arguments.hpp"
#include "cli/starter.hpp"
#include "cli/subcommands.hpp"
#include "cli/terminal.hpp"
#include "report/exit_code.hpp"
#include "runner/address.hpp"
#include "value/url.hpp"

namespace wsfault::cli {
namespace {

namespace fs = std::filesystem;

struct InitOptions {
  Starter starter;
  std::string role;
  bool force = false;
  bool runs = true;
};

/// What is required for each role, with an example.
struct Needs {
  model::Role role;
  const char* example;
};
constexpr Needs commands[] = {
    {model::Role::client, "--command 'node app.js ${url}'"},
    {model::Role::gateway,
     "--command 'my-gateway --listen ${listen} --upstream ${upstream}', or --url ws://HOST:PORT "
     "--upstream-listen HOST:PORT"},
    {model::Role::server, "--command 'node server.js ${listen_port}', or --url ws://HOST:PORT"}};

std::string wrong_place(const InitOptions& options) {
  const Starter& starter = options.starter;
  if (starter.command.empty() && starter.url.empty()) {
    for (const Needs& needs : commands) {
      if (needs.role == starter.role) return fmt::format("init {} needs {}", options.role, needs.example);
    }
  }
  if (starter.url.empty()) return {};
  if (starter.role == model::Role::client) return "a client has no --url: --command 'node app.js ${url}'";
  if (const auto target = parse_url(starter.url); !target) return "--url: " + target.error();
  if (starter.role != model::Role::gateway) return {};
  if (starter.upstream_listen.empty()) return "a gateway that runs already needs --upstream-listen HOST:PORT";
  const auto address = runner::parse_address(starter.upstream_listen);
  return address ? "" : "--upstream-listen " + address.error();
}

std::string wrong_files(const std::vector<StarterFile>& files, bool force) {
  for (const StarterFile& file : files) {
    std::error_code ignored;
    if (!force && fs::exists(file.path, ignored))
      return fmt::format("{} is there already; --force replaces it, --folder puts all elsewhere", file.path);
  }
  return {};
}

/// Returns one sentence if it cannot.
std::string write_file(const StarterFile& file) {
  const fs::path folder = fs::path(file.path).parent_path();
  std::error_code error;
  if (!folder.empty()) fs::create_directories(folder, error);
  if (error) return fmt::format("cannot make the folder {}: {}", folder.string(), error.message());
  std::ofstream out(file.path, std::ios::binary | std::ios::trunc);
  out << file.text;
  if (!out.flush()) return fmt::format("cannot write {}: {}", file.path, std::strerror(errno));
  fmt::print("wrote {}\n", file.path);
  return {};
}

int first_run(const Starter& starter) {
  fmt::print("\n$ {} -v\n", starter_run(starter));
  std::fflush(stdout);
  std::string words[] = {"run", starter.folder + "/scenarios", "--system", starter.folder + "/system.toml",
                         "-v"};
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  const int code = run_run(static_cast<int>(arguments.size()), arguments.data());
  fmt::print(
      "\nNext: what {0}/system.toml leaves open; scenarios of your own in {0}/scenarios; and all that is "
      "shipped:\n"
      "  wsfault run --system {0}/system.toml\n",
      starter.folder);
  return code;
}

int init(InitOptions& options) {
  Starter& starter = options.starter;
  starter.role = *model::parse_role(options.role);
  if (starter.name.empty()) starter.name = fs::current_path().filename().string();
  std::string wrong = wrong_place(options);
  const auto files = starter_files(starter);
  if (wrong.empty()) wrong = wrong_files(files, options.force);
  for (auto file = files.begin(); wrong.empty() && file != files.end(); ++file) wrong = write_file(*file);
  if (!wrong.empty()) {
    complain("wsfault init", wrong);
    return report::exit_usage;
  }
  // Checked before a run prints to a broken stdout.
  if (const int code = written_out(0); code != 0) return code;
  return options.runs ? first_run(starter) : 0;
}

}  // namespace

int run_init(int argc, char** argv) {
  CLI::App app(
      "Writes a system file, two scenarios and a CI workflow for a system of yours, and runs them once",
      "wsfault init");
  InitOptions options;
  Starter& starter = options.starter;
  starter.folder = "wsfault";
  app.add_option("ROLE", options.role, "What your system is")
      ->required()
      ->check(CLI::IsMember({"client", "gateway", "server"}));
  auto* command = app.add_option("--command", starter.command,
                                 "A shell command that starts it: ${url}, ${listen}, ${upstream}");
  app.add_option("--url", starter.url, "Where a gateway or server runs already: ws[s]://host:port/path")
      ->excludes(command);
  app.add_option("--upstream-listen", starter.upstream_listen, "Where such a gateway looks for its upstream")
      ->type_name("HOST:PORT");
  app.add_option("--kind", starter.kind,
                 "How a gateway works: tcp, http (a tunnel), websocket (a peer on both sides)")
      ->check(CLI::IsMember({"tcp", "http", "websocket"}))
      ->capture_default_str();
  app.add_option("--name", starter.name, "What reports call it (default: the name of this folder)");
  app.add_option("--folder", starter.folder, "Where to write")->capture_default_str();
  app.add_option("--ci", starter.ci, "The workflow to write")
      ->check(CLI::IsMember({"github", "gitlab", "none"}))
      ->capture_default_str();
  app.add_flag("--force", options.force, "Replace what is there already");
  app.add_flag("!--no-run", options.runs, "Only write");
  app.footer(
      "\nExamples:\n"
      "  wsfault init client --command 'node app.js ${url}'\n"
      "  wsfault init gateway --command 'my-gateway --listen ${listen} --upstream ${upstream}' --kind http\n"
      "  wsfault init gateway --url ws://127.0.0.1:8080 --upstream-listen 127.0.0.1:9000\n"
      "  wsfault init server --url wss://staging.example/chat --ci gitlab\n"
      "\nExit codes: those of the run; 2 where something is wrong or there already");
  if (const auto code = parse_arguments(app, argc, argv)) return *code;
  return init(options);
}

}  // namespace wsfault::cli
