// The routes of the control port: one table, from which requests are served and the OpenAPI document is made.
#pragma once

#include <boost/json/object.hpp>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "control/http.hpp"
#include "control/json_body.hpp"
#include "proxy/sessions.hpp"

namespace wsfault::control {

/// What the routes work on.
struct Context {
  proxy::Sessions& sessions;
  std::string version;
  bool stops = false;  ///< waits end: the server does
};

struct Call {
  const Request& request;
  std::map<std::string, std::string> path;  ///< of "{session}": "session"

  const std::string& operator[](const std::string& name) const { return path.at(name); }
};

/// What is said of an argument of the query.
struct Argument {
  std::string_view name;
  std::string_view does;
};

struct Route {
  std::string_view method;
  std::string_view path;  ///< "/v1/sessions/{session}"
  std::string_view does;  ///< one sentence
  net::Task<Response> (*serve)(Context& context, const Call& call);
  std::vector<Argument> arguments = {};
  std::string_view body = {};     ///< the schema of its body, by name; empty: it takes none
  std::string_view returns = {};  ///< the schema of its answer; empty: none
  std::vector<int> statuses = {200};  ///< besides those of the port: 401, 403
  std::string_view streams = {};      ///< the schema of what it streams if it is asked for text/event-stream
  std::string_view fails = {};        ///< the schema of its errors, in JSON; empty: that of its API
};

/// Of Toxiproxy's API, at the root.
std::vector<Route> toxiproxy_routes();
/// Of wsfault's own, under /v1.
std::vector<Route> v1_routes();
/// Metrics and the page.
std::vector<Route> other_routes();

class Router {
 public:
  Router();
  /// Never fails: what is wrong is said in the response.
  net::Task<Response> serve(Context& context, const Request& request) const;
  const std::vector<Route>& routes() const { return routes_; }

 private:
  std::vector<Route> routes_;
};

/// The variables of the path if it is of that form.
bool matches(std::string_view form, std::string_view path, std::map<std::string, std::string>& variables);

}  // namespace wsfault::control
