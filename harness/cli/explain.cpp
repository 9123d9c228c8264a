// wsfault explain: what a close code or an HTTP status means, when it occurs, its causes and remedies; what is
// appropriate after an effect; or what a cause means.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/arguments.hpp"
#include "cli/explain_cause.hpp"
#include "cli/subcommands.hpp"
#include "cli/terminal.hpp"
#include "report/exit_code.hpp"
#include "report/verdict_tables.hpp"
#include "value/diagnostic.hpp"
#include "value/enums.hpp"
#include "value/number.hpp"
#include "verdict/cause.hpp"
#include "wire/close_code.hpp"
#include "wire/field.hpp"

namespace wsfault::cli {
namespace {

using report::exit_usage;
constexpr std::string_view allowed =
    "allowed: a close code (0-65535; sent are 1000-1003, 1007-1014, 3000-4999; reported are 1005, 1006, "
    "1015), "
    "an HTTP status that answers an upgrade (200, 3xx, 4xx, 5xx), all, the key of a cause (docs/verdicts.md), or an "
    "effect: ";
constexpr std::string_view examples = R"(
Examples:
  wsfault explain 1006     what an abnormal closure is, what causes it, what to do
  wsfault explain 1014     a bad gateway
  wsfault explain 4401     a code of an application
  wsfault explain 502      an HTTP status that answered the upgrade
  wsfault explain all      every close code
  wsfault explain reset --role gateway --kind http     what is appropriate after an RST, and why
  wsfault explain no_backoff     a cause, as reports name it: what it means, who must change, the remedy
)";

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
    fmt::print("    - {}\n      shown by: {}\n      remedy:   {}\n", verdict::sentence_of(id), row.shown, row.remedy);
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

/// 0-65535: of a Close frame, or a status.
std::optional<int> code_of(std::string_view text) {
  const auto number = number_of<std::uint16_t>(text);
  return number ? std::optional<int>(*number) : std::nullopt;
}

bool is_status(int number) { return number == 200 || (number >= 300 && number <= 599); }

void print_all() {
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

/// Which seats are asked for; empty: any.
struct Asked {
  std::string role;
  std::string kind;

  bool wants(const verdict::oracle::Column& column) const {
    const bool of_role = role.empty() || model::to_string(column.role) == role;
    const bool of_kind = kind.empty() || model::to_string(column.kind) == kind;
    // Kinds http and tcp do the same at their upstream.
    const bool shared = column.at_upstream && column.kind == model::Kind::http && kind == "tcp";
    return of_role && (of_kind || shared);
  }
};

using verdict::oracle::EffectKind;

std::vector<std::string_view> effect_names() {
  std::vector<std::string_view> names;
  for (const EffectKind each : all_of<EffectKind>()) names.push_back(to_string(each));
  return names;
}

std::optional<EffectKind> effect_of(std::string name) {
  name = wire::lowered(name);
  std::ranges::replace(name, '_', '-');
  for (const EffectKind each : all_of<EffectKind>()) {
    if (to_string(each) == name) return each;
  }
  return std::nullopt;
}

void print_effect(EffectKind effect, const Asked& asked) {
  put(fmt::format("{}\n", to_string(effect)));
  for (const report::Seat& seat : report::seats()) {
    if (asked.wants(seat.column)) put("\n" + report::print_rows(seat, effect));
  }
}

int complain_of(std::string_view found) {
  const auto names = effect_names();
  std::vector<std::string_view> near = near_keys(found);
  if (const auto effect = nearest_name(found, names); !effect.empty()) near.insert(near.begin(), effect);
  const std::string text =
      near.empty() ? fmt::format("{}{}", allowed, fmt::join(names, ", "))
                   : fmt::format("did you mean {}? wsfault explain --help lists what there is", fmt::join(near, " or "));
  complain("wsfault explain", fmt::format("\"{}\" is neither a code, an effect nor a cause; {}", found, text));
  return exit_usage;
}

}  // namespace

int run_explain(int argc, char** argv) {
  CLI::App app{
      "What a close code or an HTTP status means and what to do; what is appropriate after an effect; what a cause "
      "means",
      "wsfault explain"};
  app.footer(std::string(examples));
  std::string asked;
  Asked seat;
  app.add_option(
         "CODE_OR_EFFECT_OR_CAUSE", asked,
         fmt::format("A close code, an HTTP status, all, an effect ({}), or the key of a cause ({})",
                     fmt::join(effect_names(), ", "), fmt::join(verdict::cause_keys(), ", ")))
      ->required();
  app.add_option("--role", seat.role, "With an effect: only that role")
      ->check(CLI::IsMember({"client", "gateway", "server"}));
  app.add_option("--kind", seat.kind, "With an effect: only gateways of that kind")
      ->check(CLI::IsMember({"http", "tcp", "websocket"}));
  if (const auto code = parse_arguments(app, argc, argv)) return *code;
  const auto effect = effect_of(asked);
  const auto cause = cause_named(asked);
  const bool is_code = asked == "all" || code_of(asked);
  if (!effect && !is_code && cause == verdict::Cause::none) return complain_of(asked);
  if (!effect && !(seat.role.empty() && seat.kind.empty())) {
    complain("wsfault explain", "--role and --kind go with an effect, for example reset");
    return exit_usage;
  }
  if (!seat.kind.empty() && !seat.role.empty() && seat.role != "gateway") {
    complain("wsfault explain", fmt::format("--kind is of a gateway, not of a {}", seat.role));
    return exit_usage;
  }
  if (effect) print_effect(*effect, seat);
  if (effect && cause != verdict::Cause::none) put("\n");  // some names are both
  if (cause != verdict::Cause::none) print_cause(cause);
  if (effect || cause != verdict::Cause::none) return 0;
  if (asked == "all") {
    print_all();
    return 0;
  }
  const auto number = code_of(asked);
  if (is_status(*number)) {
    print_status(*number);
  } else {
    print_code(*number);
  }
  return 0;
}

}  // namespace wsfault::cli
