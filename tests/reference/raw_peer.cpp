// Scripted ends of connections.
#include "reference/raw_peer.hpp"

#include <array>
#include <utility>

#include "wire/handshake.hpp"

namespace wsfault::reference {
namespace {

constexpr wire::MaskingKey some_key{1, 2, 3, 4};

}  // namespace

RawConnection::RawConnection(net::Socket connected, wire::Side own_side)
    : socket(std::move(connected)), own_side_(own_side), inbox_(wire::opposite(own_side)) {}

net::Task<void> RawConnection::send(std::string bytes) { co_await socket.write(bytes); }

net::Task<void> RawConnection::send_frame(wire::Opcode opcode, std::string payload) {
  wire::FrameSpec frame;
  frame.opcode = static_cast<std::uint8_t>(opcode);
  frame.payload = payload;
  if (own_side_ == wire::Side::client) frame.masking_key = some_key;
  const std::string bytes = wire::encode_frame(frame);
  co_await socket.write(bytes);
}

net::Task<void> RawConnection::send_close(std::uint16_t code, std::string reason) {
  const std::string body = wire::close_payload(code, reason);
  co_await send_frame(wire::Opcode::close, body);
}

net::Task<std::string> RawConnection::read_head() {
  std::array<char, 4096> buffer;
  while (!wire::head_size(head_bytes_)) {
    const net::ReadResult read = co_await socket.read_some(buffer);
    if (read.size == 0) {
      stream_end = read.end;
      co_return head_bytes_;
    }
    head_bytes_.append(buffer.data(), read.size);
  }
  const std::size_t size = *wire::head_size(head_bytes_);
  std::string head = head_bytes_.substr(0, size);
  for (Incoming& incoming : inbox_.take(std::string_view(head_bytes_).substr(size))) {
    ready_.push_back(std::move(incoming));
  }
  co_return head;
}

net::Task<bool> RawConnection::read_more() {
  std::array<char, 16384> buffer;
  const net::ReadResult read = co_await socket.read_some(buffer);
  if (read.size == 0) stream_end = read.end;
  for (Incoming& incoming : inbox_.take({buffer.data(), read.size})) ready_.push_back(std::move(incoming));
  co_return read.size > 0;
}

net::Task<std::optional<Incoming>> RawConnection::next() {
  for (;;) {
    while (ready_.empty()) {
      const bool more = co_await read_more();
      if (!more) co_return std::nullopt;
    }
    Incoming incoming = std::move(ready_.front());
    ready_.pop_front();
    if (incoming.kind == Incoming::Kind::text) texts.push_back(incoming.payload);
    if (incoming.kind != Incoming::Kind::ping) co_return incoming;
    ++pings;
    if (answers_pings) co_await send_frame(wire::Opcode::pong, incoming.payload);
  }
}

net::Task<std::optional<std::string>> RawConnection::next_text() {
  for (;;) {
    const auto incoming = co_await next();
    if (!incoming) co_return std::nullopt;
    if (incoming->kind == Incoming::Kind::text) co_return incoming->payload;
  }
}

net::Task<std::optional<int>> RawConnection::next_close() {
  for (;;) {
    const auto incoming = co_await next();
    if (!incoming) co_return std::nullopt;
    if (incoming->kind == Incoming::Kind::close) co_return incoming->close_code;
  }
}

net::Task<net::StreamEnd> RawConnection::end() {
  for (;;) {
    const auto incoming = co_await next();
    if (!incoming) co_return stream_end.value_or(net::StreamEnd{});
  }
}

net::Task<void> RawConnection::accept_upgrade(std::string glued) {
  const std::string head = co_await read_head();
  const auto request = wire::parse_request(head);
  if (!request) co_return;
  const auto key = wire::find_header(request->headers, "Sec-WebSocket-Key").value_or("");
  const std::string answer =
      wire::serialize(wire::ResponseHead{101,
                                         "Switching Protocols",
                                         11,
                                         {{"Upgrade", "websocket"},
                                          {"Connection", "Upgrade"},
                                          {"Sec-WebSocket-Accept", wire::accept_key(key)}}});
  co_await send(answer + glued);
}

net::Task<std::string> RawConnection::upgrade() {
  const std::string request =
      wire::serialize(wire::RequestHead{"GET",
                                        "/",
                                        11,
                                        {{"Host", "127.0.0.1"},
                                         {"Upgrade", "websocket"},
                                         {"Connection", "Upgrade"},
                                         {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="},
                                         {"Sec-WebSocket-Version", "13"}}});
  co_await send(request);
  co_return co_await read_head();
}

net::Task<void> RawConnection::echo() {
  for (;;) {
    const auto text = co_await next_text();
    if (!text) co_return;
    co_await send_frame(wire::Opcode::text, *text);
  }
}

RawServer::RawServer(Loop& loop, Script script)
    : loop_(loop), script_(std::move(script)), listener_(loop.executor(), "127.0.0.1") {
  listener_.listen();
  loop.start(accept_all());
}

net::Task<void> RawServer::accept_all() {
  while (auto socket = co_await listener_.accept()) {
    connections_.push_back(std::make_unique<RawConnection>(std::move(*socket), wire::Side::server));
    loop_.start(script_(*connections_.back(), static_cast<int>(connections_.size())));
  }
}

}  // namespace wsfault::reference
