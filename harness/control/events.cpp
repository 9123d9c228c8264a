// The journal of a session: read from a cursor on, waited for, or followed as Server-Sent Events.
#include <fmt/format.h>

#include <algorithm>

#include "control/v1.hpp"
#include "fault/moment.hpp"

namespace wsfault::control {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::size_t most_events = 1000;  // of one answer
constexpr Duration usual_wait = std::chrono::seconds(30);
constexpr Duration silence = std::chrono::seconds(15);  // between two signs of life of a stream

/// What is read of the journal.
struct Filter {
  std::uint64_t cursor = 0;
  std::optional<std::string> proxy;
  bool concerns(const proxy::Journal::Entry& entry) const { return !proxy || entry.proxy == *proxy; }
};

Filter read_filter(proxy::Session& session, const Call& call) {
  Filter filter;
  filter.proxy = call.request.argument("proxy");
  if (filter.proxy) named_proxy(session, filter.proxy);
  filter.cursor = number_argument(call, "after").value_or(0);
  const std::string& last = call.request.field("last-event-id");
  if (!last.empty() && last.find_first_not_of("0123456789") == std::string::npos && last.size() < 19)
    filter.cursor = std::stoull(last);
  return filter;
}

/// `until`, narrowed by `connection` and `from` as by the members of a moment's table.
std::optional<fault::Moment> read_until(proxy::Session& session, const Call& call) {
  const auto text = call.request.argument("until");
  const auto connection = call.request.argument("connection");
  const auto from = call.request.argument("from");
  if (!text) {
    if (connection || from)
      throw Stop{problem(
          400, fmt::format("`{}` narrows `until`, which is not there", connection ? "connection" : "from"),
          "until=close&connection=2")};
    return std::nullopt;
  }
  Value table;
  table.set("moment", Value(*text));
  if (connection)
    table.set("connection", Value(static_cast<std::int64_t>(*number_argument(call, "connection"))));
  if (from) table.set("from", Value(*from));
  Diagnostics diagnostics("the query", "");
  auto moment = fault::read_moment(table, diagnostics);
  if (!moment)
    throw Stop{problem(400, "`until`: " + diagnostics.errors().front().message, "a moment: docs/scenarios.md, Moments")};
  for (proxy::Proxy* each : session.proxies()) each->ask_for(*moment);
  return moment;
}

/// What it is to know of the time before the cursor: a message that has come, but not gone on.
void recall(const proxy::Journal& journal, const Filter& filter, fault::MomentSearch& search) {
  const proxy::Journal::Entry* entry = journal.next(0);
  for (; entry && entry->cursor <= filter.cursor; entry = journal.next(entry->cursor)) {
    if (filter.concerns(*entry)) search.recall(entry->event);
  }
}

/// Reads on, until the moment comes or there is no more; how far it read.
struct Page {
  std::string events;
  std::size_t count = 0;
  std::uint64_t lost = 0;
  bool came = false;
};

void read_on(proxy::Journal& journal, Filter& filter, fault::MomentSearch* search, Page& page) {
  page.lost += journal.lost_after(filter.cursor);
  while (const proxy::Journal::Entry* entry = journal.next(filter.cursor)) {
    if (page.count == most_events) return;
    filter.cursor = entry->cursor;
    if (!filter.concerns(*entry)) continue;
    page.events += (page.count++ == 0 ? "" : ",") + event_json(*entry);
    if (search && search->feed(entry->event)) {
      page.came = true;
      return;
    }
  }
}

net::Task<Response> read_page(Context& context, const Call& call) {
  const auto session = session_of(context, call);
  context.sessions.note_reader(*session);
  Filter filter = read_filter(*session, call);
  const auto until = read_until(*session, call);
  const auto waits = duration_argument(call, "timeout");
  std::optional<fault::MomentSearch> search;
  if (until) search.emplace(*until);
  if (until && until->done) recall(session->journal(), filter, *search);
  const auto due = Clock::now() + waits.value_or(until ? usual_wait : Duration(0));
  proxy::Journal& journal = session->journal();
  Page page;
  for (;;) {
    read_on(journal, filter, search ? &*search : nullptr, page);
    const bool is_full = page.count == most_events;
    const bool is_enough = until ? page.came : page.count > 0;
    if (is_enough || is_full || session->ended() || context.stops || Clock::now() >= due) break;
    co_await journal.changed().wait_until(due);
    context.sessions.note_reader(*session);
  }
  // With the last of its events: there is no next answer.
  const bool ended = (session->ended() || context.stops) && journal.next(filter.cursor) == nullptr;
  std::string body =
      fmt::format("{{\"cursor\":{},\"came\":{},\"lost\":{},\"ended\":{},\"events\":[{}]}}\n", filter.cursor,
                  until ? (page.came ? "true" : "false") : "null", page.lost, ended, page.events);
  co_return Response{.body = std::move(body)};
}

/// Server-Sent Events (HTML Standard, 9.2): each with its cursor as id, so that a client that comes back goes on there.
Response follow_events(Context& context, const std::shared_ptr<proxy::Session>& session, const Filter& from) {
  Response response{.type = "text/event-stream"};
  response.fields.emplace_back("Cache-Control", "no-store");
  response.stream = [&context, session, from](WritePart write) -> net::Task<void> {
    Filter filter = from;
    proxy::Journal& journal = session->journal();
    bool goes_on = true;
    while (goes_on) {
      std::string part;
      if (const auto lost = journal.lost_after(filter.cursor); lost > 0)
        part += fmt::format("event: lost\ndata: {{\"lost\":{}}}\n\n", lost);
      constexpr std::size_t most_at_once = 64 * 1024;
      const proxy::Journal::Entry* entry = nullptr;
      while (part.size() < most_at_once && (entry = journal.next(filter.cursor)) != nullptr) {
        filter.cursor = entry->cursor;
        if (filter.concerns(*entry)) part += fmt::format("id: {}\ndata: {}\n\n", entry->cursor, event_json(*entry));
      }
      context.sessions.note_reader(*session);
      if (!part.empty()) {
        goes_on = co_await write(std::move(part));
      } else if (session->ended() || context.stops) {
        std::string over = "event: ended\ndata: {\"ended\":true}\n\n";
        co_await write(std::move(over));
        co_return;
      } else if (!co_await journal.changed().wait_until(Clock::now() + silence)) {
        std::string alive = ": nothing yet\n\n";
        goes_on = co_await write(std::move(alive));
      }
    }
  };
  return response;
}

net::Task<Response> serve_events(Context& context, const Call& call) {
  if (call.request.field("accept").find("text/event-stream") == std::string::npos) co_return co_await read_page(context, call);
  const auto session = session_of(context, call);
  co_return follow_events(context, session, read_filter(*session, call));
}

}  // namespace

std::vector<Route> event_routes() {
  return {
      {"GET",
       "/v1/sessions/{session}/events",
       "What has happened after a cursor; waits for a moment, or follows as Server-Sent Events (Accept: "
       "text/event-stream)",
       answered<serve_events>,
       {{"after", "the cursor of an earlier answer; 0: from the beginning"},
        {"until", "a moment (\"close\", \"message 3\"): waits until it comes after the cursor"},
        {"timeout", "how long to wait at most: 30s with `until`, else not at all; at most 1m"},
        {"connection", "the number of the connection on which the moment of `until` is to come"},
        {"from", "client or server: who is to have sent what `until` waits for"},
        {"proxy", "only what happened there"}},
       {},
       "Events",
       {200, 400, 404},
       "EventStream"},
  };
}

}  // namespace wsfault::control
