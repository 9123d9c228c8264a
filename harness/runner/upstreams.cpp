// Starts upstreams and their links, and ends them.
#include "runner/upstreams.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "network/addresses.hpp"
#include "runner/external_system.hpp"
#include "runner/precheck.hpp"

namespace wsfault::runner {
namespace {

/// After the default link of the back, which faults use, come those of further upstreams, with the upstreams'
/// names.
std::string back_link(model::Role role, const model::Upstream& upstream, std::size_t index) {
  if (role == model::Role::client) return "link";
  return index == 0 ? "back" : upstream.name;
}

bool can_bind(const net::asio::any_io_executor& executor, const std::string& host,
              net::SocketSource sockets) {
  try {
    const net::Listener listener(executor, host, 0, 1, std::move(sockets));
    return true;
  } catch (const std::exception&) {
    return false;
  }
}

}  // namespace

bool has_own_process(const verdict::Case& judged, const model::Upstream& upstream) {
  return std::ranges::any_of(judged.faults, [&](const fault::FaultSpec& spec) {
    return spec.on_party && spec.at == upstream.name;
  });
}

Upstreams::Upstreams(const CaseContext& context, Scripts& scripts)
    : context_(context), scripts_(scripts), tasks_(context.task_group()) {}

net::Task<std::string> Upstreams::start() {
  const std::size_t present = context_.loaded().scenario.upstreams.size();
  for (std::size_t i = 0; i < present; ++i) {
    std::string error = co_await start_one(i);
    if (!error.empty()) co_return error;
  }
  const int most = context_.role() == model::Role::gateway ? context_.system().upstreams : 0;
  for (std::size_t i = present; std::cmp_less(i, most); ++i) {
    const Address address = place(i);
    absent_.push_back(std::make_unique<net::Listener>(context_.executor, address.host, address.port,
                                                      net::Listener::usual_backlog, context_.sockets()));
  }
  co_return std::string();
}

net::Task<std::string> Upstreams::start_one(std::size_t index) {
  const model::Upstream& model = context_.loaded().scenario.upstreams[index];
  Upstream& upstream = upstreams_.emplace_back();
  std::string error = add_link(upstream, index);
  if (!error.empty()) co_return error;
  actor::Link& link = *upstream.link;
  upstream.scripts = scripts_.host(link, wire::Side::server, model.name);
  upstream.seat = make_seat(model, *upstream.scripts);
  UpstreamSeat& seat = *upstream.seat;
  error = co_await seat.start();
  if (!error.empty()) co_return error;
  link.set_target(seat.host(), seat.port());
  link.set_target_up(true);
  seat.on_change = [this, &seat, &link](bool up) {
    if (closing_) return;
    if (up) link.set_target(seat.host(), seat.port());  // after a restart it has another port
    link.set_target_up(up);
  };
  tasks_.spawn(link.run());
  co_return std::string();
}

Address Upstreams::place(std::size_t index) const {
  if (context_.setting.external) return context_.setting.external->upstreams.at(index);
  if (context_.network) return {std::string(network::near_address), 0};
  Address address = context_.setting.listen;
  if (address.port != 0) address.port = static_cast<std::uint16_t>(address.port + index);
  return address;
}

/// IPv6 first where there is one, as a client sorts them (RFC 6724 2.1).
std::vector<std::string> Upstreams::hosts(const Address& place) const {
  const int count = context_.loaded().scenario.addresses;
  if (count == 1) return {place.host};
  const bool own = context_.network != nullptr;
  std::vector<std::string> found;
  const std::string v6(own ? network::near_address6 : "::1");
  if (can_bind(context_.executor, v6, context_.sockets())) found.push_back(v6);
  found.push_back(place.host);
  for (std::size_t i = 0; std::cmp_less(found.size(), count); ++i)
    found.push_back(own ? std::string(network::more_near_addresses.at(i)) : fmt::format("127.0.0.{}", i + 2));
  return found;
}

std::string Upstreams::add_link(Upstream& upstream, std::size_t index) {
  const model::Upstream& model = context_.loaded().scenario.upstreams[index];
  const Address address = place(index);
  const std::string& advertise = context_.setting.advertise;
  actor::LinkSetting setting = context_.link_setting(back_link(context_.role(), model, index));
  if (context_.tls)
    setting.tls = context_.tls->before_upstream(advertise.empty() ? found_at(address.host) : advertise);
  setting.accepts_in = context_.sockets();
  setting.dialling = [&upstream](std::uint16_t port, int connection) {
    upstream.seat->announce(port, connection);
  };
  if (const auto real = real_server(model); real && real->tls && !setting.tls.passthrough) {
    setting.tls.to_server = net::TlsContext::client({.ca_file = model.ca_file});
    setting.tls.server_name = real->host;
  }
  try {
    upstream.link =
        std::make_unique<actor::Link>(context_.executor, std::move(setting), hosts(address), address.port);
  } catch (const boost::system::system_error& thrown) {
    return fmt::format("cannot listen at {}: {}", address.text(), thrown.code().message());
  }
  return {};
}

std::unique_ptr<UpstreamSeat> Upstreams::make_seat(const model::Upstream& model,
                                                   actor::ScriptHost& host) const {
  if (const auto real = real_server(model)) return real_upstream(real->host, real->port);
  const auto shown = context_.tls ? context_.tls->upstream_certificate() : std::nullopt;
  const std::uint64_t seed = context_.order.seed;
  if (!has_own_process(context_.loaded().judged, model))
    return fake_upstream(context_.executor, model, host, seed, shown);
  return fake_upstream_process(context_.executor, *context_.setting.warden, context_.setting.program, model,
                               host, context_.log, seed, shown);
}

std::vector<Address> Upstreams::addresses() const {
  std::vector<Address> found;
  const auto add = [&](const std::string& host, std::uint16_t port) {
    found.push_back({context_.setting.advertise.empty() ? host : context_.setting.advertise, port});
  };
  for (const actor::Link* link : links()) add(found_at(link->host()), link->port());
  for (const auto& listener : absent_) add(listener->host(), listener->port());
  return found;
}

std::string Upstreams::found_at(const std::string& host) const {
  const bool by_name = context_.network && context_.loaded().scenario.addresses > 1;
  return by_name ? std::string(network::link_name) : host;
}

std::vector<Address> Upstreams::addresses_of_link() const {
  const actor::Link& link = *upstreams_.front().link;
  if (!context_.setting.advertise.empty()) return {addresses().front()};
  std::vector<Address> found;
  for (const std::string& host : link.hosts()) found.push_back({host, link.port()});
  return found;
}

std::vector<actor::Link*> Upstreams::links() const {
  std::vector<actor::Link*> found;
  for (const Upstream& upstream : upstreams_) {
    if (upstream.link) found.push_back(upstream.link.get());
  }
  return found;
}

// --- before connections are counted

net::Task<std::string> Upstreams::await_echo() {
  const std::vector<actor::Link*> backs = links();
  std::string error = co_await runner::await_echo(context_.executor, *context_.setting.external, backs,
                                                  context_.setting.timeout_scale);
  for (const Upstream& upstream : upstreams_)
    upstream.link->set_target(upstream.seat->host(), upstream.seat->port());
  co_return error;
}

net::Task<void> Upstreams::let_probe_pass() {
  constexpr auto limit = std::chrono::seconds(1);
  constexpr auto look_again = std::chrono::milliseconds(5);
  const auto quiet = [this] {
    std::size_t came = 0;
    std::size_t living = 0;
    for (const actor::Link* link : links()) {
      came += link->uncounted_ones();
      living += link->living();
    }
    return came > 0 && living == 0;
  };
  const auto deadline = std::chrono::steady_clock::now() + limit;
  while (!quiet() && std::chrono::steady_clock::now() < deadline)
    co_await context_.changed.wait_until(std::chrono::steady_clock::now() + look_again);
}

// --- faults

UpstreamSeat* Upstreams::find(const std::string& name) const {
  const auto& models = context_.loaded().scenario.upstreams;
  for (std::size_t i = 0; i < upstreams_.size(); ++i) {
    if (models[i].name == name) return upstreams_[i].seat.get();
  }
  return nullptr;
}

void Upstreams::signal(const std::string& name, const fault::Signal& signal) {
  if (UpstreamSeat* seat = find(name)) seat->signal(signal);
}

net::Task<void> Upstreams::restart(std::string name) {
  UpstreamSeat* seat = find(name);
  if (seat == nullptr) co_return;
  const std::string error = co_await seat->restart();
  if (!error.empty() && !closing_) context_.fail(error);
}

// --- the end

void Upstreams::close() {
  closing_ = true;
  for (actor::Link* link : links()) link->close();
  for (const auto& listener : absent_) listener->close();
}

net::Task<void> Upstreams::stop() {
  net::TaskGroup stopping(context_.executor);
  for (const Upstream& upstream : upstreams_) {
    if (upstream.seat) stopping.spawn(upstream.seat->stop());
  }
  co_await net::finally(stopping.join(), tasks_.join());
}

}  // namespace wsfault::runner
