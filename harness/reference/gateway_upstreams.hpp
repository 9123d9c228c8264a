// The upstreams of the gateway: asked one after the other until one answers.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "net/asio.hpp"
#include "net/socket.hpp"
#include "reference/gateway_options.hpp"
#include "wire/handshake.hpp"

namespace wsfault::reference {

/// What the upstreams made of a request.
struct Answer {
  wire::ResponseHead head;
  std::string rest;                     ///< what came behind the head; all of the body where it is our own
  bool is_own = false;                  ///< the gateway's word, for lack of a valid answer
  std::optional<net::Socket> upstream;  ///< whose answer it is; always where it is not our own
};

class Upstreams {
 public:
  /// `options` outlives this. Throws std::runtime_error where the CA file cannot be read.
  explicit Upstreams(const GatewayOptions& options);

  /// Asks the one that answered last, and the next when it cannot be reached, answers nothing valid, or says
  /// 502, 503 or 504; each once. Both arguments outlive the task.
  net::Task<Answer> ask(const wire::RequestHead& request, const std::string& body);

 private:
  net::Task<Answer> ask_one(const UpstreamAddress& address, const wire::RequestHead& request,
                            const std::string& body);

  const GatewayOptions& options_;
  std::optional<net::TlsContext> tls_;
  std::size_t preferred_ = 0;
};

}  // namespace wsfault::reference
