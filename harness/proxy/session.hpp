// What belongs to one test: its proxies, with their faults and clients, and the journal of what happened there.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "proxy/proxy.hpp"

namespace wsfault::proxy {

struct SessionSetting {
  std::string id;
  model::Role role = model::Role::client;  ///< of the system under test, at every proxy
  model::System system;                    ///< its traits
  std::optional<Duration> ttl;             ///< it ends so long after the last heartbeat; none: never
  bool keeps_logs = true;                  ///< for verdicts
  std::uint64_t seed = 0;
};

class Session {
 public:
  using Clock = std::chrono::steady_clock;
  Session(const net::asio::any_io_executor& executor, SessionSetting setting);

  const SessionSetting& setting() const { return setting_; }
  const std::string& id() const { return setting_.id; }

  /// It lives on: its time begins again.
  void heartbeat() { last_heartbeat_ = Clock::now(); }
  /// Somebody reads its journal: for a minute from now on it tells of frames, too, where they are only counted else.
  /// True: nobody did before.
  bool is_read();
  /// Until when that is; none: nobody reads.
  std::optional<Clock::time_point> read_until() const { return read_until_; }
  void is_read_no_more();
  /// When it ends unless a heartbeat comes; none: never.
  std::optional<Clock::time_point> expires() const;

  /// What a proxy plays: `upstream` is the table of a fake upstream, null for a real server.
  std::optional<scenario::LoadedCase> read_played(const std::string& name, const Value& upstream,
                                                  Diagnostics& diagnostics) const;
  /// A proxy before a real server.
  ProxyPlan plan_for(const std::string& name, Route route) const;
  /// The client of a [[client]] table; none, with an error, where the system under test is the client.
  std::optional<scenario::LoadedCase> read_client(const Value& table, Diagnostics& diagnostics) const;

  /// Adds one that does not listen yet; null if there is one of that name.
  Proxy* add(ProxyPlan plan);
  Proxy* find(const std::string& name) const;
  /// At any of its proxies.
  bool has_fault(const std::string& name) const;
  /// Waits until what was healed is undone: a port listens again.
  net::Task<void> healed();
  /// By name.
  std::vector<Proxy*> proxies() const;
  /// Ends it. False if there is none of that name.
  net::Task<bool> remove(std::string name);
  /// Ends all of them; they are gone when it returns.
  net::Task<void> end(bool says_goodbye, Duration grace);
  /// Nothing will happen here any more; the journal's gate says when this becomes true.
  bool ended() const { return ended_; }

  Journal& journal() { return journal_; }

 private:
  net::asio::any_io_executor executor_;
  SessionSetting setting_;
  Journal journal_;
  std::map<std::string, std::unique_ptr<Proxy>> proxies_;
  Clock::time_point last_heartbeat_ = Clock::now();
  std::optional<Clock::time_point> read_until_;
  std::uint64_t added_ = 0;
  bool ended_ = false;
};

}  // namespace wsfault::proxy
