// What faults do to a connection: their actions, in order.
#include "actor/connection.hpp"

namespace wsfault::actor {

using fault::Clock;

namespace {

constexpr Duration flushed_within = std::chrono::seconds(1);

}  // namespace

/// Faults may fire while nothing is being read: by timers, other links, processes.
net::Task<void> Connection::watch_pending() {
  while (!closing_) {
    if (pending_.empty()) {
      co_await changed_.wait();
    } else {
      co_await run_pending();
      changed_.notify();
    }
  }
}

net::Task<void> Connection::run_pending() {
  while (!pending_.empty()) {
    fault::ConnectionActions actions = std::move(pending_.front());
    pending_.erase(pending_.begin());
    co_await run_actions(std::move(actions), 0, true);
  }
}

/// Runs actions in order. `inline_only`: the reader of a direction is waiting, so from the first action that
/// would wait they continue in a separate task, and the reader reads on.
net::Task<void> Connection::run_actions(fault::ConnectionActions actions, std::size_t first,
                                        bool inline_only) {
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

bool Connection::would_wait(const fault::ConnectionAction& action) {
  if (const auto* inject = std::get_if<fault::Inject>(&action)) {
    return must_await(inject->to, inject->boundary);
  }
  if (const auto* inject = std::get_if<fault::InjectStream>(&action)) {
    return must_await(inject->to, inject->boundary);
  }
  return (dark_ && std::holds_alternative<fault::SendReset>(action)) ||
         std::holds_alternative<fault::AwaitClose>(action) ||
         std::holds_alternative<fault::AwaitBytes>(action);
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
    self.half(action.from).cut_off(&Half::detached, action.end_passes);
    co_return;
  }
  net::Task<void> operator()(fault::Swallow action) {
    self.half(action.from).cut_off(&Half::swallowed, action.end_passes);
    co_return;
  }
  net::Task<void> operator()(fault::Stall action) {
    self.half(action.from).stalled = true;
    // A reset can be seen even while nothing is read from that side.
    if (!self.half(action.from).socket) co_return;
    self.tasks_.spawn(self.watch_reset(action.from));
    self.tasks_.spawn(self.watch_waiting_end(action.from));
    co_return;
  }
  net::Task<void> operator()(fault::Release action) {
    self.release(action.from, action.units);
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
  net::Task<void> operator()(fault::Tell action) {
    self.record(action.effect);
    co_return;
  }
};

net::Task<void> Connection::perform(fault::ConnectionAction action) {
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
  while (dark_ && !closing_ && !half.gone) co_await changed_.wait();
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
  if (auto head = half.outbox.arrived().half_an_answer()) record(*std::move(head));
  cut_bodies(to);
  record(record::StreamEnded{record::Tap::arrived, to, record::EndKind::reset, 0, lost,
                             half.outbox.arrived().inside()});
  changed_.notify();
}

}  // namespace wsfault::actor
