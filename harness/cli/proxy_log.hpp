// What `wsfault proxy` says on stdout while it runs: lines of text, or of JSON.
#pragma once

#include <string>
#include <string_view>

#include "net/event_gate.hpp"
#include "proxy/sessions.hpp"

namespace wsfault::cli {

class ProxyLog {
 public:
  /// `verbose`: connections as they come and go, too.
  ProxyLog(bool json, bool verbose) : json_(json), verbose_(verbose) {}

  void listens(const proxy::Proxy& proxy, const std::string& upstream) const;
  void controls(const std::string& address) const;
  void says(std::string_view what) const;
  void error(std::string_view what) const;
  /// Prints what happens in the standing session, until `stops`.
  net::Task<void> follow(proxy::Sessions& sessions, const bool& stops) const;

 private:
  void line(std::string_view level, std::string_view what, const Value& more) const;
  void tell(const proxy::Journal::Entry& entry) const;

  bool json_;
  bool verbose_;
};

}  // namespace wsfault::cli
