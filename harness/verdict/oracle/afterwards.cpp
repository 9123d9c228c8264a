// What a client may do after an outcome that it was told: come back, stay away, or come back differently.
#include "verdict/oracle/afterwards.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "value/words.hpp"
#include "verdict/backoff.hpp"
#include "verdict/cause.hpp"
#include "verdict/oracle/break.hpp"
#include "verdict/oracle/scene.hpp"
#include "wire/field.hpp"
#include "wire/frame.hpp"

namespace wsfault::verdict::oracle {
namespace {

using wire::CloseClass;

/// So many returns with the very same request, each told the same, are "without end" where no code of its own is
/// `final`.
constexpr int without_end = 3;
/// Retry-After may be undercut by so much: clocks.
constexpr double tolerance = 0.05;

/// All but the key, which is fresh for every attempt (RFC 6455 4.1).
std::vector<std::pair<std::string, std::string>> lasting_headers(const wire::RequestHead& request) {
  std::vector<std::pair<std::string, std::string>> headers;
  for (const wire::Header& header : request.headers) {
    std::string name = wire::lowered(header.name);
    if (name != "sec-websocket-key") headers.emplace_back(std::move(name), header.value);
  }
  std::ranges::sort(headers);
  return headers;
}

bool same_request(const Leg& first, const Leg& second) {
  if (!first.request || !second.request) return false;
  const wire::RequestHead& one = first.request->fact->head;
  const wire::RequestHead& other = second.request->fact->head;
  return one.target == other.target && lasting_headers(one) == lasting_headers(other);
}

std::optional<Duration> retry_after(const Leg& connection) {
  if (!connection.answer || connection.open()) return std::nullopt;
  const auto value = wire::find_header(connection.answer->fact->head->headers, "Retry-After");
  int seconds = 0;
  if (!value) return std::nullopt;
  const auto [end, error] = std::from_chars(value->data(), value->data() + value->size(), seconds);
  // Its other form is a date; the log has no date to hold it against.
  if (error != std::errc() || end != value->data() + value->size() || seconds < 0) return std::nullopt;
  return std::chrono::seconds(std::min(seconds, 24 * 3600));
}

std::string name_of(const Told& told) {
  return told.is_status ? fmt::format("status {}", told.code) : fmt::format("Close {}", told.code);
}

Finding violation(const Leg& connection, std::int64_t at, std::string expected, std::string seen,
                  Cause cause) {
  Finding finding;
  finding.state = verdict::State::violated;
  finding.subject = "appropriate";
  finding.expected = std::move(expected);
  finding.seen = std::move(seen);
  explain_by(finding, cause);
  finding.at = at;
  finding.connection = connection.number();
  return finding;
}

std::optional<Finding> too_soon(const Leg& connection) {
  const auto least = retry_after(connection);
  const auto next = connection.next_attempt();
  if (!least || !next || *next < connection.answer->at) return std::nullopt;
  const Duration waited(*next - connection.answer->at);
  if (waited >= scaled(*least, 1 - tolerance)) return std::nullopt;
  return violation(connection, *next,
                   "the sut stays away as long as Retry-After says: " + format_duration(*least),
                   "it came back " + after(waited), Cause::retry_after_ignored);
}

/// What counts is the message, not that it comes back: too large, not UTF-8, or of a kind that is not taken.
bool is_about_a_message(const Told& told) {
  return !told.is_status && (told.code == 1009 || told.code == 1007 || told.code == 1003);
}

using trace::SeenFrame;

/// The message that was refused: the last that it began before it was told.
std::optional<SeenFrame> refused_message(const Leg& connection, std::int64_t told) {
  std::optional<SeenFrame> last;
  for (const SeenFrame& frame : connection.sent) {
    if (frame.at > told) break;
    if (!wire::is_control(frame.fact->opcode) && frame.fact->opcode != 0) last = frame;
  }
  return last;
}

std::optional<trace::SeenMessage> whole_message(const Leg& connection, const SeenFrame& first) {
  const auto after = std::ranges::lower_bound(connection.passed, first.index, {}, &trace::SeenMessage::index);
  return after == connection.passed.end() ? std::nullopt : std::optional(*after);
}

/// It sends on `next` what was refused on `before`; when.
std::optional<std::int64_t> sends_again(const Leg& before, const Leg& next, std::int64_t told) {
  const auto refused = refused_message(before, told);
  if (!refused) return std::nullopt;
  const auto whole = whole_message(before, *refused);
  for (const SeenFrame& frame : next.sent) {
    if (frame.fact->opcode != refused->fact->opcode || frame.fact->length != refused->fact->length) continue;
    const auto other = whole_message(next, frame);
    if (whole && other && whole->fact->payload != other->fact->payload) continue;
    return frame.at;
  }
  return std::nullopt;
}

/// Which outcomes are final for this client is its own affair: where it says nothing of it, nobody knows.
Finding undeclared_final(Finding finding) {
  finding.state = verdict::State::inconclusive;
  finding.why = Cause::none;
  finding.cause.clear();
  finding.seen += ", and what is final for it is not declared";
  finding.remedy =
      "Declare after which codes and statuses it stays away: --set final=1008,4401, or --set final=none.";
  return finding;
}

/// Follows the connections in order and counts returns that were told the same again.
class LoopWatch {
 public:
  explicit LoopWatch(const model::System& system) : system_(system) {}

  std::optional<Finding> next(const Leg& before, const Leg& after) {
    auto finding = returned(before, after);
    // What was refused stays refused, whatever else is final.
    if (!finding || is_declared() || is_about_a_message(*told_end(before))) return finding;
    return undeclared_final(*std::move(finding));
  }

  /// What the last connection was told, if a return after it would count.
  std::optional<Told> waits_after(const Leg& last) const {
    const auto told = told_end(last);
    const bool names_no_message = told && is_about_a_message(*told) && !refused_message(last, told->at);
    if (!told || (names_no_message && !names_final())) return std::nullopt;
    const CloseClass what = class_of(*told, system_);
    const bool may_be_endless = what == CloseClass::system_decides && returns_ > 0 && told->code == code_;
    return may_be_endless || (what == CloseClass::final && is_declared()) ? told : std::nullopt;
  }

 private:
  bool is_declared() const { return system_.traits.find("final") != nullptr; }

  /// It says itself after which codes it stays away.
  bool names_final() const { return system_.traits.final_codes().has_value(); }

  std::optional<Finding> returned(const Leg& before, const Leg& after) {
    const auto told = told_end(before);
    if (!told || after.accepted() < told->at || !same_request(before, after)) {
      returns_ = 0;
      return std::nullopt;
    }
    const CloseClass what = class_of(*told, system_);
    if (what != CloseClass::final && what != CloseClass::system_decides) {
      returns_ = 0;
      return std::nullopt;
    }
    returns_ = told->code == code_ ? returns_ + 1 : 1;
    code_ = told->code;
    if (what == CloseClass::system_decides && returns_ < without_end) return std::nullopt;
    // Where it had sent nothing, nothing is different; but only what is declared then says that it stays away.
    const bool had_sent = refused_message(before, told->at).has_value();
    if (is_about_a_message(*told) && (had_sent || !names_final())) {
      const auto again = sends_again(before, after, told->at);
      if (!again) return std::nullopt;
      return violation(after, *again,
                       fmt::format("after {} the sut does not send again what was refused", name_of(*told)),
                       "it came back and sent the same message again", Cause::comes_back_unchanged);
    }
    std::string seen = "it came back with the very same request";
    if (returns_ > 1)
      seen += fmt::format(", {} in a row", counted(static_cast<std::uint64_t>(returns_), "time"));
    return violation(after, after.request->at,
                     fmt::format("the sut stays away after {}, or comes back differently", name_of(*told)),
                     std::move(seen), Cause::comes_back_unchanged);
  }

  const model::System& system_;
  int returns_ = 0;
  int code_ = 0;
};

/// The longest that a client lets pass before its next attempt, after so many attempts; where it does not say, what
/// is waited for all that is not declared.
Duration longest_delay(const Case& scenario, std::size_t attempts) {
  const model::Backoff backoff = scenario.system.traits.backoff();
  if (!backoff.first) return longest_wait(backoff.max.value_or(scenario.wait));
  const double most = static_cast<double>(backoff.max.value_or(longest_duration).count());
  double cap = static_cast<double>(backoff.first->count());
  for (std::size_t i = 1; i < attempts && cap < most; ++i) cap *= backoff.factor.value_or(1);
  return longest_wait(Duration(static_cast<std::int64_t>(std::min(cap, most))));
}

/// It has not come back, and still may: only when its longest delay is over has it stayed away.
std::optional<Finding> may_come_back(const Leg& last, const Told& told, std::size_t attempts, const Scene& scene) {
  const bool gone = scene.process.exited_after(told.at) || scene.process.stopped_after(told.at);
  if (gone || scene.traits().is_none("backoff")) return std::nullopt;
  const Duration delay = longest_delay(scene.scenario, attempts);
  const std::int64_t due = scene.later(told.at, delay);
  if (scene.horizon.now > due) return std::nullopt;
  Finding finding;
  finding.state = scene.horizon.over ? verdict::State::inconclusive : verdict::State::pending;
  finding.subject = "appropriate";
  finding.expected = fmt::format("the sut stays away after {}, or comes back differently", name_of(told));
  finding.seen = fmt::format("no attempt in {}, and its next may come after {}",
                             measured(Duration(scene.horizon.now - told.at)), format_duration(delay));
  finding.connection = last.number();
  finding.look_again = due + 1;
  if (scene.horizon.over) finding.remedy = "Give the case a longer `deadline`.";
  return finding;
}

}  // namespace

std::optional<Told> told_end(const Leg& connection) {
  if (connection.answer && !connection.open() && connection.answer->fact->head->status != 101) {
    return Told{connection.answer->fact->head->status, true, connection.answer->at};
  }
  const auto close = connection.peer_close();
  if (!connection.open() || !close || !close->fact->code || !wire::may_be_on_wire(*close->fact->code) ||
      has_bad_reason(connection, *close)) {
    return std::nullopt;
  }
  // An echo of its own Close is no word of the peer's.
  if (const auto own = connection.own_close(); own && own->index < close->index) return std::nullopt;
  return Told{*close->fact->code, false, close->at};
}

CloseClass class_of_status(int status, const model::Dialect& dialect) {
  if (status == 401 || status == 403) return CloseClass::system_decides;
  if (status == 408 || status == 425 || status == 429 || status >= 500) return CloseClass::retryable;
  if (status == 400 || status == 404 || status == 405 || status == 426) return CloseClass::final;
  if (status >= 300 && status < 400)
    return dialect.follows_redirects ? CloseClass::own_choice : CloseClass::final;
  return CloseClass::own_choice;  // in no list
}

CloseClass class_of(const Told& told, const model::System& system) {
  if (const auto final = system.traits.final_codes()) {
    const bool named =
        std::ranges::any_of(*final, [&](const auto& range) { return range.contains(told.code); });
    return named ? CloseClass::final : CloseClass::retryable;
  }
  return told.is_status ? class_of_status(told.code, system.dialect)
                        : wire::close_code(told.code).close_class;
}

std::vector<Finding> judge_afterwards(const trace::View& seen, const Case& scenario, Horizon horizon) {
  std::vector<Finding> findings;
  // Of a fleet nobody knows which of its clients came back.
  if (scenario.instances() > 1) return findings;
  LoopWatch loop(scenario.system);
  bool looped = false;
  bool hurried = false;
  const auto legs = seen.connections();
  for (std::size_t i = 0; i + 1 < legs.size(); ++i) {
    const Leg& connection = legs[i];
    if (connection.number() == 0) continue;
    // Each is said once: a storm of returns is one finding.
    if (auto finding = loop.next(connection, legs[i + 1]); finding && !looped) {
      looped = true;
      findings.push_back(std::move(*finding));
    }
    if (auto finding = too_soon(connection); finding && !hurried) {
      hurried = true;
      findings.push_back(std::move(*finding));
    }
  }
  const auto told = looped || legs.size() == 0 ? std::nullopt : loop.waits_after(legs.back());
  if (told) {
    const Scene scene{scenario, seen.process, seen.ready, horizon};
    if (auto finding = may_come_back(legs.back(), *told, legs.size(), scene)) findings.push_back(*std::move(finding));
  }
  return findings;
}

}  // namespace wsfault::verdict::oracle
