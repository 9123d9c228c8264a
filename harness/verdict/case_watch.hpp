// Whether a case is decided, asked again and again while its log grows.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "verdict/judge.hpp"
#include "verdict/oracle/gateway.hpp"
#include "verdict/oracle/server_scene.hpp"
#include "verdict/rosters.hpp"

namespace wsfault::verdict {

/// It says what judge() would, with what was said of each connection kept until something new comes of it or
/// its time is up: a look costs what is new, not what has been.
class CaseWatch {
 public:
  /// Both must outlive it.
  CaseWatch(const Case& scenario, const trace::Trace& trace);

  struct State {
    bool decided = false;
    bool error = false;           ///< of the harness
    std::int64_t look_again = 0;  ///< as in Judgement
    friend bool operator==(const State&, const State&) = default;
  };
  /// At log time `now`, of all that the trace has read.
  State look(std::int64_t now);

 private:
  struct Said {
    verdict::State state = verdict::State::holds;
    std::int64_t look_again = 0;
  };
  /// Opinions on connections, by the order of their accepts.
  class Opinions {
   public:
    void set(std::size_t place, std::optional<Said> said);
    std::optional<Said> first() const;
    bool any_violated() const { return violated_ > 0; }
    bool any_pending() const { return !pending_.empty(); }
    /// The earliest time at which time alone decides one of them; none: 0.
    std::int64_t look_again() const { return due_.empty() ? 0 : due_.begin()->first; }
    /// Those whose time has come.
    std::vector<std::size_t> due(std::int64_t now) const;

   private:
    std::map<std::size_t, Said> said_;
    std::set<std::size_t> pending_;
    std::set<std::pair<std::int64_t, std::size_t>> due_;
    std::size_t violated_ = 0;
  };
  struct Sum;
  /// What was said of a client's connection behind a gateway, and of what.
  struct SaidOfPair {
    const trace::Connection* back = nullptr;
    std::size_t changed = 0;  // batch of the last change of either
    std::optional<std::int64_t> refused;
    bool plain = false;
    bool unclear = false;
    std::optional<oracle::Said> said;
  };

  bool breaks_rules();
  bool keeps_idle(const oracle::ServerScene& scene) const;
  void look_at_oracle(std::int64_t now, Sum& sum);
  void look_at_client(std::int64_t now, Sum& sum);
  void look_at_server(std::int64_t now, Sum& sum);
  void look_at_gateway(std::int64_t now, Sum& sum);
  const std::optional<oracle::Said>& say_of(const oracle::Pair& pair, std::int64_t now);
  /// Connections that are to be judged anew: all, where what concerns all has changed.
  std::vector<const trace::Connection*> stale(std::int64_t now);
  void take(const trace::Connection& connection, const std::optional<Finding>& finding);

  const Case& scenario_;
  const trace::Trace& trace_;
  Rosters rosters_;
  std::size_t read_ = 0;                 // events that rosters have had
  std::array<std::size_t, 3> ruled_{};  // what there was when the standing rules were judged last
  bool breaks_rules_ = false;
  std::size_t changes_ = 0;         // of trace_.changes()
  std::size_t common_changes_ = 0;  // of trace_.common_changes(), when all were judged last
  Opinions opinions_;
  std::unordered_map<std::size_t, const trace::Connection*> judged_;  // by place
  std::optional<oracle::Pairing> pairing_;                            // of a gateway, as of changes_
  std::unordered_map<const trace::Leg*, SaidOfPair> pairs_;           // by the client's connection
  std::optional<std::int64_t> cut_off_;                               // the last of a server's connections
};

}  // namespace wsfault::verdict
