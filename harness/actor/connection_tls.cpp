// TLS on both sides of a connection.
#include "actor/connection.hpp"

namespace wsfault::actor {
namespace {

constexpr Duration handshake_limit = std::chrono::seconds(5);

}  // namespace

/// A side whose TLS handshake with the link fails gets no further: the link does not dial.
net::Task<void> Connection::meet_client() {
  Half& client = half(Side::client);
  if (setting_.tls.passthrough) {
    for (Half& each : halves_) {
      each.sent.pass_raw();
      each.outbox.arrived().pass_raw();
    }
  }
  if (!setting_.tls.to_client || client.gone || closing_) co_return;
  if (!dials_) {
    client.sent.pass_raw();
    record(record::TlsHandshake{Side::client, {}, "nobody is there to answer it"});
    co_return;
  }
  net::TlsContext context = setting_.tls.to_client(shown_);
  dials_ = co_await shake_hands(Side::client, std::move(context));
}

net::Task<void> Connection::meet_server() {
  Half& server = half(Side::server);
  if (!setting_.tls.to_server || !server.socket || closing_) co_return;
  net::TlsContext context = *setting_.tls.to_server;
  const bool met = co_await shake_hands(Side::server, std::move(context));
  if (met || closing_) co_return;
  half(Side::client).detached = true;
  if (server.conduct != net::TlsConduct::hangs) co_await reset(Side::client, false);
}

net::Task<bool> Connection::shake_hands(Side side, net::TlsContext context) {
  Half& half = this->half(side);
  while (dark_ && !closing_) co_await changed_.wait();
  if (half.gone || closing_) co_return false;
  net::TlsOutcome outcome = co_await half.socket->start_tls(std::move(context), setting_.tls.server_name,
                                                            handshake_limit, half.conduct);
  if (outcome.cancelled || half.gone || closing_) co_return false;
  record(record::TlsHandshake{side, outcome.version, outcome.error});
  if (outcome.error.empty()) co_return true;
  half.sent.pass_raw();
  half.detached = true;
  if (half.conduct != net::TlsConduct::hangs) half.outbox.push_fin();
  co_return false;
}

}  // namespace wsfault::actor
