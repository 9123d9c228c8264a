// A proxy of a session, its connections and faults.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <memory>
#include <string>
#include <string_view>
#include <vector>
#include <wsfault/answers.hpp>
#include <wsfault/table.hpp>

namespace wsfault {

namespace client {
class Place;
}

/// A fault that was injected. It stays until it is healed, or its session ends.
class Fault {
 public:
  explicit Fault(client::Place place);

  const std::string& name() const { return name_; }
  /// What became of it.
  FaultInfo info() const;
  /// Waits until it has fired. Throws MomentTimeout.
  Event until_fired() const;
  /// Takes it back.
  void heal() const;

 private:
  std::shared_ptr<const client::Place> place_;
  std::string name_;
};
std::ostream& operator<<(std::ostream& out, const Fault& fault);

/// Heals its fault at the end of its block: `ScopedFault stall(proxy.inject("stall"));`
class ScopedFault {
 public:
  explicit ScopedFault(Fault fault) : fault_(std::move(fault)) {}
  ~ScopedFault();
  ScopedFault(const ScopedFault&) = delete;
  ScopedFault& operator=(const ScopedFault&) = delete;

  const Fault& operator*() const { return fault_; }
  const Fault* operator->() const { return &fault_; }

 private:
  Fault fault_;
};

/// One of a proxy's connections; what is done to it is done at once. The attributes are those of the fault
/// that does it.
class Connection {
 public:
  explicit Connection(client::Place place);

  /// Sends a Close frame to the client.
  Fault close(int code, std::string_view reason = {}) const;
  Fault close(const Table& attributes = {}) const;
  /// TCP RST.
  Fault reset(const Table& attributes = {}) const;
  /// TCP FIN, without a Close frame.
  Fault fin(const Table& attributes = {}) const;
  /// Nothing passes and nothing is read, until it is healed.
  Fault freeze(const Table& attributes = {}) const;
  /// Sends a text message that the other side did not send.
  Fault send(std::string_view payload, const Table& attributes = {}) const;
  Fault ping(const Table& attributes = {}) const;

 private:
  Fault act(std::string_view name, const Table& attributes) const;

  std::shared_ptr<const client::Place> place_;
};

/// What the client under test saw: its callbacks say it here, on any thread. Verdicts know of it from here
/// only.
class Client {
 public:
  explicit Client(client::Place place);

  void opened() const;
  void received(std::string_view text) const;
  void closed(int code, std::string_view reason = {}, bool clean = false) const;
  void failed(std::string_view message) const;
  void reconnects() const;
  /// Waits until the expectation is decided; the finding says how.
  Finding judge(const Table& expectation) const;
  /// The first event with which the moment came; waits for it. Throws MomentTimeout.
  Event first(std::string_view moment) const;

 private:
  void report(const Table& report) const;

  std::shared_ptr<const client::Place> place_;
  friend std::ostream& operator<<(std::ostream& out, const Client& client);
};

class Proxy {
 public:
  Proxy(client::Place place, ProxyInfo info);

  const std::string& name() const { return made_.name; }
  /// To which the client under test connects: ws://127.0.0.1:PORT.
  const std::string& url() const { return made_.url; }
  const std::string& host() const { return made_.host; }
  std::uint16_t port() const { return made_.port; }

  /// Injects a fault (docs/faults.md): `inject("reset", {{"when", "message 3"}})`. Without `when` it strikes
  /// now, what is open and what comes.
  Fault inject(std::string_view fault, const Table& attributes = {}) const;
  /// The same, as a whole table: `inject(R"({ inject = "reset", when = "message 3" })"_toml)`.
  Fault inject(const Table& fault) const;
  /// One of its connections, by its number from 1.
  Connection connection(int number) const;
  /// Those that are open.
  std::vector<ConnectionInfo> connections() const;
  /// The client under test, which reports here.
  Client client() const;

  /// Ends what is open, and refuses what comes.
  void disable() const;
  void enable() const;
  /// `enabled`, `listen`, `upstream`. With another `listen` it has another `url`: see the answer.
  ProxyInfo change(const Table& change) const;
  /// As it is now, with its faults.
  ProxyInfo info() const;
  /// Ends what is open, and listens no more.
  void remove() const;

  /// As a session's, of what happened here.
  Finding judge(const Table& expectation) const;
  Event first(std::string_view moment) const;

 private:
  std::shared_ptr<const client::Place> place_;
  ProxyInfo made_;
};
std::ostream& operator<<(std::ostream& out, const Proxy& proxy);

}  // namespace wsfault
