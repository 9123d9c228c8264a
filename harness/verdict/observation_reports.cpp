// Which connection a report speaks of: only a probe client's name it.
#include "verdict/observation_reports.hpp"

#include <algorithm>
#include <functional>

namespace wsfault::verdict {
namespace {

/// So long after an accept a report read from a pipe may still speak of the connection before it.
constexpr std::int64_t brand_new = Duration(std::chrono::milliseconds(100)).count();
constexpr std::int64_t quite_new = Duration(std::chrono::seconds(1)).count();
/// So long after its close an error may still speak of the same connection: of one event, some clients report
/// the close first. Where attempts are refused, an error that soon is more likely of the next attempt.
constexpr std::int64_t right_behind = Duration(std::chrono::milliseconds(100)).count();
constexpr std::int64_t right_behind_if_refused = Duration(std::chrono::milliseconds(5)).count();

Observed* latest(std::vector<Observed>& connections, const std::function<bool(const Observed&)>& fits) {
  for (auto each = connections.rbegin(); each != connections.rend(); ++each) {
    if (each->number != 0 && fits(*each)) return &*each;
  }
  return nullptr;
}

/// Does the report rather speak of `earlier` than of `later`?
bool speaks_of_earlier(const Observed& earlier, const Observed& later, std::int64_t at) {
  if (!earlier.struck()) return false;
  const std::int64_t age = at - later.accepted;
  const bool told_already = !earlier.open() && !earlier.errors.empty();
  if (!later.struck()) return !told_already || age < quite_new;
  return age < brand_new && !told_already;
}

Observed* owner_of_end(std::vector<Observed>& connections, std::int64_t at) {
  const auto unreported = [](const Observed& each) { return each.closes.empty(); };
  Observed* owner = latest(connections, unreported);
  while (owner) {
    const auto before = [&](const Observed& each) { return unreported(each) && each.index < owner->index; };
    Observed* earlier = latest(connections, before);
    if (!earlier || !speaks_of_earlier(*earlier, *owner, at)) break;
    owner = earlier;
  }
  return owner;
}

/// The connection whose close was reported just before this error, and no error yet; null if there is none.
Observed* owner_behind_close(std::vector<Observed>& connections, std::int64_t at) {
  const bool refused = !connections.empty() && connections.front().number == 0;
  const std::int64_t limit = refused ? right_behind_if_refused : right_behind;
  Observed* closed = latest(connections, [](const Observed& each) { return !each.closes.empty(); });
  const bool behind = closed && closed->errors.empty() && at - closed->closes.back().at <= limit;
  return behind ? closed : nullptr;
}

Observed* owner_of_error(std::vector<Observed>& connections, std::int64_t at) {
  Observed* owner = owner_of_end(connections, at);
  if (owner && owner->struck()) return owner;
  Observed* closed = owner_behind_close(connections, at);
  return closed ? closed : owner;
}

Observed& nobody(std::vector<Observed>& connections, const SeenReport& report) {
  if (connections.empty() || connections.front().number != 0) {
    Observed made;
    made.accepted = report.at;
    made.index = report.index;
    connections.insert(connections.begin(), std::move(made));
  }
  return connections.front();
}

Observed* owner_of_open(std::vector<Observed>& connections) {
  const auto unreported = [](const Observed& each) { return each.opens.empty(); };
  if (Observed* open =
          latest(connections, [&](const auto& each) { return each.open() && unreported(each); })) {
    return open;
  }
  return latest(connections, unreported);
}

}  // namespace

void attribute_report(std::vector<Observed>& connections, const SeenReport& report) {
  const std::string& event = report.fact->event;
  if (event == "open") {
    if (Observed* owner = owner_of_open(connections)) owner->opens.push_back(report);
  } else if (event == "message") {
    const auto open = [](const Observed& each) { return each.open(); };
    if (Observed* owner = latest(connections, open)) owner->told.push_back(report);
  } else if (event == "close" || event == "error") {
    Observed* owner =
        event == "close" ? owner_of_end(connections, report.at) : owner_of_error(connections, report.at);
    if (!owner) owner = &nobody(connections, report);
    (event == "close" ? owner->closes : owner->errors).push_back(report);
  }
}

void attribute_report(std::vector<Observed>& connections, const SeenReport& report, int number) {
  Observed* owner = latest(connections, [&](const Observed& each) { return each.number == number; });
  const std::string& event = report.fact->event;
  const bool of_end = event == "close" || event == "error";
  if (!owner && of_end) owner = &nobody(connections, report);
  if (!owner) return;
  if (event == "open") owner->opens.push_back(report);
  if (event == "message") owner->told.push_back(report);
  if (event == "close") owner->closes.push_back(report);
  if (event == "error") owner->errors.push_back(report);
}

std::unordered_map<std::size_t, int> connections_of_reports(const std::vector<record::Event>& events) {
  std::unordered_map<std::size_t, int> numbers;
  const auto is_unnamed = [](const record::Event& event) {
    return std::holds_alternative<record::Report>(event.what) && event.where.connection == 0;
  };
  if (std::ranges::none_of(events, is_unnamed)) return numbers;
  const Observation seen = observe(events, Seat{});
  for (const Observed& connection : seen.connections) {
    for (const auto* reports :
         {&connection.opens, &connection.told, &connection.errors, &connection.closes}) {
      for (const SeenReport& report : *reports) numbers.emplace(report.index, connection.number);
    }
  }
  return numbers;
}

}  // namespace wsfault::verdict
