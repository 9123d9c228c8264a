// Two connections, and how the end of one affects the other.
#include "reference/gateway_relay.hpp"

#include <algorithm>
#include <utility>
#include <variant>

#include "reference/gateway_tunnel.hpp"
#include "reference/idle.hpp"

namespace wsfault::reference {
namespace {

using namespace net::asio::experimental::awaitable_operators;

constexpr std::uint16_t going_away = 1001;
constexpr std::uint16_t internal_error = 1011;
constexpr std::uint16_t bad_gateway = 1014;
/// How long the defect forgets-tail keeps what came from the upstream. This is longer than a busy machine may
/// delay the end that follows.
constexpr Duration distraction = std::chrono::milliseconds(250);

ConnectionTraits client_traits(const GatewayOptions& options) {
  ConnectionTraits traits;
  traits.close_limit = options.close_limit;
  if (options.max_message) traits.max_message = options.max_message;
  traits.tolerance.bad_frames = options.defects.has(Defect::passes_bad_frames);
  traits.tolerance.bad_close_bodies = options.defects.has(Defect::passes_bad_frames);
  traits.tolerance.illegal_close_codes = options.defects.has(Defect::passes_illegal_codes);
  traits.tolerance.cut_frames = options.defects.has(Defect::takes_reads_for_frames);
  traits.answers_pings = !options.defects.has(Defect::no_pong);
  traits.answers_with_other_data = options.defects.has(Defect::wrong_pong);
  traits.pieces = Pieces::frames;
  return traits;
}

ConnectionTraits upstream_traits(const GatewayOptions& options) {
  ConnectionTraits traits = client_traits(options);
  if (!options.defects.has(Defect::no_idle_limit)) traits.heartbeat = options.heartbeat;
  traits.heartbeat_timeout = options.heartbeat_timeout;
  return traits;
}

bool is_final(std::uint16_t code) { return code == 1008 || code >= 3000; }

}  // namespace

Relay::Relay(RelaySide client, RelaySide upstream, const GatewayOptions& options, Random& random,
             Generation& generation)
    : options_(options),
      generation_(generation),
      held_changed_(client.socket.executor()),
      client_(std::move(client.socket), wire::Side::server, client_traits(options), random, generation.leave,
              std::move(client.first_bytes), [this](const Incoming& frame) { pass_on(frame, upstream_); }),
      upstream_(std::move(upstream.socket), wire::Side::client, upstream_traits(options), random,
                generation.leave, std::move(upstream.first_bytes),
                [this](const Incoming& frame) { take_from_upstream(frame); }) {
  client_.feed(upstream_);
  upstream_.feed(client_);
}

net::Task<void> Relay::run() {
  co_await (conduct() || client_.write_all() || upstream_.write_all() || pass_on_late());
}

net::Task<void> Relay::conduct() {
  const LastSign last_sign = [this] { return std::max(client_.last_sign(), upstream_.last_sign()); };
  auto first = co_await (client_.converse() || upstream_.converse() ||
                         idle_for(effective_idle_limit(options_), last_sign));
  if (generation_.leave.requested()) {
    co_await part_from_both(generation_.close_code);
  } else if (first.index() == 0) {
    co_await client_ended(std::move(std::get<0>(first)));
  } else if (first.index() == 1) {
    held_.clear();
    co_await upstream_ended(std::move(std::get<1>(first)));
  } else {
    co_await part_from_both(going_away);
  }
}

net::Task<void> Relay::client_ended(Ending ending) {
  if (ending.cause == EndCause::close_received) {
    co_await pass_close(client_, std::move(ending), upstream_);
    co_return;
  }
  const bool is_gone = ending.cause == EndCause::stream_ended;
  if (is_gone && options_.defects.has(Defect::leaves_upstream_open)) {
    ending = co_await upstream_.converse();
    co_await end(upstream_, std::move(ending));
    co_return;
  }
  co_await (end(client_, std::move(ending)) && part(upstream_, going_away));
}

net::Task<void> Relay::upstream_ended(Ending ending) {
  if (ending.cause == EndCause::close_received) {
    co_await pass_close(upstream_, std::move(ending), client_);
    co_return;
  }
  upstream_broke_ = ending.cause == EndCause::stream_ended;
  if (upstream_broke_ && options_.defects.has(Defect::dies_with_upstream)) co_return;
  if (options_.defects.has(Defect::leaves_client_open)) {
    co_await client_left_alone(std::move(ending));
    co_return;
  }
  co_await (end(upstream_, std::move(ending)) && part(client_, code_for_dead_upstream()));
}

/// Of the defect leaves-client-open.
net::Task<void> Relay::client_left_alone(Ending ending) {
  co_await end(upstream_, std::move(ending));
  Ending of_client = co_await client_.converse();
  co_await end(client_, std::move(of_client));
}

/// Each side gets the other's Close. If one side does not answer, the first gets an echo of its own Close.
net::Task<void> Relay::pass_close(Connection& from, Ending said, Connection& to) {
  std::string body = passed_on(said);
  Ending answered = co_await to.say_goodbye(std::move(body));
  if (answered.cause == EndCause::close_received) {
    from.send_close(passed_on(answered));
  } else {
    from.answer(said);
  }
  co_await (end(from, std::move(said)) && end(to, std::move(answered)));
}

net::Task<void> Relay::part(Connection& connection, std::uint16_t code) {
  Ending ending = co_await connection.say_goodbye(code);
  co_await connection.end_tcp(ending);
}

net::Task<void> Relay::part_from_both(std::uint16_t client_code) {
  co_await (part(client_, client_code) && part(upstream_, going_away));
}

net::Task<void> Relay::end(Connection& connection, Ending ending) {
  connection.answer(ending);
  const bool keeps = options_.defects.has(Defect::keeps_tcp_open) && ending.cause == EndCause::close_received;
  if (keeps && &connection == &client_) co_await net::sleep_for(longest_duration);
  co_await connection.end_tcp(ending);
}

void Relay::pass_on(Incoming frame, Connection& to) {
  if (options_.defects.has(Defect::swallows_messages)) return;
  if (options_.defects.has(Defect::drops_continuations)) {
    if (frame.header.opcode == static_cast<std::uint8_t>(wire::Opcode::continuation)) return;
    frame.header.fin = true;
  }
  to.pass_on(frame);
}

void Relay::take_from_upstream(const Incoming& frame) {
  if (!options_.defects.has(Defect::forgets_tail)) return pass_on(frame, client_);
  held_.push_back(frame);
  held_changed_.notify();
}

net::Task<void> Relay::pass_on_late() {
  for (;;) {
    while (held_.empty()) co_await held_changed_.wait();
    co_await net::sleep_for(distraction);
    for (const Incoming& frame : std::exchange(held_, {})) pass_on(frame, client_);
  }
}

/// The body of a Close as sent to the other side; empty stays empty.
std::string Relay::passed_on(const Ending& said) const {
  if (options_.defects.has(Defect::rewrites_codes)) return wire::close_payload(internal_error, said.reason);
  if (!said.close_code) return {};
  std::uint16_t code = *said.close_code;
  if (options_.defects.has(Defect::masks_final) && is_final(code)) code = internal_error;
  const bool drops_reason = options_.defects.has(Defect::drops_close_reason);
  return wire::close_payload(code, drops_reason ? std::string_view() : std::string_view(said.reason));
}

std::uint16_t Relay::code_for_dead_upstream() const {
  if (options_.defects.has(Defect::sends_1006)) return 1006;
  if (options_.defects.has(Defect::invents_1000)) return 1000;
  return options_.defects.has(Defect::rewrites_codes) ? internal_error : bad_gateway;
}

}  // namespace wsfault::reference
