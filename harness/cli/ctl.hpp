// `wsfault ctl`: what its commands have in common.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api.hpp"
#include "value/value.hpp"

namespace wsfault::cli {

/// What is wrong with what was asked, or with the program that was asked; printed once.
struct CtlFailure {
  int code;
  std::string sentence;  ///< empty: there is nothing to say, it was interrupted
};

/// Arguments of all commands; each reads its own.
struct CtlOptions {
  std::string control = "127.0.0.1:8474";
  std::string token;
  std::string session;
  bool json = false;
  std::string proxy;  ///< NAME or SESSION/NAME
  std::string table;
  // create
  std::string listen;
  std::string upstream;
  std::vector<std::string> faults;
  // heal
  std::string fault;
  // acts on a connection
  int connection = 0;
  std::optional<int> code;
  std::string reason;
  std::string payload;
  // events, expect, verdict, mark
  bool follow = false;
  std::uint64_t after = 0;
  std::string until;
  std::optional<std::chrono::nanoseconds> timeout;
  bool ended = false;
  std::string name;
};

/// A running `wsfault proxy`, as its commands see it.
class Ctl {
 public:
  /// Throws CtlFailure where the address is none.
  explicit Ctl(const CtlOptions& options);

  const CtlOptions& options() const { return options_; }
  /// Throws CtlFailure.
  Value call(std::string_view method, const std::string& path, const std::optional<Value>& body = {},
             const client::Query& query = {}, std::chrono::milliseconds waits = {});
  /// POST, with a table that was typed and what was added to it: errors are said in the text.
  Value send(const std::string& path, const std::string& named, std::string_view text, const Value& table,
             std::chrono::milliseconds waits = {});
  /// Reads a table that was typed: TOML or JSON. Throws CtlFailure.
  static Value typed(const std::string& named, std::string_view text);

  /// All of them, as GET /v1/sessions shows them.
  Value sessions();
  /// The path of the session that is meant: that of --session, the only one of a test, or the standing one.
  std::string session_path();
  /// The proxy that is meant.
  struct Found {
    std::string session;  ///< path
    Value shown;
    std::string path() const;
    std::string name() const;
  };
  Found proxy(const std::string& name);

  /// From now on SIGINT and SIGTERM end waits.
  void catch_signals();
  bool is_interrupted() const;

 private:
  const CtlOptions& options_;
  client::Api api_;
  int signals_ = -1;
};

/// Prints JSON on one line.
void put_json(const Value& value);
std::string path_of_session(std::string_view id);

// The commands; the exit code.
int ctl_list(Ctl& ctl);
int ctl_create(Ctl& ctl);
int ctl_remove(Ctl& ctl);
int ctl_inject(Ctl& ctl);
int ctl_heal(Ctl& ctl);
int ctl_act(Ctl& ctl, std::string_view act);
int ctl_mark(Ctl& ctl);
int ctl_events(Ctl& ctl);
int ctl_expect(Ctl& ctl);
int ctl_verdict(Ctl& ctl);

}  // namespace wsfault::cli
