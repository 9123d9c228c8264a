// What follows from the order of a case.
#include "runner/case_context.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "net/shortage.hpp"
#include "runner/external_system.hpp"
#include "runner/moments_of.hpp"

namespace wsfault::runner {

std::string CaseContext::folder() const {
  std::string name = order.id;
  std::ranges::replace_if(
      name, [](unsigned char c) { return std::isalnum(c) == 0; }, '-');
  return fmt::format("{}/{}-{:x}", setting.warden->folder(), name.substr(0, 24),
                     std::hash<std::string>{}(order.id));
}

std::string CaseContext::request_path() const {
  const std::string& own = setting.external ? setting.external->path : system().path;
  const auto& upstreams = loaded().scenario.upstreams;
  const auto real = upstreams.empty() ? std::nullopt : real_server(upstreams.front());
  const std::string behind = real ? real->path : "/";
  if (role() == model::Role::client && behind != "/") return behind;
  return own.empty() ? behind : own;
}

actor::LinkSetting CaseContext::link_setting(const std::string& name) const {
  actor::LinkSetting link;
  link.log = &log;
  link.name = name;
  link.client_party = "sut";
  link.seed = order.seed;
  link.counts = role() == model::Role::client;
  link.system_table = system_table;
  if (network) link.flow_rest = [this](std::uint16_t port) { return rest_of_flow(port); };
  ask_for_moments(loaded(), link);
  // A head that is never complete would be held forever.
  const bool stops = std::ranges::any_of(loaded().scenario.clients, [](const model::Client& client) {
    return client.request.stop_after.has_value();
  });
  if (stops) link.passing = actor::Passing::as_they_come;
  // A tunnel connects before it has read anything, and unreadable bytes have no requests.
  if (stops || system().kind == model::Kind::tcp || loaded().scenario.tls == model::Tls::passthrough)
    link.numbers_at_once = true;
  return link;
}

std::optional<Duration> CaseContext::rest_of_flow(std::uint16_t port) const {
  const auto flows = network->flows(port);
  if (!flows) {
    fail(flows.error());
    return std::nullopt;
  }
  const auto found = std::ranges::find(*flows, port, &network::Flow::from);
  return found == flows->end() ? std::nullopt : std::optional<Duration>(std::chrono::seconds(found->rest));
}

net::SocketSource CaseContext::sockets() const {
  if (!network) return {};
  return [network = network.get()](int family) { return network->socket(family); };
}

net::TaskGroup CaseContext::task_group() const {
  return net::TaskGroup(executor,
                        [this](const std::exception_ptr& thrown) { fail(net::describe_failure(thrown)); });
}

std::optional<WebSocketUrl> real_server(const model::Upstream& upstream) {
  auto url = upstream.url ? parse_url(*upstream.url) : Result<WebSocketUrl>(Error{"it is a fake"});
  return url ? std::optional(*std::move(url)) : std::nullopt;
}

}  // namespace wsfault::runner
