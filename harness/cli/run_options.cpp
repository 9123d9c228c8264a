// Each option is one row: from the table come the command line and the command that repeats a case.
#include "cli/run_options.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <variant>

#include "cli/arguments.hpp"
#include "cli/duration_option.hpp"

namespace wsfault::cli {
namespace {

using Text = std::string RunOptions::*;
using Texts = std::vector<std::string> RunOptions::*;
using Flag = bool RunOptions::*;
using Number = double RunOptions::*;
using Time = std::optional<Duration> RunOptions::*;

/// Whose option it is.
enum class Group { selection, system, running };

/// Options that have had another name, which they still take.
std::string with_old_name(const std::string& name) {
  return name == "--timeout-scale" ? name + ",--patience" : name;
}

struct OptionRow {
  Group group;
  const char* name;
  std::variant<Text, Texts, Flag, Number, Time> member;
  const char* help;
  const char* type = "";
  std::vector<std::string> among = {};     // the values that it takes
  std::vector<const char*> excludes = {};  // rows above it
  std::vector<const char*> needs = {};     // the same
  bool one_each = false;                   // of several values each has the option before it
  bool repeats = true;                     // it is part of the command that repeats a case
};

const std::vector<OptionRow>& rows() {
  using O = RunOptions;
  using enum Group;
  // clang-format off
  static const std::vector<OptionRow> table = {
      {selection, "SCENARIO", &O::paths,
       "Scenario files, folders, or ids of shipped scenarios (default: all of those)", "", {}, {}, {}, false,
       false},
      {selection, "--tag", &O::tags, "Only scenarios with one of these tags", "TAG", {}, {}, {}, false,
       false},
      {selection, "--name", &O::names, "Only cases whose id contains one of these", "TEXT", {}, {}, {}, false,
       false},
      {selection, "--case", &O::cases, "Only the case of exactly this id; again for more", "ID", {}, {}, {},
       true, false},
      {selection, "--role", &O::role, "Only scenarios of that role", "", {"client", "gateway", "server"}, {},
       {}, false, false},
      {system, "--system", &O::system, "A system file, its folder, or a name of `list systems`"},
      {system, "--client", &O::client, "A client of yours: a shell command; ${url} is where it connects", "",
       {}, {"--system"}},
      {system, "--upstream", &O::upstream,
       "A real server behind the link instead of the fake: ws[s]://host:port/path"},
      {system, "--gateway", &O::gateway,
       "A running gateway of yours: ws[s]://host:port/path. One case at a time", "", {}, {"--client"}},
      {system, "--upstream-listen", &O::upstream_listen,
       "Where that gateway looks for its upstream; again for each further one", "HOST:PORT", {}, {},
       {"--gateway"}},
      {system, "--kind", &O::kind,
       "How --gateway works: tcp, http (a tunnel; the default), websocket (a peer on both sides)", "",
       {"tcp", "http", "websocket"}, {}, {"--gateway"}},
      {system, "--server", &O::server,
       "A running server of yours: ws[s]://host:port/path. One case at a time", "", {},
       {"--client", "--gateway"}},
      {system, "--ca", &O::ca,
       "Whom to trust for a wss --server, --gateway or --upstream (default: as this machine does)", "FILE"},
      {system, "--header", &O::headers,
       "A header field of each request to it, 'Authorization: Bearer ${env:TOKEN}'; again for more",
       "'NAME: VALUE'"},
      {system, "--subprotocol", &O::subprotocols, "Offered to it; again for more", "NAME"},
      {selection, "--tls", &O::tls, "wss in every scenario that does not say otherwise (docs/tls.md)"},
      {system, "--listen", &O::listen,
       "Where what the system connects to listens, for systems in containers or on devices (default: "
       "127.0.0.1, any port). With a port one case at a time", "HOST:PORT"},
      {system, "--advertise", &O::advertise, "The host by which the system finds that: ${host}, ${url}",
       "HOST"},
      {system, "--product", &O::product,
       "The product that it is, a name of `list systems`: what is known of that counts for it, too (default: the one "
       "that its Server field names)",
       "NAME"},
      {system, "--report", &O::report, "How the client reports", "", {"json", "none", "auto"}},
      {selection, "--set", &O::set, "A value of [each], or a trait: --set heartbeat=20s", "NAME=VALUE"},
      {running, "--timeout-scale", &O::timeout_scale,
       "Scales every upper bound, for slow machines; never a lower one"},
      {running, "--wait", &O::wait,
       "How long to wait where the system declares no limit; what has not come by then is undecided "
       "(default: 5s)"},
  };
  // clang-format on
  return table;
}

CLI::Option* add(CLI::App& app, RunOptions& options, const OptionRow& row) {
  if (const Flag* flag = std::get_if<Flag>(&row.member))
    return app.add_flag(row.name, options.**flag, row.help);
  if (const Number* number = std::get_if<Number>(&row.member)) {
    return app.add_option(with_old_name(row.name), options.**number, row.help)
        ->check(is_between(0.1, 1000))
        ->capture_default_str();
  }
  if (const Text* text = std::get_if<Text>(&row.member))
    return app.add_option(row.name, options.**text, row.help);
  if (const Time* time = std::get_if<Time>(&row.member)) {
    add_duration(app, row.name, options.**time, row.help);
    return app.get_option(row.name);
  }
  return app.add_option(row.name, options.*std::get<Texts>(row.member), row.help);
}

void add_row(CLI::App& app, RunOptions& options, const OptionRow& row) {
  CLI::Option* option = add(app, options, row);
  if (*row.type != '\0') option->type_name(row.type);
  if (!row.among.empty()) option->check(CLI::IsMember(row.among));
  if (row.one_each) option->allow_extra_args(false);
  for (const char* other : row.excludes) {
    if (CLI::Option* known = app.get_option_no_throw(other)) option->excludes(known);
  }
  for (const char* other : row.needs) option->needs(app.get_option(other));
}

void add_group(CLI::App& app, RunOptions& options, Group group) {
  for (const OptionRow& row : rows()) {
    if (row.group == group) add_row(app, options, row);
  }
}

}  // namespace

void add_selection_options(CLI::App& app, RunOptions& options) { add_group(app, options, Group::selection); }

void add_system_options(CLI::App& app, RunOptions& options) {
  add_group(app, options, Group::system);
  app.get_option("--gateway")->needs(app.get_option("--upstream-listen"));
}

void add_running_options(CLI::App& app, RunOptions& options) {
  app.add_option("--jobs,-j", options.jobs, "Cases at once; they mostly wait")
      ->check(CLI::Range(1, 10000))
      ->capture_default_str();
  app.add_option("--seed", options.seed, "Seed of every random choice (default: drawn, and printed)")
      ->check(is_seed());
  add_group(app, options, Group::running);
  app.add_flag("--fail-fast", options.fail_fast, "Start no further case after the first failure");
}

void add_repeat_option(CLI::App& app, RunOptions& options) {
  app.add_option("--repeat", options.repeat, "Run each case so often")
      ->check(CLI::Range(1, 100000))
      ->capture_default_str();
}

void add_options(CLI::App& app, RunOptions& options, const std::vector<std::string_view>& names) {
  for (const OptionRow& row : rows()) {
    if (std::ranges::find(names, row.name) != names.end()) add_row(app, options, row);
  }
}

runner::AskedOptions asked_options(const RunOptions& options) {
  runner::AskedOptions asked;
  const auto add_one = [&asked](const OptionRow& row, const std::string& value) {
    if (!value.empty()) asked.emplace_back(row.name, value);
  };
  for (const OptionRow& row : rows()) {
    if (!row.repeats) continue;
    if (const Flag* flag = std::get_if<Flag>(&row.member)) {
      if (options.**flag) asked.emplace_back(row.name, "");
    } else if (const Number* number = std::get_if<Number>(&row.member)) {
      if (options.**number != RunOptions().**number) add_one(row, fmt::format("{}", options.**number));
    } else if (const Text* text = std::get_if<Text>(&row.member)) {
      add_one(row, options.**text);
    } else if (const Time* time = std::get_if<Time>(&row.member)) {
      if (const auto& value = options.**time) add_one(row, format_duration(*value));
    } else {
      for (const std::string& value : options.*std::get<Texts>(row.member)) add_one(row, value);
    }
  }
  return asked;
}

}  // namespace wsfault::cli
