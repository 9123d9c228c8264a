#include "verdict/oracle/client_messages.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <unordered_map>
#include <unordered_set>

#include "trace/view.hpp"
#include "value/words.hpp"
#include "verdict/cause.hpp"
#include "verdict/oracle/break.hpp"

namespace wsfault::verdict::oracle {
namespace {

using Verdict = verdict::State;
using record::ProcessChange;
using trace::SeenMessage;

/// What came so shortly before an end may not have been read by then.
constexpr std::int64_t right_before = Duration(std::chrono::milliseconds(100)).count();

bool may_be_compared(const record::MessageSeen& message) {
  return message.opcode == 1 && message.size > 0 && message.size == message.payload.view().size();
}

/// "id=#" of "id=17": messages of one kind differ in their numbers.
std::string message_kind(std::string_view text) {
  std::string kind;
  for (const char each : text) {
    const bool digit = each >= '0' && each <= '9';
    if (!digit) kind += each;
    if (digit && (kind.empty() || kind.back() != '#')) kind += '#';
  }
  return kind;
}

/// A connection, and from when on what comes need not be reported.
class Owing {
 public:
  Owing(const Leg& connection, const Scene& scene) : connection_(connection), scene_(scene) {
    const auto until = [&](std::size_t index) { index_ = std::min(index_, index); };
    const auto right_after = [&](std::int64_t at) { at_ = std::min(at_, at - right_before); };
    if (const auto close = connection.peer_close()) until(close->index);
    const auto& ended = connection.ended;
    const bool in_order = ended && ended->fact->how == record::EndKind::fin;
    if (in_order) until(ended->index);
    if (ended && !in_order) right_after(ended->at);
    // What it does once it has read all that came to the end loses nothing.
    const auto acted = [&](const auto& act) {
      if (act && act->index < index_) right_after(act->at);
    };
    acted(connection.own_close());
    acted(connection.own_end);
    if (!connection.violations.empty()) right_after(connection.violations.front().at);
    for (const SeenMessage& own : connection.passed) echoes_.insert(own.fact->payload);
  }

  /// Until when this one is to be reported; none: it need not be.
  std::optional<std::int64_t> due(const SeenMessage& message) const {
    if (!connection_.open() || connection_.tls_failure || message.index > index_ || message.at > at_)
      return std::nullopt;
    // The echo of its own confirms it, and may be no news to anyone.
    if (echoes_.contains(message.fact->payload)) return std::nullopt;
    const auto most = scene_.traits().integer("max_message");
    if (most && message.fact->size > static_cast<std::uint64_t>(*most)) return std::nullopt;
    const std::int64_t due = scene_.later(message.at, grace);
    return is_struck_between(message.at, due) ? std::nullopt : std::optional(due);
  }

 private:
  /// The process that the message reached was killed, told to stop or ended by then.
  bool is_struck_between(std::int64_t came, std::int64_t due) const {
    bool struck = false;
    for (const trace::ProcessEvent& event : scene_.process.events) {
      if (event.at > due) break;
      if (event.change == ProcessChange::started && event.at <= came) struck = false;
      struck = struck || event.change == ProcessChange::killed || event.change == ProcessChange::stopping ||
               event.change == ProcessChange::exited;
    }
    return struck;
  }

  const Leg& connection_;
  const Scene& scene_;
  std::size_t index_ = SIZE_MAX;
  std::int64_t at_ = INT64_MAX;
  std::unordered_set<std::string_view> echoes_;
};

/// All messages of one text.
struct TextTally {
  std::size_t came = 0;
  std::size_t told = 0;
  std::size_t owed = 0;   ///< of those that came; their time is up
  std::size_t owing = 0;  ///< their time is not up
  std::int64_t next_due = INT64_MAX;
  const Leg* connection = nullptr;  ///< of the last of them
  std::int64_t at = 0;
  std::size_t index = 0;
  std::size_t sent = SIZE_MAX;  ///< its place among those that were sent to that connection
  std::int64_t told_at = 0;
};

std::string quoted_text(std::string_view text) {
  return fmt::format("\"{}\"", shortened(std::string(text), 60));
}

class ReportedMessages {
 public:
  ReportedMessages(const trace::View& seen, const Scene& scene) : scene_(scene) {
    for (const Leg& connection : seen.connections()) {
      for (const SeenReport& report : connection.reports().messages) told_.push_back(report);
    }
    if (told_.empty()) return;
    std::ranges::sort(told_, {}, &SeenReport::index);
    for (const Leg& connection : seen.connections()) take(connection);
    for (const SeenReport& report : told_) take(report);
  }

  std::optional<Finding> judge() const {
    if (told_.empty() || kinds_.empty() || compressed_) return std::nullopt;
    if (auto strange = reported_what_never_came()) return strange;
    if (auto order = reported_in_another_order()) return order;
    std::optional<Finding> first;
    const auto weight = [](const Finding& finding) {
      const bool wrong = finding.state == Verdict::violated;
      return std::pair(!wrong, wrong ? *finding.at : finding.look_again);
    };
    for (const auto& [text, tally] : by_text_) {
      auto finding = opinion_on(text, tally);
      if (finding && (!first || weight(*finding) < weight(*first))) first = std::move(finding);
    }
    return first;
  }

 private:
  void take(const Leg& connection) {
    const Owing owing(connection, scene_);
    for (const SeenMessage& message : connection.messages) {
      compressed_ = compressed_ || message.fact->compressed;
      if (!may_be_compared(*message.fact)) {
        others_ = true;
        continue;
      }
      TextTally& tally = by_text_[message.fact->payload.view()];
      ++tally.came;
      tally.connection = &connection;
      tally.at = message.at;
      tally.index = message.index;
      const auto due = owing.due(message);
      if (!due) continue;
      const bool up = scene_.horizon.now > *due;
      ++(up ? tally.owed : tally.owing);
      if (!up) tally.next_due = std::min(tally.next_due, *due);
    }
    std::size_t place = 0;
    for (const SeenMessage& sent : connection.peer().passed) {
      const auto known = by_text_.find(sent.fact->payload.view());
      if (known != by_text_.end() && known->second.connection == &connection)
        known->second.sent = std::min(known->second.sent, place);
      ++place;
    }
  }

  void take(const SeenReport& report) {
    const auto known = by_text_.find(report.fact->text.view());
    if (known == by_text_.end()) {
      if (!report.fact->text.view().empty() && !strange_) strange_ = report;
      return;
    }
    TextTally& tally = known->second;
    tally.told_at = report.at;
    if (++tally.told > 1) drops_doubles_ = false;
    if (tally.told == 1) kinds_.insert(message_kind(known->first));
  }

  static std::optional<Finding> wrong(std::string seen, std::int64_t at, const Leg* connection) {
    return at_time(finding_of({Verdict::violated, {}, Cause::message_misreported},
                              "the sut reports each message that comes, as it came, once and in order",
                              std::move(seen), connection ? connection->number() : 0),
                   at);
  }

  std::optional<Finding> reported_what_never_came() const {
    if (!strange_ || others_) return std::nullopt;
    return wrong(
        fmt::format("it delivered a message that never came: {}", quoted_text(strange_->fact->text.view())),
        strange_->at, nullptr);
  }

  std::optional<Finding> opinion_on(std::string_view text, const TextTally& tally) const {
    if (tally.told > tally.came)
      return wrong(fmt::format("it reported {} {}, and it came {}", quoted_text(text), times(tally.told),
                               times(tally.came)),
                   tally.told_at, tally.connection);
    const auto least = [&](std::size_t owed) {
      return drops_doubles_ ? std::min<std::size_t>(owed, 1) : owed;
    };
    if (tally.told >= least(tally.owed + tally.owing) || !kinds_.contains(message_kind(text)))
      return std::nullopt;
    const bool missing = tally.told < least(tally.owed);
    // Who comes back without end gets messages without end: those of later connections keep no case waiting.
    const int last_awaited = std::max(1, scene_.scenario.last_named_connection());
    if (!missing && !scene_.horizon.over && tally.connection->number() > last_awaited) return std::nullopt;
    if (!missing && !scene_.horizon.over) {
      return at_time(finding_of({Verdict::pending, {}, Cause::none, tally.next_due + 1},
                                "the sut reports each message that comes",
                                fmt::format("not yet {}", quoted_text(text)), tally.connection->number()),
                     tally.at);
    }
    if (!missing) return std::nullopt;
    return wrong(fmt::format("it did not report {}{}, which came whole{}", quoted_text(text),
                             tally.told == 0 ? "" : fmt::format(" more often than {}", times(tally.told)),
                             tally.came == 1 ? "" : " " + times(tally.came)),
                 tally.at, tally.connection);
  }

  static std::string times(std::size_t count) { return count == 1 ? "once" : fmt::format("{} times", count); }

  /// An application may put back into order what was not: as it was sent is right, too.
  std::optional<Finding> reported_in_another_order() const {
    // Reports of several clients, and requests that are under way at once, have no order.
    if (scene_.scenario.instances() > 1 || scene_.scenario.system.report == model::ReportMode::http)
      return std::nullopt;
    std::map<const Leg*, const std::pair<const std::string_view, TextTally>*> last;
    for (const SeenReport& report : told_) {
      const auto known = by_text_.find(report.fact->text.view());
      if (known == by_text_.end() || known->second.came != 1 || known->second.told != 1) continue;
      const TextTally& tally = known->second;
      auto& before = last[tally.connection];
      if (before && before->second.index > tally.index && tally.sent <= before->second.sent)
        return wrong(fmt::format("it reported {} after {}, which came later", quoted_text(known->first),
                                 quoted_text(before->first)),
                     report.at, tally.connection);
      if (!before || before->second.index < tally.index) before = &*known;
    }
    return std::nullopt;
  }

  const Scene& scene_;
  std::vector<SeenReport> told_;
  std::unordered_map<std::string_view, TextTally> by_text_;
  std::unordered_set<std::string> kinds_;  // of which it reports some, word for word
  std::optional<SeenReport> strange_;
  bool drops_doubles_ = true;  // it reported none twice
  bool compressed_ = false;
  bool others_ = false;  // some came that a report may spell in its own way
};

bool leaves_out_messages(const trace::Trace& trace) {
  return std::ranges::any_of(trace.all<record::Cut>(), [](const auto& cut) {
    return cut.fact->what == record::CutKind::messages || cut.fact->what == record::CutKind::payloads ||
           cut.fact->what == record::CutKind::reports;
  });
}

}  // namespace

std::optional<Finding> judge_messages(const trace::Trace& trace, const Case& scenario, Horizon horizon) {
  if (leaves_out_messages(trace)) return std::nullopt;
  const trace::View seen = trace::view(trace, {});
  const Scene scene{scenario, seen.process, seen.ready, horizon};
  return ReportedMessages(seen, scene).judge();
}

}  // namespace wsfault::verdict::oracle
