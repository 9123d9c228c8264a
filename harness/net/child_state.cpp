// The keeper's reports, and what they say of the child.
#include "net/child_state.hpp"

#include <errno.h>
#include <signal.h>
#include <sys/wait.h>

#include <algorithm>
#include <cstring>

#include "net/process_tree.hpp"
#include "net/shortage.hpp"

namespace wsfault::net {
namespace {

std::string describe_failure(const Report& report, const ChildSpec& spec) {
  const std::string why = std::strerror(report.value);
  switch (static_cast<StartStage>(report.extra)) {
    case StartStage::message:
      if (spec.argv.empty()) return "no program given";
      return report.value == EPIPE || report.value == EBADF ? "the warden is gone"
                                                            : "the warden does not answer: " + why;
    case StartStage::receive:
      return "the warden is " + describe_shortage(report.value);
    case StartStage::fork:
      return "cannot fork: " + why;
    case StartStage::network:
      return "cannot join the network of its case: " + why;
    case StartStage::hosts:
      return "cannot have a hosts file of its own: " + why;
    case StartStage::cwd:
      return "cannot enter " + spec.cwd + ": " + why;
    case StartStage::exec:
      return why;
  }
  return why;
}

ExitStatus exit_status(int wait_status) {
  if (WIFSIGNALED(wait_status)) return {0, WTERMSIG(wait_status)};
  return {WEXITSTATUS(wait_status), 0};
}

}  // namespace

Report no_start(int error) {
  return {Report::Kind::failed, error, static_cast<std::int32_t>(StartStage::message)};
}

std::optional<Report> Child::State::first_report() {
  for (;;) {
    Report report;
    const ssize_t size = ::recv(control.native_handle(), &report, sizeof report, MSG_DONTWAIT);
    if (size < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) return std::nullopt;
    if (size != sizeof report) return no_start(EPIPE);
    if (report.kind != Report::Kind::here) return report;
    keeper = report.value;
  }
}

void Child::State::started(const Report& report, const ChildSpec& spec) {
  if (report.kind == Report::Kind::started) {
    pid = report.value;
    for (const std::string& word : spec.argv) command_line += word + '\0';
    listen_to_keeper();
    return;
  }
  keeper = 0;
  start_error = describe_failure(report, spec);
  status = ExitStatus{127, 0};
  error_code ignored;
  control.close(ignored);
}

void Child::State::listen_to_keeper() {
  control.async_read_some(asio::buffer(&incoming, sizeof incoming),
                          [self = shared_from_this()](const error_code& error, std::size_t size) {
                            if (error || size != sizeof incoming) return self->keeper_gone();
                            self->heard(self->incoming);
                            self->listen_to_keeper();
                          });
}

void Child::State::heard(const Report& report) {
  switch (report.kind) {
    case Report::Kind::here:
    case Report::Kind::started:
    case Report::Kind::failed:
      break;  // only ever the first report, which start() reads
    case Report::Kind::exited:
      status = exit_status(report.value);
      break;
    case Report::Kind::tree_gone:
      tree_gone = true;
      break;
  }
  changed.notify();
}

/// Without a keeper the tree is dead: the keeper kills it when we close, and the warden does if the keeper
/// was killed.
void Child::State::keeper_gone() {
  keeper = 0;
  if (!status) status = ExitStatus{0, SIGKILL};
  tree_gone = true;
  changed.notify();
}

/// False, with errno, if the keeper is alive and cannot take the command.
bool Child::State::tell(const Command& command) {
  if (keeper == 0) return true;
  wake_keeper();
  if (::send(control.native_handle(), &command, sizeof command, MSG_NOSIGNAL | MSG_DONTWAIT) >= 0)
    return true;
  return errno == EPIPE || errno == ECONNRESET;
}

/// The program may have stopped its keeper, which is its parent process.
void Child::State::wake_keeper() const {
  if (keeper != 0) ::kill(keeper, SIGCONT);
}

void Child::State::note_stopped_keeper() {
  const auto stat = process_stat(keeper);
  if (stat && stat->state == 'T') trouble = "it stopped the process that watches it (SIGSTOP to its parent)";
}

void Child::State::close() {
  error_code ignored;
  control.close(ignored);
  in.close(ignored);
  out.close();
  err.close();
  keeper_gone();
}

}  // namespace wsfault::net
