// How the scripts of all parties of a case reach its log, its moments and its links.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "actor/link.hpp"
#include "actor/script_host.hpp"
#include "model/scenario.hpp"
#include "record/event_log.hpp"
#include "trace/moments.hpp"

namespace wsfault::runner {

class Scripts {
 public:
  /// All must outlive it. `scenario` is the one that the scripts are part of.
  Scripts(net::asio::any_io_executor executor, record::EventLog& log, const model::Scenario& scenario);

  /// The host for the scripts of a party on that side of `link`, where its connections are numbered. It must
  /// not outlive the link or these Scripts.
  std::unique_ptr<actor::ScriptHost> host(actor::Link& link, wire::Side side, const std::string& party);
  /// From now on scripts record nothing, and wait for no moment.
  void close();

 private:
  class Host;

  net::asio::any_io_executor executor_;
  record::EventLog& log_;
  const model::Scenario& scenario_;
  trace::Moments moments_;  // that scripts wait for
  record::EventLog::Subscription subscription_;
  std::uint64_t sequence_ = 0;  // the last number for ${seq}
  bool closing_ = false;
};

}  // namespace wsfault::runner
