#include <fmt/format.h>

#include <cstdio>
#include <ostream>
#include <wsfault/errors.hpp>
#include <wsfault/proxy.hpp>

#include "place.hpp"
#include "read_answers.hpp"

namespace wsfault {

Fault::Fault(client::Place place)
    : place_(std::make_shared<client::Place>(std::move(place))), name_(place_->name()) {}

FaultInfo Fault::info() const { return client::read_fault_info(place_->api().call("GET", place_->path())); }

Event Fault::until_fired() const { return place_->until("fault " + name_, place_->timeout(), 0, {}).event; }

void Fault::heal() const { place_->api().call("DELETE", place_->path()); }

std::ostream& operator<<(std::ostream& out, const Fault& fault) {
  return out << "the fault " << fault.name();
}

ScopedFault::~ScopedFault() {
  try {
    fault_.heal();
  } catch (const WsfaultError& error) {
    // 404: it, its proxy or its session is gone already.
    if (error.status() != 404) fmt::print(stderr, "wsfault: a fault stays: {}\n", error.what());
  }
}

namespace {

Fault injected(const client::Place& place, const Value& answer) {
  const std::string name = client::text_of(answer, "name");
  return Fault(place.below("/faults/" + client::encoded(name), name));
}

}  // namespace

Connection::Connection(client::Place place) : place_(std::make_shared<client::Place>(std::move(place))) {}

Fault Connection::act(std::string_view name, const Table& attributes) const {
  return injected(*place_, place_->send("POST", place_->path("/" + std::string(name)), attributes));
}

Fault Connection::close(int code, std::string_view reason) const {
  Table attributes{{"code", code}};
  if (!reason.empty()) attributes = attributes.with({"reason", reason});
  return act("close", attributes);
}
Fault Connection::close(const Table& attributes) const { return act("close", attributes); }
Fault Connection::reset(const Table& attributes) const { return act("reset", attributes); }
Fault Connection::fin(const Table& attributes) const { return act("fin", attributes); }
Fault Connection::freeze(const Table& attributes) const { return act("freeze", attributes); }
Fault Connection::send(std::string_view payload, const Table& attributes) const {
  return act("send", attributes.with({"payload", payload}));
}
Fault Connection::ping(const Table& attributes) const { return act("ping", attributes); }

Client::Client(client::Place place) : place_(std::make_shared<client::Place>(std::move(place))) {}

void Client::report(const Table& report) const {
  place_->api().call("POST", place_->session("/reports"), report.with({"proxy", place_->proxy()}).value());
}

void Client::opened() const { report({{"event", "open"}}); }
void Client::received(std::string_view text) const { report({{"event", "message"}, {"text", text}}); }
void Client::closed(int code, std::string_view reason, bool clean) const {
  report({{"event", "close"}, {"code", code}, {"reason", reason}, {"clean", clean}});
}
void Client::failed(std::string_view message) const { report({{"event", "error"}, {"message", message}}); }
void Client::reconnects() const { report({{"event", "reconnecting"}}); }
Finding Client::judge(const Table& expectation) const {
  return place_->judge(expectation, place_->timeout(), place_->proxy());
}
Event Client::first(std::string_view moment) const {
  return place_->until(moment, place_->timeout(), 0, place_->proxy()).event;
}

std::ostream& operator<<(std::ostream& out, const Client& client) {
  return out << "the client at the proxy " << client.place_->proxy();
}

Proxy::Proxy(client::Place place, ProxyInfo info)
    : place_(std::make_shared<client::Place>(std::move(place))), made_(std::move(info)) {}

Fault Proxy::inject(std::string_view fault, const Table& attributes) const {
  return inject(attributes.with({"inject", fault}));
}

Fault Proxy::inject(const Table& fault) const {
  return injected(*place_, place_->send("POST", place_->session("/faults"), fault.with({"at", name()})));
}

Connection Proxy::connection(int number) const {
  client::Place place =
      place_->below(fmt::format("/proxies/{}/connections/{}", client::encoded(name()), number), {});
  return Connection(std::move(place));
}

std::vector<ConnectionInfo> Proxy::connections() const {
  std::vector<ConnectionInfo> all;
  const Value answer = place_->api().call("GET", place_->path("/connections"));
  for (const Value& each : client::list_of(answer, "connections"))
    all.push_back(client::read_connection_info(each));
  return all;
}

Client Proxy::client() const { return Client(*place_); }

void Proxy::disable() const { change({{"enabled", false}}); }
void Proxy::enable() const { change({{"enabled", true}}); }
ProxyInfo Proxy::change(const Table& change) const {
  return client::read_proxy_info(place_->send("PATCH", place_->path(), change));
}
ProxyInfo Proxy::info() const { return client::read_proxy_info(place_->api().call("GET", place_->path())); }
void Proxy::remove() const { place_->api().call("DELETE", place_->path()); }

Finding Proxy::judge(const Table& expectation) const {
  return place_->judge(expectation, place_->timeout(), name());
}
Event Proxy::first(std::string_view moment) const {
  return place_->until(moment, place_->timeout(), 0, name()).event;
}

std::ostream& operator<<(std::ostream& out, const Proxy& proxy) {
  return out << "the proxy " << proxy.name() << " at " << proxy.url();
}

}  // namespace wsfault
