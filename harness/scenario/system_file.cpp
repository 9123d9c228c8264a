// System files: how a system under test is started, how it reports, and its traits.
#include <fmt/format.h>

#include <algorithm>

#include "scenario/dialect.hpp"
#include "scenario/load.hpp"
#include "scenario/parties.hpp"
#include "scenario/render.hpp"
#include "scenario/running.hpp"
#include "scenario/standard_traits.hpp"
#include "scenario/templates.hpp"
#include "value/reader.hpp"
#include "value/toml.hpp"
#include "value/url.hpp"
#include "verdict/cause.hpp"

namespace wsfault::scenario {
namespace {

const std::vector<std::string_view> stop_signals = {"SIGTERM", "SIGINT",  "SIGQUIT", "SIGHUP",
                                                    "SIGKILL", "SIGUSR1", "SIGUSR2", "SIGWINCH"};
const std::vector<std::string_view> reported_events = {"open", "message", "error", "close", "reconnecting"};
const std::vector<std::string_view> command_names = {"reload", "kill", "start", "stop", "freeze", "thaw"};
const std::vector<std::string_view> known_outcomes = {"failed", "inconclusive", "warned", "error"};
constexpr std::int64_t most_upstreams = 9;

class SystemReader {
 public:
  SystemReader(const Value& tree, Diagnostics& diagnostics) : reader_(tree, diagnostics, "a system file") {}

  model::System read(const std::string& folder) {
    system_.folder = folder;
    read_identity();
    read_start();
    read_ready();
    read_tls();
    read_report();
    read_traits();
    read_known();
    read_product();
    read_remedies();
    read_defects();
    check_variables();
    reader_.finish();
    return std::move(system_);
  }

 private:
  void missing(std::string_view key, std::string hint) {
    reader_.error(fmt::format("a system file needs `{}`", key), std::move(hint));
  }

  void read_identity() {
    if (!reader_.has("name")) missing("name", "the name that reports show");
    system_.name = reader_.text("name").value_or("");
    if (!reader_.has("role")) missing("role", "the seat it takes: client, gateway or server");
    if (const auto role = reader_.one_of("role", {"client", "gateway", "server"})) {
      system_.role = *model::parse_role(*role);
    }
    const bool gateway = system_.role == model::Role::gateway;
    if (reader_.has("kind") && !gateway) {
      reader_.error(*reader_.raw("kind"), "only a gateway has a `kind`");
    } else if (const auto kind = reader_.one_of("kind", {"tcp", "http", "websocket"})) {
      system_.kind = *model::parse_kind(*kind);
    } else if (gateway && !reader_.has("kind")) {
      missing("kind", "how the gateway works: tcp, http or websocket");
    }
    system_.version = command("version");
    system_.install = reader_.text("install").value_or("");
    system_.share = reader_.boolean("share").value_or(false);
    system_.upstreams = static_cast<int>(reader_.integer("upstreams", 0, most_upstreams).value_or(1));
    if (const Value* dialect = reader_.raw("dialect")) {
      system_.dialect = read_dialect(*dialect, reader_.diagnostics());
    }
  }

  /// A list is an argv, a string is a shell command.
  static std::vector<std::string> command_of(TableReader& reader, std::string_view key) {
    const Value* value = reader.raw(key);
    if (!value) return {};
    std::vector<std::string> words = reader.texts(key).value_or(std::vector<std::string>{});
    if (value->text()) return {"sh", "-c", *value->text()};
    if (value->array() && value->array()->empty()) {
      reader.error(*value, fmt::format("`{}` is a command: a string for the shell or a list of words", key));
    }
    return words;
  }
  static bool is_for_shell(TableReader& reader, std::string_view key) {
    const Value* value = reader.raw(key);
    return value && value->text();
  }
  std::vector<std::string> command(std::string_view key) { return command_of(reader_, key); }

  void read_start() {
    system_.start = command("start");
    system_.starts_by_shell = is_for_shell(reader_, "start");
    read_commands();
    system_.running = read_running(reader_, system_.role, system_.folder);
    const bool is_elsewhere = system_.running || system_.commands.contains("start");
    if (!reader_.has("start") && !is_elsewhere) {
      missing("start",
              R"(start = ["node", "client.js", "${url}"], commands.start, or the url of one that runs)");
    }
    system_.environment = read_texts(reader_, "env", "an environment variable");
    system_.files = read_templates(reader_, system_.folder);
    system_.cwd = reader_.text("cwd").value_or("");
    read_path();
    system_.stop_signal = reader_.one_of("stop", stop_signals).value_or(system_.stop_signal);
  }

  void read_path() {
    const Value* value = reader_.raw("path");
    if (!value) return;
    system_.path = reader_.text("path").value_or("");
    if (system_.running) reader_.error(*value, "`path` is of a system that is started: its `url` has one");
    if (const std::string wrong = value->text() ? wrong_request_path(*value->text()) : ""; !wrong.empty())
      reader_.error(*value, fmt::format("`path` = \"{}\" {}", *value->text(), wrong), "path = \"/chat?x=1\"");
  }

  void read_commands() {
    const Value* value = reader_.raw("commands");
    if (!value) return;
    TableReader commands(*value, reader_.diagnostics(), "`commands`");
    for (const std::string_view name : command_names) {
      std::vector<std::string> words = command_of(commands, name);
      if (!words.empty()) system_.commands.emplace(name, std::move(words));
    }
    commands.finish();
  }

  /// [tls], for a gateway [tls.front] and [tls.back]: what differs when it speaks TLS.
  void read_tls() {
    const Value* value = reader_.raw("tls");
    if (!value) return;
    if (system_.role != model::Role::gateway) {
      system_.tls = tls_form(*value, "[tls]");
      return;
    }
    TableReader sides(*value, reader_.diagnostics(), "[tls]");
    if (const Value* front = sides.raw("front")) system_.tls = tls_form(*front, "[tls.front]");
    if (const Value* back = sides.raw("back")) system_.tls_back = tls_form(*back, "[tls.back]");
    sides.finish();
  }
  model::TlsForm tls_form(const Value& value, std::string_view what) {
    TableReader form(value, reader_.diagnostics(), std::string(what));
    model::TlsForm read;
    read.start = command_of(form, "start");
    read.starts_by_shell = is_for_shell(form, "start");
    read.environment = read_texts(form, "env", "an environment variable");
    read.files = read_templates(form, system_.folder);
    form.finish();
    return read;
  }

  void read_ready() {
    const Value* value = reader_.raw("ready");
    if (!value) return;
    TableReader ready(*value, reader_.diagnostics(), "`ready`");
    int kinds = 0;
    for (const std::string_view kind : {"connect", "http", "log"}) {
      const std::optional<std::string> target = ready.text(kind);
      if (ready.has(kind)) ++kinds;
      if (!target) continue;
      system_.ready_kind = kind;
      system_.ready_target = *target;
      if (kind == "log") check_pattern(*ready.raw(kind), ready);
    }
    if (value->table() && kinds != 1) ready.error("`ready` takes exactly one of connect, http, log");
    system_.ready_within = ready.positive_duration("within").value_or(system_.ready_within);
    ready.finish();
  }

  /// "/re/"; none, and an error, for anything else.
  static std::optional<Regex> check_pattern(const Value& value, TableReader& reader) {
    const std::string* text = value.text();
    if (!text || text->size() < 3 || !text->starts_with('/') || !text->ends_with('/')) {
      reader.error(value,
                   fmt::format("a pattern is a string between slashes, found {}",
                               text ? "\"" + *text + "\"" : std::string(value.type_name())),
                   R"('/closed: (?P<code>\d+)/')");
      return std::nullopt;
    }
    Result<Regex> regex = Regex::compile(std::string_view(*text).substr(1, text->size() - 2));
    if (regex) return *std::move(regex);
    reader.error(value, regex.error());
    return std::nullopt;
  }

  void read_report() {
    const Value* value = reader_.raw("report");
    if (!value) return;
    if (value->table()) {
      system_.report = model::ReportMode::patterns;
      TableReader patterns(*value, reader_.diagnostics(), "`report`");
      for (const std::string_view event : reported_events) {
        const Value* pattern = patterns.raw(event);
        if (!pattern) continue;
        if (auto regex = check_pattern(*pattern, patterns))
          system_.patterns.emplace(event, *std::move(regex));
      }
      patterns.finish();
    } else if (const auto mode = reader_.one_of("report", {"json", "http", "none", "auto"})) {
      system_.report = *model::parse_report_mode(*mode);
    }
  }

  void read_traits() {
    if (const Value* traits = reader_.raw("traits"))
      system_.traits = scenario::read_traits(*traits, reader_.diagnostics());
    system_.settable = reader_.texts("settable").value_or(system_.settable);
  }

  /// Everything that is rendered when the system is started.
  void check_variables() {
    const std::map<std::string, std::string> variables = system_variables(system_);
    for (const std::string_view key : {"start", "env", "cwd", "ready", "commands", "tls"}) {
      if (const Value* value = reader_.raw(key)) check_variables(*value, variables);
    }
  }
  void check_variables(const Value& value, const std::map<std::string, std::string>& variables) {
    if (const std::string* text = value.text()) {
      if (const auto rendered = render(*text, variables); !rendered) reader_.error(value, rendered.error());
    } else if (value.array()) {
      for (const Value& member : *value.array()) check_variables(member, variables);
    } else if (value.table()) {
      for (const Value::Member& member : *value.table()) check_variables(member.value, variables);
    }
  }

  void read_known() {
    for (const Value* table : tables_of(reader_, "known", "[[known]]")) {
      TableReader known(*table, reader_.diagnostics(), "[[known]]");
      model::KnownFinding finding;
      for (const std::string_view key : {"scenario", "outcome", "reason"}) {
        if (!known.has(key)) known.error(fmt::format("[[known]] needs `{}`", key));
      }
      finding.scenario = known.text("scenario").value_or("");
      finding.outcome = known.one_of("outcome", known_outcomes).value_or("");
      finding.reason = known.text("reason").value_or("");
      finding.tls = known.boolean("tls").value_or(false);
      finding.sometimes = known.boolean("sometimes").value_or(false);
      known.finish();
      system_.known.push_back(std::move(finding));
    }
  }

  void read_product() {
    system_.product = reader_.text("product").value_or("");
    const Value* field = reader_.raw("server_field");
    if (field) system_.server_field = check_pattern(*field, reader_);
  }

  /// The settings of this product, by the causes that they remedy.
  void read_remedies() {
    const Value* value = reader_.raw("remedies");
    if (!value) return;
    TableReader remedies(*value, reader_.diagnostics(), "`remedies`");
    for (const std::string_view key : verdict::cause_keys()) {
      if (auto sentence = remedies.text(key)) system_.remedies.emplace(key, *std::move(sentence));
    }
    remedies.finish();
  }

  /// Ways to break it on purpose; the trait `defect` chooses one.
  void read_defects() {
    const Value* value = reader_.raw("defects");
    if (!value) return;
    if (!value->table()) {
      reader_.error(*value, fmt::format("`defects` is a table, found {}", value->type_name()),
                    "[defects] and below it no-retry = \"what it does wrong, one sentence\"");
      return;
    }
    for (const Value::Member& defect : *value->table()) {
      if (defect.value.text()) {
        system_.defects.emplace_back(defect.key, *defect.value.text());
      } else {
        reader_.error(defect.value,
                      fmt::format("a defect is described in one sentence, found {}", defect.value.type_name()));
      }
    }
    system_.traits.values.try_emplace("defect", Value(std::string(model::no_defect)));
  }

  TableReader reader_;
  model::System system_;
};

}  // namespace

model::Traits read_traits(const Value& table, Diagnostics& diagnostics) {
  model::Traits traits;
  if (!table.table()) {
    diagnostics.error(table.place, fmt::format("`traits` is a table, found {}", table.type_name()));
    return traits;
  }
  for (const Value::Member& trait : *table.table()) {
    check_trait(trait.key, trait.value, diagnostics);
    traits.values.insert_or_assign(trait.key, trait.value);
  }
  return traits;
}

std::optional<model::System> load_system(std::string_view text, const std::string& folder,
                                         Diagnostics& diagnostics) {
  const std::optional<Value> tree = parse_toml(text, diagnostics);
  if (!tree) return std::nullopt;
  model::System system = SystemReader(*tree, diagnostics).read(folder);
  if (!diagnostics.ok()) return std::nullopt;
  return system;
}

}  // namespace wsfault::scenario
