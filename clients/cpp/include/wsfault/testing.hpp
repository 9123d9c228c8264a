// wsfault from a C++ test: a running `wsfault proxy`, and sessions. See README.md; <wsfault/gtest.hpp> has
// matchers.
#pragma once

#include <chrono>
#include <cstdint>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>
#include <wsfault/answers.hpp>
#include <wsfault/errors.hpp>
#include <wsfault/proxy.hpp>
#include <wsfault/table.hpp>

namespace wsfault {

namespace client {
class Api;
class Heartbeats;
class Program;
}  // namespace client

struct SessionOptions {
  std::string role = "client";  ///< the seat of the system under test; or "server"
  std::chrono::milliseconds ttl = std::chrono::minutes(5);
  Table traits = {};
  /// How long `until` and `expect` wait.
  std::chrono::milliseconds timeout = std::chrono::seconds(10);
  std::string id = {};
  std::string system = {};  ///< its name in verdicts
  std::optional<std::int64_t> seed = {};
};

struct ProxyOptions {
  std::string listen = {};  ///< HOST:PORT; empty: any port of 127.0.0.1
  std::vector<Table> faults = {};
  bool enabled = true;
};

struct WaitOptions {
  std::optional<std::chrono::milliseconds> timeout = {};  ///< default: that of the session
  /// The cursor of an event: only what came later counts. 0: from the beginning. Default: where the last wait
  /// ended.
  std::optional<std::uint64_t> after = {};
  std::string proxy = {};  ///< only what happened there; empty: anywhere
};

/// What a test makes, and what is gone with it: at `end()`, or with this object.
class Session {
 public:
  Session(std::shared_ptr<const client::Api> api, const Value& made, const SessionOptions& options);
  Session(Session&&) noexcept;
  Session& operator=(Session&&) = delete;
  ~Session();

  const std::string& id() const { return id_; }
  /// Adds a proxy, which listens when this returns; `upstream` is ws://HOST:PORT.
  Proxy proxy(std::string_view name, std::string_view upstream, const ProxyOptions& options = {});
  /// One with a fake server behind it, which the table describes (docs/scenarios.md, [upstream]); an empty
  /// one sends ten messages and echoes.
  Proxy proxy(std::string_view name, const Table& fake_server, const ProxyOptions& options = {});

  /// Adds what the system under test saw: verdicts know of it from here only. `report("close", {{"code",
  /// 1006}})`
  void report(std::string_view event, const Table& members = {});
  /// Adds a mark: the moment of faults with `when = "mark NAME"`.
  void mark(std::string_view name, std::string_view proxy = {});
  /// Plays a client, in the words of [[client]], where the server is under test.
  void play(const Table& client = {});

  /// Waits for a moment ("close", "message 3", "fault reset"), and returns the event with which it came.
  /// Nothing between two waits is missed. Throws MomentTimeout.
  Event until(std::string_view moment, const WaitOptions& options = {});
  /// The first event with which the moment came; waits for it, and leaves alone where the next `until`
  /// begins.
  Event first(std::string_view moment) const;
  /// What has happened after a cursor; with a timeout it waits so long for the first of it.
  std::vector<Event> events(const WaitOptions& options = {.after = 0}) const;

  /// Waits until the expectation, in the words of [[expect]], is decided. Throws ExpectationError unless it
  /// holds.
  Finding expect(const Table& expectation, const WaitOptions& options = {}) const;
  /// The same, without the exception.
  Finding judge(const Table& expectation, const WaitOptions& options = {}) const;
  /// The judgement of what has happened. `ended`: nothing more will happen, so what is pending is decided.
  Verdict verdict(bool ended = false) const;

  std::chrono::milliseconds timeout() const;
  /// Ends it, with all that is in it.
  void end();

 private:
  Proxy add(Table body, const ProxyOptions& options);

  std::string id_;
  std::shared_ptr<const client::Place> place_;
  std::uint64_t cursor_ = 0;
  std::unique_ptr<client::Heartbeats> heartbeats_;  // null: it has ended
};
std::ostream& operator<<(std::ostream& out, const Session& session);

struct StartOptions {
  std::string program = {};               ///< default: the environment variable WSFAULT, or `wsfault` of PATH
  std::vector<std::string> options = {};  ///< of `wsfault proxy`
};

/// A running `wsfault proxy`, our own or another's.
class Wsfault {
 public:
  /// Starts one, which ends with this object or with this process, however that ends.
  static Wsfault start(const StartOptions& options = {});
  /// Uses one that runs: `connect("http://127.0.0.1:8474")`.
  static Wsfault connect(const std::string& url, const std::string& token = {});
  /// That of WSFAULT_URL, with the token WSFAULT_TOKEN, if any; else one of its own.
  static Wsfault from_environment();
  Wsfault(Wsfault&&) noexcept;
  Wsfault& operator=(Wsfault&&) = delete;
  ~Wsfault();

  /// Of its control port.
  const std::string& url() const;
  const std::string& version() const { return version_; }
  Session session(const SessionOptions& options = {});
  /// Stops it if it was started here.
  void stop();

 private:
  Wsfault(std::shared_ptr<const client::Api> api, std::shared_ptr<client::Program> program);

  std::shared_ptr<const client::Api> api_;
  std::shared_ptr<client::Program> program_;  // null: another's
  std::string version_;
};

}  // namespace wsfault
