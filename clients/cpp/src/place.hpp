// Where a session, and what belongs to it, is at the control port; and what all of them can be asked.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <wsfault/answers.hpp>
#include <wsfault/table.hpp>

#include "api.hpp"

namespace wsfault::client {

class Place {
 public:
  Place(std::shared_ptr<const Api> api, std::string id, std::chrono::milliseconds timeout);
  /// The same session, only what concerns this proxy.
  Place of_proxy(std::string name) const;
  /// The same, with another path of its own below that of the session: "/faults/reset".
  Place below(std::string path, std::string name) const;

  const Api& api() const { return *api_; }
  const std::string& id() const { return id_; }
  /// Of the session.
  std::string session(std::string_view rest = {}) const;
  /// Its own.
  std::string path(std::string_view rest = {}) const;
  const std::string& name() const { return name_; }
  const std::string& proxy() const { return proxy_; }
  std::chrono::milliseconds timeout() const { return timeout_; }

  struct Came {
    Event event;
    std::uint64_t cursor = 0;
  };
  /// Throws MomentTimeout.
  Came until(std::string_view moment, std::chrono::milliseconds timeout, std::uint64_t after,
             const std::string& proxy) const;
  Finding judge(const Table& expectation, std::chrono::milliseconds timeout, const std::string& proxy) const;
  /// Sends the table; errors say where in its text they are.
  Value send(std::string_view method, const std::string& path, const Table& table,
             std::chrono::milliseconds waits = {}) const;

 private:
  std::shared_ptr<const Api> api_;
  std::string id_;
  std::chrono::milliseconds timeout_;
  std::string path_;
  std::string name_;
  std::string proxy_;
};

}  // namespace wsfault::client
