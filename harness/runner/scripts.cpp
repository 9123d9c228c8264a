// The host of one party's scripts.
#include "runner/scripts.hpp"

#include <algorithm>
#include <utility>

namespace wsfault::runner {

class Scripts::Host : public actor::ScriptHost {
 public:
  Host(Scripts& scripts, actor::Link& link, wire::Side side, std::string party)
      : scripts_(scripts), link_(link), side_(side), party_(std::move(party)) {}

  void record(int connection, record::What what) override {
    if (scripts_.closing_) return;
    const std::string link = connection == 0 ? std::string() : link_.name();
    scripts_.log_.record({link, party_, connection}, std::move(what));
  }
  net::Task<void> until(const fault::Moment& moment, int connection) override;
  net::Task<void> inject(int connection, std::string mark, std::uint64_t written) override {
    co_await link_.passed(party_, connection, written);
    record(connection, record::Mark{std::move(mark)});
  }
  std::uint64_t next_sequence() override { return ++scripts_.sequence_; }

 private:
  struct Waiting;
  bool is_client() const { return side_ == wire::Side::client; }
  bool is_own(const fault::Moment& moment) const;

  Scripts& scripts_;
  actor::Link& link_;
  wire::Side side_;
  std::string party_;
};

/// Does it happen on connections with this party's own numbers? This excludes those of other links and other
/// clients, and plain requests.
bool Scripts::Host::is_own(const fault::Moment& moment) const {
  using Kind = fault::Moment::Kind;
  if (moment.kind == Kind::http || (moment.at && *moment.at != link_.name())) return false;
  if (moment.of && *moment.of != party_ && (is_client() || *moment.of != "sut")) return false;
  const model::Scenario& scenario = scripts_.scenario_;
  if (moment.kind == Kind::mark) {
    const auto reaches = [&](const auto& party) {
      return party.name == party_ && model::reaches(party, moment.name);
    };
    return std::ranges::any_of(scenario.clients, reaches) || std::ranges::any_of(scenario.upstreams, reaches);
  }
  if (moment.kind == Kind::fault || moment.kind == Kind::healed) {
    const auto fault = std::ranges::find(scenario.faults, moment.name, &fault::FaultSpec::name);
    return fault == scenario.faults.end() ||
           (fault->at == link_.name() && !(is_client() && fault->of && *fault->of != party_));
  }
  return true;
}

/// A script that waits for a moment.
struct Scripts::Host::Waiting {
  explicit Waiting(const net::asio::any_io_executor& executor) : gate(executor) {}
  net::EventGate gate;
  bool came = false;
};

net::Task<void> Scripts::Host::until(const fault::Moment& moment, int connection) {
  fault::Moment placed = moment;
  const bool on_wire = fault::is_on_wire(placed.kind);
  if (!is_own(moment)) connection = 0;
  if (!placed.at && on_wire && link_.name() != "link") placed.at = link_.name();
  // Each client numbers its own connections.
  if (!placed.of && on_wire && connection != 0 && is_client()) placed.of = party_;
  const auto waiting = std::make_shared<Waiting>(scripts_.executor_);
  scripts_.moments_.await(placed, connection, [waiting] {
    waiting->came = true;
    waiting->gate.notify();
  });
  while (!scripts_.closing_ && !waiting->came) co_await waiting->gate.wait();
}

Scripts::Scripts(net::asio::any_io_executor executor, record::EventLog& log, const model::Scenario& scenario)
    : executor_(std::move(executor)), log_(log), scenario_(scenario), moments_(log.events()) {
  subscription_ = log.subscribe([this](const record::Event& event) { moments_.see(event); });
}

std::unique_ptr<actor::ScriptHost> Scripts::host(actor::Link& link, wire::Side side,
                                                 const std::string& party) {
  return std::make_unique<Host>(*this, link, side, party);
}

void Scripts::close() {
  closing_ = true;
  subscription_ = {};
  moments_.give_up();
}

}  // namespace wsfault::runner
