// One pump for each direction, joined.
#include "reference/gateway_tunnel.hpp"

#include <poll.h>

#include <array>
#include <utility>

#include "reference/connection.hpp"
#include "reference/idle.hpp"

namespace wsfault::reference {
namespace {

using namespace net::asio::experimental::awaitable_operators;

/// How long the defect forgets-tail waits before it looks for an end.
constexpr Duration tunnel_distraction = std::chrono::milliseconds(250);

/// Of the defect writes-page-into-stream.
constexpr std::string_view error_page =
    "HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\nContent-Length: 70\r\n\r\n"
    "<html><head><title>502 Bad Gateway</title></head><body></body></html>\n";

bool has_hung_up(net::Socket& socket) {
  pollfd state{socket.native_handle(), POLLRDHUP, 0};
  return ::poll(&state, 1, 0) > 0;
}

}  // namespace

std::optional<Duration> effective_idle_limit(const GatewayOptions& options) {
  if (!options.idle_limit || options.defects.has(Defect::no_idle_limit)) return std::nullopt;
  if (options.defects.has(Defect::idle_limit_too_early)) return scaled(*options.idle_limit, 0.3);
  return options.idle_limit;
}

Tunnel::Tunnel(net::Socket client, net::Socket upstream, const GatewayOptions& options)
    : options_(options),
      client_{std::move(client)},
      upstream_{std::move(upstream)},
      broken_(client_.from.executor()),
      one_done_(client_.from.executor()) {
  client_.keeps_end = options.defects.has(Defect::leaves_upstream_open);
  upstream_.keeps_end = options.defects.has(Defect::leaves_client_open);
  upstream_.forgets_tail = options.defects.has(Defect::forgets_tail);
}

net::Task<void> Tunnel::run(std::string client_bytes, StopSignal& leave) {
  // The pump's next read reports how a failed write ended.
  co_await upstream_.from.write(client_bytes);
  const LastSign sign = [this] { return last_sign(); };
  co_await ((pump(client_, upstream_) && pump(upstream_, client_)) || broken_.wait() || leave.wait() ||
            idle_for(effective_idle_limit(options_), sign));
  co_await end_both();
}

net::Task<void> Tunnel::pump(Way& way, Way& back) {
  std::array<char, read_size> buffer;
  for (;;) {
    const net::ReadResult read = co_await way.from.read_some(buffer);
    if (read.cancelled) co_return;
    if (read.size == 0)
      co_return co_await pass_end(way, back, read.end && read.end->kind != net::EndKind::fin);
    last_byte_ = Clock::now();
    if (way.forgets_tail) {
      const bool is_lost = co_await loses_what_was_read(way);
      if (is_lost) continue;
    }
    if (options_.defects.has(Defect::swallows_messages)) continue;
    const std::string_view bytes(buffer.data(), read.size);
    const auto failed = co_await back.from.write(bytes);
    // If nobody reads the other side any more, nothing else would detect that it is dead.
    if (failed && back.done && !back.keeps_end) broken_.request();
  }
}

net::Task<void> Tunnel::pass_end(Way& way, Way& back, bool is_reset) {
  way.done = true;
  one_done_.notify();
  if (way.keeps_end) {
    while (!back.done) co_await one_done_.wait();
    co_return;
  }
  const bool writes_page = &way == &upstream_ && options_.defects.has(Defect::writes_page_into_stream);
  if (writes_page) co_await back.from.write(error_page);
  if (is_reset) co_return broken_.request();
  back.from.send_fin();
}

net::Task<bool> Tunnel::loses_what_was_read(Way& way) {
  co_await net::sleep_for(tunnel_distraction);
  co_return has_hung_up(way.from);
}

/// Sends a FIN to both, and reads on: a close with unread input would be a RST.
net::Task<void> Tunnel::end_both() {
  client_.from.send_fin();
  upstream_.from.send_fin();
  co_await ((read_to_end(client_.from) && read_to_end(upstream_.from)) ||
            net::sleep_for(options_.close_limit.value_or(longest_duration)));
  client_.from.close();
  upstream_.from.close();
}

bool Tunnel::upstream_broke() const {
  const auto end = upstream_.from.ended();
  return end && end->kind != net::EndKind::fin;
}

Tunnel::Clock::time_point Tunnel::last_sign() const {
  const bool end_was_kept = (client_.done && client_.keeps_end) || (upstream_.done && upstream_.keeps_end);
  return end_was_kept ? Clock::now() : last_byte_;
}

}  // namespace wsfault::reference
