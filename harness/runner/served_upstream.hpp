// The fake upstream in the child process of a run, `wsfault upstream --served`: it follows the orders on its
// input (runner/upstream_lines.hpp).
#pragma once

#include <functional>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "actor/script_host.hpp"
#include "actor/upstream.hpp"
#include "net/event_gate.hpp"
#include "net/line_reader.hpp"
#include "net/task_group.hpp"
#include "runner/upstream_lines.hpp"

namespace wsfault::runner {

class ServedUpstream : private actor::ScriptHost {
 public:
  /// Reads orders from `input`, a pipe, which is closed at the end. `print` is called with each line of its
  /// notices and events, without the newline.
  ServedUpstream(const net::asio::any_io_executor& executor, int input,
                 std::function<void(const std::string&)> print);

  /// Serves what the first order says until close() or the end of the input; false if there is no such order.
  /// An order that cannot be followed is printed as a HarnessError.
  net::Task<bool> run();
  void close();

 private:
  // actor::ScriptHost
  void record(int connection, record::What what) override;
  net::Task<void> until(const fault::Moment& moment, int connection) override;
  net::Task<void> inject(int connection, std::string mark, std::uint64_t written) override;
  std::uint64_t next_sequence() override;

  net::Task<void> take_orders();
  net::Task<void> end();
  /// Each returns why the order cannot be followed; empty: it was.
  std::string follow(const ServeOrder& order);
  std::string follow(const ConnectionOrder& order);
  std::string follow(const MomentOrder& order);
  std::string follow(const InjectedOrder& order);
  void fail(const std::string& line, const std::string& why);

  net::asio::any_io_executor executor_;
  net::LineReader input_;
  std::function<void(const std::string&)> print_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  net::EventGate changed_;
  net::TaskGroup tasks_;
  model::Upstream model_;
  std::vector<fault::Moment> waits_;
  std::set<std::pair<std::size_t, int>> came_;  // waits and connections whose moments have come
  std::set<std::uint64_t> injecting_;           // serial numbers whose marks are not recorded yet
  std::uint64_t injections_ = 0;
  std::uint64_t sequence_ = 0;
  std::optional<actor::Upstream> upstream_;
  bool closed_ = false;
};

}  // namespace wsfault::runner
