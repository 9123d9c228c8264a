// The flow of a connection: read, record, let faults strike, forward.
#include "actor/connection.hpp"

#include <algorithm>

#include "net/dial.hpp"

namespace wsfault::actor {
namespace {

using fault::Clock;
using fault::Unit;

constexpr std::size_t read_buffer = 16 * 1024;
constexpr Duration dial_limit = std::chrono::seconds(5);

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

/// What was offered: the values of the headers that it takes away.
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

Connection::Connection(const LinkSetting& setting, net::Socket client, std::string party, int number)
    : setting_(setting),
      party_(std::move(party)),
      number_(number),
      executor_(client.executor()),
      halves_{Half(
                  executor_, Side::client, [this](record::What what) { record(std::move(what)); },
                  setting.tells_forwarded),
              Half(
                  executor_, Side::server, [this](record::What what) { record(std::move(what)); },
                  setting.tells_forwarded)},
      random_(setting.seed ^ (0x9E3779B97F4A7C15ULL * static_cast<std::uint64_t>(number))),
      changed_(executor_),
      tasks_(executor_) {
  half(Side::client).socket = std::move(client);
  const auto now = Clock::now();
  activity_ = {now, now, now, now};
}

void Connection::record(record::What what) {
  if (std::holds_alternative<record::Opened>(what)) opened_ = true;
  if (const auto* response = std::get_if<record::ResponseSeen>(&what)) note_answer(response->tap);
  if (number_ != uncounted) setting_.log->record(where(), std::move(what));
}

net::Task<void> Connection::run(std::vector<const fault::FaultSpec*> standing) {
  record(record::Accepted{half(Side::client).socket->peer()});
  for (const fault::FaultSpec* spec : standing) strike(*spec);
  co_await run_pending();
  co_await meet_client();
  Half& client = half(Side::client);
  if (!client.gone) tasks_.spawn(write_to(Side::client));
  if (dials_ && !closing_) co_await dial();
  tasks_.spawn(watch_pending());
  for (const Duration idle : setting_.idles) tasks_.spawn(watch_idle(idle));
  for (const Side side : {Side::client, Side::server}) {
    if (half(side).socket && !half(side).gone) tasks_.spawn(pump(side));
  }
  if (Half& server = half(Side::server); server.socket && !server.gone) tasks_.spawn(write_to(Side::server));
  while (!over()) co_await changed_.wait();
  abort();
  co_await tasks_.join();
  record(record::ConnectionOver{});
}

net::Task<void> Connection::write_to(Side side) {
  co_await half(side).outbox.run(*half(side).socket);
  changed_.notify();
}

bool Connection::over() {
  if (closing_) return true;
  return std::ranges::all_of(halves_, [](Half& half) {
    if (!half.socket || half.gone) return true;
    return half.ended && (half.outbox.fin_sent() || half.outbox.broken());
  });
}

void Connection::abort() {
  closing_ = true;
  for (Half& half : halves_) {
    half.outbox.close();
    if (half.socket && !half.gone) half.socket->close();
    half.gone = true;
  }
  changed_.notify();
}

net::Task<void> Connection::dial() {
  auto result =
      co_await net::dial(setting_.target_host, setting_.target_port, dial_limit, [this](std::uint16_t port) {
        if (setting_.dialling) setting_.dialling(port, number_);
      });
  if (closing_) co_return;
  if (result.socket) {
    half(Side::server).socket = std::move(*result.socket);
    record(record::Dialled{});
    co_await meet_server();
    co_return;
  }
  record(record::DialFailed{result.error});
  co_await reset(Side::client, false);  // accepted, then refused
}

// --- one direction

net::Task<void> Connection::pump(Side from) {
  Half& source = half(from);
  std::vector<char> buffer(read_buffer);
  while (!source.gone) {
    const auto result = co_await source.socket->read_some(buffer);
    while (source.stalled && !source.gone) co_await changed_.wait();
    if (result.cancelled || source.gone) break;
    if (reset_next_) {
      co_await reset(Side::client, false);
      co_await reset(Side::server, false);
      break;
    }
    if (result.end) {
      co_await peer_ended(from, *result.end);
      break;
    }
    co_await take(from, std::string_view(buffer.data(), result.size));
  }
  changed_.notify();
}

/// Cuts the input where a moment asks for an exact byte.
net::Task<void> Connection::take(Side from, std::string_view bytes) {
  Half& source = half(from);
  while (!bytes.empty() && !source.gone) {
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
    if (stop == 0) continue;
    co_await half(wire::opposite(from)).outbox.emptied(std::chrono::seconds(1));
    record(record::ByteReached{from, stop});
    co_await run_pending();
  }
}

net::Task<void> Connection::read_units(Side from, std::string_view bytes) {
  Half& source = half(from);
  if (transparent(from)) {
    // Exact bytes are wanted: they pass as they come, and reading them only tells what they are.
    ReadStep piece;
    piece.unit = Unit::Kind::piece;
    piece.bytes = bytes;
    std::string_view rest = bytes;
    while (true) {
      ReadStep step = source.sent.next(rest, false);
      rest.remove_prefix(step.consumed);
      const bool idle = step.consumed == 0 && !step.unit && step.events.empty();
      note_head(from, step);
      for (record::What& event : step.events) record(std::move(event));
      if (step.forwarded.frame != 0) piece.forwarded = step.forwarded;
      if (step.forwarded.close) source.close_seen = true;
      if (idle) break;
    }
    co_await run_pending();
    co_await forward(from, std::move(piece));
    co_return;
  }
  while (!source.gone) {
    ReadStep step = source.sent.next(bytes, whole_messages());
    bytes.remove_prefix(step.consumed);
    if (step.consumed == 0 && !step.unit && step.events.empty()) co_return;
    note_head(from, step);
    for (record::What& event : std::exchange(step.events, {})) {
      if (std::holds_alternative<record::FrameSeen>(event))
        touch(from, std::get<record::FrameSeen>(event).opcode < 8);
      record(std::move(event));
    }
    co_await run_pending();
    if (source.gone) co_return;
    if (whole_messages()) source.sent.hold_message(step);
    if (step.unit) co_await forward(from, std::move(step));
  }
}

void Connection::note_head(Side from, ReadStep& step) {
  for (record::What& event : step.events) {
    if (auto* request = std::get_if<record::RequestSeen>(&event)) {
      plain_http_ = !request->upgrade;
      wire::RequestHead passed_on = request->head;
      // Where bytes pass as they come nothing can be taken away.
      if (setting_.declines_compression && !transparent(from)) {
        request->declined = take_extensions(passed_on.headers);
        if (!request->declined.empty()) step.held = wire::serialize(passed_on);
      }
      half(Side::server).sent.set_request(passed_on);
      // The client asked for what it asked for: its 101 is the answer to that.
      half(Side::client).outbox.arrived().set_request(request->head);
    }
  }
}

/// Each peer is bound by the 101 that it saw: the server by the one that it sent, the client by what arrived.
void Connection::note_answer(record::Tap tap) {
  Half& client = half(Side::client);
  Half& server = half(Side::server);
  if (tap == record::Tap::arrived && client.outbox.arrived().agreed_on_compression())
    client.sent.allow_compression();
  if (tap == record::Tap::sent && server.sent.agreed_on_compression())
    server.outbox.arrived().allow_compression();
}

bool Connection::whole_messages() const {
  return setting_.holds_messages || std::ranges::any_of(faults_, [](const auto& active) {
           return active->active && active->fault->wants_messages();
         });
}

bool Connection::transparent(Side from) const {
  if (setting_.untouched) return true;
  return std::ranges::any_of(setting_.bytes, [from](const auto& byte) { return byte.first == from; });
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
  if (step.unit == Unit::Kind::control && step.opcode == 8) source.close_seen = true;
  if (source.detached || source.swallowed) co_return;
  Unit unit{.kind = *step.unit,
            .from = from,
            .bytes = step.content(),
            .opcode = step.opcode,
            .request = source.sent.request() ? &*source.sent.request() : nullptr,
            .response = from == Side::server && source.sent.response() ? &*source.sent.response() : nullptr};
  Treated treated = treat(unit);
  if (!treated.dropped) sink.outbox.push(std::move(treated.passage), step.forwarded);
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
  const std::string rest = source.sent.at_end(events);
  for (record::What& event : events) record(std::move(event));
  if (!rest.empty() && !source.detached && !source.swallowed && !transparent(from)) {
    sink.outbox.push(rest, Clock::now(), {}, false);
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
  // Who gives up a handshake that hangs is gone for the other side, too.
  const bool gave_up = source.conduct == net::TlsConduct::hangs;
  if (gave_up) source.outbox.push_fin();
  if ((source.swallowed || source.detached) && !gave_up) co_return;
  if (end.kind == net::EndKind::fin) {
    const Unit fin{.kind = Unit::Kind::fin, .from = from};
    Treated treated = treat(fin);
    if (!treated.dropped) sink.outbox.push_fin(treated.passage.due);
    co_await run_actions(std::move(treated.then), 0, true);
  } else {
    co_await reset(wire::opposite(from), true);
  }
}

/// A party that sent FIN may still die: its RST is passed on, too.
net::Task<void> Connection::watch_reset(Side from) {
  Half& source = half(from);
  if (!co_await source.socket->wait_reset() || source.gone) co_return;
  record(record::StreamEnded{record::Tap::sent, from, record::EndKind::reset, 0, 0, {}});
  source.outbox.close();
  source.socket->close();
  source.gone = true;
  changed_.notify();
  if (!source.swallowed && !source.detached) co_await reset(wire::opposite(from), true);
}

}  // namespace wsfault::actor
