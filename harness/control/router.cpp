#include "control/router.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "control/problem.hpp"
#include "control/toxiproxy.hpp"
#include "net/shortage.hpp"
#include "value/diagnostic.hpp"

namespace wsfault::control {
namespace {

std::vector<std::string_view> segments(std::string_view path) {
  std::vector<std::string_view> found;
  while (!path.empty()) {
    path.remove_prefix(1);  // "/"
    const std::size_t end = std::min(path.find('/'), path.size());
    found.push_back(path.substr(0, end));
    path.remove_prefix(end);
  }
  return found;
}

bool is_of_v1(std::string_view path) { return path == "/v1" || path.starts_with("/v1/") || path == "/"; }

/// An argument of the query that the route does not take; empty: none. Toxiproxy ignores those that it does not know.
std::string unknown_argument(const Route& route, const Request& request) {
  if (!route.path.starts_with("/v1")) return {};
  for (const auto& [name, value] : request.query) {
    if (std::ranges::find(route.arguments, name, &Argument::name) == route.arguments.end()) return name;
  }
  return {};
}

}  // namespace

bool matches(std::string_view form, std::string_view path, std::map<std::string, std::string>& variables) {
  if (!path.starts_with('/')) return false;
  const auto wanted = segments(form);
  const auto found = segments(path);
  if (wanted.size() != found.size()) return false;
  std::map<std::string, std::string> read;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (wanted[i].starts_with('{')) {
      if (found[i].empty()) return false;
      read[std::string(wanted[i].substr(1, wanted[i].size() - 2))] = found[i];
    } else if (wanted[i] != found[i]) {
      return false;
    }
  }
  variables = std::move(read);
  return true;
}

Router::Router() {
  for (auto* list : {&toxiproxy_routes, &v1_routes, &other_routes}) {
    std::vector<Route> more = (*list)();
    routes_.insert(routes_.end(), more.begin(), more.end());
  }
}

net::Task<Response> Router::serve(Context& context, const Request& request) const {
  std::set<std::string> methods;
  std::map<std::string, std::string> variables;
  const Route* found = nullptr;
  for (const Route& route : routes_) {
    if (!matches(route.path, request.path, variables)) continue;
    methods.emplace(route.method);
    const bool takes_it = route.method == request.method || (route.method == "GET" && request.method == "HEAD");
    if (takes_it) found = &route;
    if (found) break;
  }
  const bool toxiproxy = !is_of_v1(request.path);
  if (found == nullptr) {
    if (toxiproxy) co_return methods.empty() ? no_such_page() : no_such_method();
    if (methods.empty())
      co_return problem(404, fmt::format("there is no {}", request.path), "GET /v1/openapi.json lists what there is");
    Response response = problem(405, fmt::format("{} takes no {}", request.path, request.method));
    std::string allowed;
    for (const std::string& method : methods) allowed += (allowed.empty() ? "" : ", ") + method;
    response.fields.emplace_back("Allow", allowed);
    co_return response;
  }
  if (const std::string unknown = unknown_argument(*found, request); !unknown.empty()) {
    std::vector<std::string_view> allowed;
    for (const Argument& each : found->arguments) allowed.push_back(each.name);
    co_return problem(400, fmt::format("`{}` is no argument of {} {}", unknown, found->method, found->path),
                      allowed.empty() ? "it takes none" : suggest(unknown, allowed));
  }
  const Call call{request, std::move(variables)};
  std::exception_ptr thrown;
  try {
    co_return co_await found->serve(context, call);
  } catch (...) {
    thrown = std::current_exception();
  }
  const std::string what = net::describe_failure(thrown);
  co_return toxiproxy ? toxiproxy_error(500, what) : problem(500, what);
}

}  // namespace wsfault::control
