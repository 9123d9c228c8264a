// Finds out of whom, on which connection and since when an expectation speaks.
#include "verdict/expect/question.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>

#include "value/words.hpp"
#include "verdict/judge.hpp"

namespace wsfault::verdict {
namespace {

using record::Event;
using record::Side;

constexpr Duration default_within = std::chrono::seconds(5);
/// So long after its accept a connection whose request has not come is taken for an attempt.
constexpr Duration request_due = std::chrono::milliseconds(250);

/// What belongs to a process, or what an upstream gets to see, is asked of the sut unless another is named.
bool is_asked_of_sut(const Nature& nature, model::Role role) {
  if (role == model::Role::client || nature.of_the_process) return true;
  return role == model::Role::gateway && nature.at_the_upstream;
}

void take_seat(Question& question) {
  const model::Role role = question.scenario.role;
  question.party = question.expectation.of;
  if (question.party.empty())
    question.party = is_asked_of_sut(question.expectation.what.nature, role) ? "sut" : "client";
  const bool is_sut = question.party == "sut";
  switch (role) {
    case model::Role::client:
      question.seat = {"link", "sut", is_sut ? Side::client : Side::server};
      break;
    case model::Role::server:
      question.seat = {"link", is_sut ? "client" : question.party, is_sut ? Side::server : Side::client};
      break;
    case model::Role::gateway:
      if (is_sut || question.party == "upstream") {
        question.seat = {"back", "sut", is_sut ? Side::client : Side::server};
      } else {
        question.seat = {"front", question.party, Side::client};
      }
      break;
  }
  question.everyone = question.seat.side == Side::server;
}

/// The first fault that struck a connection of the party (`connection` 0: any).
const Event* first_strike(const Question& question, int connection) {
  for (const auto& fired : question.trace.all<record::FaultFired>()) {
    const Event& event = question.trace.log()[fired.index];
    const bool named =
        event.where.connection > 0 && (connection == 0 || event.where.connection == connection);
    if (named && question.is_mine(event.where)) return &event;
  }
  return nullptr;
}

void take_connection(Question& question) {
  question.connection = question.expectation.connection;
  const Event* strike = first_strike(question, question.connection);
  if (strike) question.struck_at = strike->at;
  if (question.connection == 0) question.connection = strike ? strike->where.connection : 1;
}

/// Does the fault strike the connection that is looked at?
bool strikes(const fault::FaultSpec& fault, const Question& question) {
  if (!fault.strikes_connections || fault.on_party) return false;
  if (!fault.at.empty() && fault.at != question.seat.link) return false;
  if (fault.of && *fault.of != question.seat.party && !question.everyone) return false;
  return fault.connections.contains(question.connection);
}

std::optional<std::int64_t> first_firing(const std::string& name, const fault::FaultSpec* fault,
                                         const Question& question) {
  const bool on_connection = fault && strikes(*fault, question);
  for (const auto& fired : question.trace.all<record::FaultFired>()) {
    if (fired.fact->name != name) continue;
    const record::Where& where = question.trace.where(fired.index);
    if (!on_connection || (where.connection == question.connection && question.is_mine(where)))
      return fired.at;
  }
  return std::nullopt;
}

const fault::FaultSpec* find_fault(const Case& scenario, const std::string& name) {
  const auto found = std::ranges::find(scenario.faults, name, &fault::FaultSpec::name);
  return found == scenario.faults.end() ? nullptr : &*found;
}

/// When it first came; of a silence, when it began.
std::optional<std::int64_t> first_time(const fault::Moment& moment, const trace::Trace& trace) {
  const Event* event = trace.first(moment);
  if (!event) return std::nullopt;
  return moment.kind == fault::Moment::Kind::idle ? event->at - moment.idle.count() : event->at;
}

std::optional<std::int64_t> time_of(const fault::Moment& moment, const Question& question) {
  if (moment.kind == fault::Moment::Kind::fault && !moment.connection && !moment.of && !moment.at) {
    return first_firing(moment.name, find_fault(question.scenario, moment.name), question);
  }
  return first_time(placed(moment, question), question.trace);
}

/// A visit begins at the first such moment on any connection of anybody.
std::optional<std::int64_t> time_of_visit(const Question& question) {
  fault::Moment moment = since_of(question.expectation, question.scenario);
  if (fault::is_on_wire(moment.kind) && !moment.at) moment.at = question.seat.link;
  return first_time(moment, question.trace);
}

void take_since(Question& question) {
  const Expectation& expectation = question.expectation;
  const Nature& nature = expectation.what.nature;
  const fault::FaultSpec* fault = expectation.never ? nullptr : default_fault(question.scenario);
  if (nature.visits && !expectation.never) {
    question.since = time_of_visit(question);
    question.since_name = fault && !expectation.since ? "the fault" : to_string(since_of(expectation, question.scenario));
    return;
  }
  if (expectation.since) {
    question.since = time_of(*expectation.since, question);
    question.since_name = to_string(*expectation.since);
    return;
  }
  if (fault) {
    question.since = first_firing(fault->name, fault, question);
    question.since_name = "the fault";
    return;
  }
  // A request and its answer come before `open`: there the connection begins with `connect`.
  fault::Moment moment;
  moment.kind = nature.in_the_handshake ? fault::Moment::Kind::connect : fault::Moment::Kind::open;
  question.since = time_of(moment, question);
  question.since_name = fmt::format("{} of connection {}", nature.in_the_handshake ? "connect" : "open",
                                    question.connection);
}

void take_times(Question& question) {
  if (!question.since) return;
  const Expectation& expectation = question.expectation;
  const double timeout_scale = question.scenario.timeout_scale;
  const std::int64_t since = *question.since;
  const Duration within = expectation.within.value_or(expectation.what.nature.limit.value_or(default_within));
  question.earliest = since + expectation.not_before.value_or(Duration::zero()).count();
  question.latest = since + scaled(within, timeout_scale).count();
  if (expectation.lasting && !expectation.within) question.latest = since + expectation.lasting->count();
  question.until = expectation.lasting ? since + expectation.lasting->count() : question.latest;
}

}  // namespace

fault::Moment since_of(const Expectation& expectation, const Case& scenario) {
  if (expectation.since) return *expectation.since;
  const fault::FaultSpec* fault = default_fault(scenario);
  fault::Moment moment;
  moment.kind = fault ? fault::Moment::Kind::fault : fault::Moment::Kind::open;
  if (fault) moment.name = fault->name;
  return moment;
}

bool Question::is_mine(const record::Where& where) const {
  return where.link == seat.link && (everyone || where.party == seat.party);
}

std::vector<const trace::Leg*> Question::legs() const {
  std::vector<const trace::Leg*> mine;
  const auto take = [&](record::Name of) {
    if (const trace::Connection* each = trace.find(seat.link, of, connection))
      mine.push_back(&each->leg(seat.side));
  };
  if (everyone) {
    for (const trace::Caller* caller : trace.callers(seat.link)) take(caller->party);
  } else {
    take(seat.party);
  }
  return mine;
}

Question ask(const Expectation& expectation, const Case& scenario, const trace::Trace& trace,
             std::int64_t now, bool over) {
  Question question{
      .expectation = expectation, .scenario = scenario, .trace = trace, .now = now, .over = over};
  take_seat(question);
  take_connection(question);
  take_since(question);
  take_times(question);
  return question;
}

fault::Moment placed(fault::Moment moment, const Question& question) {
  if (!fault::is_on_wire(moment.kind)) return moment;
  if (!moment.at) moment.at = question.scenario.role == model::Role::gateway ? "front" : "link";
  if (!moment.of && !question.everyone && *moment.at == question.seat.link) moment.of = question.seat.party;
  // Of another party the connection that is looked at has no meaning: the first such moment counts.
  const bool of_another = moment.of && *moment.of != question.seat.party;
  if (!moment.connection && !of_another) moment.connection = question.connection;
  return moment;
}

std::string relative(const Question& question, std::int64_t at) {
  const std::int64_t since = question.since.value_or(0);
  const Duration apart(at >= since ? at - since : since - at);
  return fmt::format("{} {} {}", measured(apart), at >= since ? "after" : "before", question.since_name);
}

Attempts attempts(const Question& question) {
  Attempts result;
  for (const trace::Leg& each : trace::view(question.trace, question.seat).connections()) {
    const std::int64_t due = each.accepted() + request_due.count();
    const bool told = each.number() == 0 || each.request || each.over();
    if (told || question.over || question.now > due) {
      result.all.emplace_back(each);
    } else {
      result.look_again = std::min(result.look_again.value_or(due + 1), due + 1);
    }
  }
  return result;
}

std::vector<std::int64_t> refused_attempts(const Question& question) {
  const bool of_sut = question.seat.party == "sut" && question.seat.side == Side::client;
  return of_sut ? question.trace.refused_attempts(question.seat.link) : std::vector<std::int64_t>();
}

}  // namespace wsfault::verdict
