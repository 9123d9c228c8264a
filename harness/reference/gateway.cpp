// The gateway as a whole: accepting, reloading, stopping. One connection is in gateway_session.cpp.
#include "reference/gateway.hpp"

#include <stdexcept>
#include <utility>

namespace wsfault::reference {
namespace {

using namespace net::asio::experimental::awaitable_operators;

constexpr std::uint16_t service_restart = 1012;

}  // namespace

Gateway::Gateway(const net::asio::any_io_executor& executor, const GatewayOptions& options)
    : options_(options),
      random_(options.seed),
      executor_(executor),
      listener_(executor, options.host, options.port),
      upstreams_(options_),
      stop_(executor),
      connections_(executor) {
  generations_.emplace_back(executor);
  if (!options.certificate_file.empty())
    tls_ = net::TlsContext::server(options.certificate_file, options.key_file);
  listener_.listen();
}

net::Task<void> Gateway::run() {
  co_await (accept_all() || stop_.wait());
  listener_.close();
  co_await (connections_.all_ended() || send_home());
  cut_all();
  co_await connections_.join();
  if (died_) throw std::runtime_error("the connection to an upstream broke");
}

net::Task<void> Gateway::accept_all() {
  while (auto client = co_await listener_.accept()) {
    connections_.spawn(serve(std::move(*client), generations_.back()));
  }
}

void Gateway::reload() {
  if (stop_.requested()) return;
  Generation& old = generations_.back();
  generations_.emplace_back(executor_);
  old.close_code = service_restart;
  if (options_.defects.has(Defect::reload_drops_everyone)) old.cut.request();
  if (options_.defects.has(Defect::deaf_while_reloading)) listener_.stop_listening();
  connections_.spawn(retire(old));
}

net::Task<void> Gateway::retire(Generation& generation) {
  co_await stop_.wait_for(options_.drain.value_or(longest_duration));
  if (stop_.requested()) co_return;
  listener_.listen();
  if (options_.drain) generation.leave.request();
}

/// Waits no longer than closing may take: connections that have not ended by then are cut.
net::Task<void> Gateway::send_home() {
  if (options_.kind == GatewayKind::http) co_await net::sleep_for(options_.drain.value_or(Duration::zero()));
  if (options_.defects.has(Defect::no_goodbye)) co_return;
  for (Generation& generation : generations_) generation.leave.request();
  co_await net::sleep_for(scaled(options_.close_limit.value_or(longest_duration), 2));
}

void Gateway::cut_all() {
  for (Generation& generation : generations_) generation.cut.request();
}

/// Of the defect dies-with-upstream.
void Gateway::die() {
  died_ = true;
  cut_all();
  stop_.request();
}

}  // namespace wsfault::reference
