// Requests are read, and answered with 101, 400, 426 or 431.
#include "reference/server_handshake.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace wsfault::reference {
namespace {

constexpr std::size_t largest_head = 16 * 1024;

Reply refused(int status, std::string reason, wire::Headers headers = {}) {
  headers.push_back({"Content-Length", "0"});
  return {{status, std::move(reason), 11, std::move(headers)}, {}};
}

/// RFC 9110 15.5.22: a 426 names the protocol in Upgrade.
Reply upgrade_required() {
  return refused(
      426, "Upgrade Required",
      {{"Upgrade", "websocket"}, {"Connection", "Upgrade, close"}, {"Sec-WebSocket-Version", "13"}});
}

Reply bad_request() { return refused(400, "Bad Request", {{"Connection", "close"}}); }

/// RFC 6455 4.2.2: one of the offered ones, or none.
std::optional<std::string> choose_subprotocol(const wire::RequestHead& request, const HandshakeTerms& terms) {
  const bool offers = wire::find_header(request.headers, "Sec-WebSocket-Protocol").has_value();
  const bool imposes = offers && terms.defects.has(Defect::imposes_subprotocol);
  for (const std::string& known : terms.subprotocols) {
    if (imposes || wire::has_token(request.headers, "Sec-WebSocket-Protocol", known)) return known;
  }
  return std::nullopt;
}

/// Of the defect answers-200.
Reply page() { return {{200, "OK", 11, {{"Content-Length", "0"}, {"Connection", "close"}}}, {}}; }

Reply switching(const wire::RequestHead& request, std::string& bytes, const HandshakeTerms& terms) {
  const auto key = wire::find_header(request.headers, "Sec-WebSocket-Key");
  wire::Headers headers{{"Upgrade", "websocket"},
                        {"Connection", "Upgrade"},
                        {"Sec-WebSocket-Accept", wire::accept_key(key.value_or(""))}};
  const bool offers = wire::find_header(request.headers, "Sec-WebSocket-Protocol").has_value();
  if (offers && terms.defects.has(Defect::content_length_in_101)) headers.push_back({"Content-Length", "0"});
  const auto subprotocol = choose_subprotocol(request, terms);
  if (subprotocol) headers.push_back({"Sec-WebSocket-Protocol", *subprotocol});
  return {{101, "Switching Protocols", 11, std::move(headers)}, std::exchange(bytes, {})};
}

TakenRequest refuse(Reply reply) { return {std::nullopt, std::move(reply)}; }

}  // namespace

Reply judge_head(const wire::RequestHead& request, std::string& bytes, const HandshakeTerms& terms) {
  const auto flaws = wire::check_request(request);
  if (flaws.empty() || terms.defects.has(Defect::upgrades_anything)) return switching(request, bytes, terms);
  if (terms.defects.has(Defect::answers_200)) return page();
  const auto has = [&](wire::HandshakeFlaw flaw) { return std::ranges::find(flaws, flaw) != flaws.end(); };
  using enum wire::HandshakeFlaw;
  const bool is_plain = has(no_upgrade) || has(no_connection);
  const bool is_other_version = has(wrong_version) && flaws.size() == 1;
  return is_plain || is_other_version ? upgrade_required() : bad_request();
}

std::optional<TakenRequest> take_request(std::string& bytes) {
  if (bytes.empty()) return std::nullopt;
  if (!wire::may_be_request(bytes)) return refuse(bad_request());
  const auto size = wire::head_size(bytes);
  if (!size && bytes.size() <= largest_head) return std::nullopt;
  if (!size || *size > largest_head) {
    return refuse(refused(431, "Request Header Fields Too Large", {{"Connection", "close"}}));
  }
  auto request = wire::parse_request(std::string_view(bytes).substr(0, *size));
  bytes.erase(0, *size);
  if (!request) return refuse(bad_request());
  return TakenRequest{std::move(request), std::nullopt};
}

std::optional<Reply> judge_request(std::string& bytes, const HandshakeTerms& terms) {
  auto taken = take_request(bytes);
  if (!taken) return std::nullopt;
  if (taken->refusal) return std::move(taken->refusal);
  return judge_head(*taken->head, bytes, terms);
}

Reply unavailable() { return refused(503, "Service Unavailable", {{"Connection", "close"}}); }

net::Task<std::optional<Reply>> read_request(net::Socket& socket, const HandshakeTerms& terms) {
  std::array<char, 4096> buffer;
  std::string bytes;
  for (;;) {
    const net::ReadResult read = co_await socket.read_some(buffer);
    if (read.size == 0) co_return std::nullopt;
    bytes.append(buffer.data(), read.size);
    if (auto reply = judge_request(bytes, terms)) co_return std::move(reply);
  }
}

}  // namespace wsfault::reference
