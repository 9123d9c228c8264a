// `wsfault ctl list`: sessions, proxies, faults and open connections, as tables.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>

#include "cli/ctl.hpp"
#include "cli/terminal.hpp"
#include "read_answers.hpp"
#include "report/case_text.hpp"
#include "report/escape.hpp"

namespace wsfault::cli {
namespace {

using client::list_of;
using client::text_of;
using report::Paint;

struct Cell {
  std::string text;
  Paint paint = Paint::none;
};
using Row = std::vector<Cell>;

/// Columns as wide as their widest cell, indented.
std::string print_table(const std::vector<std::string_view>& header, const std::vector<Row>& rows,
                        bool colour) {
  if (rows.empty()) return {};
  std::vector<std::size_t> widths;
  for (std::size_t column = 0; column < header.size(); ++column) {
    widths.push_back(header[column].size());
    for (const Row& row : rows)
      widths.back() = std::max(widths.back(), report::width(report::printable(row[column].text)));
  }
  std::string out;
  const auto add_line = [&](const Row& row) {
    out += " ";
    std::string gap = " ";
    for (std::size_t column = 0; column < row.size(); ++column) {
      const std::string text = report::printable(row[column].text);
      out += gap + report::painted(text, row[column].paint, colour);
      gap = std::string(widths[column] - report::width(text) + 2, ' ');
    }
    out += "\n";
  };
  Row titles;
  for (const std::string_view each : header) titles.push_back({std::string(each), Paint::none});
  add_line(titles);
  for (const Row& row : rows) add_line(row);
  return out;
}

bool is_true(const Value& table, std::string_view key) {
  const Value* value = table.find(key);
  return value != nullptr && value->boolean() != nullptr && *value->boolean();
}

Row proxy_row(const Value& proxy) {
  const std::string upstream = text_of(proxy, "upstream");
  const bool enabled = is_true(proxy, "enabled");
  return {{text_of(proxy, "name")},
          {text_of(proxy, "listen")},
          {upstream.empty() ? "a fake server" : upstream},
          {enabled ? "enabled" : "disabled", enabled ? Paint::none : Paint::yellow},
          {std::to_string(client::number_of(proxy, "connections"))}};
}

Row fault_row(const Value& fault) {
  const std::string state = text_of(fault, "state");
  return {{text_of(fault, "proxy")},
          {text_of(fault, "name")},
          {text_of(fault, "inject")},
          {text_of(fault, "when")},
          {text_of(fault, "connections")},
          {state, state == "fired"   ? Paint::red
                  : state == "armed" ? Paint::yellow
                                     : Paint::none},
          {std::to_string(client::number_of(fault, "fired"))}};
}

Row connection_row(const std::string& proxy, const Value& connection) {
  return {{proxy},
          {std::to_string(client::number_of(connection, "number"))},
          {text_of(connection, "client")},
          {is_true(connection, "open") ? "open" : "connecting"},
          {fmt::format("{:.1f}s", static_cast<double>(client::number_of(connection, "age_ms")) / 1000)},
          {std::to_string(client::number_of(connection, "bytes_from_client"))},
          {std::to_string(client::number_of(connection, "bytes_from_server"))}};
}

std::string print_session(const Value& session, bool colour) {
  std::vector<Row> proxies;
  std::vector<Row> faults;
  std::vector<Row> connections;
  for (const Value& proxy : list_of(session, "proxies")) {
    proxies.push_back(proxy_row(proxy));
    for (const Value& each : list_of(proxy, "faults")) faults.push_back(fault_row(each));
    for (const Value& each : list_of(proxy, "live"))
      connections.push_back(connection_row(text_of(proxy, "name"), each));
  }
  const std::string ttl = text_of(session, "ttl");
  std::string out = report::printable(
      fmt::format("session {}{}", text_of(session, "id"),
                  ttl.empty() ? "" : fmt::format(" ({} under test, ttl {})", text_of(session, "role"), ttl)));
  out += proxies.empty() ? ": no proxies\n" : "\n";
  out += print_table({"PROXY", "LISTEN", "UPSTREAM", "STATE", "OPEN"}, proxies, colour);
  out += print_table({"PROXY", "FAULT", "INJECT", "WHEN", "CONNECTIONS", "STATE", "FIRED"}, faults, colour);
  out += print_table({"PROXY", "CONNECTION", "CLIENT", "STATE", "AGE", "FROM CLIENT", "FROM SERVER"},
                     connections, colour);
  return out;
}

/// Each proxy gets its connections, as `live`.
void add_connections(Ctl& ctl, Value& session) {
  Value* proxies = session.find("proxies");
  if (proxies == nullptr || proxies->array() == nullptr) return;
  for (Value& proxy : *proxies->array()) {
    const std::string path =
        path_of_session(text_of(session, "id")) + "/proxies/" + client::encoded(text_of(proxy, "name"));
    const Value answer = ctl.call("GET", path + "/connections");
    proxy.set("live", Value(Value::Array(list_of(answer, "connections"))));
  }
}

}  // namespace

int ctl_list(Ctl& ctl) {
  Value all;
  if (ctl.options().session.empty()) {
    all = ctl.sessions();
  } else {
    all.set("sessions", Value(Value::Array{ctl.call("GET", path_of_session(ctl.options().session))}));
  }
  for (Value& session : *all.find("sessions")->array()) add_connections(ctl, session);
  if (ctl.options().json) {
    put_json(all);
    return 0;
  }
  std::string gap;
  for (const Value& session : list_of(all, "sessions")) {
    put(gap + print_session(session, is_capable_terminal(STDOUT_FILENO)));
    gap = "\n";
  }
  return 0;
}

}  // namespace wsfault::cli
