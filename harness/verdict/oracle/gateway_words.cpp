// How the oracle's opinion on a gateway is put into words.
#include "verdict/oracle/gateway_words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "value/words.hpp"

namespace wsfault::verdict::oracle {
namespace {

using Kind = Outcome::Kind;

std::string listed(const std::vector<std::string>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? " or " : ", ";
    text += words[i];
  }
  return text;
}

std::string range(const Outcome& outcome) {
  if (outcome.is(Kind::close) && outcome.first == 1005 && outcome.last == 1005) return "without a code";
  return outcome.first == outcome.last ? std::to_string(outcome.first)
                                       : fmt::format("{}-{}", outcome.first, outcome.last);
}

std::string of_kind(Kind kind, const std::vector<std::string>& values) {
  switch (kind) {
    case Kind::report:
      return "sees " + listed(values);
    case Kind::error:
      return "sees an error";
    case Kind::opens:
      return "is let in";
    case Kind::stays_open:
      return "stays open";
    case Kind::follows:
      return "is sent elsewhere";
    case Kind::ends:
      return "sees TCP end without a Close";
    case Kind::close:
      return "gets Close " + listed(values);
    case Kind::status:
      return "gets " + listed(values);
    case Kind::passes_on:
      return "gets just what was sent";
  }
  return {};
}

std::string with_detail(std::string text, const Effect& effect) {
  return effect.detail.empty() ? text : fmt::format("{} ({})", text, effect.detail);
}

std::string ended(std::string_view how, const Effect& effect, State state) {
  std::string text = fmt::format("ended TCP with {}", how);
  if (!effect.detail.empty()) return text + fmt::format(" inside a {}", effect.detail);
  return text + (state == State::before_101 ? " without an answer" : " without a Close");
}

std::string deed(const Effect& effect, State state) {
  switch (effect.kind) {
    case EffectKind::refused:
      return "refused the connection";
    case EffectKind::fin:
    case EffectKind::half_close:
      return ended("FIN", effect, state);
    case EffectKind::reset:
      return ended("RST", effect, state);
    case EffectKind::silence:
      return state == State::before_101 ? "accepted and was silent" : "fell silent";
    case EffectKind::answer:
      return fmt::format("answered {}", effect.value);
    case EffectKind::invalid_101:
      return with_detail("answered with a 101 that must be refused", effect);
    case EffectKind::garbage:
      return "answered with something that is not HTTP";
    case EffectKind::tls_failure:
      return "failed in TLS";
    case EffectKind::interim:
      return "sent a 1xx before its answer";
    case EffectKind::close:
      return fmt::format("sent Close {}{}", effect.value, effect.then_reset ? ", then RST" : "");
    case EffectKind::close_empty:
      return fmt::format("sent an empty Close{}", effect.then_reset ? ", then RST" : "");
    case EffectKind::close_invalid:
      return "sent an invalid Close";
    case EffectKind::illegal_frame:
      if (effect.detail == too_large) return "sent a message larger than it takes";
      return with_detail("sent an illegal frame", effect);
    case EffectKind::bad_compression:
      return "sent broken compression";
    case EffectKind::no_close_reply:
      return "answered no Close";
    case EffectKind::no_tcp_end:
      return "sent its Close and did not end TCP";
    case EffectKind::killed:
      return "was killed";
    case EffectKind::stopped:
      return "was told to stop";
    case EffectKind::frozen:
      return "was frozen";
    case EffectKind::reloaded:
      return "was reloaded";
    case EffectKind::nothing:
      return "did nothing";
  }
  return {};
}

}  // namespace

std::string name_of_client(const Leg& front) {
  if (front.party() == "client" || front.party().empty()) return "the client behind the gateway";
  return fmt::format("the client \"{}\" behind the gateway", front.party());
}

std::string in_words(const Outcomes& outcomes) {
  std::vector<std::pair<Kind, std::vector<std::string>>> groups;
  for (const Outcome& outcome : outcomes) {
    auto group = std::ranges::find(groups, outcome.kind, [](const auto& each) { return each.first; });
    if (group == groups.end()) group = groups.insert(groups.end(), {outcome.kind, {}});
    group->second.push_back(range(outcome));
  }
  std::string text;
  for (const auto& [kind, values] : groups) {
    if (!text.empty()) text += ", or ";
    text += of_kind(kind, values);
  }
  return text;
}

std::string happened(const Effect& effect, State state, std::string_view who) {
  return fmt::format("{} {}", who, deed(effect, state));
}

std::string in_words(const Did& did, std::int64_t since) {
  const std::string after = ' ' + wsfault::after(Duration(did.at - since));
  switch (did.kind) {
    case Did::Kind::nothing:
      return "it got nothing";
    case Did::Kind::answer:
      return fmt::format("it got {}{}", did.value, after);
    case Did::Kind::open:
      return (did.flawed ? "it got a 101 that must be refused" : "it got 101 and is open") + after;
    case Did::Kind::garbage:
      return "it got something that is not HTTP" + after;
    case Did::Kind::close:
      if (did.value == 1005) return "it got an empty Close" + after;
      return fmt::format("it got Close {}{}", did.value, after);
    case Did::Kind::end:
      return fmt::format("it got {} without a Close{}", did.reset ? "RST" : "FIN", after);
  }
  return {};
}

std::string reported(const Leg& front) {
  if (front.peer().reports().closes.empty()) return {};
  const record::Report& report = *front.peer().reports().closes.front().fact;
  std::string text = report.code ? std::to_string(*report.code) : "an end without a code";
  if (report.clean) text += *report.clean ? ", clean" : ", not clean";
  return "; it reported " + text;
}

}  // namespace wsfault::verdict::oracle
