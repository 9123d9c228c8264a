// Formats events as lines and chooses those around a given time.
#include "report/timeline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <utility>

#include "report/crossing.hpp"
#include "report/escape.hpp"
#include "report/event_text.hpp"

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

class Layout {
 public:
  explicit Layout(const record::Events& events) : events_(events), numbered_(several_connections(events)) {}

  std::vector<TimelineEntry> entries() {
    for (const Crossing& crossing : crossings(events_)) {
      passages_[crossing.first()] = crossing;
      if (crossing.sent != Crossing::none && crossing.arrived != Crossing::none)
        repeated_.insert(crossing.arrived);
    }
    std::vector<TimelineEntry> out;
    for (std::size_t i = 0; i < events_.size(); ++i) {
      if (repeated_.contains(i) || says_it_again(i)) continue;
      TimelineEntry entry = read(i);
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
    std::string who =
        fmt::format("{} → {}", made_up ? link_name(event.where) : party_at(event.where, from),
                    lost ? link_name(event.where) : party_at(event.where, wire::opposite(from)));
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

  static std::string actor(const Event& event) {
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
  bool numbered_;
  std::map<std::size_t, Crossing> passages_;
  std::set<std::size_t> repeated_;
};

/// Indexes of the entries to show, ascending: both times with their neighbours, then as many as fit nearest
/// to `at`.
std::vector<std::size_t> choose(const std::vector<TimelineEntry>& entries, Origin origin, std::int64_t at) {
  const std::size_t total = entries.size();
  std::set<std::size_t> chosen;
  const auto add = [&](std::size_t anchor, std::size_t before, std::size_t after) {
    const std::size_t begin = anchor > before ? anchor - before : 0;
    for (std::size_t i = begin; i < std::min(total, anchor + after + 1); ++i) chosen.insert(i);
  };
  const auto last_until = [&](std::int64_t instant) {
    const auto behind = std::ranges::upper_bound(entries, instant, {}, &TimelineEntry::at);
    return static_cast<std::size_t>(behind == entries.begin() ? 0
                                                              : std::distance(entries.begin(), behind) - 1);
  };
  const std::size_t first = static_cast<std::size_t>(
      std::distance(entries.begin(), std::ranges::lower_bound(entries, origin.at, {}, &TimelineEntry::at)));
  add(first, 3, 2);
  const std::size_t last = last_until(at);
  add(last, 5, 2);
  for (std::size_t away = 1; chosen.size() < longest_window && away < total; ++away) {
    if (last + away < total) chosen.insert(last + away);
    if (last >= away && chosen.size() < longest_window) chosen.insert(last - away);
  }
  return {chosen.begin(), chosen.end()};
}

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

std::string print_timeline(const std::vector<TimelineEntry>& entries, Origin origin,
                           std::optional<std::int64_t> at) {
  if (entries.empty()) return {};
  return print_chosen(entries, choose(entries, origin, at.value_or(entries.back().at)), origin);
}

}  // namespace wsfault::report
