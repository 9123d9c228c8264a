// Collects the reports, responses, Close frames and TCP ends of each connection from the log.
#include "report/observed.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "report/crossing.hpp"
#include "report/escape.hpp"
#include "report/event_text.hpp"
#include "trace/view.hpp"

namespace wsfault::report {
namespace {

/// Who ended TCP where a process of the system had been killed.
constexpr std::string_view killer = "wsfault";

using record::Event;
using record::Side;
using record::Where;

/// Reports of ends, each with its connection.
struct Told {
  trace::SeenReport report;
  Where where;
};

std::vector<Told> told_ends(const trace::Trace& trace) {
  std::vector<Told> told;
  for (const trace::Caller& caller : trace.callers()) {
    std::vector<const trace::Connection*> connections = caller.all();
    for (const trace::Connection* each : caller.unseen()) connections.push_back(each);
    for (const trace::Connection* each : connections) {
      const trace::Reports& reports = each->client.reports();
      for (const auto* ends : {&reports.closes, &reports.errors}) {
        for (const trace::SeenReport& report : *ends)
          told.push_back({report, {{}, each->party, each->number}});
      }
    }
  }
  std::ranges::sort(told, {}, [](const Told& each) { return each.report.index; });
  return told;
}

class Gatherer {
 public:
  explicit Gatherer(const trace::Trace& trace) : trace_(trace), events_(trace.log()) {}

  std::vector<ConnectionObserved> gather() {
    for (const Crossing& crossing : crossings(events_)) read(crossing);
    for (const Told& told : told_ends(trace_)) read(told.where, told.report.at, *told.report.fact);
    const Origins origins(trace_);
    for (ConnectionObserved& connection : out_) {
      std::ranges::stable_sort(connection.ends, {}, &EndObserved::side);
      connection.origin = origins.of(connection.number);
    }
    return std::move(out_);
  }

 private:
  ConnectionObserved& of_link(const Where& where) {
    const auto [place, is_new] =
        by_link_.try_emplace({where.link, where.party, where.connection}, out_.size());
    if (!is_new) return out_[place->second];
    by_party_.try_emplace({where.party, where.connection}, out_.size());
    return out_.emplace_back(ConnectionObserved{.link = where.link,
                                                .party = where.party,
                                                .peer = server_party(where),
                                                .number = where.connection,
                                                .origin = {},
                                                .report = {},
                                                .status = {},
                                                .status_at = 0,
                                                .no_answer = {},
                                                .compression = {},
                                                .closes = {},
                                                .ends = {}});
  }

  ConnectionObserved& of_party(const Where& where) {
    const auto found = by_party_.find({where.party, where.connection});
    return found != by_party_.end() ? out_[found->second] : of_link(where);
  }

  void read(const Crossing& crossing) {
    const Event& event = events_[crossing.first()];
    if (event.where.connection < 0) return;  // a plain request
    ConnectionObserved& connection = of_link(event.where);
    if (const auto* frame = std::get_if<record::FrameSeen>(&event.what)) {
      if (frame->opcode == 8) add_close(connection, *frame, crossing);
    } else if (const auto* end = std::get_if<record::StreamEnded>(&event.what)) {
      add_ends(connection, *end, crossing);
    } else if (const auto* response = std::get_if<record::ResponseSeen>(&event.what)) {
      if (crossing.arrived == Crossing::none || connection.status) return;
      connection.status = response->head->status;
      connection.status_at = events_[crossing.arrived].at;
      const auto asked = requests_.find(&connection - out_.data());
      if (asked != requests_.end() && wire::agrees_on_compression(asked->second->head, response->head))
        connection.compression = "agreed";
    } else if (const auto* bytes = std::get_if<record::NotHttp>(&event.what)) {
      if (bytes->from == Side::server && !connection.no_answer) connection.no_answer = bytes->start.str();
    } else if (const auto* request = std::get_if<record::RequestSeen>(&event.what)) {
      requests_[&connection - out_.data()] = request;
      connection.compression = request->declined.empty() ? "" : "declined";
    }
  }

  void add_close(ConnectionObserved& connection, const record::FrameSeen& frame,
                 const Crossing& crossing) const {
    CloseObserved close;
    close.from = frame.from;
    if (frame.code) close.code = *frame.code;
    close.words = close_in_words(frame);
  close.reason = frame.text;
    close.sent = crossing.sent != Crossing::none;
    close.arrived = crossing.arrived != Crossing::none;
    close.at = events_[crossing.first()].at;
    connection.closes.push_back(std::move(close));
  }

  /// An end that passed the link ended both sides; it is attributed to the party that began it.
  void add_ends(ConnectionObserved& connection, const record::StreamEnded& end,
                const Crossing& crossing) const {
    const Where& where = events_[crossing.first()].where;
    const bool by_party = crossing.sent != Crossing::none;
    const std::string by = by_party ? ended_by(party_at(where, end.side), events_[crossing.first()].at)
                                    : where.link.str();
    add_end(connection, {end.side, end.how, by, events_[crossing.first()].at});
    if (by_party && crossing.arrived != Crossing::none) {
      add_end(connection, {wire::opposite(end.side), end.how, by, events_[crossing.arrived].at});
    }
  }

  /// The end of a killed process is no act of the system: whoever killed it made its kernel end TCP.
  std::string ended_by(std::string party, std::int64_t at) const {
    const bool was_killed = party == "sut" && trace_.process(record::Name(party)).is_killed_at(at);
    return was_killed ? std::string(killer) : std::move(party);
  }

  static void add_end(ConnectionObserved& connection, EndObserved end) {
    const auto known = std::ranges::find(connection.ends, end.side, &EndObserved::side);
    if (known == connection.ends.end()) {
      connection.ends.push_back(std::move(end));
    } else if (end.at < known->at) {
      *known = std::move(end);
    }
  }

  void read(const Where& where, std::int64_t at, const record::Report& report) {
    std::optional<ReportObserved>& seen = of_party(where).report;
    if (!seen) seen = ReportObserved{{}, {}, {}, {}, at};
    if (report.event == "error") {
      if (!seen->error) seen->error = report.text;
    } else if (!seen->close) {
      seen->close = report.code;
      seen->reason = report.reason;
      seen->clean = report.clean;
      seen->at = at;
    }
  }

  const trace::Trace& trace_;
  const record::Events& events_;
  std::map<std::tuple<record::Name, record::Name, int>, std::size_t> by_link_;
  std::map<std::pair<record::Name, int>, std::size_t> by_party_;  // the first of the party
  std::vector<ConnectionObserved> out_;
  std::map<std::ptrdiff_t, const record::RequestSeen*> requests_;  // by the index of the connection
};

std::string report_in_words(const std::optional<ReportObserved>& report) {
  if (!report) return "reported no end";
  std::string out;
  if (report->close) {
    out = fmt::format("reported close {}", *report->close);
    if (report->reason && !report->reason->empty())
      out += fmt::format(" \"{}\"", printable(*report->reason, 60));
    if (report->clean) out += *report->clean ? " (clean)" : " (not clean)";
  }
  if (report->error) {
    out += fmt::format("{} error \"{}\"", out.empty() ? "reported" : " and", printable(*report->error, 60));
  }
  return out.empty() ? "reported a close without a code" : out;
}

std::string wire_in_words(const ConnectionObserved& connection) {
  std::string out = connection.status      ? fmt::format("HTTP {}", *connection.status)
                    : connection.no_answer ? not_http_in_words(*connection.no_answer)
                                           : "no HTTP answer";
  if (connection.compression == "agreed") out += ", permessage-deflate";
  if (connection.compression == "declined") out += ", offer of permessage-deflate taken away";
  if (connection.closes.empty()) out += ", no Close frame";
  for (const CloseObserved& close : connection.closes) {
    out += fmt::format(", {} from {}{}", close.words,
                       !close.sent                  ? connection.link
                       : close.from == Side::client ? connection.party
                                                    : connection.peer,
                       close.arrived ? "" : " that did not arrive");
  }
  if (connection.ends.empty()) return out + ", TCP still open";
  const bool ended_for_client = connection.ends.front().side == Side::client;
  if (!ended_for_client) out += fmt::format(", TCP still open at {}", connection.party);
  for (const EndObserved& end : connection.ends) {
    if (&end != &connection.ends.front() && end.by == connection.ends.front().by &&
        end.how == connection.ends.front().how) {
      continue;
    }
    out += fmt::format(", TCP {} from {}{}", tcp_end_name(end.how), end.by == killer ? "the killed sut" : end.by,
                       ended_for_client || end.by == connection.peer ? "" : fmt::format(" to {}", connection.peer));
  }
  return out;
}

}  // namespace

std::vector<ConnectionObserved> observe(const trace::Trace& trace) { return Gatherer(trace).gather(); }

std::string in_words(const ConnectionObserved& connection) {
  const std::string report = report_in_words(connection.report);
  return connection.link.empty() ? report
                                 : fmt::format("{}; on the wire {}", report, wire_in_words(connection));
}

}  // namespace wsfault::report
