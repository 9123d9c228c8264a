#include "verdict/oracle/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "value/words.hpp"
#include "wire/close_code.hpp"
#include "wire/utf8.hpp"

namespace wsfault::verdict::oracle {
namespace {

struct Verbs {
  ReactionKind kind;
  std::string_view party;  // what it does; "{}" stands for its numbers
  std::string_view other;  // what the other side sees of it
};
constexpr auto verbs = std::to_array<Verbs>({
    {ReactionKind::report, "reports {}", "sees {}"},
    {ReactionKind::error, "reports an error", "sees an error"},
    {ReactionKind::opens, "opens", "is let in"},
    {ReactionKind::stays_open, "stays open", "stays open"},
    {ReactionKind::follows, "follows the redirect", "is redirected"},
    {ReactionKind::ends, "ends TCP without a Close", "sees TCP end without a Close"},
    {ReactionKind::close, "sends Close {}", "gets Close {}"},
    {ReactionKind::status, "answers {}", "gets {}"},
    {ReactionKind::garbage, "answers without HTTP", "gets something that is not HTTP"},
    {ReactionKind::passes_on, "passes it on", "gets just what was sent"},
});
const Verbs& verbs_of(ReactionKind kind) { return *std::ranges::find(verbs, kind, &Verbs::kind); }

std::string numbers(const Reaction& reaction) {
  return reaction.first == reaction.last ? std::to_string(reaction.first)
                                         : fmt::format("{}-{}", reaction.first, reaction.last);
}

std::string seen_numbers(const Reaction& reaction) {
  const bool empty = reaction.is(ReactionKind::close) && reaction.first == wire::no_status_received &&
                     reaction.last == wire::no_status_received;
  return empty ? "without a code" : numbers(reaction);
}

/// Each verb once, with all its numbers.
template <typename NumbersOf>
std::string grouped(std::span<const Reaction> reactions, std::string_view Verbs::*side,
                    NumbersOf numbers_of) {
  std::vector<std::pair<ReactionKind, std::vector<std::string>>> groups;
  for (const Reaction& each : reactions) {
    auto group = std::ranges::find(groups, each.kind, [](const auto& one) { return one.first; });
    if (group == groups.end()) group = groups.insert(groups.end(), {each.kind, {}});
    group->second.push_back(numbers_of(each));
  }
  std::vector<std::string> words;
  for (const auto& [kind, values] : groups)
    words.push_back(fmt::format(fmt::runtime(verbs_of(kind).*side), listed(values, "or")));
  return fmt::format("{}", fmt::join(words, ", or "));
}

}  // namespace

std::string to_string(const Reactions& reactions) { return grouped(reactions, &Verbs::party, seen_numbers); }

std::string to_string(std::span<const Reaction> written) {
  return grouped(written, &Verbs::party, [](const Reaction& each) -> std::string {
    if (each.numbers == Numbers::of_the_effect) return "c";
    if (each.numbers == Numbers::same_class) return "another of c's class";
    return seen_numbers(each);
  });
}

std::string as_seen(const Reactions& reactions) { return grouped(reactions, &Verbs::other, seen_numbers); }

std::string as_seen(const Act& act, std::int64_t since) {
  const std::string after = ' ' + wsfault::after(Duration(act.at - since));
  const char* end = act.reset ? "RST" : "FIN";
  switch (act.kind) {
    case ReactionKind::status:
      return fmt::format("it got {}{}", act.value, after);
    case ReactionKind::opens:
      return (act.flawed ? "it got a 101 that must be refused" : "it got 101") + after;
    case ReactionKind::garbage:
      if (act.is_page())
        return fmt::format("it got an HTTP answer in the open WebSocket ({}){}", quoted_start(act.start), after);
      return fmt::format("it got something that is not HTTP ({}){}", quoted_start(act.start), after);
    case ReactionKind::close:
      return fmt::format("it got {}{}", act.close, after);
    case ReactionKind::ends:
      if (!act.before_101) return fmt::format("it got {} without a Close{}", end, after);
      if (act.start.empty()) return fmt::format("it got {} without an answer{}", end, after);
      return fmt::format("it got half an HTTP head ({}) and {}{}", quoted_start(act.start), end, after);
    default:
      return act.before_101 ? "it got no answer" : "it got neither a Close nor an end of TCP";
  }
}

std::string close_words(const record::FrameSeen& close) {
  if (close.length == 0) return "an empty Close";
  if (!close.code) return fmt::format("a Close with an illegal body ({})", counted(close.length, "byte"));
  std::string text = fmt::format("Close {}", *close.code);
  if (!wire::may_be_on_wire(*close.code)) return text + " (an illegal code)";
  return wire::is_utf8(close.text) ? text : text + " with a reason that is not UTF-8";
}

std::string quoted_start(std::string_view bytes) {
  constexpr std::size_t longest = 40;
  return fmt::format("\"{}\"", shortened(bytes, longest));
}

std::string reported_words(const record::Report& report) {
  if (report.event == "error")
    return report.text.empty() ? "an error" : fmt::format("an error ({})", report.text);
  std::string text = report.code ? std::to_string(*report.code) : "an end without a code";
  if (report.clean) text += *report.clean ? ", clean" : ", not clean";
  return text;
}

}  // namespace wsfault::verdict::oracle
