// The fake upstream as a child: its script goes in by stdin, its events come out by stdout
// (docs/architecture.md).
#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "net/shortage.hpp"
#include "record/json.hpp"
#include "runner/upstream_seat.hpp"

namespace wsfault::runner {
namespace {

constexpr Duration listening_within = std::chrono::seconds(10);
/// Of what it printed, once all its processes are gone.
constexpr Duration last_words_within = std::chrono::seconds(1);

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
        readers_(executor, [this](const std::exception_ptr& thrown) { fail(thrown); }),
        writers_(executor, [this](const std::exception_ptr& thrown) { fail(thrown); }) {}

  net::Task<std::string> start() override { return launch(); }
  std::string host() const override { return "127.0.0.1"; }
  std::uint16_t port() const override { return port_; }
  void announce(std::uint16_t peer_port, int connection) override {
    write(fmt::format("connection {} {}\n", peer_port, connection));
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
      co_await join_readers();
    }
    std::string error = co_await launch();
    if (error.empty() && on_change) on_change(true);
    co_return error;
  }

  net::Task<void> stop() override {
    stopping_ = true;
    changed_.notify();
    if (child_) co_await child_->kill_tree();
    co_await join_readers();
    co_await writers_.join();
  }

 private:
  record::Where where() const { return {{}, model_.name, 0}; }

  void fail(const std::exception_ptr& thrown) {
    log_.record(where(), record::HarnessError{net::describe_failure(thrown)});
  }

  net::Task<void> join_readers() {
    const auto deadline = std::chrono::steady_clock::now() + last_words_within;
    const bool all_read = co_await readers_.all_ended_until(deadline);
    if (!all_read && child_) child_->let_go();
    co_await readers_.join();
  }

  net::Task<std::string> launch() {
    listening_ = false;
    const net::ChildSpec spec = served_upstream(program_);
    child_.emplace(co_await warden_.spawn(executor_, spec));
    if (!child_->start_error().empty()) {
      co_return fmt::format("cannot start the fake upstream: {}", child_->start_error());
    }
    log_.record(where(), record::ProcessChanged{record::ProcessChange::started, child_->pid(), 0, 0});
    Value order{Value::Table{}};
    order.set("upstream", model_.source.is_null() ? Value(Value::Table{}) : model_.source);
    order.set("seed", Value(static_cast<std::int64_t>(seed_ >> 1)));
    order.set("sequence", Value(static_cast<std::int64_t>(sequence_)));
    if (shown_) order.set("certificate", Value(shown_->certificate));
    if (shown_) order.set("key", Value(shown_->key));
    write(to_json(order) + "\n");
    readers_.spawn(read_events());
    readers_.spawn(read_errors());
    readers_.spawn(await_exit());
    const auto deadline = std::chrono::steady_clock::now() + listening_within;
    while (!listening_ && !child_->exited() && std::chrono::steady_clock::now() < deadline) {
      co_await changed_.wait_until(deadline);
    }
    co_return listening_ ? std::string() : fmt::format("the fake upstream did not start: {}", last_error_);
  }

  void write(std::string line) {
    if (child_ && !stopping_) writers_.spawn(write_line(std::move(line)));
  }
  net::Task<void> write_line(std::string line) {
    while (writing_) co_await changed_.wait();
    writing_ = true;
    co_await child_->write_stdin(std::move(line));
    writing_ = false;
    changed_.notify();
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
    log_.record(where(), record::ProcessChanged{record::ProcessChange::exited, child_->pid(), status.code,
                                                status.signal});
    if (on_change) on_change(false);
    changed_.notify();
  }

  void take(const std::string& line) {
    if (line.starts_with("listening ")) {
      port_ = static_cast<std::uint16_t>(std::atoi(line.c_str() + 10));
      listening_ = true;
      changed_.notify();
    } else if (line.starts_with("sequence ")) {
      sequence_ = std::strtoull(line.c_str() + 9, nullptr, 10);
    } else if (line.starts_with("wait ")) {
      std::size_t wait = 0;
      int connection = 0;
      if (std::sscanf(line.c_str(), "wait %zu %d", &wait, &connection) == 2 && wait < waits_.size()) {
        writers_.spawn(answer_wait(wait, connection));
      }
    } else if (auto event = record::event_from_json(line)) {
      host_.record(event->where.connection, std::move(event->what));
    } else {
      log_.record(where(), record::HarnessError{"the fake upstream printed: " + line});
    }
  }

  net::Task<void> answer_wait(std::size_t wait, int connection) {
    co_await host_.until(waits_[wait], connection);
    if (!stopping_) co_await write_line(fmt::format("moment {} {}\n", wait, connection));
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
  net::TaskGroup readers_;
  net::TaskGroup writers_;
  std::optional<net::Child> child_;
  std::uint16_t port_ = 0;
  std::uint64_t sequence_ = 0;  // of its messages: a restart counts on
  std::string last_error_ = "it printed nothing";
  bool listening_ = false;
  bool stopping_ = false;
  bool writing_ = false;
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
