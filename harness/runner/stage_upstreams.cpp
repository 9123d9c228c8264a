// The upstreams of a case, each with the link in front of it.
#include <fmt/format.h>

#include <algorithm>

#include "runner/external_system.hpp"
#include "runner/moments_of.hpp"
#include "runner/stage_scripts.hpp"
#include "value/url.hpp"

namespace wsfault::runner {
namespace {

/// After the default link of the back, which faults use, come those of further upstreams, with the upstreams'
/// names.
std::string back_link(model::Role role, const model::Upstream& upstream, std::size_t index) {
  if (role == model::Role::client) return "link";
  return index == 0 ? "back" : upstream.name;
}

}  // namespace

std::unique_ptr<UpstreamSeat> Stage::make_seat(const model::Upstream& model, Scripts& scripts) {
  if (model.url) {
    auto target = parse_url(*model.url);
    if (!target) {
      fail(target.error());
      return nullptr;
    }
    return real_upstream(target->host, target->port);
  }
  const bool own_process = std::ranges::any_of(loaded().judged.faults, [&](const fault::FaultSpec& spec) {
    return spec.on_party && spec.at == model.name;
  });
  if (own_process) {
    return fake_upstream_process(executor_, *setting_.warden, setting_.program, model, scripts, log_,
                                 order_.seed, tls_ ? tls_->upstream_certificate() : std::nullopt);
  }
  return fake_upstream(executor_, model, scripts, order_.seed,
                       tls_ ? tls_->upstream_certificate() : std::nullopt);
}

actor::LinkSetting Stage::link_setting(const std::string& name) const {
  actor::LinkSetting link;
  link.log = &log_;
  link.name = name;
  link.client_party = "sut";
  link.seed = order_.seed;
  link.counts = role() == model::Role::client;
  ask_for_moments(loaded(), link);
  // A tunnel connects before it has read anything, and unreadable bytes have no requests.
  link.numbers_at_once = loaded().judged.system.kind == model::Kind::tcp || !link.bytes.empty() ||
                         loaded().scenario.tls == model::Tls::passthrough;
  for (const fault::FaultSpec& spec : loaded().judged.faults) {
    if (spec.strikes_connections && spec.when.kind == fault::Moment::Kind::connect)
      link.numbers_at_once = true;
  }
  // A head that is never complete would be held forever.
  const auto& clients = loaded().scenario.clients;
  link.untouched = std::ranges::any_of(
      clients, [](const model::Client& client) { return client.request.stop_after.has_value(); });
  if (link.untouched) link.numbers_at_once = true;
  return link;
}

net::Task<std::string> Stage::set_up_upstreams() {
  const auto& models = loaded().scenario.upstreams;
  const auto at = [this](std::size_t index) {
    if (setting_.external) return setting_.external->upstreams.at(index);
    Address address = setting_.listen;
    if (address.port != 0) address.port = static_cast<std::uint16_t>(address.port + index);
    return address;
  };
  for (std::size_t i = 0; i < models.size(); ++i) {
    const Address address = at(i);
    std::string error = co_await set_up_upstream(models[i], back_link(role(), models[i], i), address);
    if (!error.empty()) co_return error;
  }
  // Further upstreams that the system could use do not exist: connections are refused.
  const int most = role() == model::Role::gateway ? loaded().judged.system.upstreams : 0;
  for (std::size_t i = models.size(); std::cmp_less(i, most); ++i) {
    const Address address = at(i);
    absent_.push_back(std::make_unique<net::Listener>(executor_, address.host, address.port));
  }
  co_return std::string();
}

/// A real wss server behind the link; one sentence if its CA file cannot be read.
std::string Stage::speak_tls_to_real(const model::Upstream& model, actor::LinkTls& tls) {
  const auto target = model.url ? parse_url(*model.url) : Result<WebSocketUrl>(Error{""});
  if (!target || !target->tls || tls.passthrough) return {};
  try {
    tls.to_server = net::TlsContext::client({.ca_file = model.ca_file});
  } catch (const std::runtime_error& thrown) {
    return thrown.what();
  }
  tls.server_name = target->host;
  return {};
}

net::Task<std::string> Stage::set_up_upstream(const model::Upstream& model, const std::string& link,
                                              const Address& address) {
  Upstream& upstream = upstreams_.emplace_back();
  upstream.scripts = std::make_unique<Scripts>(*this, link, model.name);
  upstream.seat = make_seat(model, *upstream.scripts);
  if (!upstream.seat) co_return std::string("there is no upstream");
  UpstreamSeat& seat = *upstream.seat;
  std::string error = co_await seat.start();
  if (!error.empty()) co_return error;
  actor::LinkSetting setting = link_setting(link);
  if (tls_)
    setting.tls = tls_->before_upstream(setting_.advertise.empty() ? address.host : setting_.advertise);
  error = speak_tls_to_real(model, setting.tls);
  if (!error.empty()) co_return error;
  setting.dialling = [&seat](std::uint16_t port, int connection) { seat.announce(port, connection); };
  try {
    upstreams_.back().link =
        std::make_unique<actor::Link>(executor_, std::move(setting), address.host, address.port);
  } catch (const boost::system::system_error& thrown) {
    error = fmt::format("cannot listen at {}: {}", address.text(), thrown.code().message());
  }
  if (!error.empty()) co_return error;
  actor::Link& made = *upstreams_.back().link;
  made.set_target(seat.host(), seat.port());
  made.set_target_up(true);
  seat.on_change = [this, &seat, &made](bool up) {
    if (closing_) return;
    if (up) made.set_target(seat.host(), seat.port());  // after a restart it has another port
    made.set_target_up(up);
  };
  tasks_.spawn(made.run());
  co_return std::string();
}

}  // namespace wsfault::runner
