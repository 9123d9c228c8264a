#include <fmt/format.h>

#include <algorithm>
#include <wsfault/errors.hpp>

namespace wsfault {
namespace {

constexpr std::size_t most_shown = 12;  // events

std::string message_of(const std::string& request, const std::string& detail, const std::string& hint,
                       const std::vector<WsfaultError::Detail>& errors, const std::string& shown) {
  if (!shown.empty()) return fmt::format("{}: the body is wrong\n{}", request, shown);
  if (errors.empty()) return fmt::format("{}: {}{}{}", request, detail, hint.empty() ? "" : "; ", hint);
  std::string message = request + ": the body is wrong";
  for (const auto& each : errors)
    message += fmt::format("\n  {}: {}{}{}", each.pointer.empty() ? "(body)" : each.pointer, each.detail,
                           each.hint.empty() ? "" : "; ", each.hint);
  return message;
}

std::string message_of(const std::string& moment, std::chrono::milliseconds timeout,
                       const std::vector<Event>& events, std::uint64_t lost) {
  std::string message = fmt::format("\"{}\" did not come in {}ms; ", moment, timeout.count());
  if (lost > 0) message += fmt::format("{} events were dropped; ", lost);
  if (events.empty()) return message + "nothing happened meanwhile";
  message += fmt::format("the last of {} events:", events.size());
  const std::size_t first = events.size() - std::min(events.size(), most_shown);
  for (std::size_t i = first; i < events.size(); ++i) message += "\n  " + to_string(events[i]);
  return message;
}

std::string message_of(const Finding& finding) {
  return fmt::format("{}: {}\n{}", finding.subject,
                     finding.state == "pending" ? "undecided in its time" : finding.state,
                     to_string(finding));
}

}  // namespace

WsfaultError::WsfaultError(std::string request, int status, std::string detail, std::string hint,
                           std::vector<Detail> errors, const std::string& shown)
    : std::runtime_error(message_of(request, detail, hint, errors, shown)),
      request_(std::move(request)),
      status_(status),
      detail_(std::move(detail)),
      hint_(std::move(hint)),
      errors_(std::move(errors)) {}

MomentTimeout::MomentTimeout(const std::string& moment, std::chrono::milliseconds timeout,
                             std::vector<Event> events, std::uint64_t lost)
    : std::runtime_error(message_of(moment, timeout, events, lost)),
      events_(std::move(events)),
      lost_(lost) {}

ExpectationError::ExpectationError(Finding finding)
    : std::runtime_error(message_of(finding)), finding_(std::move(finding)) {}

}  // namespace wsfault
