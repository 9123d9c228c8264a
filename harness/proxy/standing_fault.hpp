// A fault that was added to a proxy while it runs: it waits for its moment, or strikes at once, until it is taken back.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "actor/fault_board.hpp"
#include "fault/catalogue.hpp"
#include "value/value.hpp"

namespace wsfault::proxy {

/// A fault as it was asked for.
struct FaultOrder {
  fault::FaultSpec spec;
  Value stated;          ///< in the words in which it came
  bool at_once = false;  ///< no moment was said: all connections that it lists are struck now
  bool of_file = false;  ///< a file said it, which may take it back
  std::optional<int> place = {};  ///< among the faults of its proxy: that of the one that it replaces
};

/// Reads a [[fault]] table for a proxy with these seats; `names` are those of its faults.
std::optional<FaultOrder> read_order(const Value& table, const fault::Seats& seats, std::vector<std::string> names,
                                     Diagnostics& diagnostics);

/// Gives the fault a name of its own: that of its table, or else what it injects, numbered from the second on. False:
/// its table names one that `is_taken`.
bool name_apart(FaultOrder& order, const std::function<bool(const std::string&)>& is_taken);

class StandingFault {
 public:
  /// What became of it.
  enum class State { armed, fired, healed };

  StandingFault(FaultOrder order, std::shared_ptr<actor::Link> link, actor::Parties& parties, record::EventLog& log,
                const net::asio::any_io_executor& executor, std::uint64_t seed);
  StandingFault(const StandingFault&) = delete;
  StandingFault& operator=(const StandingFault&) = delete;

  /// It ends what it does, and strikes no more.
  void withdraw();
  /// Once it was withdrawn: whether anything refers to it still.
  bool is_in_use() const { return board_->is_in_use(); }
  /// Something that it does, or undoes, is not done yet.
  bool is_busy() const { return board_->is_busy(); }
  /// Ends its tasks.
  net::Task<void> close();

  const std::string& name() const { return specs_.front().name; }
  const fault::FaultSpec& spec() const { return specs_.front(); }
  const Value& stated() const { return stated_; }
  bool at_once() const { return at_once_; }
  bool of_file() const { return of_file_; }
  /// As it would be asked for again, in its place.
  FaultOrder order() const { return {spec(), stated_, at_once_, of_file_, spec().index}; }
  std::uint64_t fired() const { return fired_; }
  /// The numbers of the connections on which it fired last; a bounded number of them.
  const std::set<int>& struck() const { return struck_; }
  State state() const;

 private:
  void see(const record::Event& event);
  bool needs_units() const;
  bool reads_messages() const;
  void need_log(bool needed);

  const std::vector<fault::FaultSpec> specs_;  // one, as a board takes them
  Value stated_;
  bool at_once_;
  bool of_file_;
  std::shared_ptr<actor::Link> link_;
  std::unique_ptr<actor::FaultBoard> board_;
  record::EventLog::Subscription subscription_;
  std::uint64_t fired_ = 0;
  std::set<int> struck_;
  std::uint64_t healed_ = 0;
  bool withdrawn_ = false;
};

}  // namespace wsfault::proxy
