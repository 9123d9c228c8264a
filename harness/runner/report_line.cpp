// A client's JSON line as a report; what is not one is output.
#include "runner/report_line.hpp"

#include <exception>
#include <utility>

#include "value/value.hpp"

namespace wsfault::runner {
namespace {

std::optional<std::string> text_of(const Value& value, std::string_view key) {
  const Value* member = value.find(key);
  return member != nullptr && member->text() != nullptr ? std::optional(*member->text()) : std::nullopt;
}

std::optional<int> integer_of(const Value& value, std::string_view key) {
  const Value* member = value.find(key);
  if (member == nullptr || member->integer() == nullptr || !std::in_range<int>(*member->integer()))
    return std::nullopt;
  return static_cast<int>(*member->integer());
}

}  // namespace

std::optional<record::Report> parse_report(std::string_view line) {
  if (line.empty() || line.front() != '{') return std::nullopt;
  Value value;
  try {
    value = parse_json(line);
  } catch (const std::exception&) {
    return std::nullopt;  // not JSON: output like any other
  }
  const auto event = text_of(value, "event");
  if (!event) return std::nullopt;
  record::Report report;
  report.event = *event;
  report.code = integer_of(value, "code");
  report.reason = text_of(value, "reason");
  if (const Value* clean = value.find("clean"); clean != nullptr && clean->boolean() != nullptr) {
    report.clean = *clean->boolean();
  }
  report.text = text_of(value, "text").value_or(text_of(value, "message").value_or(""));
  report.status = integer_of(value, "status");
  return report;
}

}  // namespace wsfault::runner
