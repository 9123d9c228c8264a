#include "read_answers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ostream>

namespace wsfault {
namespace client {

std::string text_of(const Value& table, std::string_view key) {
  const Value* value = table.find(key);
  return value != nullptr && value->text() != nullptr ? *value->text() : std::string();
}

std::int64_t number_of(const Value& table, std::string_view key) {
  const Value* value = table.find(key);
  return value != nullptr && value->integer() != nullptr ? *value->integer() : 0;
}

const Value::Array& list_of(const Value& table, std::string_view key) {
  static const Value::Array none;
  const Value* value = table.find(key);
  return value != nullptr && value->array() != nullptr ? *value->array() : none;
}

namespace {

bool flag_of(const Value& table, std::string_view key) {
  const Value* value = table.find(key);
  return value != nullptr && value->boolean() != nullptr && *value->boolean();
}

}  // namespace

Event read_event(const Value& value) {
  return {.cursor = static_cast<std::uint64_t>(number_of(value, "cursor")),
          .at = std::chrono::nanoseconds(number_of(value, "at")),
          .type = text_of(value, "type"),
          .proxy = text_of(value, "proxy"),
          .connection = static_cast<int>(number_of(value, "connection")),
          .members = value};
}

FaultInfo read_fault_info(const Value& value) {
  return {.name = text_of(value, "name"),
          .proxy = text_of(value, "proxy"),
          .inject = text_of(value, "inject"),
          .state = text_of(value, "state"),
          .fired = static_cast<std::uint64_t>(number_of(value, "fired")),
          .when = text_of(value, "when"),
          .connections = text_of(value, "connections")};
}

ProxyInfo read_proxy_info(const Value& value) {
  ProxyInfo info{.name = text_of(value, "name"),
                 .url = text_of(value, "url"),
                 .host = text_of(value, "host"),
                 .port = static_cast<std::uint16_t>(number_of(value, "port")),
                 .listen = text_of(value, "listen"),
                 .upstream = text_of(value, "upstream"),
                 .enabled = flag_of(value, "enabled"),
                 .connections = static_cast<int>(number_of(value, "connections")),
                 .faults = {}};
  for (const Value& each : list_of(value, "faults")) info.faults.push_back(read_fault_info(each));
  return info;
}

ConnectionInfo read_connection_info(const Value& value) {
  return {.number = static_cast<int>(number_of(value, "number")),
          .client = text_of(value, "client"),
          .open = flag_of(value, "open"),
          .age = std::chrono::milliseconds(number_of(value, "age_ms")),
          .bytes_from_client = static_cast<std::uint64_t>(number_of(value, "bytes_from_client")),
          .bytes_from_server = static_cast<std::uint64_t>(number_of(value, "bytes_from_server"))};
}

Finding read_finding(const Value& value) {
  return {.state = text_of(value, "state"),
          .subject = text_of(value, "subject"),
          .expected = text_of(value, "expected"),
          .seen = text_of(value, "seen"),
          .broke = text_of(value, "broke"),
          .cause = text_of(value, "cause"),
          .remedy = text_of(value, "remedy")};
}

Verdict read_verdict(Value document) {
  Verdict verdict;
  for (const Value& each : list_of(document, "cases")) {
    VerdictCase judged{
        .id = text_of(each, "id"), .outcome = text_of(each, "outcome"), .findings = {}, .explanation = {}};
    for (const Value& finding : list_of(each, "findings")) judged.findings.push_back(read_finding(finding));
    for (const Value& line : list_of(each, "explanation"))
      if (line.text() != nullptr) judged.explanation.push_back(*line.text());
    verdict.cases.push_back(std::move(judged));
  }
  verdict.document = std::move(document);
  return verdict;
}

}  // namespace client

std::string to_string(const Event& event) {
  constexpr std::array<std::string_view, 7> said = {"cursor", "at",   "proxy", "connection",
                                                    "type",   "link", "party"};
  std::string line = fmt::format("{:.1f}ms", static_cast<double>(event.at.count()) / 1e6);
  if (!event.proxy.empty()) line += " " + event.proxy;
  if (event.connection != 0) line += fmt::format(" #{}", event.connection);
  line += " " + event.type;
  if (const Value::Table* members = event.members.table()) {
    for (const Value::Member& each : *members) {
      if (std::ranges::find(said, each.key) != said.end()) continue;
      line += fmt::format(" {}={}", each.key,
                          each.value.text() != nullptr ? *each.value.text() : to_json(each.value));
    }
  }
  return line;
}

std::ostream& operator<<(std::ostream& out, const Event& event) { return out << to_string(event); }

std::string to_string(const Finding& finding) {
  const std::array<std::pair<std::string_view, const std::string*>, 5> lines = {
      {{"expected", &finding.expected},
       {"seen", &finding.seen},
       {"broke", &finding.broke},
       {"cause", &finding.cause},
       {"remedy", &finding.remedy}}};
  std::string text;
  for (const auto& [name, line] : lines)
    if (!line->empty()) text += fmt::format("{}  {:<9} {}", text.empty() ? "" : "\n", name, *line);
  return text;
}

bool Verdict::passed() const {
  return std::ranges::all_of(
      cases, [](const VerdictCase& each) { return each.outcome == "passed" || each.outcome == "warned"; });
}

std::string to_string(const Verdict& verdict) {
  std::string text;
  for (const VerdictCase& each : verdict.cases) {
    text += fmt::format("{}: {}\n", each.id, each.outcome);
    // The explanation of a case that did not pass has its findings, and the timeline.
    for (const std::string& line : each.explanation) text += line + "\n";
    if (!each.explanation.empty()) continue;
    for (const Finding& finding : each.findings)
      text += fmt::format("  {}: {}\n{}\n", finding.state, finding.subject, to_string(finding));
  }
  return text;
}

}  // namespace wsfault
