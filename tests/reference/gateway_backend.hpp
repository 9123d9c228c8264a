// An upstream of one conversation, and a client that waits for its Close.
#pragma once

#include <optional>
#include <string>

#include "gateway_stage.hpp"

namespace wsfault::reference {

/// Opens, sends `bytes` and ends as given; then stores the close code that it received.
struct Backend {
  std::string bytes;
  bool ends = false;
  std::optional<int> code;
  bool ended = false;

  RawServer::Script script() {
    return [this](RawConnection& upstream, int) -> net::Task<void> {
      co_await upstream.accept_upgrade();
      co_await upstream.send(bytes);
      if (ends) upstream.socket.send_fin();
      code = co_await upstream.next_close();
      upstream.socket.send_fin();  // the server ends TCP first
      co_await upstream.end();
      ended = true;
    };
  }
};

/// The Close that a client gets if it answers with the same code.
inline std::optional<Incoming> close_of_client(GatewayStage& stage) {
  std::optional<Incoming> close;
  stage.play([&](RawConnection& client) -> net::Task<void> {
    co_await client.upgrade();
    for (;;) {
      close = co_await client.next();
      if (!close || close->kind == Incoming::Kind::close) break;
    }
    if (close) co_await client.send_close(static_cast<std::uint16_t>(close->close_code.value_or(1000)));
    co_await client.end();
  });
  return close;
}

}  // namespace wsfault::reference
