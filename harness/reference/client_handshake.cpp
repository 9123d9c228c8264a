// Sends the request, reads the answer, and checks every reason for which an answer may be refused.
#include "reference/client_handshake.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace wsfault::reference {
namespace {

constexpr std::size_t largest_head = 16 * 1024;

/// RFC 9110 10.2.3, in seconds; a date is ignored.
std::optional<Duration> retry_after(const wire::ResponseHead& head) {
  const auto value = wire::find_header(head.headers, "Retry-After");
  if (!value) return std::nullopt;
  std::int64_t seconds = 0;
  const auto [end, error] = std::from_chars(value->data(), value->data() + value->size(), seconds);
  if (error != std::errc() || end != value->data() + value->size() || seconds < 0) return std::nullopt;
  constexpr auto most = std::chrono::duration_cast<std::chrono::seconds>(longest_duration).count();
  return std::chrono::seconds(std::min<std::int64_t>(seconds, most));
}

Opening refused(std::string message, bool answered) {
  return {Refusal{std::move(message), std::nullopt, std::nullopt, answered}, {}};
}

Opening opened(std::string& bytes) { return {std::nullopt, std::exchange(bytes, {})}; }

Opening no_answer(const std::string& message, std::string& bytes, const Defects& defects) {
  if (defects.has(Defect::opens_on_anything)) return opened(bytes);
  return refused(message, true);
}

Opening judge_final(const wire::ResponseHead& head, std::string& bytes, const wire::RequestHead& request,
                    const Defects& defects) {
  if (defects.has(Defect::opens_on_anything)) return opened(bytes);
  if (head.status != 101) {
    return {Refusal{fmt::format("unexpected status {}", head.status), head.status, retry_after(head), true},
            {}};
  }
  const auto flaws = wire::check_response(request, head);
  if (flaws.empty() || defects.has(Defect::accepts_bad_101)) return opened(bytes);
  return refused(fmt::format("invalid 101: {}", wire::to_string(flaws.front())), true);
}

std::string describe_end(const net::StreamEnd& end) {
  if (end.kind == net::EndKind::reset) return "connection reset during the handshake";
  return "connection ended during the handshake";
}

}  // namespace

std::string make_handshake_key(Random& random) {
  std::string nonce(16, '\0');
  std::ranges::generate(nonce, [&] { return static_cast<char>(random()); });
  return wire::encode_key(nonce);
}

wire::RequestHead make_request(const WebSocketUrl& target, Random& random) {
  return {"GET",
          target.path,
          11,
          {{"Host", target.authority},
           {"Upgrade", "websocket"},
           {"Connection", "Upgrade"},
           {"Sec-WebSocket-Key", make_handshake_key(random)},
           {"Sec-WebSocket-Version", "13"}}};
}

std::optional<Result<wire::ResponseHead>> take_answer(std::string& bytes) {
  const Error not_http{"the answer is not HTTP"};
  if (bytes.empty()) return std::nullopt;
  if (!wire::may_be_response(bytes)) return not_http;
  const auto size = wire::head_size(bytes);
  if (!size && bytes.size() <= largest_head) return std::nullopt;
  if (!size || *size > largest_head) return Error{"the answer's head is too large"};
  auto head = wire::parse_response(std::string_view(bytes).substr(0, *size));
  if (!head) return not_http;
  bytes.erase(0, *size);
  return std::move(*head);
}

std::optional<Opening> judge_answer(std::string& bytes, const wire::RequestHead& request,
                                    const Defects& defects) {
  while (const auto head = take_answer(bytes)) {
    if (!*head) return no_answer(head->error(), bytes, defects);
    if (!wire::is_interim((**head).status)) return judge_final(**head, bytes, request, defects);
  }
  return std::nullopt;
}

net::Task<Opening> shake_hands(net::Socket& socket, const wire::RequestHead& request,
                               const Defects& defects) {
  const std::string head = wire::serialize(request);
  // The next read reports how a failed write ended, after what the peer had sent before.
  co_await socket.write(head);
  std::array<char, 4096> buffer;
  std::string bytes;
  for (;;) {
    if (auto opening = judge_answer(bytes, request, defects)) co_return std::move(*opening);
    const net::ReadResult read = co_await socket.read_some(buffer);
    bytes.append(buffer.data(), read.size);
    if (read.size == 0) co_return refused(describe_end(read.end.value_or(net::StreamEnd{})), false);
  }
}

}  // namespace wsfault::reference
