// Clients that wsfault plays, what the system under test says of itself, and marks.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "control/v1.hpp"
#include "runner/report_line.hpp"

namespace wsfault::control {
namespace {

/// Takes `proxy` out of the body.
std::optional<std::string> take_proxy(JsonBody& body) {
  const Value* name = body.value.find("proxy");
  if (name == nullptr) return std::nullopt;
  if (!name->text()) throw Stop{problem(400, fmt::format("`proxy` is the name of a proxy, found {}", name->type_name()))};
  std::string taken = *name->text();
  body.value.erase("proxy");
  return taken;
}

net::Task<Response> play_client(Context& context, const Call& call) {
  const auto session = session_of(context, call);
  JsonBody body = body_of(call);
  proxy::Proxy& proxy = named_proxy(*session, take_proxy(body));
  Diagnostics diagnostics = diagnostics_of(body);
  auto read = session->read_client(body.value, diagnostics);
  check(body, diagnostics);
  model::Client& client = read->scenario.clients.front();
  const json::object shown{{"name", client.name}, {"proxy", proxy.name()}, {"count", client.count}};
  proxy.play(std::move(client), read->judged.clients.front());
  co_return answer(shown, 201);
}

net::Task<Response> add_report(Context& context, const Call& call) {
  const auto session = session_of(context, call);
  JsonBody body = body_of(call);
  proxy::Proxy& proxy = named_proxy(*session, take_proxy(body));
  constexpr std::array<std::string_view, 5> events = {"open", "message", "error", "close", "reconnecting"};
  auto read = runner::parse_report(to_json(body.value));
  if (!read || std::ranges::find(events, read->event.view()) == events.end())
    throw Stop{problem(400, "this is no report of a client",
                       R"({"event": "close", "code": 1006, "reason": "", "clean": false}; events: open, message, error, close, reconnecting)")};
  proxy.report(*std::move(read));
  session->heartbeat();
  co_return Response{.status = 204};
}

net::Task<Response> add_mark(Context& context, const Call& call) {
  const auto session = session_of(context, call);
  JsonBody body = body_of(call);
  const auto named = take_proxy(body);
  Diagnostics diagnostics = diagnostics_of(body);
  TableReader table(body.value, diagnostics, "a mark");
  check_name(table, "name");
  if (!table.has("name")) table.error(body.value, "a mark needs a `name`");
  const std::string name = table.text("name").value_or("");
  table.finish();
  check(body, diagnostics);
  if (named) {
    named_proxy(*session, named).mark(name);
  } else {
    for (proxy::Proxy* proxy : session->proxies()) proxy->mark(name);
  }
  co_return Response{.status = 204};
}

}  // namespace

std::vector<Route> client_routes() {
  return {
      {"POST", "/v1/sessions/{session}/clients", "Plays a client that connects through a proxy, in the words of [[client]]", answered<play_client>, {}, "NewClient", "Client", {201, 400, 404}},
      {"POST", "/v1/sessions/{session}/reports", "Adds what the system under test saw: docs/scenarios.md, Reports", answered<add_report>, {}, "Report", {}, {204, 400, 404}},
      {"POST", "/v1/sessions/{session}/marks", "Adds a mark: the moment of faults whose `when` is \"mark NAME\"", answered<add_mark>, {}, "Mark", {}, {204, 400, 404}},
  };
}

}  // namespace wsfault::control
