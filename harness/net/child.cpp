// The harness's side of a child process: its pipes, its end, its signals.
#include "net/child.hpp"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <filesystem>
#include <system_error>

#include "net/child_state.hpp"
#include "net/process_tree.hpp"
#include "net/shell_programs.hpp"

namespace wsfault::net {
namespace {

constexpr std::chrono::seconds start_limit{10};
/// How often a keeper that does not answer is checked: the program may have stopped it.
constexpr std::chrono::milliseconds wake_interval{200};
constexpr std::chrono::seconds kill_limit{5};
/// A keeper that has not killed its tree by then is killed itself: the warden takes over the remaining
/// processes.
constexpr std::chrono::seconds keeper_limit{2};

[[noreturn]] void throw_errno(const char* what) {
  throw std::system_error(errno, std::generic_category(), what);
}

/// first: the read end; second: the write end.
std::pair<FileDescriptor, FileDescriptor> make_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw_errno("pipe2");
  return {FileDescriptor(ends[0]), FileDescriptor(ends[1])};
}

std::pair<FileDescriptor, FileDescriptor> make_stdin(const ChildSpec& spec) {
  if (spec.pipe_stdin) return make_pipe();
  FileDescriptor null(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  if (!null.is_open()) throw_errno("/dev/null");
  return {std::move(null), FileDescriptor()};
}

std::pair<FileDescriptor, FileDescriptor> make_control() {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) throw_errno("socketpair");
  return {FileDescriptor(ends[0]), FileDescriptor(ends[1])};
}

/// The harness's own environment, with `added` on top.
std::vector<std::string> merged_environment(const std::vector<std::pair<std::string, std::string>>& added) {
  std::vector<std::string> result;
  const auto is_replaced = [&](std::string_view entry) {
    const std::string_view name = entry.substr(0, entry.find('='));
    return std::ranges::any_of(added, [&](const auto& pair) { return pair.first == name; });
  };
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry)
    if (!is_replaced(*entry)) result.emplace_back(*entry);
  for (const auto& [name, value] : added) result.push_back(name + "=" + value);
  return result;
}

SpawnMessage message_for(const ChildSpec& spec) {
  std::error_code ignored;  // then it starts in the warden's working directory
  const auto here = std::filesystem::current_path(ignored);
  return {spec.argv, merged_environment(spec.environment), (here / spec.cwd).string(),
          spec.network_of == 0 ? "" : std::to_string(spec.network_of), spec.hosts_file};
}

/// write(2) to a pipe without the SIGPIPE. Bytes written, or -1 and errno.
ssize_t write_quietly(int pipe, std::string_view bytes) {
  sigset_t broken;
  sigset_t before;
  ::sigemptyset(&broken);
  ::sigaddset(&broken, SIGPIPE);
  ::pthread_sigmask(SIG_BLOCK, &broken, &before);
  const ssize_t size = ::write(pipe, bytes.data(), bytes.size());
  const int error = errno;
  if (size < 0 && error == EPIPE) {
    const timespec now{};
    ::sigtimedwait(&broken, nullptr, &now);
  }
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  errno = error;
  return size;
}

}  // namespace

std::shared_ptr<Child::State> Child::request(const asio::any_io_executor& executor, int warden,
                                             const ChildSpec& spec, std::optional<int>& refused) {
  auto [in_read, in_write] = make_stdin(spec);
  auto [out_read, out_write] = make_pipe();
  auto [err_read, err_write] = make_pipe();
  auto [control, keeper_control] = make_control();
  {
    const SpawnRequest request{std::move(in_read), std::move(out_write), std::move(err_write),
                               std::move(keeper_control), make_memory_file(serialise(message_for(spec)))};
    if (const int error = send_request(warden, request); error != 0) refused = error;
  }  // our copies of the child's ends are closed now: if the request is lost, the first read returns the end
  return std::make_shared<State>(executor, std::move(in_write), std::move(out_read), std::move(err_read),
                                 std::move(control));
}

Task<Child> Child::start(asio::any_io_executor executor, int warden, pid_t warden_pid,
                         const ChildSpec& spec) {
  std::optional<int> refused;
  const std::shared_ptr<State> state = request(executor, warden, spec, refused);
  const auto deadline = deadline_after(start_limit);
  std::optional<Report> report;
  if (refused) report = no_start(*refused);
  // A descriptor may be reported readable when it is not: only a received report counts.
  while (!report && std::chrono::steady_clock::now() < deadline) {
    co_await (state->control.async_wait(asio::posix::stream_descriptor::wait_read, as_result) ||
              sleep_for(wake_interval));
    report = state->first_report();
    if (report) break;
    ::kill(warden_pid, SIGCONT);  // a program of another case may have stopped it
    state->note_stopped_keeper();
    state->wake_keeper();
  }
  state->started(report.value_or(no_start(ETIMEDOUT)), spec);
  co_return Child(state);
}

Child::Child(std::shared_ptr<State> state) : state_(std::move(state)) {}
Child::Child(Child&&) noexcept = default;

Child& Child::operator=(Child&& other) noexcept {
  if (this == &other) return *this;
  if (state_) state_->close();
  state_ = std::move(other.state_);
  return *this;
}

Child::~Child() {
  if (state_) state_->close();
}

pid_t Child::pid() const { return state_->pid; }
const std::string& Child::start_error() const { return state_->start_error; }
std::optional<ExitStatus> Child::exited() const { return state_->status; }

Task<std::optional<std::string>> Child::read_stdout() { return read_line(state_, &State::out); }
Task<std::optional<std::string>> Child::read_stderr() { return read_line(state_, &State::err); }

std::string Child::take_unfinished_stdout() { return state_->out.take_unfinished(); }
std::string Child::take_unfinished_stderr() { return state_->err.take_unfinished(); }

Task<std::optional<std::string>> Child::read_line(std::shared_ptr<State> state, LineReader State::*pipe) {
  co_return co_await ((*state).*pipe).next();
}

Task<bool> Child::write_stdin(std::string bytes) { return write_all(state_, std::move(bytes)); }

Task<bool> Child::write_all(std::shared_ptr<State> state, std::string bytes) {
  for (std::string_view rest = bytes; !rest.empty();) {
    if (!state->in.is_open()) co_return false;
    const ssize_t size = write_quietly(state->in.native_handle(), rest);
    if (size >= 0) {
      rest.remove_prefix(static_cast<std::size_t>(size));
      continue;
    }
    if (errno != EAGAIN && errno != EINTR) co_return false;
    const auto [error] = co_await state->in.async_wait(asio::posix::stream_descriptor::wait_write, as_result);
    if (error) co_return false;
  }
  co_return state->in.is_open();
}

void Child::close_stdin() {
  error_code ignored;
  state_->in.close(ignored);
}

void Child::signal(int number, Scope scope) {
  if (scope == Scope::programs) {
    for (const pid_t program : programs()) ::kill(program, number);
    return;
  }
  const auto kind = scope == Scope::tree ? Command::Kind::signal_tree : Command::Kind::signal_main;
  if (!state_->tell({kind, number})) throw_errno("cannot reach the keeper");
}

Task<ExitStatus> Child::wait() { return wait_for_end(state_); }

Task<ExitStatus> Child::wait_for_end(std::shared_ptr<State> state) {
  while (!state->status) co_await state->changed.wait();
  co_return *state->status;
}

Task<void> Child::kill_tree() { return kill_and_wait(state_); }

Task<void> Child::kill_and_wait(std::shared_ptr<State> state) {
  if (state->keeper == 0) co_return;
  state->note_stopped_keeper();
  state->tell({Command::Kind::kill_tree, SIGKILL});
  const auto deadline = deadline_after(kill_limit);
  const auto keeper_deadline = deadline_after(keeper_limit);
  while (!state->tree_gone && co_await state->changed.wait_until(keeper_deadline)) continue;
  if (state->tree_gone) co_return;
  state->note_stopped_keeper();
  if (state->keeper != 0) ::kill(state->keeper, SIGKILL);
  while (!state->tree_gone && co_await state->changed.wait_until(deadline)) continue;
  if (!state->tree_gone) state->trouble = "its processes could not be killed within 5 s";
}

std::vector<pid_t> Child::programs() const {
  if (state_->keeper == 0) return {};
  return programs_of_shell(shell_processes(state_->keeper, state_->command_line), state_->keeper,
                           state_->pid);
}
const std::string& Child::trouble() const { return state_->trouble; }

void Child::let_go() { state_->close(); }

std::vector<pid_t> Child::tree() const {
  std::vector<pid_t> result;
  if (state_->keeper == 0) return result;
  for (const ProcessStat& process : descendants_of(state_->keeper))
    if (process.state != 'Z') result.push_back(process.pid);
  return result;
}

}  // namespace wsfault::net
