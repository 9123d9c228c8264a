// Sessions: what a test makes, and what is gone with it.
#include <fmt/format.h>

#include "control/v1.hpp"
#include "scenario/load.hpp"

namespace wsfault::control {
namespace {

constexpr Duration shortest_ttl = std::chrono::seconds(1);
constexpr Duration longest_ttl = std::chrono::hours(24);
constexpr Duration usual_ttl = std::chrono::minutes(5);

net::Task<Response> list_sessions(Context& context, const Call&) {
  json::array all;
  for (const auto& session : context.sessions.all()) all.push_back(shown(*session));
  co_return answer(json::object{{"sessions", std::move(all)}});
}

proxy::SessionSetting read_setting(Context& context, const JsonBody& body) {
  Diagnostics diagnostics = diagnostics_of(body);
  TableReader table(body.value, diagnostics, "a session");
  proxy::SessionSetting setting;
  check_name(table, "id");
  setting.id = table.text("id").value_or("");
  if (setting.id.empty()) setting.id = context.sessions.next_id();
  if (const auto role = table.one_of("role", {"client", "server"})) setting.role = *model::parse_role(*role);
  setting.ttl = table.duration("ttl").value_or(usual_ttl);
  if (*setting.ttl < shortest_ttl || *setting.ttl > longest_ttl)
    table.error(*table.raw("ttl"), "`ttl` is 1s to 24h", "heartbeats make it last");
  if (const Value* traits = table.raw("traits")) setting.system.traits = scenario::read_traits(*traits, diagnostics);
  setting.system.role = setting.role;
  setting.system.name = table.text("system").value_or("the system under test");
  setting.seed = context.sessions.seed();
  if (const auto seed = table.integer("seed", 0, std::numeric_limits<std::int64_t>::max()))
    setting.seed = static_cast<std::uint64_t>(*seed);
  table.finish();
  check(body, diagnostics);
  return setting;
}

net::Task<Response> begin_session(Context& context, const Call& call) {
  const JsonBody body = body_of(call);
  proxy::SessionSetting setting = read_setting(context, body);
  const std::string id = setting.id;
  if (context.sessions.find(id)) throw Stop{problem(409, fmt::format("there is a session \"{}\" already", id))};
  const auto session = context.sessions.begin(std::move(setting));
  if (!session)
    throw Stop{problem(429, fmt::format("there are {} sessions, and no more are served", proxy::Sessions::most),
                       "DELETE /v1/sessions/ID ends one")};
  co_return answer(shown(*session), 201);
}

net::Task<Response> show_session(Context& context, const Call& call) {
  const auto session = session_of(context, call);
  session->heartbeat();
  co_return answer(shown(*session));
}

net::Task<Response> end_session(Context& context, const Call& call) {
  const auto session = session_of(context, call);
  if (session.get() == &context.sessions.standing())
    throw Stop{problem(409, "the standing session ends with the program", "DELETE its proxies")};
  co_await context.sessions.end(session->id());
  co_return Response{.status = 204};
}

net::Task<Response> keep_session(Context& context, const Call& call) {
  session_of(context, call)->heartbeat();
  co_return Response{.status = 204};
}

}  // namespace

std::vector<Route> session_routes() {
  constexpr std::string_view one = "/v1/sessions/{session}";
  return {
      {"GET", "/v1/sessions", "All sessions", answered<list_sessions>, {}, {}, "Sessions"},
      {"POST", "/v1/sessions", "Begins a session", answered<begin_session>, {}, "NewSession", "Session", {201, 400, 409, 429}},
      {"GET", one, "A session with its proxies; counts as a heartbeat", answered<show_session>, {}, {}, "Session", {200, 404}},
      {"DELETE", one, "Ends a session, and all that is in it", answered<end_session>, {}, {}, {}, {204, 404, 409}},
      {"POST", "/v1/sessions/{session}/heartbeat", "Makes a session last for another `ttl`", answered<keep_session>, {}, {}, {}, {204, 404}},
  };
}

}  // namespace wsfault::control
