// All sessions of a control server, and the one for whoever asks for none.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "net/event_gate.hpp"
#include "proxy/session.hpp"

namespace wsfault::proxy {

class Sessions {
 public:
  static constexpr std::size_t most = 1000;

  Sessions(const net::asio::any_io_executor& executor, std::uint64_t seed);

  /// Of the proxies of the command line and of Toxiproxy's API: it has no end, and keeps no log.
  Session& standing() { return *standing_; }
  /// Null if there are too many, or one of that id.
  std::shared_ptr<Session> begin(SessionSetting setting);
  /// An id that is not in use.
  std::string next_id();
  std::shared_ptr<Session> find(const std::string& id) const;
  std::vector<std::shared_ptr<Session>> all() const;
  /// Ends it. False if there is none of that id.
  net::Task<bool> end(std::string id);
  std::uint64_t seed() const { return seed_; }

  /// Somebody reads the session's journal: it lives on, and tells of frames.
  void note_reader(Session& session);

  /// Ends those whose time is over; runs until close().
  net::Task<void> watch();
  /// No session begins any more.
  void close();
  net::Task<void> end_all(bool says_goodbye, Duration grace);

 private:
  net::asio::any_io_executor executor_;
  std::uint64_t seed_;
  std::shared_ptr<Session> standing_;
  std::map<std::string, std::shared_ptr<Session>> sessions_;
  net::EventGate changed_;
  std::uint64_t begun_ = 0;
  bool closing_ = false;
};

}  // namespace wsfault::proxy
