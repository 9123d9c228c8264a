// The upstreams of the gateway: asked one after another until one answers.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "net/asio.hpp"
#include "net/socket.hpp"
#include "reference/gateway_options.hpp"
#include "wire/handshake.hpp"

namespace wsfault::reference {

/// The upstreams' answer to a request.
struct Answer {
  wire::ResponseHead head;
  std::string rest;                     ///< what came after the head; for our own answer, the whole body
  bool is_own = false;                  ///< the gateway's own answer, because no valid one came
  std::optional<net::Socket> upstream;  ///< the upstream that answered; always set if not our own answer
};

class Upstreams {
 public:
  /// `options` must outlive this. Throws std::runtime_error if the CA file cannot be read.
  explicit Upstreams(const GatewayOptions& options);

  /// Asks the upstream that answered last, and the next one if it cannot be reached, gives no valid answer,
  /// or answers 502, 503 or 504; each upstream once. Both arguments must outlive the task.
  net::Task<Answer> ask(const wire::RequestHead& request, const std::string& body);

 private:
  net::Task<Answer> ask_one(const UpstreamAddress& address, const wire::RequestHead& request,
                            const std::string& body);

  const GatewayOptions& options_;
  std::optional<net::TlsContext> tls_;
  std::size_t preferred_ = 0;
};

}  // namespace wsfault::reference
