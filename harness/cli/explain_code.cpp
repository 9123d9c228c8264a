#include "cli/explain_code.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "value/number.hpp"
#include "verdict/cause.hpp"
#include "wire/close_code.hpp"

namespace wsfault::cli {
namespace {

struct Seen {
  int first;
  int last;
  std::string_view text;
};

/// When a code occurs, in the words of RFC 6455 7.1.5 and of practice. The first row that covers it applies.
constexpr auto when_seen = std::to_array<Seen>({
    {1000, 1000, "After a Close frame with 1000: the peer was done."},
    {1001, 1001,
     "When a server is stopped or redeployed, a gateway is reloaded, or a browser leaves the page."},
    {1002, 1002,
     "When the peer, or this end's own library, met bytes that are no legal frame. Some libraries report it "
     "where 1012, 1013 or 1014 was sent, which they do not know."},
    {1004, 1004, "Never: it is reserved, and may not be sent."},
    {1005, 1005, "After a Close frame with an empty body. It is never on the wire itself."},
    {1006, 1006,
     "When the connection ended without a Close frame, or its handshake failed. It is never on the wire "
     "itself. Browsers report it for every failed handshake, whatever the HTTP status was."},
    {1007, 1007, "When a text message was not UTF-8, or compressed data could not be read."},
    {1009, 1009, "When a message was larger than the peer accepts."},
    {1011, 1011,
     "When a server hit an unexpected error. Some libraries also send it when their heartbeat gave up, and "
     "gateways often say it where 1014 would be right."},
    {1012, 1012, "When a server restarts."},
    {1013, 1013, "When a server is overloaded."},
    {1014, 1014,
     "When a gateway that is itself a WebSocket peer had no valid answer from its upstream. One that only "
     "passes bytes on (nginx, HAProxy) never sends it: it answers 502, 503 or 504 before the 101, and its "
     "client reports 1006 after it."},
    {1015, 1015,
     "When TLS could not be established. It is never on the wire itself; most clients report 1006 instead."},
    {3000, 4999, "When an application or its framework closes for a reason of its own."},
    {1000, 2999, "After a Close frame with this code."},
    {0, 65535,
     "Only on a wire that breaks the protocol: a receiver fails the connection and reports 1006 or 1002."},
});

std::string_view seen_when(int code) {
  if (!wire::may_be_on_wire(code) && !wire::is_reserved_for_reporting(code) && code != 1004)
    return when_seen.back().text;
  return std::ranges::find_if(when_seen,
                              [&](const Seen& row) { return code >= row.first && code <= row.last; })
      ->text;
}

std::string_view sender_of(const wire::CloseCode& row) {
  if (row.sender == "either") return "either end";
  if (row.sender == "server") return "a server";
  if (row.sender == "client") return "a client";
  if (row.sender == "gateway") return "a gateway or proxy";
  if (row.sender == "application") return "an application or its framework";
  return "nobody: it must not be in a Close frame";
}

std::string_view afterwards(wire::CloseClass what) {
  switch (what) {
    case wire::CloseClass::retryable:
      return "Come back, with delays that grow and are random (RFC 6455 7.2.3).";
    case wire::CloseClass::own_choice:
      return "Its own choice: the connection had served its purpose.";
    case wire::CloseClass::final:
      return "Stay away, or come back differently: the same request and message would fail again.";
    case wire::CloseClass::system_decides:
      return "What the application agreed on: the trait `final` of the system says. Never come back for ever "
             "with the "
             "very same request.";
    case wire::CloseClass::invalid:
      return "Come back with backoff; the peer broke the protocol.";
  }
  return "";
}

/// An addition to what the class says.
std::string_view exception_for(int code) {
  if (code == 1001 || code == 1012) return " One attempt at once is right.";
  if (code == 1013) return " A delay comes first.";
  return "";
}

std::string_view folder_of(int code) {
  if (code == 1006) return "scenarios/1006";
  if (code == 1015) return "scenarios/handshake";
  if (code == 1002 || code == 1007 || code == 1009) return "scenarios/frames";
  return "scenarios/close";
}

void print_causes(const std::vector<verdict::Cause>& causes) {
  fmt::print("  causes:\n");
  for (const verdict::Cause id : causes) {
    const verdict::CauseRow& row = verdict::describe(id);
    fmt::print("    - {}\n      shown by: {}\n      remedy:   {}\n", verdict::sentence_of(id), row.shown,
               row.remedy);
  }
}

void print_code(int code) {
  const wire::CloseCode& row = wire::close_code(code);
  fmt::print("{} {} ({})\n", code, row.name, row.reference);
  fmt::print("  meaning:    {}\n", row.meaning);
  fmt::print("  sent by:    {}\n", sender_of(row));
  fmt::print("  seen:       {}\n", seen_when(code));
  print_causes(verdict::causes_of_code(code));
  fmt::print("  afterwards: {}{}\n", afterwards(row.close_class), exception_for(code));
  fmt::print("  try:        wsfault run {}\n", folder_of(code));
}

std::string_view after_status(int status) {
  if (status == 401 || status == 403)
    return "Get other credentials first; never repeat the very same request for ever.";
  if (status == 408 || status == 425 || status == 429 || status >= 500) {
    return "Come back with backoff; Retry-After is the least delay.";
  }
  if (status >= 300 && status < 400) return "Follow it, or stay away: the same request is redirected again.";
  if (status == 200) return "Find out what answers there: it does not speak WebSocket.";
  return "Stay away, or come back differently.";
}

void print_status(int status) {
  fmt::print("HTTP {} in answer to an upgrade (RFC 6455 4.1)\n", status);
  fmt::print("  seen:       The handshake fails. Browsers hide the status and report 1006.\n");
  print_causes(verdict::causes_of_status(status));
  fmt::print("  afterwards: {}\n", after_status(status));
  fmt::print("  try:        wsfault run scenarios/handshake\n");
}

bool is_status(int number) { return number == 200 || (number >= 300 && number <= 599); }

}  // namespace

std::optional<int> code_of(std::string_view text) {
  const auto number = number_of<std::uint16_t>(text);
  return number ? std::optional<int>(*number) : std::nullopt;
}

void print_code_or_status(int number) {
  if (is_status(number)) {
    print_status(number);
  } else {
    print_code(number);
  }
}

void print_all_codes() {
  bool first = true;
  for (const wire::CloseCode& row : wire::close_codes()) {
    const bool single = row.first == row.last;
    const bool whole_range = row.name == "Reserved for Private Use";
    if (!single && !whole_range) continue;
    if (!first) fmt::print("\n");
    first = false;
    print_code(row.first);
  }
}

}  // namespace wsfault::cli
