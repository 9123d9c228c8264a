// The fake upstream as a child: it gets orders on stdin, and gives notices and events on stdout.
#include <fmt/format.h>

#include <deque>
#include <set>

#include "net/line_reader.hpp"
#include "net/shortage.hpp"
#include "record/json.hpp"
#include "runner/upstream_lines.hpp"
#include "runner/upstream_seat.hpp"

namespace wsfault::runner {
namespace {

constexpr Duration listening_within = std::chrono::seconds(10);
/// Limit for reading its output after all its processes are gone.
constexpr Duration upstream_end_within = std::chrono::seconds(1);

net::ChildSpec served_upstream(const std::string& program) {
  return {.argv = {program, "upstream", "--served"}, .environment = {}, .cwd = {}, .pipe_stdin = true};
}

class FakeUpstreamProcess : public UpstreamSeat {
 public:
  FakeUpstreamProcess(const net::asio::any_io_executor& executor, net::Warden& warden, std::string program,
                      const model::Upstream& model, actor::ScriptHost& host, record::EventLog& log,
                      std::uint64_t seed, std::optional<net::CertificateFiles> shown)
      : executor_(executor),
        warden_(warden),
        program_(std::move(program)),
        model_(model),
        host_(host),
        log_(log),
        seed_(seed),
        shown_(std::move(shown)),
        waits_(waits_of(model)),
        changed_(executor),
        child_tasks_(executor, [this](const std::exception_ptr& thrown) { fail(thrown); }),
        answers_(executor, [this](const std::exception_ptr& thrown) { fail(thrown); }) {}

  net::Task<std::string> start() override { return launch(); }
  std::string host() const override { return "127.0.0.1"; }
  std::uint16_t port() const override { return port_; }
  void announce(std::uint16_t peer_port, int connection) override {
    write(ConnectionOrder{peer_port, connection});
  }

  void signal(const fault::Signal& signal) override {
    if (!child_) return;
    child_->signal(signal.number, signal.whole_tree ? net::Scope::tree : net::Scope::main);
    log_.record(where(), record::ProcessChanged{signal.change, child_->pid(), 0, signal.number});
    if (signal.change == record::ProcessChange::killed && on_change) on_change(false);
  }

  net::Task<std::string> restart() override {
    if (child_) {
      co_await child_->kill_tree();
      child_over_ = true;
      changed_.notify();
      co_await join_child();
    }
    std::string error = co_await launch();
    if (error.empty() && on_change) on_change(true);
    co_return error;
  }

  net::Task<void> stop() override {
    stopping_ = true;
    changed_.notify();
    if (child_) co_await child_->kill_tree();
    co_await join_child();
    co_await answers_.join();
  }

 private:
  record::Where where() const { return {{}, model_.name, 0}; }

  void fail(const std::exception_ptr& thrown) {
    log_.record(where(), record::HarnessError{net::describe_failure(thrown)});
  }

  net::Task<void> join_child() {
    const auto deadline = std::chrono::steady_clock::now() + upstream_end_within;
    const bool all_read = co_await child_tasks_.all_ended_until(deadline);
    if (!all_read && child_) child_->let_go();
    co_await child_tasks_.join();
  }

  net::Task<std::string> launch() {
    listening_ = false;
    std::string first = to_line(first_order());
    if (first.size() >= net::LineReader::max_line)
      co_return fmt::format("the script of {} is too long for a process of its own", model_.name);
    const net::ChildSpec spec = served_upstream(program_);
    child_.emplace(co_await warden_.spawn(executor_, spec));
    if (!child_->start_error().empty()) {
      co_return fmt::format("cannot start the fake upstream: {}", child_->start_error());
    }
    child_over_ = false;
    ++generation_;
    lines_.assign(1, std::move(first));  // without any older ones
    log_.record(where(), record::ProcessChanged{record::ProcessChange::started, child_->pid(), 0, 0});
    child_tasks_.spawn(write_lines());
    child_tasks_.spawn(read_events());
    child_tasks_.spawn(read_errors());
    child_tasks_.spawn(await_exit());
    const auto deadline = std::chrono::steady_clock::now() + listening_within;
    while (!listening_ && !child_->exited() && std::chrono::steady_clock::now() < deadline) {
      co_await changed_.wait_until(deadline);
    }
    co_return listening_ ? std::string() : fmt::format("the fake upstream did not start: {}", last_error_);
  }

  ServeOrder first_order() const {
    ServeOrder order{.seed = seed_ >> 1, .sequence = sequence_};
    if (!model_.source.is_null()) order.upstream = model_.source;
    const std::set<std::string> marks = model::injecting_marks(model_);
    order.marks.assign(marks.begin(), marks.end());
    if (shown_) order.certificate = shown_->certificate;
    if (shown_) order.key = shown_->key;
    return order;
  }

  void write(const UpstreamOrder& order) {
    if (child_over_ || stopping_) return;
    lines_.push_back(to_line(order));
    changed_.notify();
  }
  /// The only writer, so that lines keep their order.
  net::Task<void> write_lines() {
    while (!child_over_ && !stopping_) {
      if (lines_.empty()) {
        co_await changed_.wait();
        continue;
      }
      std::string line = std::move(lines_.front());
      lines_.pop_front();
      line += '\n';
      const bool written = co_await child_->write_stdin(std::move(line));
      if (!written) co_return;
    }
  }

  net::Task<void> read_events() {
    while (auto line = co_await child_->read_stdout()) take(*line);
  }
  net::Task<void> read_errors() {
    while (auto line = co_await child_->read_stderr()) {
      last_error_ = *line;
      log_.record(where(), record::OutputLine{"stderr", *line});
    }
  }
  net::Task<void> await_exit() {
    const net::ExitStatus status = co_await child_->wait();
    child_over_ = true;
    log_.record(where(), record::ProcessChanged{record::ProcessChange::exited, child_->pid(), status.code,
                                                status.signal});
    if (on_change) on_change(false);
    changed_.notify();
  }

  void take(const std::string& line) {
    if (auto notice = read_notice(line)) {
      std::visit([this](auto&& content) { take(std::move(content)); }, *std::move(notice));
    } else if (auto event = record::event_from_json(line)) {
      take(*std::move(event));
    } else {
      log_.record(where(), record::HarnessError{"the fake upstream printed: " + line});
    }
  }
  void take(const ListeningNotice& notice) {
    port_ = notice.port;
    listening_ = true;
    changed_.notify();
  }
  void take(const WaitNotice& notice) {
    if (notice.wait < waits_.size()) answers_.spawn(answer(notice, generation_));
  }
  void take(InjectNotice notice) { answers_.spawn(answer(std::move(notice), generation_)); }
  void take(const SequenceNotice& notice) { sequence_ = notice.sequence; }
  void take(record::Event event) {
    if (const auto* error = std::get_if<record::HarnessError>(&event.what)) last_error_ = error->message;
    host_.record(event.where.connection, std::move(event.what));
  }

  // A predecessor's requests are unknown to its successor.
  net::Task<void> answer(WaitNotice notice, int generation) {
    co_await host_.until(waits_[notice.wait], notice.connection);
    if (generation == generation_) write(MomentOrder{notice.wait, notice.connection});
  }
  net::Task<void> answer(InjectNotice notice, int generation) {
    co_await host_.inject(notice.connection, std::move(notice.mark), notice.bytes);
    if (generation == generation_) write(InjectedOrder{notice.serial});
  }

  net::asio::any_io_executor executor_;
  net::Warden& warden_;
  std::string program_;
  const model::Upstream& model_;
  actor::ScriptHost& host_;
  record::EventLog& log_;
  std::uint64_t seed_;
  std::optional<net::CertificateFiles> shown_;
  std::vector<fault::Moment> waits_;
  net::EventGate changed_;
  net::TaskGroup child_tasks_;     // of the current child
  net::TaskGroup answers_;         // to a child's requests; they may outlast it
  std::deque<std::string> lines_;  // to be written to the current child
  int generation_ = 0;             // counts the children
  std::optional<net::Child> child_;
  std::uint16_t port_ = 0;
  std::uint64_t sequence_ = 0;  // of its messages: it continues after a restart
  std::string last_error_ = "it printed nothing";
  bool listening_ = false;
  bool child_over_ = false;
  bool stopping_ = false;
};

}  // namespace

std::unique_ptr<UpstreamSeat> fake_upstream_process(const net::asio::any_io_executor& executor,
                                                    net::Warden& warden, const std::string& program,
                                                    const model::Upstream& model, actor::ScriptHost& host,
                                                    record::EventLog& log, std::uint64_t seed,
                                                    std::optional<net::CertificateFiles> shown) {
  return std::make_unique<FakeUpstreamProcess>(executor, warden, program, model, host, log, seed,
                                               std::move(shown));
}

}  // namespace wsfault::runner
