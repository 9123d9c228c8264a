// Follows orders, and prints notices and events.
#include "runner/served_upstream.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "net/shortage.hpp"
#include "record/json.hpp"
#include "runner/upstream_seat.hpp"
#include "scenario/load.hpp"

namespace wsfault::runner {
namespace {

constexpr std::size_t shown_of_order = 100;  // characters

}  // namespace

ServedUpstream::ServedUpstream(const net::asio::any_io_executor& executor, int input,
                               std::function<void(const std::string&)> print)
    : executor_(executor),
      input_(executor, input),
      print_(std::move(print)),
      changed_(executor),
      tasks_(executor, [this](const std::exception_ptr& thrown) {
        record(0, record::HarnessError{net::describe_failure(thrown)});
        close();
      }) {}

net::Task<bool> ServedUpstream::run() {
  const std::optional<std::string> line = co_await input_.next();
  if (!line || closed_) co_return false;
  const auto order = read_order(*line);
  const auto* serve = order ? std::get_if<ServeOrder>(&*order) : nullptr;
  std::string error = order ? "the first order must be \"serve\"" : order.error();
  if (serve != nullptr) error = follow(*serve);
  if (!error.empty()) {
    fail(*line, error);
    close();
    co_return false;
  }
  co_await net::finally(upstream_->run(), end());
  co_return true;
}

net::Task<void> ServedUpstream::end() {
  close();
  co_await tasks_.join();
}

void ServedUpstream::close() {
  closed_ = true;
  input_.close();
  if (upstream_) upstream_->close();
  changed_.notify();
}

// --- orders

net::Task<void> ServedUpstream::take_orders() {
  while (const auto line = co_await input_.next()) {
    const auto order = read_order(*line);
    const std::string error =
        order ? std::visit([this](const auto& content) { return follow(content); }, *order) : order.error();
    if (!error.empty()) fail(*line, error);
  }
  close();  // the run is gone
}

std::string ServedUpstream::follow(const ServeOrder& order) {
  if (upstream_) return "it serves already";
  Diagnostics diagnostics("", "");
  auto model = scenario::read_upstream(order.upstream, diagnostics);
  if (!model) return diagnostics.errors().front().message;
  model_ = *std::move(model);
  model::let_marks_inject(model_, {order.marks.begin(), order.marks.end()});
  waits_ = waits_of(model_);
  sequence_ = order.sequence;
  std::optional<net::TlsContext> tls;
  if (!order.certificate.empty()) tls = net::TlsContext::server(order.certificate, order.key);
  upstream_.emplace(executor_, model_, static_cast<actor::ScriptHost&>(*this), actor::Upstream::Place{"127.0.0.1"},
                    order.seed, std::move(tls));
  print_(to_line(ListeningNotice{upstream_->port()}));
  tasks_.spawn(take_orders());
  return {};
}

std::string ServedUpstream::follow(const ConnectionOrder& order) {
  upstream_->announce(order.port, order.connection);
  return {};
}

std::string ServedUpstream::follow(const MomentOrder& order) {
  if (order.wait >= waits_.size()) return fmt::format("its script has {} waits", waits_.size());
  came_.insert({order.wait, order.connection});
  changed_.notify();
  return {};
}

std::string ServedUpstream::follow(const InjectedOrder& order) {
  if (injecting_.erase(order.serial) == 0) return "no such step waits for its injection";
  changed_.notify();
  return {};
}

void ServedUpstream::fail(const std::string& line, const std::string& why) {
  record(0, record::HarnessError{fmt::format("the fake upstream cannot follow the order {}{}: {}",
                                             line.substr(0, shown_of_order),
                                             line.size() > shown_of_order ? "…" : "", why)});
}

// --- scripts

void ServedUpstream::record(int connection, record::What what) {
  const auto at = (std::chrono::steady_clock::now() - start_).count();
  print_(record::to_json({at, {{}, {}, connection}, std::move(what)}));
}

net::Task<void> ServedUpstream::until(const fault::Moment& moment, int connection) {
  const std::string text = fault::to_string(moment);
  const auto found = std::ranges::find(waits_, text, [](const auto& wait) { return fault::to_string(wait); });
  if (found == waits_.end()) co_return;
  const auto wait = static_cast<std::size_t>(found - waits_.begin());
  print_(to_line(WaitNotice{wait, connection}));
  while (!came_.contains({wait, connection}) && !closed_) co_await changed_.wait();
}

net::Task<void> ServedUpstream::inject(int connection, std::string mark, std::uint64_t written) {
  const std::uint64_t serial = ++injections_;
  injecting_.insert(serial);
  print_(to_line(InjectNotice{serial, connection, written, std::move(mark)}));
  while (injecting_.contains(serial) && !closed_) co_await changed_.wait();
}

std::uint64_t ServedUpstream::next_sequence() {
  print_(to_line(SequenceNotice{++sequence_}));
  return sequence_;
}

}  // namespace wsfault::runner
