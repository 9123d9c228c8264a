// Faults on a connection: when they fire and heal, and how their actions are done.
#include <algorithm>

#include "actor/connection.hpp"
#include "fault/catalogue.hpp"

namespace wsfault::actor {
namespace {

using fault::Clock;

constexpr Duration flushed_within = std::chrono::seconds(1);

}  // namespace

fault::Situation Connection::situation() {
  const auto& request = half(Side::client).sent.request();
  return {random_, request ? &*request : nullptr, setting_.sut};
}

// --- firing and healing

void Connection::strike(const fault::FaultSpec& spec) {
  if (closing_) return;
  const fault::Entry* entry = fault::find_entry(spec.inject);
  auto active = std::make_unique<ActiveFault>();
  active->spec = &spec;
  active->fault = entry->make(spec);
  active->armed = Clock::now();
  // Several faults apply in the order of the file, whichever fired first.
  const auto later = [&](const auto& other) { return other->spec->index > spec.index; };
  const auto place = std::ranges::find_if(faults_, later);
  ActiveFault& placed = **faults_.insert(place, std::move(active));
  if (spec.middlebox) {
    tasks_.spawn(watch_middlebox(placed));
  } else if (spec.after > Duration(0)) {
    tasks_.spawn(fire_later(placed));
  } else {
    fire(placed);
  }
}

net::Task<void> Connection::fire_later(ActiveFault& active) {
  const auto due = Clock::now() + active.spec->after;
  while (!closing_ && Clock::now() < due) co_await changed_.wait_until(due);
  if (!closing_) fire(active);
}

void Connection::fire(ActiveFault& active) {
  active.active = true;
  fault::Actions actions = active.fault->fire(situation());
  if (!actions.empty()) {
    active.fired = true;
    record(record::FaultFired{active.spec->name, active.spec->inject, fault::describe(actions)});
    pending_.push_back(std::move(actions));
    changed_.notify();
  }
  if (active.spec->lasts) tasks_.spawn(heal_later(active));
}

net::Task<void> Connection::heal_later(ActiveFault& active) {
  const auto due = Clock::now() + *active.spec->lasts;
  while (!closing_ && Clock::now() < due) co_await changed_.wait_until(due);
  if (!closing_) heal(active);
}

void Connection::heal(ActiveFault& active) {
  active.active = false;
  record(record::FaultHealed{active.spec->name});
  pending_.push_back(active.fault->heal());
  changed_.notify();
}

net::Task<void> Connection::watch_middlebox(ActiveFault& active) {
  while (!closing_) {
    const auto due = active.fault->due(activity_, active.armed);
    if (!due) co_return;
    if (Clock::now() >= *due) {
      fire(active);
      co_return;
    }
    co_await changed_.wait_until(*due);
  }
}

net::Task<void> Connection::watch_idle(Duration idle) {
  Clock::time_point told{};
  while (!closing_) {
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
    if (!std::exchange(active->fired, true)) {
      record(record::FaultFired{active->spec->name, active->spec->inject, fault::describe(treatment)});
    }
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

// --- doing

/// Faults may fire while nothing is being read: by timers, other links, processes.
net::Task<void> Connection::watch_pending() {
  while (!closing_) {
    if (pending_.empty()) {
      co_await changed_.wait();
    } else {
      co_await run_pending();
    }
  }
}

net::Task<void> Connection::run_pending() {
  while (!pending_.empty()) {
    fault::Actions actions = std::move(pending_.front());
    pending_.erase(pending_.begin());
    co_await run_actions(std::move(actions), 0, true);
  }
}

/// Runs actions in order. `inline_only`: the reader of a direction is waiting, so from the first action that
/// would wait they continue in a separate task, and the reader reads on.
net::Task<void> Connection::run_actions(fault::Actions actions, std::size_t first, bool inline_only) {
  for (std::size_t i = first; i < actions.size() && !closing_; ++i) {
    if (inline_only && would_wait(actions[i])) {
      tasks_.spawn(run_actions(std::move(actions), i, false));
      co_return;
    }
    co_await perform(actions[i]);
  }
}

/// The peer is inside a frame or a message that must not be split.
bool Connection::must_await(Side to, fault::Boundary boundary) {
  const Half& source = half(wire::opposite(to));
  return (boundary == fault::Boundary::frame && source.mid_frame) ||
         (boundary == fault::Boundary::message && (source.mid_message || source.mid_frame));
}

bool Connection::would_wait(const fault::Action& action) {
  if (const auto* inject = std::get_if<fault::Inject>(&action)) {
    return must_await(inject->to, inject->boundary);
  }
  if (const auto* inject = std::get_if<fault::InjectStream>(&action)) {
    return must_await(inject->to, inject->boundary);
  }
  return std::holds_alternative<fault::AwaitClose>(action) ||
         std::holds_alternative<fault::AwaitBytes>(action) || std::holds_alternative<fault::Wait>(action);
}

struct Connection::Performer {
  Connection& self;

  net::Task<void> operator()(fault::Inject action) {
    co_await self.boundary(action.to, action.boundary);
    if (self.closing_) co_return;
    self.half(action.to).outbox.push(std::move(action.bytes), Clock::now(), {}, true);
  }
  net::Task<void> operator()(fault::InjectStream action) {
    co_await self.boundary(action.to, action.boundary);
    if (!self.closing_) self.half(action.to).outbox.push_stream(std::move(action.next));
  }
  net::Task<void> operator()(fault::SendFin action) {
    self.half(action.to).outbox.push_fin({}, action.truncates);
    co_return;
  }
  net::Task<void> operator()(fault::SendReset action) { co_await self.reset(action.to, action.flush); }
  net::Task<void> operator()(fault::Detach action) {
    if (self.half(action.from).lets_go) self.let_go(action.from);
    self.half(action.from).detached = true;
    co_return;
  }
  net::Task<void> operator()(fault::Swallow action) {
    self.half(action.from).swallowed = true;
    co_return;
  }
  net::Task<void> operator()(fault::Stall action) {
    self.half(action.from).stalled = true;
    // A reset can be seen even while nothing is read from that side.
    if (self.half(action.from).socket) self.tasks_.spawn(self.watch_reset(action.from));
    co_return;
  }
  net::Task<void> operator()(fault::Resume action) {
    Half& source = self.half(action.from);
    source.swallowed = false;
    source.stalled = false;
    // A swallowed end is passed on when the path heals.
    if (!source.ended || source.detached) co_return;
    const Side to = wire::opposite(action.from);
    if (source.end && source.end->kind == net::EndKind::fin) {
      self.half(to).outbox.push_fin();
    } else {
      co_await self.reset(to, true);
    }
  }
  net::Task<void> operator()(fault::NoDial) {
    self.dials_ = false;
    co_return;
  }
  net::Task<void> operator()(fault::ShowCertificate action) {
    self.shown_ = action.shown;
    co_return;
  }
  net::Task<void> operator()(fault::Misconduct action) {
    self.half(action.to).conduct = action.hangs ? net::TlsConduct::hangs : net::TlsConduct::aborts;
    co_return;
  }
  net::Task<void> operator()(fault::AwaitClose action) {
    const auto due = Clock::now() + action.limit;
    Half& source = self.half(action.from);
    while (!self.closing_ && !source.close_seen && !source.ended && Clock::now() < due) {
      co_await self.changed_.wait_until(due);
    }
  }
  net::Task<void> operator()(fault::AwaitBytes action) {
    Half& source = self.half(action.from);
    while (!self.closing_ && source.read < action.bytes && !source.ended) co_await self.changed_.wait();
  }
  net::Task<void> operator()(fault::ResetNext) {
    self.reset_next_ = true;
    co_return;
  }
  net::Task<void> operator()(fault::Wait action) {
    const auto due = Clock::now() + action.duration;
    while (!self.closing_ && Clock::now() < due) co_await self.changed_.wait_until(due);
  }
  net::Task<void> operator()(fault::Tell action) {
    self.record(action.effect);
    co_return;
  }
  // Effects on a link or a party do not come from a connection's fault.
  net::Task<void> operator()(fault::StopListening) { co_return; }
  net::Task<void> operator()(fault::StartListening) { co_return; }
  net::Task<void> operator()(fault::Signal) { co_return; }
  net::Task<void> operator()(fault::StartProcess) { co_return; }
  net::Task<void> operator()(fault::Reload) { co_return; }
  net::Task<void> operator()(fault::RunCommand) { co_return; }
};

net::Task<void> Connection::perform(fault::Action action) {
  co_await std::visit(Performer{*this}, std::move(action));
  changed_.notify();
}

net::Task<void> Connection::boundary(Side to, fault::Boundary boundary) {
  ++waiting_injections_;
  while (must_await(to, boundary) && !closing_) co_await changed_.wait();
  --waiting_injections_;
}

net::Task<void> Connection::reset(Side to, bool flush) {
  Half& half = this->half(to);
  if (!half.socket || half.gone) co_return;
  if (flush) {
    co_await half.outbox.emptied(flushed_within);
    if (half.gone) co_return;
    co_await half.socket->drained(flushed_within);
    if (half.gone) co_return;
  }
  const std::uint64_t lost = half.outbox.queued() + half.socket->unacknowledged();
  half.outbox.close();
  half.socket->send_reset();
  half.gone = true;
  record(record::StreamEnded{record::Tap::arrived, to, record::EndKind::reset, 0, lost,
                             half.outbox.arrived().inside()});
  changed_.notify();
}

}  // namespace wsfault::actor
