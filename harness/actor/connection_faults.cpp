// Faults on a connection: when they fire and heal, and what they do to units.
#include <algorithm>

#include "actor/connection.hpp"
#include "fault/catalogue.hpp"

namespace wsfault::actor {

using fault::Clock;

namespace {

/// How often the network is asked what it has done.
constexpr Duration shortest_look = std::chrono::milliseconds(20);
constexpr Duration longest_look = std::chrono::milliseconds(200);

}  // namespace

fault::Situation Connection::situation() {
  const auto& request = half(Side::client).sent.request();
  return {random_, request ? &*request : nullptr, setting_.sut, opened_, Clock::now()};
}

void Connection::strike(const Strike& strike) {
  if (closing_) return;
  const auto& wanted = strike.spec->connections.request;
  if (!wanted || (request() && wanted->matches(*request()))) {
    arm(strike);
  } else if (!request()) {
    awaiting_request_.push_back(strike);
  }
}

void Connection::withdraw(const fault::FaultSpec& spec) {
  std::erase_if(awaiting_request_, [&](const Strike& each) { return each.spec == &spec; });
  for (const auto& each : faults_) {
    if (each->spec() != &spec || each->withdrawn) continue;
    each->withdrawn = true;
    if (each->active && !closing_) heal(*each);
    each->active = false;
  }
  std::erase_if(faults_, [&](const auto& each) { return each->withdrawn && each->watchers == 0; });
  changed_.notify();
}

bool Connection::knows(const fault::FaultSpec& spec) const {
  return std::ranges::any_of(faults_, [&](const auto& each) { return each->spec() == &spec; }) ||
         std::ranges::any_of(awaiting_request_, [&](const Strike& each) { return each.spec == &spec; });
}

/// Runs what refers to a fault, which is not destroyed meanwhile.
net::Task<void> Connection::watched(ActiveFault& active, net::Task<void> watch) {
  ++active.watchers;
  co_await std::move(watch);
  --active.watchers;
  std::erase_if(faults_, [&](const auto& each) {
    return each.get() == &active && each->withdrawn && each->watchers == 0;
  });
  changed_.notify();
}

void Connection::strike_by_request(const wire::RequestHead& request) {
  for (const Strike& strike : std::exchange(awaiting_request_, {})) {
    if (strike.spec->connections.request->matches(request)) arm(strike);
  }
}

void Connection::arm(const Strike& strike) {
  const fault::FaultSpec& spec = *strike.spec;
  auto active = std::make_unique<ActiveFault>(strike, fault::make_connection_fault(spec));
  active->armed = Clock::now();
  // Several faults apply in the order of the file, whichever fired first.
  const auto later = [&](const auto& other) { return other->spec()->index > spec.index; };
  const auto place = std::ranges::find_if(faults_, later);
  ActiveFault& placed = **faults_.insert(place, std::move(active));
  if (spec.middlebox) {
    tasks_.spawn(watched(placed, watch_middlebox(placed)));
  } else if (strike.from > Clock::now()) {
    tasks_.spawn(watched(placed, fire_later(placed)));
  } else {
    fire(placed);
  }
}

net::Task<void> Connection::fire_later(ActiveFault& active) {
  const auto due = active.strike.from;
  while (!closing_ && !active.withdrawn && Clock::now() < due) co_await changed_.wait_until(due);
  if (!closing_ && !active.withdrawn) fire(active);
}

void Connection::fire(ActiveFault& active) {
  active.active = true;
  fault::ConnectionActions actions = active.fault->fire(situation());
  if (!actions.empty()) {
    active.fired = true;
    record(record::FaultFired{active.spec()->name, active.spec()->inject, fault::describe(actions)});
    pending_.push_back(std::move(actions));
    changed_.notify();
  }
  if (active.strike.until) tasks_.spawn(watched(active, heal_later(active)));
}

net::Task<void> Connection::heal_later(ActiveFault& active) {
  const auto due = *active.strike.until;
  while (!closing_ && !active.withdrawn && Clock::now() < due) co_await changed_.wait_until(due);
  if (!closing_ && !active.withdrawn) heal(active);
}

void Connection::heal(ActiveFault& active) {
  active.active = false;
  record(record::FaultHealed{active.spec()->name});
  pending_.push_back(active.fault->heal());
  changed_.notify();
}

/// Of the connection with the system; none: the firewall has forgotten it.
std::optional<Duration> Connection::rest_of_flow() {
  const auto& socket = half(setting_.sut).socket;
  if (!setting_.flow_rest || !socket) return std::nullopt;
  return setting_.flow_rest(setting_.sut == Side::client ? socket->peer_port() : socket->local_port());
}

/// On a network that is dark no end of the system arrives, but its kernel tells of it. `resets`: the network answers
/// the system's next packet with RST, and then its socket is gone.
net::Task<void> Connection::watch_unseen_end(bool resets) {
  const auto is_over = [&] { return closing_ || !(dark_ || forgotten_) || half(setting_.sut).ended; };
  while (!is_over() && half(setting_.sut).socket) {
    const net::PeerSocket peer = half(setting_.sut).socket->peer_socket(setting_.system_table.get());
    if (peer == net::PeerSocket::unknown && resets) {
      pending_.push_back({fault::SendReset{setting_.sut, false}});
      changed_.notify();
      co_return;
    }
    if (peer != net::PeerSocket::open) {
      record(record::StreamEnded{.side = setting_.sut, .waits = true});
      co_return;
    }
    const auto next = Clock::now() + shortest_look;
    while (!is_over() && Clock::now() < next) co_await changed_.wait_until(next);
  }
}

net::Task<void> Connection::watch_middlebox(ActiveFault& active) {
  while (!closing_ && !active.withdrawn) {
    const auto due = active.fault->due(activity_, active.armed);
    if (!due) co_return;
    if (Clock::now() < *due) {
      co_await changed_.wait_until(*due);
    } else if (const auto rest = active.spec()->on_network ? rest_of_flow() : std::nullopt) {
      const auto look_again = Clock::now() + std::clamp(*rest, shortest_look, longest_look);
      while (!closing_ && !active.withdrawn && Clock::now() < look_again)
        co_await changed_.wait_until(look_again);
    } else {
      fire(active);
      forgotten_ = active.spec()->on_network;
      if (forgotten_) co_await watch_unseen_end(active.spec()->end == fault::EndWish::reset_next);
      co_return;
    }
  }
}

void Connection::watch_for_idle(Duration idle) {
  if (std::ranges::find(watched_idles_, idle) != watched_idles_.end()) return;
  watched_idles_.push_back(idle);
  tasks_.spawn(watch_idle(idle));
}

net::Task<void> Connection::watch_idle(Duration idle) {
  Clock::time_point told{};
  while (!closing_ && setting_.asks_for_idle(idle)) {
    const auto last = std::max(activity_.client, activity_.server);
    const auto due = last + idle;
    if (told == last) {
      co_await changed_.wait();
    } else if (Clock::now() < due) {
      co_await changed_.wait_until(due);
    } else {
      told = last;
      if (opened_) record(record::IdleReached{idle.count()});
    }
  }
  std::erase(watched_idles_, idle);
}

/// Applies every active fault in turn to a unit.
Connection::Treated Connection::treat(fault::Unit unit) {
  using Kind = fault::Treatment::Kind;
  Treated treated;
  Passage& passage = treated.passage;
  passage.bytes = std::string(unit.bytes);
  passage.due = Clock::now();
  std::vector<ActiveFault*> present;  // a fault that fires may add another one meanwhile
  for (const auto& active : faults_) present.push_back(active.get());
  for (ActiveFault* active : present) {
    if (!active->active || treated.dropped) continue;
    unit.bytes = passage.bytes;
    fault::Treatment treatment = active->fault->treat(unit, situation());
    if (treatment.kind == Kind::pass) continue;
    if (treatment.strikes && !std::exchange(active->fired, true)) {
      record(record::FaultFired{active->spec()->name, active->spec()->inject, fault::describe(treatment)});
    }
    if (treatment.kind == Kind::drop || treatment.kind == Kind::replace || treatment.kind == Kind::aside)
      unchanged_ = false;
    switch (treatment.kind) {
      case Kind::pass:
        break;
      case Kind::drop:
        treated.dropped = true;
        break;
      case Kind::replace:
        passage.bytes = std::move(treatment.bytes);
        break;
      case Kind::delay:
        passage.due += treatment.delay;
        break;
      case Kind::hold:
        passage.held += treatment.delay;
        break;
      case Kind::aside:
        treated.aside_until =
            std::max(treated.aside_until.value_or(Clock::time_point()), Clock::now() + treatment.delay);
        break;
      case Kind::pace:
        passage.rate = passage.rate == 0 ? treatment.rate : std::min(passage.rate, treatment.rate);
        break;
      case Kind::slice:
        passage.slices = std::move(treatment.sizes);
        passage.between = treatment.delay;
        break;
    }
    treated.then.insert(treated.then.end(), treatment.then.begin(), treatment.then.end());
  }
  return treated;
}

}  // namespace wsfault::actor
