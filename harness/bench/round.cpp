// The phases of a round, read from its log.
#include "bench/round.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <random>
#include <tuple>

#include "bench/text.hpp"
#include "fault/catalogue.hpp"
#include "fault/connection_fault.hpp"
#include "trace/view.hpp"
#include "value/words.hpp"

namespace wsfault::bench {
namespace {

using record::Event;
using record::Side;
using record::Tap;
using Connections = std::vector<std::reference_wrapper<const trace::Leg>>;

/// An attempt to reconnect; number 0: it was refused.
struct Attempt {
  std::int64_t at = 0;
  int number = 0;
};

/// The fault fired at this index of the log; the phases count from `scheduled`.
struct Strike {
  std::size_t index = 0;
  std::int64_t scheduled = 0;
};

/// True if the fault acts when it fires; other faults act with the first thing that they change.
bool acts(const fault::FaultSpec& spec) {
  if (!spec.strikes_connections) return true;
  std::mt19937_64 random;
  const wire::RequestHead request;
  return !fault::make_connection_fault(spec)->fire({random, &request, Side::client}).empty();
}

std::optional<std::int64_t> moment_before(const record::Events& events, std::size_t end,
                                          const fault::FaultSpec& spec) {
  fault::MomentWatch watch(spec.when, spec.has_one_moment());
  for (std::size_t i = 0; i < end; ++i) {
    const int number = events[i].where.connection;
    const bool concerned = !spec.strikes_connections || number == 0 || spec.connections.contains(number);
    if (watch.feed(events[i]) && concerned) return events[i].at;
  }
  return std::nullopt;
}

std::optional<Strike> find_strike(const record::Events& events, const fault::FaultSpec& spec) {
  const auto fired = std::ranges::find_if(events, [&](const Event& event) {
    const auto* fault = std::get_if<record::FaultFired>(&event.what);
    return fault != nullptr && fault->name == spec.name;
  });
  if (fired == events.end()) return std::nullopt;
  Strike strike{static_cast<std::size_t>(fired - events.begin()), fired->at};
  if (spec.middlebox || !acts(spec)) return strike;
  if (const auto moment = moment_before(events, strike.index, spec))
    strike.scheduled = std::min(strike.scheduled, *moment + spec.after.count());
  return strike;
}

bool is_effect(const Event& event) {
  if (const auto* end = std::get_if<record::StreamEnded>(&event.what)) return end->tap == Tap::arrived;
  if (const auto* frame = std::get_if<record::FrameSeen>(&event.what)) return frame->injected;
  if (const auto* effect = std::get_if<record::LinkEffect>(&event.what)) {
    return effect->kind == record::LinkEffectKind::silence || effect->kind == record::LinkEffectKind::stalled;
  }
  const auto* process = std::get_if<record::ProcessChanged>(&event.what);
  return process != nullptr && process->change != record::ProcessChange::started;
}

/// None if the log shows no effect of its own.
std::optional<std::int64_t> lateness(const record::Events& events, const Strike& strike) {
  const auto effect =
      std::find_if(events.begin() + static_cast<std::ptrdiff_t>(strike.index), events.end(), is_effect);
  if (effect == events.end()) return std::nullopt;
  return effect->at - strike.scheduled;
}

std::vector<Attempt> attempts_after(const Connections& connections, const Strike& strike) {
  std::vector<Attempt> attempts;
  for (const trace::Leg& each : connections) {
    if (each.number() != 0) {
      if (each.index() > strike.index) attempts.push_back({each.accepted(), each.number()});
      continue;
    }
    // A refusal is immediate: the time of the report is that of the attempt.
    for (const trace::SeenReport& report :
         each.reports().errors.empty() ? each.reports().closes : each.reports().errors) {
      if (report.index > strike.index) attempts.push_back({report.at, 0});
    }
  }
  std::ranges::stable_sort(attempts, {}, &Attempt::at);
  return attempts;
}

/// The first report or end of a connection that the fault may have struck.
std::optional<std::int64_t> noticed_at(const Connections& connections, const Strike& strike) {
  std::optional<std::int64_t> first;
  const auto take = [&](std::int64_t at, std::size_t index) {
    if (index > strike.index) first = std::min(first.value_or(at), at);
  };
  for (const trace::Leg& each : connections) {
    if (each.number() == 0 || each.index() > strike.index) continue;
    if (each.own_end) take(each.own_end->at, each.own_end->index);
    for (const trace::SeenReport& report : each.reports().closes) take(report.at, report.index);
    for (const trace::SeenReport& report : each.reports().errors) take(report.at, report.index);
  }
  return first;
}

/// Of the connections after the fault: the first with a message, else the last that opened, else the last.
const trace::Leg* connection_back(const Connections& connections, const Strike& strike) {
  const trace::Leg* best = nullptr;
  for (const trace::Leg& each : connections) {
    if (each.number() == 0 || each.index() < strike.index) continue;
    if (!each.messages.empty()) return &each;
    if (best == nullptr || each.open() || !best->open()) best = &each;
  }
  return best;
}

std::string why_missing(const Round& round, const std::vector<Attempt>& attempts, const trace::Leg* back) {
  const auto after = [&](Phase phase) { return time_text(*round.after[index_of(phase)]); };
  if (!round.after[index_of(Phase::noticed)])
    return "the client noticed nothing: no report, no end of its socket, no further attempt";
  if (attempts.empty())
    return fmt::format("the client noticed after {} and made no further attempt", after(Phase::noticed));
  if (back == nullptr)
    return fmt::format("{} from {} on, and each was refused", counted(attempts.size(), "attempt"),
                       after(Phase::first_attempt));
  if (!round.after[index_of(Phase::open)])
    return fmt::format("{} from {} on, and none opened", counted(attempts.size(), "attempt"),
                       after(Phase::first_attempt));
  return fmt::format("it was open again after {}, and no message came", after(Phase::open));
}

/// What one direction's sender sent, and what arrived.
struct Said {
  std::map<int, int> sent;  ///< connection → how often
  int arrived = 0;
};

Directions& operator+=(Directions& sum, const Directions& more) {
  sum.to_client += more.to_client;
  sum.to_server += more.to_server;
  return sum;
}

void count_messages(const record::Events& events, int back, Round& round) {
  std::map<std::tuple<Side, std::uint64_t, std::string>, Said> all;
  for (const Event& event : events) {
    const auto* message = std::get_if<record::MessageSeen>(&event.what);
    if (message == nullptr) continue;
    Said& said = all[{message->from, message->size, message->payload}];
    if (message->tap == Tap::sent) ++said.sent[event.where.connection];
    if (message->tap == Tap::arrived) ++said.arrived;
  }
  for (const auto& [key, said] : all) {
    const bool said_twice = std::ranges::any_of(said.sent, [](const auto& on) { return on.second > 1; });
    if (said.sent.empty() || said_twice) continue;
    const bool to_client = std::get<Side>(key) == Side::server;
    const auto one_way = [to_client](std::int64_t count) {
      return to_client ? Directions{count, 0} : Directions{0, count};
    };
    if (said.arrived == 0 && said.sent.begin()->first < back) round.lost += one_way(1);
    if (said.arrived > 1) round.duplicated += one_way(said.arrived - 1);
  }
}

}  // namespace

std::string_view to_string(Phase phase) {
  switch (phase) {
    case Phase::noticed:
      return "noticed";
    case Phase::first_attempt:
      return "first attempt";
    case Phase::connected:
      return "connected";
    case Phase::open:
      return "open";
    case Phase::first_message:
      return "first message";
  }
  return "";
}

std::int64_t Round::step(Phase phase) const {
  const std::size_t index = index_of(phase);
  return *after[index] - (index == 0 ? 0 : *after[index - 1]);
}

Round read_round(const record::Events& events, const fault::FaultSpec& struck) {
  Round round;
  const std::optional<Strike> strike = find_strike(events, struck);
  if (!strike) {
    round.missing =
        moment_before(events, events.size(), struck)
            ? std::string("the fault did not fire: what it changes did not come")
            : fmt::format("the fault did not fire: {} did not come", fault::to_string(struck.when));
    return round;
  }
  if (acts(struck)) round.fault_late = lateness(events, *strike);
  const auto trace = trace::Trace::of(events);
  const trace::View seen = trace::view(*trace, {});
  const std::vector<Attempt> attempts = attempts_after(seen.connections(), *strike);
  const trace::Leg* back = connection_back(seen.connections(), *strike);
  const auto reach = [&](Phase phase, std::int64_t at) {
    round.after[index_of(phase)] = at - strike->scheduled;
  };
  if (const auto noticed = noticed_at(seen.connections(), *strike)) reach(Phase::noticed, *noticed);
  if (!attempts.empty()) {
    reach(Phase::first_attempt, attempts.front().at);
    // A client that reconnects has noticed, even if its report is missing or was read late.
    auto& noticed = round.after[index_of(Phase::noticed)];
    const std::int64_t first = *round.after[index_of(Phase::first_attempt)];
    noticed = std::min(noticed.value_or(first), first);
  }
  if (back != nullptr) reach(Phase::connected, back->accepted());
  if (back != nullptr && back->open()) reach(Phase::open, back->opened_at());
  if (back == nullptr || back->messages.empty()) {
    round.attempts = static_cast<int>(attempts.size());
    round.missing = why_missing(round, attempts, back);
    return round;
  }
  reach(Phase::first_message, back->messages.front().at);
  round.attempts = static_cast<int>(
      std::ranges::count_if(attempts, [&](const Attempt& each) { return each.at <= back->accepted(); }));
  count_messages(events, back->number(), round);
  return round;
}

bool is_over(const trace::Trace& trace) {
  const auto& fired = trace.all<record::FaultFired>();
  if (fired.empty()) return false;
  const std::size_t strike = fired.begin()->index;
  return std::ranges::any_of(trace.connections(), [strike](const trace::Connection& each) {
    return each.number != 0 && each.index > strike && !each.client.messages.empty();
  });
}

}  // namespace wsfault::bench
