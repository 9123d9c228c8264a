// Variables for the system's start command, its templates and the commands of a case.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "runner/external_system.hpp"
#include "runner/stage.hpp"
#include "scenario/render.hpp"
#include "value/url.hpp"

namespace wsfault::runner {

std::string Stage::sut_folder() const {
  std::string name = order_.id;
  // Commands and configurations can use it without quotes.
  std::ranges::replace_if(
      name, [](unsigned char c) { return std::isalnum(c) == 0; }, '-');
  return fmt::format("{}/{}-{:x}", setting_.warden->folder(), name.substr(0, 24),
                     std::hash<std::string>{}(order_.id));
}

/// The address by which the system reaches it: in a container or on a device, this machine has another name.
Address Stage::advertised(const actor::Link& link) const {
  return {setting_.advertise.empty() ? link.host() : setting_.advertise, link.port()};
}

/// The default path of a client's request. Without a gateway a client gets the path of the real server behind
/// the link; a gateway may use a different path for it.
std::string Stage::request_path() const {
  const std::string& own = setting_.external ? setting_.external->path : loaded().judged.system.path;
  const auto real = upstreams_.empty() || !loaded().scenario.upstreams.front().url
                        ? Result<WebSocketUrl>(Error{""})
                        : parse_url(*loaded().scenario.upstreams.front().url);
  const std::string behind = real ? real->path : "/";
  if (role() == model::Role::client && behind != "/") return behind;
  return own.empty() ? behind : own;
}

std::map<std::string, std::string> Stage::variables() const {
  std::map<std::string, std::string> variables = scenario::system_variables(loaded().judged.system);
  variables["seed"] = std::to_string(order_.seed);
  set_tls_variables(variables);
  variables["dir"] = sut_folder();
  if (sut_ && sut_->started()) variables["pid"] = std::to_string(sut_->program_pid());
  const auto set_address = [&](const std::string& whole, const std::string& host, const std::string& port,
                               const Address& address) {
    variables[whole] = address.text();
    variables[host] = address.host;
    variables[port] = std::to_string(address.port);
  };
  for (std::size_t i = 0; i < upstreams_.size() && role() == model::Role::gateway; ++i) {
    const std::string name = i == 0 ? "upstream" : fmt::format("upstream{}", i + 1);
    const actor::Link& link = *upstreams_[i].link;
    set_address(name, name + "_host", name + "_port", advertised(link));
  }
  for (std::size_t i = 0; i < absent_.size(); ++i) {
    const std::string name = fmt::format("upstream{}", upstreams_.size() + i + 1);
    set_address(name, name + "_host", name + "_port", {absent_[i]->host(), absent_[i]->port()});
  }
  if (role() == model::Role::client) {
    const actor::Link& link = *upstreams_.front().link;
    set_address("address", "host", "port", advertised(link));
    variables["url"] = fmt::format("{}://{}{}", variables["scheme"], variables["address"], request_path());
  } else {
    set_address("listen", "listen_host", "listen_port", listen_);
  }
  return variables;
}

/// Empty without TLS, so that a template may use them all.
void Stage::set_tls_variables(std::map<std::string, std::string>& variables) const {
  const bool front = tls_ && tls_->front();
  const bool back = tls_ && tls_->back();
  const bool dials = role() == model::Role::client ? front : role() == model::Role::gateway && back;
  variables["scheme"] = front ? "wss" : "ws";
  variables["ca_file"] = dials ? tls_->ca_file() : "";
  if (role() == model::Role::client) return;
  variables["certificate_file"] = sut_certificate_.certificate;
  variables["key_file"] = sut_certificate_.key;
  if (role() == model::Role::gateway) variables["upstream_scheme"] = back ? "wss" : "ws";
}

}  // namespace wsfault::runner
