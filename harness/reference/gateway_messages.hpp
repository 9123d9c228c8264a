// What the gateway does with the heads that it reads: requests for its upstream, answers for its client.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "reference/backoff.hpp"
#include "reference/gateway_options.hpp"
#include "reference/server_handshake.hpp"
#include "wire/handshake.hpp"

namespace wsfault::reference {

/// A client's request. A plain one includes its whole body; an upgrade is followed by frames.
struct ClientRequest {
  wire::RequestHead head;
  std::string bytes;  ///< after the head
  bool is_upgrade = false;
};

/// The result of a client's first bytes; neither: the client left.
struct ReadRequest {
  std::optional<ClientRequest> request;
  std::optional<Reply> refusal;
};

/// None while more bytes are needed. A peer on both sides refuses an upgrade that RFC 6455 4.2.1 forbids; a
/// gateway that forwards bytes leaves that to the upstream.
std::optional<ReadRequest> judge_client(const std::string& bytes, GatewayKind kind);

/// The request for the upstream: the client's own, or, for a peer on both sides, one with its own key and
/// without extensions.
wire::RequestHead request_for_upstream(const ClientRequest& request, GatewayKind kind, Random& random);
/// For a peer on both sides: its own 101, with the subprotocol and the other headers of the upstream's 101.
wire::ResponseHead own_switching(const ClientRequest& request, const wire::ResponseHead& from_upstream);
/// A valid 101 made from an invalid one; of the defect accepts-bad-101.
wire::ResponseHead repaired(const wire::RequestHead& request, const wire::ResponseHead& from_upstream);
/// Without what was offered, or agreed on, of the defects strips-offer and strips-subprotocol.
wire::RequestHead without_subprotocol(wire::RequestHead head);
wire::ResponseHead without_subprotocol(wire::ResponseHead head);
/// A final answer as it is passed on: the last one on its connection.
wire::ResponseHead last_answer(wire::ResponseHead head);
/// The gateway's own answer, with its body: 408, 502, 503, 504; 200 for the defect answers-200.
Reply own_answer(int status, const Defects& defects = {});

/// How many bytes of body a final answer has; none: until the end of the stream (RFC 9112 6.3).
std::optional<std::uint64_t> body_size(const wire::RequestHead& request, const wire::ResponseHead& answer);

}  // namespace wsfault::reference
