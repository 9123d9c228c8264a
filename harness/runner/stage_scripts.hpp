// How the scripts of one party reach the log and the moments of the whole run.
#pragma once

#include <string>
#include <utility>

#include "runner/stage.hpp"

namespace wsfault::runner {

class Stage::Scripts : public actor::ScriptHost {
 public:
  /// `link`: where the party's connections are numbered.
  Scripts(Stage& stage, std::string link, std::string party)
      : stage_(stage), link_(std::move(link)), party_(std::move(party)) {}

  void record(int connection, record::What what) override;
  net::Task<void> until(const fault::Moment& moment, int connection) override;
  net::Task<void> inject(int connection, std::string mark, std::uint64_t written) override;
  std::uint64_t next_sequence() override { return ++stage_.sequence_; }

 private:
  struct Waiting;
  bool is_own(const fault::Moment& moment) const;

  Stage& stage_;
  std::string link_;
  std::string party_;
};

}  // namespace wsfault::runner
