// What is expected, in words.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "value/words.hpp"
#include "verdict/expect/kinds.hpp"

namespace wsfault::verdict {
namespace {

std::string pattern_text(const TextPattern& pattern) {
  const std::string text = pattern.to_string();
  return text.starts_with('/') ? text : fmt::format("\"{}\"", text);
}

std::string backoff_text(const model::Backoff& backoff) {
  std::string text = "exponential backoff";
  if (backoff.first) text += fmt::format(", first {}", format_duration(*backoff.first));
  if (backoff.factor) text += fmt::format(", factor {}", *backoff.factor);
  if (backoff.max) text += fmt::format(", at most {}", format_duration(*backoff.max));
  if (backoff.jitter) text += fmt::format(", jitter {}", *backoff.jitter);
  return text;
}

struct Phrase {
  std::string operator()(const CloseExpected& close) const {
    std::string text = fmt::format("reports close {}", to_string(close.codes));
    if (close.reason) text += fmt::format(", reason {}", pattern_text(*close.reason));
    if (close.clean) text += *close.clean ? ", clean" : ", not clean";
    if (!close.causes.empty()) text += fmt::format(", caused by {}", fmt::join(close.causes, " or "));
    return text;
  }
  std::string operator()(const WireCloseExpected& close) const {
    const std::string what = close.empty ? "an empty Close" : fmt::format("Close {}", to_string(close.codes));
    const std::string from = close.from ? fmt::format(" from the {}", wire::to_string(*close.from)) : "";
    return fmt::format("has {}{} on its wire", what, from);
  }
  std::string operator()(const StatusExpected& status) const {
    std::string text = fmt::format("is answered {}", to_string(status.codes));
    for (const auto& [name, pattern] : status.headers)
      text += fmt::format(", {}: {}", name, pattern.to_string());
    if (status.body) text += fmt::format(", body {}", pattern_text(*status.body));
    return text;
  }
  std::string operator()(const RequestExpected& request) const {
    std::string text = "asks to upgrade";
    if (request.path) text += fmt::format(", path {}", pattern_text(*request.path));
    for (const auto& [name, pattern] : request.headers)
      text += fmt::format(", {}: {}", name, pattern.to_string());
    if (request.subprotocol) text += fmt::format(", subprotocol {}", pattern_text(*request.subprotocol));
    return text;
  }
  std::string operator()(const MessageExpected& message) const {
    std::string text = "gets a message";
    if (message.text) text += " " + pattern_text(*message.text);
    if (message.bytes) text += " of " + counted(message.bytes->size(), "stated byte");
    if (message.size) text += " of " + counted(*message.size, "byte");
    if (message.count) text += ", " + counted(*message.count, "time");
    return text;
  }
  std::string operator()(const EventExpected& event) const {
    return fmt::format("sees {}", to_string(event.moment));
  }
  std::string operator()(const ReconnectExpected& reconnect) const {
    if (!reconnect.wanted) return "stays away";
    if (!reconnect.attempts && !reconnect.schedule) return "opens another connection";
    std::string text = "comes back";
    if (reconnect.attempts) text = "makes " + counted(*reconnect.attempts, "further attempt");
    if (reconnect.schedule) text += " with " + backoff_text(reconnect.backoff);
    return text;
  }
  std::string operator()(const ConnectionsExpected& connections) const {
    std::vector<std::string> parts;
    if (connections.open)
      parts.push_back(fmt::format("{} open at once", wsfault::to_string(*connections.open)));
    if (connections.total) parts.push_back(fmt::format("{} in all", wsfault::to_string(*connections.total)));
    if (connections.rate) parts.push_back(fmt::format("{} a second", wsfault::to_string(*connections.rate)));
    return fmt::format("has connections: {}", fmt::join(parts, ", "));
  }
  std::string operator()(const PingExpected& ping) const {
    const std::string_view what = ping.pong ? "pong" : "ping";
    if (!ping.interval) return fmt::format("sends a {}", what);
    return fmt::format("sends {}s at intervals of {}", what, wsfault::to_string(*ping.interval));
  }
  std::string operator()(const EndExpected& end) const {
    return fmt::format("sees TCP end: {}", fmt::join(end.hows, " or "));
  }
  std::string operator()(const DeliveryExpected& delivery) const {
    switch (delivery.kind) {
      case DeliveryExpected::Kind::at_least_once:
        return "gets every numbered message at least once";
      case DeliveryExpected::Kind::at_most_once:
        return "gets no numbered message twice";
      case DeliveryExpected::Kind::exactly_once:
        return "gets every numbered message exactly once";
    }
    return {};
  }
  std::string operator()(const AliveExpected&) const { return "opens a new connection and gets an echo"; }
  std::string operator()(const ExitExpected& exit) const {
    return exit.code ? fmt::format("exits with {}", *exit.code) : "keeps running";
  }
  std::string operator()(const UsageExpected& usage) const {
    std::vector<std::string> parts;
    if (usage.memory) parts.push_back("memory " + *usage.memory);
    if (usage.sockets) parts.push_back("sockets " + *usage.sockets);
    return fmt::format("uses {}", fmt::join(parts, ", "));
  }
  std::string operator()(const LogExpected& log) const {
    return fmt::format("prints {}", log.pattern.to_string());
  }
  std::string operator()(const OrderExpected& order) const {
    std::vector<std::string> parts;
    for (const fault::Moment& moment : order.moments) parts.push_back(to_string(moment));
    return fmt::format("sees, in this order: {}", fmt::join(parts, ", "));
  }
  std::string operator()(const FaultExpected& fault) const {
    return fmt::format("is struck by {}", fault.name);
  }
};

}  // namespace

std::string to_string(const Codes& codes) {
  if (codes.any) return "any";
  std::string text;
  for (const model::CodeRange& range : codes.ranges) {
    if (!text.empty()) text += " or ";
    text += std::to_string(range.first);
    if (range.last != range.first) text += fmt::format("-{}", range.last);
  }
  return text;
}

std::string phrase(const Expected& what) { return std::visit(Phrase{}, what); }

}  // namespace wsfault::verdict
