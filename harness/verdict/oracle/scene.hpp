// What every opinion of the oracle is formed from beside one connection, and what an opinion is.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "trace/trace.hpp"
#include "verdict/case.hpp"
#include "verdict/cause.hpp"
#include "verdict/finding.hpp"
#include "verdict/oracle/declared.hpp"
#include "verdict/oracle/horizon.hpp"

namespace wsfault::verdict::oracle {

/// "At once", and what a limit may be late by.
inline constexpr Duration grace = std::chrono::seconds(1);
/// The end of a process is seen at most this much later than those of its connections: the kernel closes its
/// sockets first, and a program that tidies up before it ends closes them itself.
inline constexpr Duration dying = std::chrono::milliseconds(500);
/// The share of a limit that may not be cut short.
inline constexpr double not_before = 0.8;

/// One part of the verdict on a connection.
struct Opinion {
  verdict::State state = verdict::State::holds;
  std::string says;             ///< why; may be empty
  Cause cause = Cause::none;    ///< what is wrong with the party
  std::int64_t look_again = 0;  ///< while pending
  std::string expected = {};    ///< of what it says, in place of the reactions of a row; may be empty
  std::string remedy = {};      ///< where there is no cause: what would decide it; may be empty

  Opinion expecting(std::string what) && {
    expected = std::move(what);
    return std::move(*this);
  }
};
/// Violated before inconclusive before pending before warned before holds; the first of the worst.
Opinion worst_of(const std::vector<Opinion>& opinions);

struct Scene {
  const Case& scenario;
  const trace::Process& process;  ///< of the system under test
  std::optional<std::int64_t> ready;
  Horizon horizon;

  const model::Traits& traits() const { return scenario.system.traits; }
  std::optional<Duration> limit(std::string_view trait) const { return traits().duration(trait); }
  /// So long after `from`, scaled by the timeout scale and without time in which the system was frozen.
  std::int64_t later(std::int64_t from, Duration limit) const;
  /// What is known of the limit that these traits make up.
  Declared declared(std::span<const std::string_view> traits) const {
    return oracle::declared(traits, this->traits());
  }
  Declared declared(std::string_view trait) const { return declared(std::span(&trait, 1)); }
  /// When a limit has passed, and 1 s; where none is declared: when it has been waited for long enough.
  std::int64_t due_after(std::int64_t from, const Declared& limit) const;
  /// The end of the closing handshake, by `close_limit`.
  std::int64_t closing_due(std::int64_t from) const { return due_after(from, declared("close_limit")); }
  /// Nothing so far of what that limit bounds: pending until `due`. After it, or where nothing will follow,
  /// it is violated for the cause `late` where the limit is declared, or `missing` where it is "none", and
  /// undecided where nothing is said of it. Holds while the system is frozen.
  Opinion wait_for(const Declared& limit, std::int64_t due, std::string says, Cause late,
                   Cause missing) const;
  /// The same of a system that was told to stop, and killed at that time before it had done so: what it does
  /// later nobody knows.
  Opinion killed_before(const Declared& limit, std::int64_t due, std::int64_t told, std::int64_t killed,
                        std::string says, Cause late, Cause missing) const;
  /// Pending until `due`; violated after it or where nothing will follow; holds while the system is frozen.
  Opinion wait_until(std::int64_t due, std::string says, Cause cause) const;
};

/// A finding, and at whom it was seen: a client's name, "upstream", or "sut" for the process itself.
struct Said {
  std::string party;
  Finding finding;
};

/// `expected`: where the opinion says nothing of that. `seen` may be empty.
Finding finding_of(const Opinion& opinion, std::string expected, std::string seen, int connection);
/// The same, decided by what happened at that time.
Finding at_time(Finding finding, std::int64_t at);

/// The system is there for new connections: not told to stop, killed or ended since it was last started.
bool serves_at(const trace::Process& process, std::int64_t at);

/// A process outlives whatever happens on its connections. `cut_off`: when it last ended one without a Close,
/// as its own end would. None: it lives, or was told to stop.
std::optional<Finding> judge_life(const Scene& scene, std::string_view who, Cause died,
                                  std::optional<std::int64_t> cut_off);

}  // namespace wsfault::verdict::oracle
