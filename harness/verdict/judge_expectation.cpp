// Judges one expectation: puts it to the log, and turns the answer into a finding.
#include <fmt/format.h>

#include "verdict/compressed.hpp"
#include "verdict/expect/answer.hpp"
#include "verdict/judge.hpp"

namespace wsfault::verdict {
namespace {

/// "within 1s after the fault", "for 2s after open of connection 1".
std::string in_which_time(const Question& question) {
  const Expectation& expectation = question.expectation;
  std::string text;
  if (expectation.lasting && !expectation.within) {
    // What came before `since` counts too, where all that was sent must arrive.
    text = fmt::format("{} {}", expectation.what.nature.shows == Cause::messages_lost ? "until" : "for",
                       format_duration(*expectation.lasting));
  } else if (question.since) {
    text = fmt::format("within {}", format_duration(Duration(question.latest - *question.since)));
  }
  if (expectation.not_before) {
    text +=
        fmt::format("{}not before {}", text.empty() ? "" : ", ", format_duration(*expectation.not_before));
  }
  return fmt::format("{}{}after {}", text, text.empty() ? "" : " ", question.since_name);
}

std::string who(const Question& question) { return question.party == "sut" ? "the sut" : question.party; }

State negated(State state) {
  switch (state) {
    case State::holds:
    case State::warned:
      return State::violated;
    case State::violated:
      return State::holds;
    case State::pending:
    case State::inconclusive:
      return state;
  }
  return state;
}

Answer never_of(const Question& question, const Look& look) {
  if (const auto* sightings = std::get_if<Sightings>(&look)) return settle_never(question, *sightings);
  Answer answer = std::get<Answer>(look);
  answer.state = negated(answer.state);
  return answer;
}

Answer answer_of(const Question& question) {
  const Look look = question.expectation.what.look(question);
  if (question.expectation.never) return never_of(question, look);
  if (const auto* sightings = std::get_if<Sightings>(&look)) return settle(question, *sightings);
  return std::get<Answer>(look);
}

/// `since` has not come.
Answer waiting(const Question& question) {
  if (question.over) {
    std::string seen = fmt::format("{} never came", question.since_name);
    const auto& since = question.expectation.since;
    const std::string why = since ? why_unread(*since, question.trace) : std::string();
    if (!why.empty()) seen += fmt::format(": {}", why);
    return {State::inconclusive, std::move(seen), {}, 0};
  }
  return {State::pending, fmt::format("{} has not come yet", question.since_name), {}, 0};
}

}  // namespace

Finding judge_expectation(const Expectation& expectation, const Case& scenario, const trace::Trace& trace,
                          std::int64_t now, bool over) {
  const Question question = ask(expectation, scenario, trace, now, over);
  Answer answer = question.since ? answer_of(question) : waiting(question);
  if (over && answer.state == State::pending) {
    answer.state = State::violated;
    answer.seen += " (undecided when the run ended)";
  }
  Finding finding;
  finding.state = answer.state;
  finding.subject = "expect " + expectation.text;
  finding.expected = fmt::format("{}{} {} {}", expectation.never ? "never: " : "", who(question),
                                 expectation.what.phrase, in_which_time(question));
  finding.seen = std::move(answer.seen);
  finding.at = answer.at;
  finding.since = question.since;
  finding.why = answer.shows;
  finding.remedy = std::move(answer.remedy);
  finding.connection = question.connection;
  finding.look_again = answer.state == State::pending ? answer.look_again : 0;
  finding.place = expectation.place;
  return finding;
}

}  // namespace wsfault::verdict
