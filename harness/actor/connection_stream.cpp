// Reads one side of a connection, and forwards what its faults leave of it.
#include <algorithm>
#include <utility>

#include "actor/connection.hpp"
#include "net/dial.hpp"
#include "net/shortage.hpp"

namespace wsfault::actor {
namespace {

using fault::Clock;
using fault::Unit;

constexpr std::size_t read_buffer = 16 * 1024;
/// Of Passing::as_needed, where many connections are silent and few carry much.
constexpr std::size_t least_buffer = 2 * 1024, largest_buffer = 64 * 1024;

record::EndKind end_kind(net::EndKind kind) {
  switch (kind) {
    case net::EndKind::fin:
      return record::EndKind::fin;
    case net::EndKind::reset:
      return record::EndKind::reset;
    case net::EndKind::error:
      return record::EndKind::error;
  }
  return record::EndKind::error;
}

/// The values of the headers that the link removes: the extensions offered.
std::string take_extensions(wire::Headers& headers) {
  std::string offered;
  std::erase_if(headers, [&](const wire::Header& header) {
    const bool offers = wire::find_header({header}, "Sec-WebSocket-Extensions").has_value();
    if (offers) offered += (offered.empty() ? "" : ", ") + header.value;
    return offers;
  });
  return offered;
}

}  // namespace

net::Task<void> Connection::pump(Side from) {
  Half& source = half(from);
  const bool grows = setting_.passing == Passing::as_needed;
  std::vector<char> buffer(grows ? least_buffer : read_buffer);
  while (!source.gone) {
    if (returning_) {
      source.paused = true;
      break;
    }
    const auto result = co_await source.socket->read_some(buffer);
    while (source.stalled && !source.gone) co_await changed_.wait();
    if (source.gone || closing_) break;
    if (!result.end && (returning_ || result.cancelled)) {
      source.unread.assign(buffer.data(), result.size);
      source.paused = true;
      break;
    }
    if (reset_next_) {
      co_await reset(Side::client, false);
      co_await reset(Side::server, false);
      break;
    }
    if (result.end) {
      returning_ = false;
      co_await peer_ended(from, *result.end);
      break;
    }
    co_await take(from, std::string_view(buffer.data(), result.size));
    if (grows && result.size == buffer.size() && result.size < largest_buffer)
      buffer.resize(std::min(buffer.size() * 4, largest_buffer));
  }
  changed_.notify();
}

/// Cuts the input where a moment asks for an exact byte.
net::Task<void> Connection::take(Side from, std::string_view bytes) {
  Half& source = half(from);
  source.lets_go = false;
  while (!bytes.empty() && !source.gone) {
    choose_passing(source);
    std::size_t size = bytes.size();
    std::uint64_t stop = 0;
    for (const auto& [side, offset] : setting_.bytes) {
      if (side == from && offset > source.read && offset - source.read <= size) {
        size = static_cast<std::size_t>(offset - source.read);
        stop = offset;
      }
    }
    source.read += size;
    touch(from, false);
    co_await read_units(from, bytes.substr(0, size));
    bytes.remove_prefix(size);
    source.taken += size;
    if (waiting_for_passage_ > 0) changed_.notify();
    if (stop == 0) continue;
    co_await half(wire::opposite(from)).outbox.emptied(std::chrono::seconds(1));
    record(record::ByteReached{from, stop});
    co_await run_pending();
  }
}

net::Task<void> Connection::read_units(Side from, std::string_view bytes) {
  Half& source = half(from);
  while (!source.gone) {
    // A moment at a byte may have begun to be waited for inside a unit: what is held back of it goes first. And it may
    // be taken back inside one, of which a part has gone on then.
    const bool passes = transparent(from) || (source.passes && !source.sent.between_units());
    if (passes && !std::exchange(source.passes, passes)) co_await let_go_of_held(from);
    source.passes = passes;
    if (!passes) {
      const bool goes_on = co_await read_unit(from, bytes);
      if (!goes_on) co_return;
      continue;
    }
    if (bytes.empty()) co_return;
    co_await pass_as_they_come(from, bytes);
    choose_passing(source);
  }
}

/// A message is counted where its last frame begins, or where it is told.
void Connection::note_read_again(const Half& source) {
  if (source.sent.skips() && source.sent.skips_end_of_message())
    --setting_.untold->tally.messages[relay::index_of(source.sent.from())];
}

net::Task<void> Connection::let_go_of_held(Side from) {
  ReadStep piece;
  piece.unit = Unit::Kind::piece;
  piece.held = half(from).sent.held_bytes();
  piece.starts = half(from).sent.held_starts();
  if (!piece.held.empty()) co_await forward(from, std::move(piece));
}

/// They are read only to record what they are; as far as the next place between two units, if units are needed from
/// there on.
net::Task<void> Connection::pass_as_they_come(Side from, std::string_view& bytes) {
  Half& source = half(from);
  const bool is_to_end = !transparent(from) || (source.as_they_come && setting_.unit_needs > 0);
  ReadStep piece;
  piece.unit = Unit::Kind::piece;
  std::string_view rest = bytes;
  const std::uint64_t begin = source.sent.position();
  while (true) {
    if (is_untold(from)) {
      rest.remove_prefix(source.sent.skip(rest, setting_.untold->tally, setting_.untold->stops));
      // Else the frame that is read may end with what was read last.
      if (rest.empty() && source.sent.skips()) break;
    }
    note_read_again(source);
    ReadStep step = source.sent.next(rest, false);
    rest.remove_prefix(step.consumed);
    const bool idle = step.consumed == 0 && !step.unit && step.events.empty();
    note_head(from, step);
    for (record::What& event : step.events) record(std::move(event));
    for (const FrameStart& start : step.starts) {
      const auto at = static_cast<std::int64_t>(source.sent.frame_start()) - static_cast<std::int64_t>(begin);
      piece.starts.push_back({at, start.number});
    }
    if (step.forwarded.frame != 0) piece.forwarded = step.forwarded;
    if (step.forwarded.close) source.close_seen = true;
    if (idle) rest = {};
    if (idle || (is_to_end && source.sent.between_units())) break;
  }
  piece.bytes = bytes.substr(0, bytes.size() - rest.size());
  bytes = rest;
  co_await run_pending();
  co_await forward(from, std::move(piece));
}

/// One step. False: there is nothing more to be made of the bytes.
net::Task<bool> Connection::read_unit(Side from, std::string_view& bytes) {
  Half& source = half(from);
  note_read_again(source);
  ReadStep step = source.sent.next(bytes, whole_messages(from));
  bytes.remove_prefix(step.consumed);
  if (step.consumed == 0 && !step.unit && step.events.empty()) co_return false;
  note_head(from, step);
  for (record::What& event : std::exchange(step.events, {})) {
    if (std::holds_alternative<record::FrameSeen>(event))
      touch(from, std::get<record::FrameSeen>(event).opcode < 8);
    record(std::move(event));
  }
  co_await run_pending();
  if (source.gone) co_return false;
  if (whole_messages(from)) source.sent.hold_message(step);
  if (step.unit) co_await forward(from, std::move(step));
  co_return true;
}

void Connection::note_head(Side from, ReadStep& step) {
  for (record::What& event : step.events) {
    if (std::holds_alternative<record::NotHttp>(event)) show(Sign::broken);
    if (auto* request = std::get_if<record::RequestSeen>(&event)) {
      strike_by_request(*request->head);
      show(request->upgrade ? Sign::upgrade : Sign::plain);
      if (!request->upgrade && setting_.plain) setting_.plain(party_, number_);
      wire::RequestHead passed_on = request->head;
      // If bytes pass as they come, nothing can be removed.
      if (setting_.declines_compression > 0 && !transparent(from)) {
        request->declined = take_extensions(passed_on.headers);
        if (!request->declined.empty()) step.held = wire::serialize(passed_on);
      }
      half(Side::server).sent.set_request(passed_on);
      // The 101 answers the client's own request, not the forwarded one.
      half(Side::client).outbox.arrived().set_request(request->head);
    }
  }
}

/// Each peer is bound by the 101 that it saw: the server by the one it sent, the client by the one that
/// arrived.
void Connection::note_answer(record::Tap tap) {
  Half& client = half(Side::client);
  Half& server = half(Side::server);
  if (tap == record::Tap::arrived && client.outbox.arrived().agreed_on_compression())
    client.sent.allow_compression();
  if (tap == record::Tap::sent && server.sent.agreed_on_compression())
    server.outbox.arrived().allow_compression();
}

bool Connection::whole_messages(Side from) const {
  // A message that is put aside needs a place between two others later.
  const auto& aside = halves_[from == Side::client ? 0 : 1].aside;
  const bool has_aside = std::ranges::find(aside, fault::Boundary::message, &Aside::boundary) != aside.end();
  return setting_.holds_messages > 0 || has_aside || std::ranges::any_of(faults_, [from](const auto& active) {
           return active->active && active->fault->wants_messages() &&
                  fault::covers(active->spec()->direction, from);
         });
}

bool Connection::transparent(Side from) const {
  if (setting_.passing == Passing::as_they_come) return true;
  if (setting_.passing == Passing::as_needed && halves_[from == Side::client ? 0 : 1].as_they_come) return true;
  return std::ranges::any_of(setting_.bytes, [from](const auto& byte) { return byte.first == from; });
}

/// Nobody needs to know of its frames.
bool Connection::is_untold(Side from) const {
  return setting_.untold && setting_.event_needs == 0 && setting_.unit_needs == 0 && setting_.idles.empty() &&
         setting_.tells_forwarded == 0 && transparent(from) && !whole_messages(from);
}

void Connection::choose_passing(Half& source) {
  if (setting_.passing != Passing::as_needed || !source.sent.between_units()) return;
  source.as_they_come = setting_.unit_needs == 0 && setting_.holds_messages == 0 && source.aside.empty();
}

void Connection::touch(Side from, bool data) {
  const auto now = Clock::now();
  (from == Side::client ? activity_.client : activity_.server) = now;
  if (data) activity_.data = now;
  changed_.notify();
}

net::Task<void> Connection::forward(Side from, ReadStep step) {
  Half& source = half(from);
  Half& sink = half(wire::opposite(from));
  const bool is_close = step.unit == Unit::Kind::control && step.opcode == 8;
  source.close_seen = source.close_seen || is_close;
  const bool between = !source.mid_frame && !source.mid_message;
  if (is_close || between) release_due(from, is_close ? Clock::time_point::max() : Clock::now());
  if (source.detached || source.swallowed) co_return;
  Unit unit{.kind = *step.unit,
            .from = from,
            .bytes = step.content(),
            .opcode = step.opcode,
            .number = ++units_,
            .request = source.sent.request() ? &*source.sent.request() : nullptr,
            .response = from == Side::server && source.sent.response() ? &*source.sent.response() : nullptr};
  Treated treated = treat(unit);
  treated.passage.starts = std::move(step.starts);
  // If a fault has changed several frames, only the start of the first is known.
  if (treated.passage.bytes.size() != unit.bytes.size())
    std::erase_if(treated.passage.starts, [](const FrameStart& start) { return start.at > 0; });
  if (treated.aside_until && !treated.dropped) {
    const auto boundary =
        unit.kind == Unit::Kind::message ? fault::Boundary::message : fault::Boundary::frame;
    put_aside(from,
              {unit.number, std::move(treated.passage), step.forwarded, *treated.aside_until, boundary});
  } else if (!treated.dropped) {
    sink.outbox.push(std::move(treated.passage), step.forwarded);
  }
  if (unit.kind != Unit::Kind::control) {
    source.mid_frame = unit.kind == Unit::Kind::piece && !source.sent.at_frame_boundary();
    source.mid_message = unit.kind == Unit::Kind::piece && !source.sent.at_message_boundary();
  }
  changed_.notify();
  // An injection that waits for this boundary goes first.
  if (waiting_injections_ > 0 && !source.mid_frame)
    co_await net::asio::post(executor_, net::asio::use_awaitable);
  if (!treated.then.empty()) co_await run_actions(std::move(treated.then), 0, true);
  co_await sink.outbox.room();
}

net::Task<void> Connection::peer_ended(Side from, net::StreamEnd end) {
  Half& source = half(from);
  Half& sink = half(wire::opposite(from));
  std::vector<record::What> events;
  const std::string inside = source.sent.inside();
  Passage passage{.due = Clock::now(), .starts = source.sent.held_starts()};
  passage.bytes = source.sent.at_end(events);
  if (end.kind == net::EndKind::fin) source.sent.end_body(!end.truncated, events);
  for (record::What& event : events) record(std::move(event));
  if (end.kind != net::EndKind::fin) cut_bodies(from);
  release_due(from, Clock::time_point::max());
  if (!passage.bytes.empty() && !source.detached && !source.swallowed && !transparent(from) &&
      !source.passes) {
    sink.outbox.push(std::move(passage), {});
  }
  source.ended = true;
  record(
      record::StreamEnded{record::Tap::sent, from, end_kind(end.kind), end.error, 0, inside, end.truncated});
  co_await run_pending();
  if (end.kind != net::EndKind::fin) {
    // The socket is dead: nothing can be written to it any more.
    source.outbox.close();
    if (source.socket) source.socket->close();
    source.gone = true;
  }
  source.end = end;
  if (end.kind == net::EndKind::fin) tasks_.spawn(watch_reset(from));
  // A side that gives up a hanging handshake has left for the other side, too.
  const bool gave_up = source.conduct == net::TlsConduct::hangs;
  if (gave_up) source.outbox.push_fin();
  if ((source.swallowed || source.detached) && !source.end_passes && !gave_up) co_return;
  if (end.kind == net::EndKind::fin) {
    const Unit fin{.kind = Unit::Kind::fin, .from = from};
    Treated treated = treat(fin);
    if (!treated.dropped) sink.outbox.push_fin(treated.passage.due);
    co_await run_actions(std::move(treated.then), 0, true);
  } else {
    co_await reset(wire::opposite(from), true);
  }
}

/// The socket of that side is dead: what it has not sent or got of a body by now will not come.
void Connection::cut_bodies(Side of) {
  std::vector<record::What> events;
  half(of).sent.end_body(false, events);
  half(of).outbox.arrived().end_body(false, events);
  for (record::What& event : events) record(std::move(event));
}

/// A party that sent FIN may still die: its RST is also passed on.
net::Task<void> Connection::watch_reset(Side from) {
  Half& source = half(from);
  if (!co_await source.socket->wait_reset() || source.gone) co_return;
  cut_bodies(from);
  record(record::StreamEnded{record::Tap::sent, from, record::EndKind::reset, 0, 0, {}});
  source.outbox.close();
  source.socket->close();
  source.gone = true;
  changed_.notify();
  if ((!source.swallowed && !source.detached) || source.end_passes)
    co_await reset(wire::opposite(from), true);
}

/// While nothing is read from it, a FIN does not arrive: its kernel keeps it behind the bytes that wait.
net::Task<void> Connection::watch_waiting_end(Side from) {
  constexpr std::chrono::milliseconds pause{50};
  Half& source = half(from);
  while (source.stalled && !source.gone && !source.ended) {
    if (source.socket->peer_socket() == net::PeerSocket::ended) {
      record(record::StreamEnded{.side = from, .waits = true});
      co_return;
    }
    // Each look costs a question to the kernel: what goes on in the other direction hurries none.
    const auto next = Clock::now() + pause;
    while (!source.gone && Clock::now() < next) co_await changed_.wait_until(next);
  }
}

}  // namespace wsfault::actor
