#include <fmt/format.h>

#include <cstdio>
#include <ostream>
#include <wsfault/testing.hpp>

#include "heartbeats.hpp"
#include "place.hpp"
#include "read_answers.hpp"

namespace wsfault {

using std::chrono::milliseconds;

Session::Session(std::shared_ptr<const client::Api> api, const Value& made, const SessionOptions& options)
    : id_(client::text_of(made, "id")),
      place_(std::make_shared<client::Place>(std::move(api), id_, options.timeout)),
      heartbeats_(std::make_unique<client::Heartbeats>(*place_, options.ttl / 3)) {}

Session::Session(Session&&) noexcept = default;

Session::~Session() {
  try {
    end();
  } catch (const WsfaultError& error) {
    fmt::print(stderr, "wsfault: the session {} was not ended: {}\n", id_, error.what());
  }
}

void Session::end() {
  if (!heartbeats_) return;
  heartbeats_.reset();
  try {
    place_->api().call("DELETE", place_->session());
  } catch (const WsfaultError& error) {
    if (error.status() != 404) throw;
  }
}

Proxy Session::proxy(std::string_view name, std::string_view upstream, const ProxyOptions& options) {
  return add({{"name", name}, {"upstream", upstream}}, options);
}

Proxy Session::proxy(std::string_view name, const Table& fake_server, const ProxyOptions& options) {
  return add({{"name", name}, {"upstream", fake_server}}, options);
}

Proxy Session::add(Table body, const ProxyOptions& options) {
  if (!options.listen.empty()) body = body.with({"listen", options.listen});
  if (!options.enabled) body = body.with({"enabled", false});
  Value::Array faults;
  for (const Table& each : options.faults) faults.push_back(each.value());
  if (!faults.empty()) body = body.with({"faults", Value(std::move(faults))});
  ProxyInfo info = client::read_proxy_info(place_->send("POST", place_->session("/proxies"), body));
  client::Place place = place_->of_proxy(info.name);
  return {std::move(place), std::move(info)};
}

void Session::report(std::string_view event, const Table& members) {
  place_->api().call("POST", place_->session("/reports"), members.with({"event", event}).value());
}

void Session::mark(std::string_view name, std::string_view proxy) {
  Table body{{"name", name}};
  if (!proxy.empty()) body = body.with({"proxy", proxy});
  place_->api().call("POST", place_->session("/marks"), body.value());
}

void Session::play(const Table& client) { place_->send("POST", place_->session("/clients"), client); }

Event Session::until(std::string_view moment, const WaitOptions& options) {
  const auto came = place_->until(moment, options.timeout.value_or(timeout()),
                                  options.after.value_or(cursor_), options.proxy);
  cursor_ = std::max(cursor_, came.cursor);
  return came.event;
}

Event Session::first(std::string_view moment) const { return place_->until(moment, timeout(), 0, {}).event; }

std::vector<Event> Session::events(const WaitOptions& options) const {
  std::vector<Event> all;
  std::uint64_t after = options.after.value_or(cursor_);
  milliseconds wait = options.timeout.value_or(milliseconds(0));
  for (;;) {
    const client::Query query = {{"after", std::to_string(after)},
                                 {"timeout", fmt::format("{}ms", wait.count())},
                                 {"proxy", options.proxy}};
    const Value page = place_->api().call("GET", place_->session("/events"), {}, query, wait);
    const Value::Array& events = client::list_of(page, "events");
    if (events.empty()) return all;
    for (const Value& each : events) all.push_back(client::read_event(each));
    after = static_cast<std::uint64_t>(client::number_of(page, "cursor"));
    wait = milliseconds(0);
  }
}

Finding Session::judge(const Table& expectation, const WaitOptions& options) const {
  return place_->judge(expectation, options.timeout.value_or(timeout()), options.proxy);
}

Finding Session::expect(const Table& expectation, const WaitOptions& options) const {
  Finding finding = judge(expectation, options);
  if (!finding.holds()) throw ExpectationError(std::move(finding));
  return finding;
}

Verdict Session::verdict(bool ended) const {
  return client::read_verdict(
      place_->api().call("GET", place_->session("/verdict"), {}, {{"ended", ended ? "true" : "false"}}));
}

milliseconds Session::timeout() const { return place_->timeout(); }

std::ostream& operator<<(std::ostream& out, const Session& session) {
  return out << "the session " << session.id();
}

}  // namespace wsfault
