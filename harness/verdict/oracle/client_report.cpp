#include "verdict/oracle/client_report.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "value/words.hpp"
#include "verdict/oracle/words.hpp"
#include "wire/close_code.hpp"
#include "wire/frame.hpp"

namespace wsfault::verdict::oracle {
namespace {

using Verdict = verdict::State;

constexpr int protocol_error = 1002;

bool contains(const Reactions& reactions, const std::optional<int>& code) {
  return std::ranges::any_of(reactions, [&](const Reaction& each) {
    return code ? each.matches(ReactionKind::report, *code) : each.is(ReactionKind::error);
  });
}

std::optional<int> own_close_code(const Broken& it) {
  const auto close = it.connection.own_close();
  if (!close) return std::nullopt;
  return close->fact->code.value_or(wire::no_status_received);
}

/// The peer's Close was a legal one: (code), that a client must understand.
std::optional<int> legal_close(const Break& broke) {
  const bool legal = broke.effect.kind == EffectKind::close && wire::may_be_on_wire(broke.effect.value);
  if (!legal) return std::nullopt;
  return broke.effect.value;
}

/// It took a legal Close for a protocol error.
Opinion refused_code(const Broken& it, int code) {
  const auto& known = it.system.dialect.refuses_codes;
  if (std::ranges::find(known, code) != known.end()) {
    return {Verdict::warned, fmt::format("{} was sent, the client's library does not know it", code),
            Cause::code_unknown};
  }
  const bool registered_late = code >= 1012 && code <= 1014;
  return {Verdict::violated, fmt::format("it refused the legal close code {}", code),
          registered_late ? Cause::code_unknown : Cause::wrong_code_reported};
}

/// "Status visible unless the dialect hides it": in its own field, or in the words of the error.
Opinion opinion_on_status(const Broken& it, const record::Report& report) {
  const int status = it.broke.effect.value;
  std::vector<const record::Report*> reports{&report};
  for (const SeenReport& error : it.connection.reports().errors) reports.push_back(error.fact);
  bool shown = false;
  for (const record::Report* each : reports) {
    if (each->status && *each->status != status) {
      return Opinion{Verdict::violated,
                     fmt::format("it reported the status {}, but {} was answered", *each->status, status),
                     Cause::status_not_reported}
          .expecting(fmt::format("the sut reports the status {}", status));
    }
    const std::string words = each->text + each->reason.value_or("").view();
    shown = shown || each->status || words.find(std::to_string(status)) != std::string::npos;
  }
  if (shown || it.system.dialect.hides_status) return {};
  return Opinion{Verdict::warned, "the status is not in its report, and its dialect does not say that it hides it",
                 Cause::status_not_reported}
      .expecting(fmt::format("the sut reports the status {}", status));
}

bool is_protocol_violation(const Break& broke) {
  return broke.effect.kind == EffectKind::illegal_frame || broke.effect.kind == EffectKind::bad_compression;
}

/// A message has begun at that event's time, and not ended.
bool has_unfinished_message(const Leg& connection, std::size_t before) {
  std::size_t begun = 0;
  for (const SeenFrame& frame : connection.received) {
    if (frame.index < before && !wire::is_control(frame.fact->opcode)) begun = frame.index;
  }
  const auto& whole = connection.messages;
  return begun > 0 && std::ranges::none_of(whole, [&](const auto& message) {
           return message.index > begun && message.index < before;
         });
}

/// It reported one of the messages that arrived from that event on, and that no earlier one could be.
bool reported_one_from(const Broken& it, std::size_t index, std::int64_t at) {
  std::vector<std::string_view> sound;
  std::vector<std::string_view> unsound;
  for (const auto& message : it.connection.messages)
    (message.index < index ? sound : unsound).push_back(message.fact->payload);
  return std::ranges::any_of(it.connection.reports().messages, [&](const SeenReport& told) {
    const auto is_it = [&](std::string_view payload) { return payload == told.fact->text; };
    return told.at >= at && std::ranges::any_of(unsound, is_it) && std::ranges::none_of(sound, is_it);
  });
}

/// More messages than were sound. The legal fragment in front of an illegal frame may be given out.
bool reported_too_many(const Broken& it) {
  const auto sound = static_cast<std::size_t>(std::ranges::count_if(
      it.connection.messages, [&](const auto& message) { return message.index < it.broke.index; }));
  const std::size_t fragment = has_unfinished_message(it.connection, it.broke.index) ? 1 : 0;
  return it.connection.reports().messages.size() > sound + fragment;
}

/// On all its connections together, for a report of a message names none.
bool reported_more_than_whole(const trace::View& seen) {
  std::size_t whole = 0;
  std::size_t told = 0;
  for (const Leg& each : seen.connections()) {
    whole += each.messages.size();
    told += each.reports().messages.size();
  }
  return told > whole;
}

/// RFC 6455 7.1.6, and the WHATWG's wasClean: what is reported of a Close is what was in it, and whether
/// there was one.
Opinion opinion_on_close(const Broken& it, const record::Report& report) {
  const Leg& connection = it.connection;
  const auto came = connection.peer_close();
  const auto own = connection.own_close();
  if (report.clean == true && report.code == wire::abnormal_closure && report.event == "close")
    return Opinion{Verdict::violated, "it called an end with 1006 clean", Cause::close_misreported}.expecting(
        "the sut calls an end clean only if both sides have said Close");
  if (report.clean == true && !came && report.event == "close")
    return Opinion{Verdict::violated, "it called the end clean, and no Close had come", Cause::close_misreported}
        .expecting("the sut calls an end clean only if both sides have said Close");
  if (!came || it.broke.effect.kind != EffectKind::close || it.broke.effect.then_reset) return {};
  if (report.clean == true && !own && connection.own_end && report.event == "close")
    return Opinion{Verdict::violated, "it called the end clean, and had answered no Close", Cause::close_misreported}
        .expecting("the sut calls an end clean only if both sides have said Close");
  if (report.reason && *report.reason != came->fact->text && report.code == it.broke.effect.value)
    return Opinion{Verdict::violated,
                   fmt::format("it reported the reason \"{}\", and \"{}\" was sent", report.reason->view(),
                               came->fact->text.view()),
                   Cause::close_misreported}
        .expecting("the sut reports the reason of the Close that came");
  const bool ended = connection.ended && connection.ended->fact->how == record::EndKind::fin &&
                     !connection.ended->fact->truncated;
  const bool answered = own && own->fact->code == came->fact->code;
  if (report.clean == false && answered && ended && report.code == it.broke.effect.value)
    return Opinion{Verdict::violated, "it called the end not clean, and both had said Close",
                   Cause::close_misreported}
        .expecting("the sut calls an end clean if both sides have said Close");
  return {};
}

/// What is wrong with a client that took a connection for open on which no valid 101 came.
Cause cause_of_opening(const Leg& connection) {
  // Where nothing could be read of the handshake, it may have been a sound one.
  if (!connection.request)
    return connection.reports().closes.empty() ? Cause::end_unreported : Cause::wrong_code_reported;
  const bool answered = connection.answer || connection.interim || connection.garbage;
  return answered ? Cause::handshake_unchecked : Cause::opened_unanswered;
}

/// As a row demands it, behind what broke the connection.
std::string own_close_due(const Broken& it) {
  std::vector<std::string> codes;
  for (const int code : it.row.demands.own_close) codes.push_back(std::to_string(code));
  return fmt::format("the sut sends Close {} after {}", listed(codes, "or"), what_broke(it.broke));
}

std::string after(const Broken& it, std::int64_t at) {
  const Duration since(at - it.broke.at);
  return since <= -std::chrono::milliseconds(1) ? measured(since) + " before" : wsfault::after(since);
}

}  // namespace

Reporting reporting_of(const model::System& system, bool any_report) {
  switch (system.report) {
    case model::ReportMode::json:
    case model::ReportMode::http:
      return {true, true};
    case model::ReportMode::patterns:
      return {system.patterns.contains("close"), system.patterns.contains("error")};
    case model::ReportMode::none:
      return {false, false};
    case model::ReportMode::automatic:
      return {any_report, any_report, !any_report};
  }
  return {};
}

std::optional<SeenReport> end_report(const Broken& it, bool closes_promised) {
  const auto& [connection, broke, row, system] = it;
  const bool error_speaks = broke.phase == Phase::before_101 || !closes_promised;
  const bool close = !connection.reports().closes.empty();
  if (error_speaks && !connection.reports().errors.empty() &&
      (!close || connection.reports().errors.front().index < connection.reports().closes.front().index)) {
    // Of an error and a close that tell the same end, the one with a code says more.
    if (!close) return connection.reports().errors.front();
  }
  if (close) return connection.reports().closes.front();
  return std::nullopt;
}

Opinion on_report(const Broken& it, const record::Report& report) {
  const auto& [connection, broke, row, system] = it;
  std::optional<int> code;
  if (report.event != "error") code = report.code;
  const bool heartbeat_or_closing = broke.effect.kind == EffectKind::silence || broke.phase == Phase::closing;
  // It says 1006 and clean where the peer put 1006 on the wire: it took it for a code like any other.
  if (broke.effect.kind == EffectKind::close && wire::is_reserved_for_reporting(broke.effect.value) &&
      code == broke.effect.value && report.clean.value_or(code != wire::abnormal_closure)) {
    return {Verdict::violated,
            fmt::format("{} is never received in a Close, and it reported it as such", *code),
            Cause::wrong_code_reported};
  }
  if (contains(row.fine, code)) {
    if (broke.effect.kind == EffectKind::answer) return opinion_on_status(it, report);
    return opinion_on_close(it, report);
  }
  // Its heartbeat gave up, or it closed first: 1006, an error, or the code that it sent.
  if (heartbeat_or_closing && broke.phase != Phase::before_101 && (!code || code == own_close_code(it)))
    return {};
  if (contains(row.warned, code))
    return {Verdict::warned, "it reported the code as it came", Cause::wrong_code_reported};
  if (const auto legal = legal_close(broke);
      legal && (!code || *code == protocol_error || *code == wire::abnormal_closure)) {
    return refused_code(it, *legal);
  }
  if (!code) return {Verdict::warned, "it reported the end without a code", Cause::wrong_code_reported};
  return {Verdict::violated, {}, Cause::wrong_code_reported};
}

Opinion on_wire(const Broken& it, bool wire_only) {
  const auto& [connection, broke, row, system] = it;
  const auto close = connection.own_close();
  const bool in_answer = close && close->index > broke.index;
  if (wire_only && in_answer && close->fact->code == protocol_error) {
    const auto legal = legal_close(broke);
    if (legal && *legal != protocol_error) return refused_code(it, *legal);
  }
  if (row.demands.own_close.empty()) return {};
  if (!close) {
    if (row.demands.own_close_expected)
      return Opinion{Verdict::warned, "it ended the connection without a Close (RFC 6455 7.1.7: SHOULD)",
                     Cause::no_close_sent}
          .expecting(own_close_due(it));
    return {};
  }
  const int code = close->fact->code.value_or(wire::no_status_received);
  if (!in_answer || row.demands.own_close.contains(code)) return {};
  return Opinion{Verdict::violated, fmt::format("it sent {}", close_words(*close->fact)), Cause::wrong_close_sent}
      .expecting(own_close_due(it));
}

Opinion on_delivered(const Broken& it, const trace::View& seen) {
  const auto wrong = [](const char* says) {
    return Opinion{Verdict::violated, says, Cause::bad_frame_accepted}.expecting(
        "the sut delivers what came whole before the end, and nothing else");
  };
  const bool its_own = !it.connection.reports().may_be_of_others;
  if (its_own && is_protocol_violation(it.broke) && !it.row.allows(ReactionKind::stays_open) &&
      (reported_too_many(it) || reported_one_from(it, it.broke.index, it.broke.at))) {
    return wrong("it delivered what came in the illegal frame, or after it");
  }
  const auto close = it.connection.peer_close();
  if (its_own && close && reported_one_from(it, close->index, close->at))
    return wrong("it delivered a message that came after the Close");
  const bool cut_short = !is_protocol_violation(it.broke) && is_amid_a_message(it.connection);
  if (cut_short && reported_more_than_whole(seen))
    return wrong("it delivered a message that was never whole");
  return {};
}

std::optional<Opinion> opened_in_spite(const Broken& it) {
  if (it.broke.phase != Phase::before_101) return std::nullopt;
  const bool tls = it.broke.effect.kind == EffectKind::tls_failure;
  if (it.connection.open() && !tls) return std::nullopt;
  const bool frames = std::ranges::any_of(it.connection.sent, [](const SeenFrame& frame) {
    return frame.fact->opcode != static_cast<std::uint8_t>(wire::Opcode::close);
  });
  const bool let_in = tls && it.connection.open();
  if (it.connection.reports().opens.empty() && !frames && !let_in) return std::nullopt;
  if (tls) return Opinion{Verdict::violated, "it went on, and spoke over TLS", Cause::certificate_unchecked};
  return Opinion{Verdict::violated, "it took the connection for open", cause_of_opening(it.connection)};
}

std::string what_it_did(const Broken& it, const Reporting& reporting, const trace::Process& process) {
  const Leg& connection = it.connection;
  std::string text;
  if (const auto report = end_report(it, false)) {
    text = fmt::format("it reported {} {}", reported_words(*report->fact), after(it, report->at));
  } else if (reporting.wire_only()) {
    text = "it does not report";
  } else {
    text = "it reported no end";
  }
  std::vector<std::string> wire;
  if (const auto close = connection.own_close()) {
    wire.push_back(fmt::format("{} from it {}", close_words(*close->fact), after(it, close->at)));
  }
  if (const auto& end = connection.own_end) {
    const char* how = end->fact->how == record::EndKind::fin ? "FIN" : "RST";
    // What its kernel does when it is killed is not its own act.
    const char* whose = process.is_killed_at(end->at) ? "as it was killed" : "from it";
    wire.push_back(fmt::format("{} {} {}", how, whose, after(it, end->at)));
  }
  // Of a fleet nobody knows whose attempt it is.
  const bool one = it.system.traits.integer("instances").value_or(1) == 1;
  if (one && connection.next_attempt()) wire.push_back("its next attempt " + after(it, *connection.next_attempt()));
  return fmt::format("{}; on the wire: {}", text,
                     wire.empty() ? "neither a Close nor an end of TCP from it"
                                  : fmt::format("{}", fmt::join(wire, ", ")));
}

}  // namespace wsfault::verdict::oracle
