// Formats events as lines and chooses those around a given time.
#include "report/timeline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <utility>
#include <variant>

#include "report/crossing.hpp"
#include "report/escape.hpp"
#include "report/event_text.hpp"
#include "report/network_spans.hpp"

namespace wsfault::report {
namespace {

using record::Event;
using record::Side;
using record::Where;

constexpr std::int64_t worth_mentioning = 10'000'000;  // ns between sending and arriving

bool several_connections(const record::Events& events) {
  return std::ranges::any_of(events, [](const Event& event) { return event.where.connection > 1; });
}

std::string link_name(const Where& where) { return where.link.empty() ? "link" : where.link; }

Side sender(const record::What& what) {
  if (const auto* frame = std::get_if<record::FrameSeen>(&what)) return frame->from;
  if (const auto* body = std::get_if<record::BodySeen>(&what)) return body->from;
  if (const auto* other = std::get_if<record::NotHttp>(&what)) return other->from;
  if (const auto* violation = std::get_if<record::ViolationSeen>(&what)) return violation->from;
  if (const auto* end = std::get_if<record::StreamEnded>(&what)) {
    return end->tap == record::Tap::sent ? end->side : wire::opposite(end->side);
  }
  return std::holds_alternative<record::ResponseSeen>(what) ? Side::server : Side::client;
}

/// Recorded on a link's connection, but done by the party: a script's action, or a report of what it saw.
bool is_of_the_party(const record::What& what) {
  return std::holds_alternative<record::Mark>(what) || std::holds_alternative<record::ScriptFailed>(what) ||
         std::holds_alternative<record::ScriptDone>(what) || std::holds_alternative<record::Report>(what) ||
         std::holds_alternative<record::PlainRequest>(what);
}

constexpr int strikes = 4;
constexpr int next_attempt = 2;

/// What ends a connection or a process, what strikes and what is over, and the next attempt.
struct Weight {
  int operator()(const record::FaultFired&) const { return strikes; }
  int operator()(const record::FaultHealed&) const { return strikes; }
  int operator()(const record::ProcessChanged& process) const {
    return process.change == record::ProcessChange::started ? 2 : strikes;
  }
  int operator()(const record::HarnessError&) const { return 4; }
  int operator()(const record::RunEnded&) const { return 4; }
  int operator()(const record::StreamEnded&) const { return 3; }
  int operator()(const record::DialFailed&) const { return 3; }
  int operator()(const record::ViolationSeen&) const { return 3; }
  int operator()(const record::NotHttp&) const { return 3; }
  int operator()(const record::ScriptFailed&) const { return 3; }
  int operator()(const record::ResponseSeen& answer) const { return answer.head->status == 101 ? 0 : 3; }
  int operator()(const record::FrameSeen& frame) const { return frame.opcode == 8 ? 3 : 0; }
  int operator()(const record::Report& report) const {
    return report.event == "close" || report.event == "error" ? 3 : 0;
  }
  int operator()(const record::Accepted&) const { return next_attempt; }
  int operator()(const record::AttemptRefused&) const { return next_attempt; }
  template <typename Other>
  int operator()(const Other&) const {
    return 0;
  }
};

class Layout {
 public:
  explicit Layout(const record::Events& events)
      : events_(events), network_(events), numbered_(several_connections(events)) {}

  std::vector<TimelineEntry> entries() {
    for (const Crossing& crossing : crossings(events_)) {
      passages_[crossing.first()] = crossing;
      if (crossing.sent != Crossing::none && crossing.arrived != Crossing::none)
        repeated_.insert(crossing.arrived);
    }
    std::vector<TimelineEntry> out;
    for (std::size_t i = 0; i < events_.size(); ++i) {
      if (repeated_.contains(i) || network_.is_told(i) || says_it_again(i)) continue;
      TimelineEntry entry = read(i);
      entry.connection = events_[i].where.connection;
      entry.weight = std::visit(Weight{}, events_[i].what);
      if (!entry.what.empty()) out.push_back(std::move(entry));
    }
    return out;
  }

 private:
  TimelineEntry read(std::size_t index) const {
    const Event& event = events_[index];
    if (const auto found = passages_.find(index); found != passages_.end()) return read(event, found->second);
    return {event.at, printable(actor(event)) + number(event.where), printable(in_words(event.what))};
  }

  TimelineEntry read(const Event& event, const Crossing& crossing) const {
    const Side from = sender(event.what);
    const bool made_up = crossing.sent == Crossing::none;
    const bool lost = crossing.arrived == Crossing::none;
    std::string who = fmt::format("{} → {}", made_up ? way_name(event) : party_at(event.where, from),
                                  lost ? way_name(event) : party_at(event.where, wire::opposite(from)));
    std::string what = in_words(events_, crossing);
    const auto* frame = std::get_if<record::FrameSeen>(&event.what);
    if (frame != nullptr && lost) what += ", which did not arrive";
    if (!lost && !made_up) {
      const std::int64_t delay = events_[crossing.arrived].at - events_[crossing.sent].at;
      if (delay >= worth_mentioning)
        what += fmt::format(", {:.1f}ms on its way", static_cast<double>(delay) / 1e6);
    }
    return {event.at, printable(who) + number(event.where), printable(what)};
  }

  std::string number(const Where& where) const {
    return numbered_ && where.connection > 0 ? fmt::format(" #{}", where.connection) : "";
  }

  /// What is between the two parties at that time.
  std::string way_name(const Event& event) const {
    return network_.loses(event.where, event.at) ? "network" : link_name(event.where);
  }

  std::string actor(const Event& event) const {
    if (network_.acts(event)) return "network";
    if (std::holds_alternative<record::DialFailed>(event.what)) {
      return fmt::format("{} → {}", link_name(event.where), server_party(event.where));
    }
    const std::string& party = event.where.party;
    if (!event.where.link.empty() && (party.empty() || !is_of_the_party(event.what))) return event.where.link;
    return party.empty() ? "wsfault" : party;
  }

  /// An output line that was read as a report, or an effect that its fault already describes.
  bool says_it_again(std::size_t index) const {
    if (std::holds_alternative<record::OutputLine>(events_[index].what)) {
      return neighbour<record::Report>(index, &Where::party);
    }
    return std::holds_alternative<record::LinkEffect>(events_[index].what) &&
           (neighbour<record::FaultFired>(index, &Where::link) ||
            neighbour<record::FaultHealed>(index, &Where::link));
  }

  template <typename Kind>
  bool neighbour(std::size_t index, record::Name Where::*same) const {
    const auto is = [&](std::size_t other) {
      return other < events_.size() && std::holds_alternative<Kind>(events_[other].what) &&
             events_[other].where.*same == events_[index].where.*same;
    };
    return is(index + 1) || (index > 0 && is(index - 1));
  }

  const record::Events& events_;
  NetworkSpans network_;
  bool numbered_;
  std::map<std::size_t, Crossing> passages_;
  std::set<std::size_t> repeated_;
};

/// Which entries are shown.
class Choice {
 public:
  Choice(const std::vector<TimelineEntry>& entries, Origin origin, const Focus& focus)
      : entries_(entries),
        origin_(origin),
        first_(first_from(origin.at)),
        last_(last_until(focus.at.value_or(entries.back().at))),
        focus_(focus) {}

  /// Indexes, ascending.
  std::vector<std::size_t> made() {
    add(first_, 3, 2);
    add(last_, 5, 2);
    if (focus_.since) add(last_until(*focus_.since), 0, 0);
    for (std::size_t away = 1; chosen_.size() < longest_window && away < entries_.size(); ++away) {
      if (last_ + away < entries_.size()) chosen_.insert(last_ + away);
      if (last_ >= away && chosen_.size() < longest_window) chosen_.insert(last_ - away);
    }
    add_what_decides();
    return {chosen_.begin(), chosen_.end()};
  }

 private:
  std::size_t first_from(std::int64_t instant) const {
    return static_cast<std::size_t>(
        std::ranges::lower_bound(entries_, instant, {}, &TimelineEntry::at) - entries_.begin());
  }
  std::size_t last_until(std::int64_t instant) const {
    const auto behind = std::ranges::upper_bound(entries_, instant, {}, &TimelineEntry::at);
    return behind == entries_.begin() ? 0 : static_cast<std::size_t>(behind - entries_.begin()) - 1;
  }
  void add(std::size_t anchor, std::size_t before, std::size_t after) {
    const std::size_t begin = anchor > before ? anchor - before : 0;
    for (std::size_t i = begin; i < std::min(entries_.size(), anchor + after + 1); ++i) chosen_.insert(i);
  }

  /// What was before all that is about nothing, but for what struck or froze somebody.
  bool is_about(const TimelineEntry& entry) const {
    if (entry.at < origin_.at && entry.weight < strikes) return false;
    return focus_.connection == 0 || entry.connection == 0 || entry.connection == focus_.connection ||
           (entry.connection == focus_.connection + 1 && entry.weight == next_attempt);
  }
  std::size_t distance(std::size_t index) const {
    const auto from = [index](std::size_t anchor) { return anchor > index ? anchor - index : index - anchor; };
    return std::min(from(first_), from(last_));
  }
  void add_what_decides() {
    std::vector<std::size_t> deciding;
    for (std::size_t i = 0; i < entries_.size(); ++i) {
      if (entries_[i].weight > 0 && !chosen_.contains(i) && is_about(entries_[i])) deciding.push_back(i);
    }
    std::ranges::sort(deciding, {}, [&](std::size_t i) { return std::pair(-entries_[i].weight, distance(i)); });
    deciding.resize(std::min(deciding.size(), most_that_decide));
    chosen_.insert(deciding.begin(), deciding.end());
  }

  const std::vector<TimelineEntry>& entries_;
  Origin origin_;
  std::size_t first_;
  std::size_t last_;
  const Focus focus_;
  std::set<std::size_t> chosen_;
};

std::string print_chosen(const std::vector<TimelineEntry>& entries, const std::vector<std::size_t>& chosen,
                         Origin origin) {
  std::size_t widest_time = 0;
  std::size_t widest_who = 0;
  for (const std::size_t index : chosen) {
    widest_time = std::max(widest_time, relative_time(entries[index].at - origin.at).size());
    widest_who = std::max(widest_who, width(entries[index].who));
  }
  std::string out;
  std::size_t next = 0;
  for (const std::size_t index : chosen) {
    if (index != next) out += fmt::format("  {:>{}}\n", "…", widest_time);
    const TimelineEntry& entry = entries[index];
    const std::string gap(widest_who - width(entry.who), ' ');
    out += fmt::format("  {:>{}}  {}{}  {}\n", relative_time(entry.at - origin.at), widest_time, entry.who,
                       gap, entry.what);
    next = index + 1;
  }
  if (next != entries.size()) out += fmt::format("  {:>{}}\n", "…", widest_time);
  return out;
}

}  // namespace

std::vector<TimelineEntry> timeline(const record::Events& events) { return Layout(events).entries(); }

std::string print_timeline(const std::vector<TimelineEntry>& entries, Origin origin, const Focus& focus) {
  if (entries.empty()) return {};
  return print_chosen(entries, Choice(entries, origin, focus).made(), origin);
}

}  // namespace wsfault::report
