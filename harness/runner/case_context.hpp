// What the parts of one case share: its order, its log, its certificates, and what follows from them.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "actor/connection.hpp"
#include "net/event_gate.hpp"
#include "net/socket_source.hpp"
#include "net/task_group.hpp"
#include "network/private_network.hpp"
#include "record/event_log.hpp"
#include "runner/case_tls.hpp"
#include "runner/run_setting.hpp"
#include "value/url.hpp"

namespace wsfault::runner {

struct CaseContext {
  net::asio::any_io_executor executor;
  const RunSetting& setting;
  const CaseOrder& order;
  record::EventLog& log;
  net::EventGate& changed;                 ///< notified with every event of `log`
  std::unique_ptr<CaseTls> tls = nullptr;  ///< null: no TLS, or that of an external system
  std::unique_ptr<network::PrivateNetwork> network = nullptr;  ///< in which the system lives; null: this machine's
  std::shared_ptr<const net::FileDescriptor> system_table = nullptr;  ///< of `network`: net/pending_attempts.hpp

  const scenario::LoadedCase& loaded() const { return *order.loaded; }
  const model::System& system() const { return loaded().judged.system; }
  model::Role role() const { return loaded().scenario.role; }

  /// The case's own folder, in the run's. Commands and configurations can use it without quotes.
  std::string folder() const;
  /// The default path of requests. Without a gateway a client gets the path of the real server behind the
  /// link; a gateway may use a different path for it.
  std::string request_path() const;
  /// The setting of a link with that name; its TLS and its callbacks are not set.
  actor::LinkSetting link_setting(const std::string& name) const;

  /// Where the sockets that the system talks to are made.
  net::SocketSource sockets() const;

  /// Until the firewall of its network forgets the flow that began at that port; none: it has.
  std::optional<Duration> rest_of_flow(std::uint16_t port) const;

  /// Tasks of a part: each exception is recorded.
  net::TaskGroup task_group() const;
  void fail(const std::string& message) const { log.record({}, record::HarnessError{message}); }
};

/// Where a real server is; none: the upstream is a fake.
std::optional<WebSocketUrl> real_server(const model::Upstream& upstream);

}  // namespace wsfault::runner
