// Dials the upstreams, sends them the request, and chooses the answer.
#include "reference/gateway_upstreams.hpp"

#include <errno.h>

#include <array>
#include <utility>

#include "net/dial.hpp"
#include "net/event_gate.hpp"
#include "reference/client_handshake.hpp"
#include "reference/gateway_messages.hpp"
#include "reference/trust.hpp"

namespace wsfault::reference {
namespace {

using namespace net::asio::experimental::awaitable_operators;

Answer own(int status, const Defects& defects) {
  Reply reply = own_answer(status, defects);
  return {std::move(reply.head), std::move(reply.first_bytes), true, std::nullopt};
}

Answer passed(wire::ResponseHead head, std::string rest) {
  return {std::move(head), std::move(rest), false, std::nullopt};
}

Answer judge_101(const wire::RequestHead& request, wire::ResponseHead head, std::string rest,
                 const Defects& defects) {
  const bool is_valid = wire::is_upgrade(request) && wire::check_response(request, head).empty();
  if (is_valid) return passed(std::move(head), std::move(rest));
  if (!defects.has(Defect::accepts_bad_101)) return own(502, defects);
  return passed(repaired(request, head), std::move(rest));
}

Answer judge_final(const wire::RequestHead& request, wire::ResponseHead head, std::string rest,
                   const Defects& defects) {
  if (head.status != 101 && defects.has(Defect::upgrades_anything))
    return passed(repaired(request, head), std::move(rest));
  if (head.status == 101) return judge_101(request, std::move(head), std::move(rest), defects);
  const bool is_refusal = head.status == 401 || head.status == 403;
  if (is_refusal && defects.has(Defect::masks_final)) return own(502, {});
  if (head.status == 503 && defects.has(Defect::hides_retryable)) {
    head.status = 403;
    head.reason = "Forbidden";
  }
  return passed(std::move(head), std::move(rest));
}

/// None while more bytes are needed.
std::optional<Answer> judge(std::string& bytes, const wire::RequestHead& request, const Defects& defects) {
  while (auto head = take_answer(bytes)) {
    if (!*head) return own(502, defects);
    const bool is_final = !wire::is_interim((**head).status) || defects.has(Defect::takes_103_as_final);
    if (is_final) return judge_final(request, std::move(**head), std::move(bytes), defects);
  }
  return std::nullopt;
}

net::Task<Answer> exchange(net::Socket& socket, const wire::RequestHead& request, const std::string& body,
                           const Defects& defects) {
  const std::string bytes = wire::serialize(request) + body;
  // The next read reports how a failed write ended, after what the upstream had sent before.
  co_await socket.write(bytes);
  std::array<char, 4096> buffer;
  std::string answer_bytes;
  for (;;) {
    const net::ReadResult read = co_await socket.read_some(buffer);
    if (read.size == 0) co_return own(502, defects);
    answer_bytes.append(buffer.data(), read.size);
    if (auto answer = judge(answer_bytes, request, defects)) co_return std::move(*answer);
  }
}

/// Which answer the client gets: an upstream's own answer before one of ours about another upstream.
void keep_better(std::optional<Answer>& best, Answer answer) {
  if (!best || !answer.is_own) best.emplace(std::move(answer));
}

bool is_timeout(const Answer& answer) { return answer.is_own && answer.head.status == 504; }

bool is_worth_another(const Answer& answer) {
  return answer.is_own || (answer.head.status >= 502 && answer.head.status <= 504);
}

}  // namespace

Upstreams::Upstreams(const GatewayOptions& options) : options_(options) {
  if (!options.ca_file.empty()) tls_ = trusting(options.ca_file, options.defects);
}

net::Task<Answer> Upstreams::ask(const wire::RequestHead& request, const std::string& body) {
  std::optional<Answer> best;
  const std::size_t count = options_.defects.has(Defect::never_tries_another) ? 1 : options_.upstreams.size();
  for (std::size_t tried = 0; tried < count; ++tried) {
    const std::size_t number = (preferred_ + tried) % count;
    Answer answer = co_await ask_one(options_.upstreams[number], request, body);
    constexpr int further_tries = 3;
    for (int i = 0; i < further_tries && is_timeout(answer) && options_.defects.has(Defect::retries_each_limit); ++i)
      answer = co_await ask_one(options_.upstreams[number], request, body);
    const bool is_last = !is_worth_another(answer);
    keep_better(best, std::move(answer));
    if (!is_last) continue;
    preferred_ = number;
    break;
  }
  co_return std::move(*best);
}

net::Task<Answer> Upstreams::ask_one(const UpstreamAddress& address, const wire::RequestHead& request,
                                     const std::string& body) {
  const Defects& defects = options_.defects;
  const Duration connect_limit = options_.connect_limit.value_or(longest_duration);
  net::DialResult dialled = co_await net::dial(address.host, address.port, connect_limit);
  if (!dialled.socket) co_return own(dialled.error == ETIMEDOUT ? 504 : 502, defects);
  net::Socket socket = std::move(*dialled.socket);
  if (tls_) {
    const bool waits = defects.has(Defect::hangs_in_handshake);
    const Duration tls_limit = waits ? longest_duration : connect_limit;
    const net::TlsOutcome met = co_await socket.start_tls(*tls_, address.host, tls_limit);
    if (met.version.empty()) co_return own(met.timed_out ? 504 : 502, defects);
  }
  const bool is_limited = options_.response_limit && !defects.has(Defect::no_response_limit);
  Duration limit = is_limited ? *options_.response_limit : longest_duration;
  if (defects.has(Defect::response_limit_too_early)) limit = scaled(limit, 0.3);
  auto first = co_await (exchange(socket, request, body, defects) || net::sleep_for(limit));
  if (first.index() == 1) co_return own(504, defects);
  Answer answer = std::move(std::get<0>(first));
  if (!answer.is_own) answer.upstream.emplace(std::move(socket));
  co_return answer;
}

}  // namespace wsfault::reference
