#include "cli/proxy_log.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <chrono>
#include <cstdio>

#include "proxy/route.hpp"
#include "record/json.hpp"
#include "report/event_text.hpp"

namespace wsfault::cli {
namespace {

std::string now() {
  const auto time = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time);
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(std::chrono::system_clock::to_time_t(seconds)),
                     (time - seconds).count());
}

/// Faults and what is wrong are always told; connections if it is asked for; traffic never.
bool is_told(const record::Event& event, bool verbose) {
  return std::visit(
      [&]<typename What>(const What&) {
        if constexpr (std::is_same_v<What, record::FaultFired> || std::is_same_v<What, record::FaultHealed> ||
                      std::is_same_v<What, record::HarnessError> || std::is_same_v<What, record::DialFailed>) {
          return true;
        } else if constexpr (std::is_same_v<What, record::Accepted> || std::is_same_v<What, record::Opened> ||
                             std::is_same_v<What, record::StreamEnded> || std::is_same_v<What, record::ConnectionOver> ||
                             std::is_same_v<What, record::FaultSpared> || std::is_same_v<What, record::ViolationSeen>) {
          return verbose;
        } else {
          return false;
        }
      },
      event.what);
}

/// A timeline shows how a connection begins and ends by arrows between its parties; a log has no such.
std::string in_words(const record::What& what) {
  if (const auto* accepted = std::get_if<record::Accepted>(&what))
    return fmt::format("a connection from {}", accepted->peer.view());
  if (std::holds_alternative<record::Opened>(what)) return "the 101 has passed";
  if (std::holds_alternative<record::ConnectionOver>(what)) return "the connection is over";
  if (const auto* end = std::get_if<record::StreamEnded>(&what)) {
    return fmt::format("TCP {} {} the {}", report::tcp_end_name(end->how),
                       end->tap == record::Tap::sent ? "from" : "to", end->side == wire::Side::client ? "client" : "server");
  }
  if (const auto* violation = std::get_if<record::ViolationSeen>(&what)) {
    const std::string_view from = violation->from == wire::Side::client ? "client" : "server";
    const std::string_view does = violation->tap == record::Tap::sent ? "breaks" : "seems by a fault to break";
    return fmt::format("the {} {} the protocol: {} ({})", from, does, violation->violation, violation->section);
  }
  return report::in_words(what);
}

}  // namespace

void ProxyLog::line(std::string_view level, std::string_view what, const Value& more) const {
  if (json_) {
    Value line;
    line.set("time", Value(now()));
    line.set("level", Value(level));
    line.set("message", Value(what));
    if (const Value::Table* members = more.table())
      for (const Value::Member& member : *members) line.set(member.key, member.value);
    fmt::print("{}\n", to_json(line));
  } else {
    fmt::print("{} {:<5} {}\n", now(), level, what);
  }
  std::fflush(stdout);
}

void ProxyLog::listens(const proxy::Proxy& proxy, const std::string& upstream) const {
  const std::string at = proxy::listen_text(proxy.route());
  Value more;
  more.set("proxy", Value(proxy.name()));
  more.set("listen", Value(at));
  more.set("upstream", Value(upstream));
  line("info", fmt::format("{} listens at {} for {}", proxy.name(), at, upstream.empty() ? "its fake upstream" : upstream),
       more);
}

void ProxyLog::controls(const std::string& address) const {
  Value more;
  more.set("control", Value(address));
  line("info", fmt::format("control at http://{}", address), more);
}

void ProxyLog::says(std::string_view what) const { line("info", what, Value()); }
void ProxyLog::error(std::string_view what) const { line("error", what, Value()); }

void ProxyLog::tell(const proxy::Journal::Entry& entry) const {
  const record::Event& event = entry.event;
  const bool wrong = std::holds_alternative<record::HarnessError>(event.what);
  const std::string number = event.where.connection > 0 ? fmt::format(" #{}", event.where.connection) : "";
  Value more;
  more.set("proxy", Value(entry.proxy.str()));
  more.set("event", parse_json(record::to_json(event)));
  line(wrong ? "error" : "info", fmt::format("{}{}: {}", entry.proxy.view(), number, in_words(event.what)), more);
}

net::Task<void> ProxyLog::follow(proxy::Sessions& sessions, const bool& stops) const {
  proxy::Journal& journal = sessions.standing().journal();
  std::uint64_t cursor = 0;
  while (!stops) {
    while (const proxy::Journal::Entry* entry = journal.next(cursor)) {
      cursor = entry->cursor;
      if (is_told(entry->event, verbose_)) tell(*entry);
    }
    if (!stops) co_await journal.changed().wait();
  }
}

}  // namespace wsfault::cli
