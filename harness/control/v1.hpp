// What the routes under /v1 have in common.
#pragma once

#include <boost/json.hpp>
#include <memory>
#include <optional>
#include <string>

#include "control/problem.hpp"
#include "control/router.hpp"
#include "value/reader.hpp"

namespace wsfault::control {

namespace json = boost::json;

/// Thrown by a handler; it is the answer.
struct Stop {
  Response response;
};

/// The one of the path. Throws Stop.
std::shared_ptr<proxy::Session> session_of(Context& context, const Call& call);
/// The one of the path.
proxy::Proxy& proxy_of(proxy::Session& session, const Call& call);
/// The one that a body or query names, or the only one of the session.
proxy::Proxy& named_proxy(proxy::Session& session, const std::optional<std::string>& name);
/// The body, an object. Throws Stop.
JsonBody body_of(const Call& call);
/// Throws Stop if there were errors.
void check(const JsonBody& body, const Diagnostics& diagnostics);
Diagnostics diagnostics_of(const JsonBody& body);
/// A duration of the query ("5s"), at most a minute. Throws Stop.
std::optional<Duration> duration_argument(const Call& call, const std::string& name);
std::optional<std::uint64_t> number_argument(const Call& call, const std::string& name);
/// A name as those of a path may be: 1 to 100 characters, no "/".
void check_name(TableReader& table, std::string_view key);

Response answer(const json::value& value, int status = 200);
json::value as_json(const Value& value);
/// The event as in a log, with its cursor and its proxy.
std::string event_json(const proxy::Journal::Entry& entry);

json::object shown(const proxy::Session& session);
json::object shown(const proxy::Proxy& proxy);
json::object shown(const proxy::Proxy& proxy, const proxy::StandingFault& fault);

std::vector<Route> session_routes();
std::vector<Route> proxy_routes();
std::vector<Route> fault_routes();
std::vector<Route> client_routes();
std::vector<Route> event_routes();
std::vector<Route> verdict_routes();

/// Answers what a handler throws.
template <net::Task<Response> (*serve)(Context&, const Call&)>
net::Task<Response> answered(Context& context, const Call& call) {
  Response response;
  try {
    response = co_await serve(context, call);
  } catch (Stop& stop) {
    response = std::move(stop.response);
  }
  co_return response;
}

}  // namespace wsfault::control
