// One connection of the gateway's client: its request, the upstream's answer, and what follows a 101.
#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "reference/connection.hpp"
#include "reference/gateway.hpp"
#include "reference/gateway_relay.hpp"
#include "reference/gateway_tunnel.hpp"

namespace wsfault::reference {
namespace {

using namespace net::asio::experimental::awaitable_operators;

/// How many bytes a client may send before the answer to its request.
constexpr std::size_t most_ahead = 64 * 1024;

net::Task<ReadRequest> read_whole(net::Socket& client, GatewayKind kind) {
  std::array<char, 4096> buffer;
  std::string bytes;
  for (;;) {
    const net::ReadResult read = co_await client.read_some(buffer);
    if (read.size == 0) break;
    bytes.append(buffer.data(), read.size);
    if (auto result = judge_client(bytes, kind)) co_return std::move(*result);
  }
  ReadRequest went_away;
  co_return went_away;
}

/// Waits until the client has left. What it sends early is kept. After a plain request a FIN only means that
/// no other request follows.
net::Task<void> until_gone(net::Socket& client, ClientRequest& request) {
  std::array<char, 4096> buffer;
  while (request.bytes.size() < most_ahead) {
    const net::ReadResult read = co_await client.read_some(buffer);
    if (read.cancelled) co_return;
    if (request.is_upgrade) request.bytes.append(buffer.data(), read.size);
    if (read.size > 0) continue;
    const bool is_fin = read.end && read.end->kind == net::EndKind::fin;
    if (request.is_upgrade || !is_fin) co_return;
    break;
  }
  co_await net::sleep_for(longest_duration);
}

/// What the client gets when the connection is open: in a tunnel, the upstream's 101 and everything that came
/// with it.
std::string opening_bytes(const GatewayOptions& options, const ClientRequest& request, const Answer& answer) {
  if (options.kind == GatewayKind::http) {
    const bool strips = options.defects.has(Defect::strips_subprotocol);
    return wire::serialize(strips ? without_subprotocol(answer.head) : answer.head) + answer.rest;
  }
  return wire::serialize(own_switching(request, answer.head));
}

RelaySide side(net::Socket socket, std::string& first_bytes) {
  return {std::move(socket), std::move(first_bytes)};
}

}  // namespace

net::Task<void> Gateway::serve(net::Socket client, Generation& generation) {
  co_await (handle(std::move(client), generation) || generation.cut.wait());
}

net::Task<void> Gateway::handle(net::Socket client, Generation& generation) {
  if (tls_) {
    const Duration limit = options_.handshake_limit.value_or(longest_duration);
    const net::TlsOutcome met = co_await client.start_tls(*tls_, std::string(), limit);
    if (met.version.empty()) co_return;
  }
  ReadRequest read = co_await read_request(client, generation);
  if (read.refusal) co_return co_await refuse(client, std::move(*read.refusal));
  if (!read.request) co_return;
  const bool locked_out = options_.crashed_before && options_.defects.has(Defect::stays_down_after_crash);
  if (locked_out) co_return co_await refuse(client, own_answer(503));
  std::optional<Answer> answer = co_await answer_to(client, *read.request, generation);
  if (!answer) co_return;
  if (!answer->is_own && answer->head.status == 101) {
    co_await open(std::move(client), std::move(*read.request), std::move(*answer), generation);
  } else {
    co_await pass_on(client, *read.request, std::move(*answer));
  }
}

net::Task<ReadRequest> Gateway::read_request(net::Socket& client, Generation& generation) {
  const bool is_limited = options_.handshake_limit && !options_.defects.has(Defect::no_handshake_limit);
  const Duration limit = is_limited ? *options_.handshake_limit : longest_duration;
  auto first =
      co_await (read_whole(client, options_.kind) || net::sleep_for(limit) || generation.leave.wait());
  ReadRequest read;
  if (first.index() == 0) read = std::move(std::get<0>(first));
  if (first.index() == 1) read.refusal = own_answer(408);
  if (first.index() == 2) read.refusal = own_answer(503);
  co_return read;
}

/// None: the client left.
net::Task<std::optional<Answer>> Gateway::answer_to(net::Socket& client, ClientRequest& request,
                                                    Generation& generation) {
  wire::RequestHead forwarded = request_for_upstream(request, options_.kind, random_);
  if (options_.defects.has(Defect::strips_offer)) forwarded = without_subprotocol(std::move(forwarded));
  std::string body;
  if (!request.is_upgrade) body = std::move(request.bytes);
  auto first =
      co_await (upstreams_.ask(forwarded, body) || until_gone(client, request) || generation.leave.wait());
  std::optional<Answer> answer;
  if (first.index() == 0) answer = std::move(std::get<0>(first));
  if (first.index() == 2) {
    Reply unavailable = own_answer(503);
    answer.emplace();
    answer->head = std::move(unavailable.head);
    answer->rest = std::move(unavailable.first_bytes);
    answer->is_own = true;
  }
  co_return answer;
}

net::Task<void> Gateway::refuse(net::Socket& client, Reply reply) {
  const std::string bytes = wire::serialize(reply.head) + reply.first_bytes;
  co_await client.write(bytes);
  co_await end_of_client(client);
}

net::Task<void> Gateway::pass_on(net::Socket& client, const ClientRequest& request, Answer answer) {
  constexpr auto endless = std::numeric_limits<std::uint64_t>::max();
  const std::uint64_t size = body_size(request.head, answer.head).value_or(endless);
  const std::string_view first_of_body = std::string_view(answer.rest).substr(0, size);
  const std::string head = wire::serialize(answer.is_own ? answer.head : last_answer(answer.head));
  const std::string bytes = head + std::string(first_of_body);
  co_await client.write(bytes);
  if (answer.upstream) co_await pass_body(client, *answer.upstream, size - first_of_body.size());
  co_await end_of_client(client);
}

/// Until it is complete, its stream ends, or nothing arrives for as long as an answer may take.
net::Task<void> Gateway::pass_body(net::Socket& client, net::Socket& upstream, std::uint64_t left) {
  std::array<char, read_size> buffer;
  while (left > 0) {
    const auto most = static_cast<std::size_t>(std::min<std::uint64_t>(left, buffer.size()));
    const std::span<char> space(buffer.data(), most);
    auto first = co_await (upstream.read_some(space) ||
                           net::sleep_for(options_.response_limit.value_or(longest_duration)));
    const net::ReadResult* read = std::get_if<0>(&first);
    if (read == nullptr || read->size == 0) co_return;
    left -= read->size;
    const std::string_view bytes(buffer.data(), read->size);
    const auto failed = co_await client.write(bytes);
    if (failed) co_return;
  }
}

net::Task<void> Gateway::end_of_client(net::Socket& client) {
  client.send_fin();
  co_await (read_to_end(client) || net::sleep_for(options_.close_limit.value_or(longest_duration)));
}

net::Task<void> Gateway::open(net::Socket client, ClientRequest request, Answer answer,
                              Generation& generation) {
  const std::string bytes = opening_bytes(options_, request, answer);
  // The next read reports how a failed write ended.
  co_await client.write(bytes);
  if (options_.kind == GatewayKind::http) {
    Tunnel tunnel(std::move(client), std::move(*answer.upstream), options_);
    co_await (tunnel.run(std::move(request.bytes), generation.leave) || end_of_open_connections());
    upstream_ended(tunnel.upstream_broke());
  } else {
    Relay relay(side(std::move(client), request.bytes), side(std::move(*answer.upstream), answer.rest),
                options_, random_, generation);
    co_await (relay.run() || end_of_open_connections());
    upstream_ended(relay.upstream_broke());
  }
}

/// Never true without a defect.
net::Task<void> Gateway::end_of_open_connections() {
  const bool is_limited = options_.defects.has(Defect::limits_open_connections);
  const Duration limit = options_.response_limit.value_or(longest_duration);
  co_await net::sleep_for(is_limited ? limit : longest_duration);
}

void Gateway::upstream_ended(bool broke) {
  if (broke && options_.defects.has(Defect::dies_with_upstream)) die();
}

}  // namespace wsfault::reference
