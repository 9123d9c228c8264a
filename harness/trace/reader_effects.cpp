// Effects on connections and processes, and what parties reported.
#include <algorithm>
#include <string_view>
#include <utility>

#include "trace/attribution.hpp"
#include "trace/reader.hpp"

namespace wsfault::trace {
namespace {

using record::LinkEffectKind;
using record::ProcessChange;
using record::Side;

/// Its sockets are this machine's: whatever of them waits for an answer can be seen.
bool is_loopback(std::string_view peer) { return peer.starts_with("127.") || peer.starts_with("[::1]"); }

}  // namespace

/// The connecting party may not have been seen yet.
void Reader::refuse(const record::LinkEffect& effect) {
  accept_again(effect.address);
  auto& refusals = trace_.refusals_[where_.link.id()];
  refusals.push_back({{at_, std::nullopt}, effect.kind == LinkEffectKind::dark, effect.address, effect.unseen});
  trace_.refused_since_.try_emplace(where_.link.id(), index_);
  if (where_.link != "front") caller(where_.link, "sut");
  for (Caller& each : trace_.callers_) {
    if (each.link != where_.link) continue;
    note_nobody(make_refused(each, index_), refusals.back());
  }
}

/// Where only some addresses are struck, an attempt at another one may succeed: nothing is owed.
void Reader::note_nobody(Connection& nobody, const Refusal& refusal) {
  if (refusal.address) {
    nobody.partly_reachable = !nobody.unreachable && !nobody.dark;
    return;
  }
  nobody.partly_reachable = false;
  if (!refusal.dark && !nobody.unreachable) nobody.unreachable = refusal.from;
  nobody.dark = !nobody.unreachable;
}

/// At that address, or at all.
void Reader::accept_again(std::optional<int> address) {
  ++trace_.common_changes_;
  for (Refusal& span : trace_.refusals_[where_.link.id()]) {
    if (!address || !span.address || *span.address == *address) close_span(span);
  }
}

/// Who waits for an answer just after the dark came in its last moment: it would have one.
std::int64_t Reader::began(const record::AttemptUnanswered& attempt) {
  constexpr std::int64_t last_look = Duration(std::chrono::milliseconds(250)).count();
  const auto& refusals = trace_.refusals_[where_.link.id()];
  const auto struck = std::find_if(refusals.rbegin(), refusals.rend(), [&](const Refusal& each) {
    return each.dark && (!each.address || each.address == attempt.address);
  });
  const bool just_over = struck != refusals.rend() && struck->until && at_ - *struck->until <= last_look;
  return just_over ? *struck->until : at_;
}

void Reader::see(const record::AttemptUnanswered& attempt) {
  ++trace_.common_changes_;
  auto& attempts = trace_.unanswered_[where_.link.id()];
  if (attempt.change == record::AttemptChange::began) {
    attempts.push_back({{began(attempt), std::nullopt}, false, attempt.peer, attempt.address});
    return;
  }
  const auto same = [&](const UnansweredAttempt& each) {
    return !each.until && each.peer == attempt.peer.str();
  };
  const auto found = std::ranges::find_if(attempts, same);
  if (found == attempts.end()) return;
  close_span(*found);
  found->established = attempt.change == record::AttemptChange::answered;
}

/// Where packets are lost, it may have begun since then. Of an attempt that waited in the dark its beginning is
/// known where it was seen. What comes from elsewhere may have waited since it became dark: a SYN is sent again
/// at intervals that double.
std::int64_t Reader::attempted(const record::Accepted& accepted) {
  const std::int64_t at = at_ - accepted.waited;
  const std::vector<Span>& lossy = trace_.lossy_[where_.link.id()];
  if (!lossy.empty() && lossy.back().until.value_or(at) >= at) return std::min(lossy.back().from, at);
  const auto& attempts = trace_.unanswered(where_.link);
  const auto last = std::find_if(attempts.rbegin(), attempts.rend(),
                                 [&](const UnansweredAttempt& each) { return each.peer == accepted.peer.str(); });
  if (last != attempts.rend()) return std::min(last->from, at);
  if (!attempts.empty() || is_loopback(accepted.peer)) return at;
  constexpr std::int64_t first_retry = Duration(std::chrono::seconds(1)).count();
  for (const Refusal& span : trace_.refusals(where_.link)) {
    const std::int64_t until = span.until.value_or(at);
    if (span.dark && !span.address && at >= span.from &&
        at <= until + std::max(first_retry, until - span.from) + first_retry)
      return span.from;
  }
  return at;
}

/// Most parties report nothing, so unreported connections are tracked only from the first report on.
void Reader::begin_reports(Caller& owner) {
  ++trace_.common_changes_;
  owner.any_report = true;
  for (Connection* each : owner.attempts_) {
    owner.unopened_[each->index] = each;
    owner.unclosed_[each->index] = each;
    note_open(*each);
  }
}

template <typename F>
void Reader::for_concerned(F each) {
  if (where_.connection != 0) {
    if (Connection* named = current()) each(*named);
    return;
  }
  for (Caller& caller : trace_.callers_) {
    if (caller.link != where_.link || (!where_.party.empty() && caller.party != where_.party)) continue;
    for (Connection* connection : caller.attempts_) {
      touch(*connection);
      each(*connection);
    }
  }
}

void Reader::add_quiet(Connection& connection, LinkEffectKind kind, bool to_server) {
  touch(connection);
  connection.client.quiet.push_back({{at_, std::nullopt}, kind});
  if (to_server) connection.server.quiet.push_back({{at_, std::nullopt}, kind});
}

void Reader::resume(Leg& leg) const {
  for (Quiet& quiet : leg.quiet) close_span(quiet);
}

/// The links behind a gateway are named after their upstreams if there are several, and "back" leads to the
/// upstream that no link is named after.
bool Reader::is_peer_on(record::Name party, const Caller& caller) const {
  if (caller.party != "sut") return party == "sut";
  if (party == "sut") return false;
  return party == caller.link || caller.link == "link" || !trace_.known_links_.contains(party.id());
}

void Reader::see(const record::LinkEffect& effect) {
  switch (effect.kind) {
    case LinkEffectKind::refused:
    case LinkEffectKind::dark:
      refuse(effect);
      break;
    case LinkEffectKind::silence:
    case LinkEffectKind::stalled:
    case LinkEffectKind::no_answer:
      for_concerned([&](Connection& connection) {
        add_quiet(connection, effect.kind, true);
        connection.client.quiet.back().unseen = connection.server.quiet.back().unseen = effect.unseen;
      });
      break;
    case LinkEffectKind::tls_failure:
      for_concerned([&](Connection& connection) {
        for (const Side side : {Side::client, Side::server}) {
          if (effect.to.value_or(side) == side) connection.leg(side).tls_failure.set(index_);
        }
      });
      break;
    case LinkEffectKind::lossy:
      trace_.lossy_[where_.link.id()].push_back({at_, std::nullopt});
      ++trace_.common_changes_;
      break;
    case LinkEffectKind::mended:
      if (auto& spans = trace_.lossy_[where_.link.id()]; !spans.empty()) close_span(spans.back());
      ++trace_.common_changes_;
      break;
    case LinkEffectKind::resumed: {
      // The end of a refusal names no connection, the end of a silence does.
      if (where_.connection != 0)
        for_concerned([&](Connection& connection) {
          resume(connection.client);
          resume(connection.server);
        });
      if (where_.connection == 0) accept_again(effect.address);
      break;
    }
  }
}

void Reader::see(const record::ProcessChanged& process) {
  ++trace_.common_changes_;
  Process& party = trace_.processes_[where_.party.id()];
  party.party = where_.party;
  party.events.push_back({at_, process.change, process.code, process.signal, process.main_only});
  const bool frozen = process.change == ProcessChange::frozen;
  const bool thawed = process.change == ProcessChange::thawed;
  if (frozen) party.frozen.push_back({at_, std::nullopt});
  if (thawed && !party.frozen.empty()) close_span(party.frozen.back());
  if (!frozen && !thawed) return;
  // A frozen peer does not answer: its clients see silence.
  for (Caller& each : trace_.callers_) {
    if (!is_peer_on(where_.party, each) || each.peer_frozen_ == frozen) continue;
    each.peer_frozen_ = frozen;
    for (Connection* connection : each.attempts_) {
      if (frozen) add_quiet(*connection, LinkEffectKind::silence, false);
      if (thawed) resume(connection->client);
      touch(*connection);
    }
  }
}

void Reader::see(const record::OutputLine& output) {
  constexpr std::size_t kept = 3;
  if (output.line.empty()) return;
  std::deque<std::string>& lines = trace_.processes_[where_.party.id()].last_lines;
  lines.push_back(output.line);
  if (lines.size() > kept) lines.pop_front();
}

void Reader::see(const record::Report& report) {
  const auto attribute = [&](Caller& owner) {
    if (!owner.any_report) begin_reports(owner);
    Attribution attribution(
        owner, [&]() -> Connection& { return make_refused(owner, index_); },
        [this](Connection& connection) { touch(connection); });
    // A client of wsfault's own names its connection, if there is one.
    static const record::Name sut = "sut";
    if (where_.connection == 0 && where_.party != sut) return attribution.add_to_nobody(seen(report));
    if (where_.connection == 0) return attribution.add(seen(report));
    const auto named = trace_.latest_.find({owner.link.id(), owner.party.id(), where_.connection});
    const bool known = named != trace_.latest_.end() && !named->second->plain;
    attribution.add(seen(report), known ? *named->second : unseen(owner));
  };
  if (!where_.link.empty()) return attribute(caller(where_.link, where_.party));
  bool anywhere = false;
  for (Caller& each : trace_.callers_) {
    if (each.party != where_.party) continue;
    anywhere = true;
    attribute(each);
  }
  if (!anywhere) attribute(caller("link", where_.party));
}

}  // namespace wsfault::trace
