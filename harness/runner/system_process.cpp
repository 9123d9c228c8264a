// Starting, output, reports and the end of the system under test.
#include "runner/system_process.hpp"

#include <fmt/format.h>

#include <csignal>
#include <utility>

#include "net/event_gate.hpp"
#include "net/line_reader.hpp"
#include "net/shortage.hpp"
#include "runner/rendered_files.hpp"
#include "runner/report_line.hpp"
#include "runner/shell_command.hpp"
#include "scenario/render.hpp"

namespace wsfault::runner {
namespace {

constexpr std::size_t most_output_kept = 1024 * 1024;  // bytes, with what each line costs
constexpr std::size_t longest_line = 4096;
constexpr std::size_t shown_of_line = 100;
/// Limit for reading its output after all its processes are gone.
constexpr Duration last_words_within = std::chrono::seconds(1);

int signal_number(std::string_view name) {
  struct Row {
    std::string_view name;
    int number;
  };
  static constexpr Row rows[] = {{"SIGTERM", SIGTERM}, {"SIGINT", SIGINT},   {"SIGQUIT", SIGQUIT},
                                 {"SIGHUP", SIGHUP},   {"SIGKILL", SIGKILL}, {"SIGUSR1", SIGUSR1}};
  for (const Row& row : rows) {
    if (row.name == name) return row.number;
  }
  return SIGTERM;
}

}  // namespace

SystemProcess::SystemProcess(const net::asio::any_io_executor& executor, net::Warden& warden,
                             const model::System& system, std::string party,
                             std::map<std::string, std::string> variables, record::EventLog& log)
    : executor_(executor),
      warden_(warden),
      system_(system),
      party_(std::move(party)),
      variables_(std::move(variables)),
      log_(log),
      tasks_(executor, [this](const std::exception_ptr& thrown) {
        log_.record(where(), record::HarnessError{net::describe_failure(thrown)});
      }) {}

net::Task<std::string> SystemProcess::start(std::string folder) {
  variables_["dir"] = folder;
  std::string error = render_files(system_, folder, variables_);
  if (error.empty()) error = render_command();
  if (!error.empty()) co_return error;
  co_return co_await launch();
}

std::string SystemProcess::render_command() {
  spec_ = {};
  spec_.network_of = network_of_;
  spec_.hosts_file = hosts_file_;
  for (const std::string& word : system_.start) {
    auto rendered = scenario::render(word, variables_);
    if (!rendered) return fmt::format("start: {}", rendered.error());
    spec_.argv.push_back(*rendered);
  }
  if (system_.starts_by_shell) {
    if (auto command = with_exec(spec_.argv.back())) spec_.argv.back() = *std::move(command);
  }
  spec_.environment = {{"WSFAULT_URL", variables_["url"]}};
  // These are enough for most programs that use OpenSSL's own trust, and all on Node.
  if (const std::string& ca_file = variables_["ca_file"]; !ca_file.empty()) {
    for (const char* name : {"WSFAULT_CA_FILE", "SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS"})
      spec_.environment.emplace_back(name, ca_file);
  }
  for (const auto& [name, value] : system_.environment) {
    auto rendered = scenario::render(value, variables_);
    if (!rendered) return fmt::format("env.{}: {}", name, rendered.error());
    spec_.environment.emplace_back(name, *rendered);
  }
  if (!system_.cwd.empty()) {
    auto rendered = scenario::render(system_.cwd, variables_);
    if (!rendered) return fmt::format("cwd: {}", rendered.error());
    spec_.cwd = *rendered;
    if (!system_.folder.empty() && spec_.cwd.front() != '/') spec_.cwd = system_.folder + "/" + spec_.cwd;
  }
  return {};
}

net::Task<std::string> SystemProcess::restart() {
  if (child_) {
    co_await kill_tree();
    co_await join();
  }
  co_return co_await launch();
}

net::Task<std::string> SystemProcess::launch() {
  child_.emplace(co_await warden_.spawn(executor_, spec_));
  if (!child_->start_error().empty()) {
    co_return fmt::format("cannot start \"{}\": {}", spec_.argv.front(), child_->start_error());
  }
  log_.record(where(), record::ProcessChanged{record::ProcessChange::started, child_->pid(), 0, 0});
  tasks_.spawn(read("stdout", &net::Child::read_stdout));
  tasks_.spawn(read("stderr", &net::Child::read_stderr));
  tasks_.spawn(await_exit());
  co_return std::string();
}

net::Task<void> SystemProcess::read(const char* stream, ReadLine next) {
  net::Child& child = *child_;
  while (const auto line = co_await (child.*next)()) take_line(stream, *line);
}

net::Task<void> SystemProcess::await_exit() {
  const net::ExitStatus status = co_await child_->wait();
  log_.record(where(), record::ProcessChanged{record::ProcessChange::exited, child_->pid(), status.code,
                                              status.signal});
}

bool SystemProcess::take_report_or_output(const std::string& stream, const std::string& line) {
  keep({stream, line.substr(0, longest_line)});
  if (reports_json() && stream == "stdout" && take_json(line)) return true;
  if (system_.report == model::ReportMode::patterns && take_pattern(line)) return true;
  log_.record(where(), record::OutputLine{stream, line.substr(0, longest_line)});
  return false;
}

bool SystemProcess::reports_json() const {
  return system_.report == model::ReportMode::json || system_.report == model::ReportMode::automatic;
}

void SystemProcess::take_line(const std::string& stream, const std::string& line) {
  if (take_report_or_output(stream, line)) return;
  if (!reports_json() || stream != "stdout" || !line.starts_with('{')) return;
  if (line.size() >= net::LineReader::max_line) {  // the rest is read as separate lines
    fail(fmt::format("a report of the system is longer than {} bytes: {}…", net::LineReader::max_line,
                     line.substr(0, shown_of_line)));
  } else if (system_.report == model::ReportMode::json) {
    fail(fmt::format("the system promises JSON reports, one object a line with an \"event\"; it printed: {}",
                     line.substr(0, longest_line)));
  }
}

void SystemProcess::fail(std::string why) { log_.record(where(), record::HarnessError{std::move(why)}); }

void SystemProcess::take_unfinished_lines() {
  if (!child_) return;
  const std::string out = child_->take_unfinished_stdout();
  const std::string err = child_->take_unfinished_stderr();
  // Half a report is not a broken report.
  if (!out.empty()) take_report_or_output("stdout", out);
  if (!err.empty()) take_report_or_output("stderr", err);
}

void SystemProcess::keep(record::OutputLine line) {
  output_size_ += line.line.size() + record::cost_of_line;
  output_.push_back(std::move(line));
  while (output_size_ > most_output_kept) {
    output_size_ -= output_.front().line.size() + record::cost_of_line;
    output_.pop_front();
  }
}

bool SystemProcess::take_json(const std::string& line) {
  auto report = parse_report(line);
  if (!report) return false;
  log_.record(where(), *report);
  return true;
}

bool SystemProcess::take_pattern(const std::string& line) {
  for (const auto& [event, pattern] : system_.patterns) {
    const auto groups = pattern.groups(line);
    if (!groups) continue;
    record::Report report;
    report.event = event;
    const auto group = [&groups = *groups](const std::string& name) {
      const auto found = groups.find(name);
      return found == groups.end() ? std::nullopt : std::optional(found->second);
    };
    if (const auto code = group("code"); code && !code->empty()) report.code = std::atoi(code->c_str());
    report.reason = group("reason");
    if (const auto status = group("status"); status && !status->empty())
      report.status = std::atoi(status->c_str());
    if (const auto clean = group("clean"))
      report.clean = *clean == "true" || *clean == "True" || *clean == "1";
    report.text = group("text").value_or(group("message").value_or(line));
    log_.record(where(), report);
    return true;
  }
  return false;
}

int SystemProcess::program_pid() const {
  if (!child_ || !system_.starts_by_shell) return pid();
  const std::vector<pid_t> programs = child_->programs();
  return programs.empty() ? pid() : programs.front();
}

net::Scope SystemProcess::own_scope() const {
  return system_.starts_by_shell ? net::Scope::programs : net::Scope::main;
}

void SystemProcess::signal(const fault::Signal& signal) {
  // Nobody is left whom it could reach.
  if (is_gone()) return;
  child_->signal(signal.number, signal.whole_tree ? net::Scope::tree : own_scope());
  log_.record(where(), record::ProcessChanged{signal.change, child_->pid(), 0, signal.number, !signal.whole_tree});
}

bool SystemProcess::is_gone() const { return !child_ || (child_->exited() && child_->tree().empty()); }

net::Task<void> SystemProcess::stop(Duration grace) {
  if (!child_ || !child_->start_error().empty()) co_return;
  if (!child_->exited() && grace > Duration(0)) {
    child_->signal(SIGCONT, net::Scope::tree);
    child_->signal(signal_number(system_.stop_signal), own_scope());
    using namespace boost::asio::experimental::awaitable_operators;
    co_await (child_->wait() || net::sleep_for(grace));
  }
  co_await kill_tree();
}

net::Task<void> SystemProcess::kill_tree() {
  co_await child_->kill_tree();
  if (trouble_.empty() && !child_->trouble().empty()) trouble_ = party_ + ": " + child_->trouble();
}

net::Task<void> SystemProcess::join() {
  const auto deadline = std::chrono::steady_clock::now() + last_words_within;
  const bool all_read = co_await tasks_.all_ended_until(deadline);
  if (!all_read && child_) child_->let_go();
  co_await tasks_.join();
}

}  // namespace wsfault::runner
