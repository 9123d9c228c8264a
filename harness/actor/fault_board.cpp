// From moments to strikes: faults on connections go to their link, the others are handled here.
#include "actor/fault_board.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "fault/catalogue.hpp"
#include "net/shortage.hpp"

namespace wsfault::actor {

using fault::Clock;

namespace {

/// A moment on the wire is sought on its fault's link; a process fault has none, and uses the link of the
/// sut's clients.
fault::Moment placed(const fault::FaultSpec& spec, const std::map<std::string, Link*>& links) {
  fault::Moment moment = spec.when;
  if (moment.at || !fault::is_on_wire(moment.kind)) return moment;
  if (!spec.on_party) {
    moment.at = spec.at;
  } else if (links.contains("front")) {
    moment.at = "front";
  }
  return moment;
}

bool strikes_open_ones(const fault::FaultSpec& spec) {
  return fault::find_entry(spec.inject)->needs_units() && spec.when.kind == fault::Moment::Kind::open;
}

/// Only such an action may take longer than one turn of the loop.
bool may_wait(const fault::PartyAction& action) {
  return std::holds_alternative<fault::Wait>(action) || std::holds_alternative<fault::Signal>(action) ||
         std::holds_alternative<fault::StartProcess>(action) ||
         std::holds_alternative<fault::Reload>(action) || std::holds_alternative<fault::RunCommand>(action);
}

}  // namespace

FaultBoard::FaultBoard(const net::asio::any_io_executor& executor, const std::vector<fault::FaultSpec>& specs,
                       std::map<std::string, Link*> links, Parties& parties, record::EventLog& log,
                       std::uint64_t seed)
    : links_(std::move(links)),
      parties_(parties),
      log_(log),
      random_(seed),
      changed_(executor),
      tasks_(executor, [this](const std::exception_ptr& thrown) {
        log_.record({}, record::HarnessError{net::describe_failure(thrown)});
      }) {
  for (const fault::FaultSpec& spec : specs) {
    armed_.push_back({&spec, fault::MomentWatch(placed(spec, links_), spec.has_one_moment()), {}, false});
  }
  subscription_ = log_.subscribe([this](const record::Event& event) { see(event); });
}

void FaultBoard::close() {
  closing_ = true;
  subscription_ = {};
  changed_.notify();
}

void FaultBoard::begin() {
  for (Armed& armed : armed_) {
    if (armed.spec->strikes_connections && strikes_open_ones(*armed.spec)) {
      for (Link* link : links_of(*armed.spec)) {
        for (const auto& [party, number] : link->strike_open_ones(*armed.spec)) armed.struck.insert({party, number});
      }
    } else if (armed.spec->strikes_connections) {
      armed.struck.insert({{}, 0});
      subscription_ = {};  // its moment is over
      for (Link* link : links_of(*armed.spec)) link->strike_all(*armed.spec, true);
    } else {
      moment_came(armed, {});
    }
  }
}

void FaultBoard::withdraw() {
  withdrawn_ = true;
  subscription_ = {};
  for (const Armed& armed : armed_) {
    for (Link* link : links_of(*armed.spec)) link->withdraw(*armed.spec);
  }
  changed_.notify();
}

bool FaultBoard::is_in_use() const {
  if (is_busy()) return true;
  return std::ranges::any_of(armed_, [this](const Armed& armed) {
    const auto links = links_of(*armed.spec);
    return std::ranges::any_of(links, [&](const Link* link) { return link->knows(*armed.spec); });
  });
}

void FaultBoard::see(const record::Event& event) {
  for (Armed& armed : armed_) {
    if (closing_) return;
    // A number released by a plain HTTP request belongs to a new connection now.
    if (std::holds_alternative<record::Accepted>(event.what) && event.where.link == armed.spec->at) {
      armed.struck.erase({event.where.party, event.where.connection});
    }
    if (armed.watch.feed(event)) moment_came(armed, event);
  }
}

void FaultBoard::moment_came(Armed& armed, const record::Event& event) {
  const fault::FaultSpec& spec = *armed.spec;
  if (!spec.strikes_connections) {
    if (!armed.struck.insert({{}, 0}).second || spared(spec, event)) return;
    armed.unsettled = true;
    tasks_.spawn(net::finally(act(armed), settle(armed)));
    return;
  }
  bool on_link = !spec.whole_link && event.where.connection != 0 && event.where.link == spec.at;
  if (on_link && !lists(spec, event.where)) {
    // It names a connection or a party that the fault does not list: its moment is one of another's.
    if (!spec.when.connection && !spec.when.of) return;
    on_link = false;
  }
  const std::string party = on_link ? event.where.party.str() : std::string();
  const int connection = on_link ? event.where.connection : 0;
  if (!armed.struck.insert({party, connection}).second || spared(spec, event)) return;
  disturb(spec, true);
  for (Link* link : links_of(spec)) {
    if (on_link) {
      link->strike(spec, party, connection);
    } else {
      link->strike_all(spec);
    }
  }
}

std::vector<Link*> FaultBoard::links_of(const fault::FaultSpec& spec) const {
  std::vector<Link*> found;
  for (const std::string& name : spec.on_network ? spec.links : std::vector{spec.at}) {
    if (const auto link = links_.find(name); link != links_.end()) found.push_back(link->second);
  }
  return found;
}

void FaultBoard::disturb(const fault::FaultSpec& spec, bool begins) {
  if (!spec.on_network) return;
  const std::string wrong = begins ? parties_.disturb(spec) : parties_.repair(spec);
  if (!wrong.empty()) log_.record({}, record::HarnessError{fmt::format("`{}`: {}", spec.name, wrong)});
}

/// Does the fault strike that connection of its link?
bool FaultBoard::lists(const fault::FaultSpec& spec, const record::Where& where) const {
  if (spec.of && where.party != *spec.of) return false;
  const auto link = links_.find(spec.at);
  if (link != links_.end() && !link->second->may_strike(spec, where.party, where.connection)) return false;
  // A plain request has no number that a list could name: it is struck at its own moment.
  const bool is_plain = where.connection < 0 && (spec.when.kind == fault::Moment::Kind::http ||
                                                 spec.when.kind == fault::Moment::Kind::mark);
  return is_plain || spec.connections.contains(where.connection);
}

bool FaultBoard::spared(const fault::FaultSpec& spec, const record::Event& event) {
  if (spec.probability >= 1) return false;
  if (std::uniform_real_distribution<double>(0, 1)(random_) < spec.probability) return false;
  log_.record(event.where, record::FaultSpared{spec.name});
  return true;
}

record::Where FaultBoard::where(const fault::FaultSpec& spec) const {
  if (spec.on_party) return {{}, spec.at, 0};
  return {spec.at, {}, 0};
}

net::Task<void> FaultBoard::pause(Duration duration) {
  const auto due = net::deadline_after(duration);
  while (!closing_ && !withdrawn_ && Clock::now() < due) co_await changed_.wait_until(due);
}

net::Task<void> FaultBoard::settled() {
  while (!closing_ && std::ranges::any_of(armed_, &Armed::unsettled)) co_await changed_.wait();
}

/// What its fault does next without a wait is done before settled() returns: that resumes from the loop.
net::Task<void> FaultBoard::settle(Armed& armed) {
  armed.unsettled = false;
  changed_.notify();
  co_return;
}

/// A fault on a link or a party, from its moment to its healing.
net::Task<void> FaultBoard::act(Armed& armed) {
  const fault::FaultSpec& spec = *armed.spec;
  if (spec.after > Duration(0)) {
    co_await settle(armed);
    co_await pause(spec.after);
  }
  if (closing_ || withdrawn_) co_return;
  const fault::PartyFault fault = fault::make_party_fault(spec);
  log_.record(where(spec),
              record::FaultFired{spec.name, spec.inject, fault::describe(fault.fire, spec.on_network)});
  disturb(spec, true);
  const bool goes_light = std::ranges::any_of(fault.fire, [](const fault::PartyAction& each) {
    return std::holds_alternative<fault::GoLight>(each);
  });
  const bool heals_itself = goes_light || fault::starts_process(fault.fire);
  co_await perform(armed, fault.fire);
  if (heals_itself && !closing_) log_.record(where(spec), record::FaultHealed{spec.name});
  if (!spec.lasts && fault.heal.empty()) co_return;
  co_await settle(armed);
  co_await pause(spec.lasts.value_or(Duration::max()));  // without it until it is taken back
  if (closing_) co_return;
  disturb(spec, false);
  co_await perform(armed, fault.heal);
  log_.record(where(spec), record::FaultHealed{spec.name});
}

struct FaultBoard::Performer {
  FaultBoard& self;
  const fault::FaultSpec& spec;

  std::vector<Link*> links() const { return self.links_of(spec); }
  net::Task<void> operator()(fault::StopListening) {
    for (Link* each : links()) each->set_refusing(true, spec.address);
    co_return;
  }
  net::Task<void> operator()(fault::StartListening) {
    for (Link* each : links()) each->set_refusing(false, spec.address);
    co_return;
  }
  net::Task<void> operator()(fault::GoDark dark) {
    for (Link* each : links()) each->set_dark(dark.reach, true, spec.on_network, spec.address);
    co_return;
  }
  net::Task<void> operator()(fault::GoLight light) {
    for (Link* each : links()) each->set_dark(light.reach, false, spec.on_network, spec.address);
    co_return;
  }
  net::Task<void> operator()(fault::Strand) {
    for (Link* each : links()) each->strand();
    co_return;
  }
  net::Task<void> operator()(fault::LosePackets) {
    for (Link* each : links()) each->set_lossy(true);
    co_return;
  }
  net::Task<void> operator()(fault::KeepPackets) {
    for (Link* each : links()) each->set_lossy(false);
    co_return;
  }
  net::Task<void> operator()(fault::Wait wait) {
    double factor = 1;
    if (wait.jitter > 0)
      factor = std::uniform_real_distribution<double>(1 - wait.jitter, 1 + wait.jitter)(self.random_);
    co_await self.pause(scaled(wait.duration, factor));
  }
  net::Task<void> operator()(fault::Signal signal) { co_await self.parties_.signal(spec.at, signal); }
  net::Task<void> operator()(fault::StartProcess) { co_await self.parties_.start(spec.at); }
  net::Task<void> operator()(fault::Reload) { co_await self.parties_.reload(spec.at); }
  net::Task<void> operator()(fault::RunCommand command) { co_await self.parties_.command(command.argv); }
};

net::Task<void> FaultBoard::perform(Armed& armed, fault::PartyActions actions) {
  for (fault::PartyAction& action : actions) {
    if (closing_) co_return;
    if (may_wait(action)) co_await settle(armed);
    co_await std::visit(Performer{*this, *armed.spec}, std::move(action));
  }
}

}  // namespace wsfault::actor
