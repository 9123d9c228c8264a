#include "trace/trace.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "trace/reader.hpp"

namespace wsfault::trace {
namespace {

std::int64_t overlap(const Span& span, std::int64_t from, std::int64_t to) {
  const std::int64_t until = std::min(span.until.value_or(to), to);
  return std::max<std::int64_t>(0, until - std::max(span.from, from));
}

}  // namespace

Duration Process::running(std::int64_t from, std::int64_t to) const {
  std::int64_t time = to - from;
  for (const Span& span : frozen) time -= overlap(span, from, to);
  return Duration(time);
}

std::int64_t Process::after(std::int64_t from, Duration limit, std::int64_t now) const {
  std::int64_t end = from + limit.count();
  for (const Span& span : frozen) {
    if (span.from < end) end += overlap(span, from, std::max(now, span.from));
  }
  return end;
}

std::optional<std::int64_t> Process::stopped_after(std::int64_t from) const {
  for (const ProcessEvent& event : events) {
    const bool told =
        event.change == record::ProcessChange::stopping || event.change == record::ProcessChange::killed;
    if (told && event.at >= from) return event.at;
  }
  return std::nullopt;
}

std::optional<std::int64_t> Process::exited_after(std::int64_t from) const {
  for (const ProcessEvent& event : events) {
    if (event.change == record::ProcessChange::exited && event.at >= from) return event.at;
  }
  return std::nullopt;
}

bool Process::is_killed_at(std::int64_t at) const {
  bool killed = false;
  for (const ProcessEvent& event : events) {
    if (event.at > at) break;
    if (event.change == record::ProcessChange::started) killed = false;
    if (event.change == record::ProcessChange::killed) killed = true;
  }
  return killed;
}

std::optional<std::int64_t> Process::killed_in_stopping(std::int64_t from) const {
  bool stopping = false;
  for (const ProcessEvent& event : events) {
    if (event.at < from) continue;
    if (event.change == record::ProcessChange::killed && stopping) return event.at;
    if (event.change == record::ProcessChange::exited) stopping = false;
    if (event.change == record::ProcessChange::stopping) stopping = true;
  }
  return std::nullopt;
}

const ProcessEvent* Process::died_after(std::int64_t from) const {
  bool told = false;
  for (const ProcessEvent& event : events) {
    if (event.change == record::ProcessChange::started) told = false;
    if (event.change == record::ProcessChange::killed || event.change == record::ProcessChange::stopping)
      told = true;
    if (event.change == record::ProcessChange::exited && !told && event.at >= from) return &event;
  }
  return nullptr;
}

bool Process::is_ours() const {
  return std::ranges::find(events, record::ProcessChange::started, &ProcessEvent::change) != events.end();
}

bool Process::lives() const { return is_ours() && !exited_after(0) && !stopped_after(0); }

std::vector<const Connection*> Caller::all() const {
  std::vector<const Connection*> connections;
  connections.reserve(attempts_.size() + 1);
  if (refused_) connections.push_back(refused_);
  connections.insert(connections.end(), attempts_.begin(), attempts_.end());
  return connections;
}

/// A requested moment, and how far the log was searched for it.
struct Trace::Searched {
  fault::MomentSearch search;
  std::size_t next = 0;
  const record::Event* found = nullptr;
};

Trace::Trace(const record::Events& log) : log_(&log), few_(FewFacts::of(log)) {}
Trace::~Trace() = default;

std::size_t Trace::since(std::int64_t at) const {
  const auto read = events();
  const auto first = std::ranges::lower_bound(read, at, {}, &record::Event::at);
  return static_cast<std::size_t>(first - read.begin());
}

const record::Event* Trace::first(const fault::Moment& moment, int connection) const {
  auto& searched = searched_[fmt::format("{} of {}", to_string(moment), connection)];
  if (!searched) searched = std::make_unique<Searched>(Searched{fault::MomentSearch(moment, connection)});
  for (std::size_t& next = searched->next; next < read_ && !searched->found; ++next) {
    if (searched->search.feed((*log_)[next])) searched->found = &(*log_)[next];
  }
  return searched->found;
}

std::vector<const Connection*> Caller::unseen() const {
  std::vector<const Connection*> connections;
  for (const auto& [number, connection] : unseen_) connections.push_back(connection);
  return connections;
}

std::unique_ptr<Trace> Trace::of(const record::Events& log) {
  auto trace = std::make_unique<Trace>(log);
  trace->catch_up();
  return trace;
}

void Trace::catch_up() {
  ++batch_;
  for (; read_ < log_->size() && !ending_; ++read_) Reader(*this, (*log_)[read_], read_).take();
}

std::vector<const Caller*> Trace::callers(record::Name link) const {
  std::vector<const Caller*> found;
  for (const Caller& each : callers_) {
    if (each.link == link) found.push_back(&each);
  }
  return found;
}

const Caller& Trace::caller(record::Name link, record::Name party) const {
  static const Caller nobody{{}, {}};
  const auto known = caller_of_.find({link.id(), party.id()});
  return known == caller_of_.end() ? nobody : *known->second;
}

const Connection* Trace::find(record::Name link, record::Name party, int number) const {
  const auto known = latest_.find({link.id(), party.id(), number});
  return known == latest_.end() ? nullptr : known->second;
}

std::vector<std::int64_t> Trace::refused_attempts(record::Name link) const {
  std::vector<std::int64_t> times;
  for (const auto& each : all<record::AttemptRefused>()) {
    if (where(each.index).link == link) times.push_back(each.fact->made(each.at));
  }
  for (const UnansweredAttempt& each : unanswered(link)) times.push_back(each.from);
  std::ranges::sort(times);
  return times;
}

std::optional<std::int64_t> Trace::first_attempt(record::Name link) const {
  std::optional<std::int64_t> first;
  const auto take = [&](std::int64_t at) { first = std::min(first.value_or(at), at); };
  const Caller& sut = caller(link, "sut");
  if (!sut.attempts().empty()) take(sut.attempts().front()->accepted);
  if (const auto refused = refused_attempts(link); !refused.empty()) take(refused.front());
  if (const Connection* nobody = sut.refused()) {
    const Reports& reports = nobody->client.reports();
    if (!reports.errors.empty()) take(reports.errors.front().at);
    if (!reports.closes.empty()) take(reports.closes.front().at);
  }
  return first;
}

const Process& Trace::process(record::Name party) const {
  static const Process nothing;
  const auto known = processes_.find(party.id());
  return known == processes_.end() ? nothing : known->second;
}

const std::vector<UnansweredAttempt>& Trace::unanswered(record::Name link) const {
  static const std::vector<UnansweredAttempt> none;
  const auto known = unanswered_.find(link.id());
  return known == unanswered_.end() ? none : known->second;
}

const std::vector<Refusal>& Trace::refusals(record::Name link) const {
  static const std::vector<Refusal> none;
  const auto known = refusals_.find(link.id());
  return known == refusals_.end() ? none : known->second;
}

}  // namespace wsfault::trace
