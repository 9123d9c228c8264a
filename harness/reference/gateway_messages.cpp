// Heads read, rewritten and made.
#include "reference/gateway_messages.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>
#include <utility>

#include "reference/client_handshake.hpp"

namespace wsfault::reference {
namespace {

constexpr std::uint64_t largest_body = 1024 * 1024;
constexpr std::string_view subprotocol = "Sec-WebSocket-Protocol";

bool is_one_of(const wire::Header& header, std::initializer_list<std::string_view> names) {
  const wire::Headers alone{header};
  return std::ranges::any_of(
      names, [&](std::string_view name) { return wire::find_header(alone, name).has_value(); });
}

void drop(wire::Headers& headers, std::initializer_list<std::string_view> names) {
  std::erase_if(headers, [&](const wire::Header& header) { return is_one_of(header, names); });
}

std::optional<std::uint64_t> content_length(const wire::Headers& headers) {
  const auto value = wire::find_header(headers, "Content-Length");
  if (!value) return std::nullopt;
  std::uint64_t size = 0;
  const auto [end, error] = std::from_chars(value->data(), value->data() + value->size(), size);
  if (error != std::errc() || end != value->data() + value->size()) return std::nullopt;
  return size;
}

bool asks_for_upgrade(const wire::RequestHead& head) {
  return wire::has_token(head.headers, "Upgrade", "websocket") &&
         wire::has_token(head.headers, "Connection", "upgrade");
}

Reply with_body(int status, std::string reason, std::string body) {
  return {{status,
           std::move(reason),
           11,
           {{"Content-Type", "text/plain"},
            {"Content-Length", std::to_string(body.size())},
            {"Connection", "close"}}},
          std::move(body)};
}

ReadRequest refuse(Reply reply) { return {std::nullopt, std::move(reply)}; }

/// A body is read completely before an upstream is asked, so that the same request can be sent to another
/// one.
std::optional<ReadRequest> judge_plain(wire::RequestHead head, std::string& body) {
  if (wire::find_header(head.headers, "Transfer-Encoding")) {
    return refuse(with_body(411, "Length Required", "a body needs a Content-Length here\n"));
  }
  const std::uint64_t size = content_length(head.headers).value_or(0);
  if (size > largest_body) return refuse(with_body(413, "Content Too Large", "more than 1 MiB\n"));
  if (body.size() < size) return std::nullopt;
  body.resize(size);  // one request on each connection: bytes after it are not read
  return ReadRequest{ClientRequest{std::move(head), std::move(body), false}, std::nullopt};
}

wire::RequestHead own_upgrade(const wire::RequestHead& from_client, Random& random) {
  wire::RequestHead head = from_client;
  drop(head.headers, {"Connection", "Keep-Alive", "Upgrade", "Sec-WebSocket-Key", "Sec-WebSocket-Version",
                      "Sec-WebSocket-Extensions"});
  head.headers.push_back({"Upgrade", "websocket"});
  head.headers.push_back({"Connection", "Upgrade"});
  head.headers.push_back({"Sec-WebSocket-Key", make_handshake_key(random)});
  head.headers.push_back({"Sec-WebSocket-Version", "13"});
  return head;
}

wire::ResponseHead switching(const wire::RequestHead& request, wire::Headers others) {
  drop(others, {"Connection", "Keep-Alive", "Upgrade", "Sec-WebSocket-Accept", "Content-Length",
                "Transfer-Encoding"});
  const auto key = wire::find_header(request.headers, "Sec-WebSocket-Key").value_or("");
  wire::ResponseHead head{101, "Switching Protocols", 11, {}};
  head.headers = {
      {"Upgrade", "websocket"}, {"Connection", "Upgrade"}, {"Sec-WebSocket-Accept", wire::accept_key(key)}};
  std::ranges::move(others, std::back_inserter(head.headers));
  return head;
}

}  // namespace

std::optional<ReadRequest> judge_client(const std::string& bytes, GatewayKind kind) {
  std::string rest = bytes;
  auto taken = take_request(rest);
  if (!taken) return std::nullopt;
  if (taken->refusal) return refuse(std::move(*taken->refusal));
  if (!asks_for_upgrade(*taken->head)) return judge_plain(std::move(*taken->head), rest);
  const bool is_wrong = !wire::check_request(*taken->head).empty();
  if (is_wrong && kind == GatewayKind::websocket) return refuse(judge_head(*taken->head, rest));
  return ReadRequest{ClientRequest{std::move(*taken->head), std::move(rest), true}, std::nullopt};
}

wire::RequestHead request_for_upstream(const ClientRequest& request, GatewayKind kind, Random& random) {
  if (request.is_upgrade && kind == GatewayKind::websocket) return own_upgrade(request.head, random);
  wire::RequestHead head = request.head;
  if (request.is_upgrade) return head;
  drop(head.headers, {"Connection", "Keep-Alive", "Upgrade"});
  head.headers.push_back({"Connection", "close"});
  return head;
}

wire::RequestHead without_subprotocol(wire::RequestHead head) {
  drop(head.headers, {subprotocol});
  return head;
}

wire::ResponseHead without_subprotocol(wire::ResponseHead head) {
  drop(head.headers, {subprotocol});
  return head;
}

wire::ResponseHead own_switching(const ClientRequest& request, const wire::ResponseHead& from_upstream) {
  wire::ResponseHead head = switching(request.head, from_upstream.headers);
  drop(head.headers, {"Sec-WebSocket-Extensions"});
  return head;
}

wire::ResponseHead repaired(const wire::RequestHead& request, const wire::ResponseHead& from_upstream) {
  wire::ResponseHead head = switching(request, from_upstream.headers);
  if (wire::check_response(request, head).empty()) return head;
  drop(head.headers, {"Sec-WebSocket-Protocol", "Sec-WebSocket-Extensions"});
  return head;
}

wire::ResponseHead last_answer(wire::ResponseHead head) {
  drop(head.headers, {"Connection", "Keep-Alive"});
  const bool names_protocol = wire::find_header(head.headers, "Upgrade").has_value();
  head.headers.push_back({"Connection", names_protocol ? "Upgrade, close" : "close"});
  return head;
}

Reply own_answer(int status, const Defects& defects) {
  const bool is_about_upstream = status == 502 || status == 504;
  if (is_about_upstream && defects.has(Defect::answers_200))
    return with_body(200, "OK", "We will be back.\n");
  switch (status) {
    case 408:
      return with_body(status, "Request Timeout", "the request did not come in time\n");
    case 503:
      return with_body(status, "Service Unavailable", "the gateway is being stopped\n");
    case 504:
      return with_body(status, "Gateway Timeout", "the upstream did not answer in time\n");
    default:
      return with_body(502, "Bad Gateway", "the upstream gave no valid answer\n");
  }
}

std::optional<std::uint64_t> body_size(const wire::RequestHead& request, const wire::ResponseHead& answer) {
  const bool is_interim = answer.status < 200;
  if (is_interim || request.method == "HEAD" || answer.status == 204 || answer.status == 304) return 0;
  if (wire::find_header(answer.headers, "Transfer-Encoding")) return std::nullopt;
  return content_length(answer.headers);
}

}  // namespace wsfault::reference
