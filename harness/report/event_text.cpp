// The sentences of a timeline, one function per event type.
#include "report/event_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstring>
#include <system_error>
#include <variant>

#include "record/http_in_frames.hpp"
#include "report/escape.hpp"
#include "value/units.hpp"
#include "value/words.hpp"
#include "verdict/cut.hpp"
#include "wire/close_code.hpp"
#include "wire/frame.hpp"

namespace wsfault::report {
namespace {

using record::EndKind;
using record::Event;

constexpr std::size_t longest_payload = 40;  // characters
constexpr std::size_t longest_line = 100;

std::string quoted(std::string_view text) { return fmt::format("\"{}\"", printable(text, longest_payload)); }

/// "closed: it went away" without a punctuation mark; an empty text adds nothing.
std::string quoted_after_blank(std::string_view text) { return text.empty() ? "" : ' ' + quoted(text); }

/// Of a link that has several.
std::string at_address(std::optional<std::int16_t> number) {
  return number ? fmt::format(" at address {}", *number) : std::string();
}

std::string error_name(int error) { return std::generic_category().message(error); }

std::string signal_name(int signal) {
  const char* short_name = sigabbrev_np(signal);
  return short_name == nullptr ? fmt::format("signal {}", signal) : fmt::format("SIG{}", short_name);
}

std::string message_in_words(const record::MessageSeen& message) {
  const std::string size = byte_count(message.size);
  if (message.compressed) return fmt::format("{}, compressed ({})", wire::opcode_name(message.opcode), size);
  if (message.opcode == 2) return fmt::format("binary ({})", size);
  return fmt::format("{} {} ({})", wire::opcode_name(message.opcode), quoted(message.payload), size);
}

std::string reserved_bits(std::uint8_t rsv) {
  std::string out;
  if ((rsv & 4U) != 0) out += ", RSV1";
  if ((rsv & 2U) != 0) out += ", RSV2";
  if ((rsv & 1U) != 0) out += ", RSV3";
  return out;
}

std::string frame_in_words(const record::FrameSeen& frame, const record::MessageSeen* message) {
  const bool control = wire::is_control(frame.opcode);
  std::string out;
  if (frame.opcode == 8) {
    out = close_in_words(frame);
    if (frame.code && !record::status_line_in(frame)) out += quoted_after_blank(frame.text);
  } else if (frame.opcode == 9 || frame.opcode == 10) {
    out = wire::opcode_name(frame.opcode) + quoted_after_blank(frame.text);
  } else if (message != nullptr && frame.opcode == message->opcode) {
    out = message_in_words(*message);
  } else if (message != nullptr) {
    out = fmt::format("{} ({}) completes {}", wire::opcode_name(frame.opcode), byte_count(frame.length),
                      message_in_words(*message));
  } else {
    out = fmt::format("{}{} ({})", wire::opcode_name(frame.opcode), frame.compressed ? ", compressed" : "",
                      byte_count(frame.length));
  }
  if (!frame.fin) out += control ? ", fragmented" : ", to be continued";
  // If the text already says that the message is compressed, RSV1 is not repeated.
  return out + reserved_bits(frame.compressed ? frame.rsv & 3 : frame.rsv);
}

std::string flaws_in_words(const std::vector<std::string>& flaws, std::string_view who) {
  return flaws.empty() ? "" : fmt::format(", which a {} must refuse: {}", who, fmt::join(flaws, ", "));
}

struct PassageWords {
  const record::MessageSeen* message = nullptr;

  std::string operator()(const record::FrameSeen& frame) const { return frame_in_words(frame, message); }
  std::string operator()(const record::RequestSeen& request) const {
    const std::string declined =
        request.declined.empty()
            ? ""
            : fmt::format(", passed on without its offer of \"{}\": messages must be read",
                          printable(request.declined, longest_line));
    return fmt::format("HTTP {} {}{}{}{}", printable(request.head->method, longest_payload),
                       printable(request.head->target, longest_payload),
                       request.upgrade ? ", upgrade to websocket" : "",
                       flaws_in_words(request.flaws, "server"), declined);
  }
  std::string operator()(const record::ResponseSeen& response) const {
    return fmt::format("HTTP {} {}{}{}", response.head->status,
                       printable(response.head->reason, longest_payload),
                       response.second ? ", a second answer" : "", flaws_in_words(response.flaws, "client"));
  }
  std::string operator()(const record::BodySeen& body) const {
    const bool goes_on = !body.whole && body.size > body.text.size();
    const std::string_view end = body.whole || goes_on ? "" : ", incomplete";
    return fmt::format("HTTP body {} ({}{}){}", quoted(body.text), goes_on ? "at least " : "",
                       byte_count(body.size), end);
  }
  std::string operator()(const record::NotHttp& other) const {
    return not_http_in_words(other.start.view());
  }
  std::string operator()(const record::ViolationSeen& violation) const {
    return fmt::format("breaks the protocol: {} ({})", violation.violation, violation.section);
  }
  std::string operator()(const record::StreamEnded& end) const {
    std::string out = fmt::format("TCP {}", tcp_end_name(end.how));
    if (end.how == EndKind::error) out += ": " + error_name(end.error);
    if (end.truncated) out += " without TLS's close_notify";
    if (!end.inside.empty()) out += " inside a " + end.inside;
    if (end.waits) out += ", which has not arrived";
    if (end.unacknowledged > 0) out += fmt::format(", {} lost", byte_count(end.unacknowledged));
    return out;
  }
  std::string operator()(const record::Accepted& accepted) const {
    return "TCP connection" + at_address(accepted.address);
  }
  std::string operator()(const record::Dialled&) const { return "TCP connection"; }
  template <typename Other>
  std::string operator()(const Other&) const {
    return {};
  }
};

std::string_view effect_in_words(record::LinkEffectKind kind) {
  switch (kind) {
    case record::LinkEffectKind::refused:
      return "refuses connections";
    case record::LinkEffectKind::silence:
      return "swallows what is sent";
    case record::LinkEffectKind::stalled:
      return "reads and forwards nothing";
    case record::LinkEffectKind::no_answer:
      return "accepts and answers nothing";
    case record::LinkEffectKind::dark:
      return "answers no attempt to connect";
    case record::LinkEffectKind::resumed:
      return "works again";
    case record::LinkEffectKind::lossy:
      return "loses packets";
    case record::LinkEffectKind::mended:
      return "loses no packet any more";
    case record::LinkEffectKind::tls_failure:
      return "makes the TLS handshake fail";
  }
  return {};
}

std::string exit_in_words(const record::ProcessChanged& process) {
  if (process.signal != 0) return fmt::format("process ended by {}", signal_name(process.signal));
  return fmt::format("process exited with code {}", process.code);
}

std::string process_in_words(const record::ProcessChanged& process) {
  switch (process.change) {
    case record::ProcessChange::started:
      return "process started";
    case record::ProcessChange::killed:
      return fmt::format("process killed with {}", signal_name(process.signal));
    case record::ProcessChange::stopping:
      return "process asked to stop";
    case record::ProcessChange::frozen:
      return "process frozen";
    case record::ProcessChange::thawed:
      return "process thawed";
    case record::ProcessChange::exited:
      return exit_in_words(process);
    case record::ProcessChange::reloaded:
      return "configuration reloaded";
  }
  return {};
}

std::string report_in_words(const record::Report& report) {
  std::string out = "reports " + printable(report.event, longest_payload);
  if (report.code) out += fmt::format(" {}", *report.code);
  if (report.status) out += fmt::format(" with status {}", *report.status);
  out += quoted_after_blank(report.reason.value_or(""));
  out += quoted_after_blank(report.text);
  if (report.clean) out += *report.clean ? " (clean)" : " (not clean)";
  return out;
}

struct EventWords {
  std::string operator()(const record::Ready&) const { return "all parties are ready"; }
  std::string operator()(const record::Mark& mark) const {
    return fmt::format("script reached mark {}", quoted(mark.name));
  }
  std::string operator()(const record::ScriptFailed& failed) const {
    return fmt::format("script failed: {}: {}", printable(failed.step, longest_line),
                       printable(failed.detail, longest_line));
  }
  std::string operator()(const record::ScriptDone&) const { return "script done"; }
  std::string operator()(const record::RunEnded& end) const {
    return fmt::format("case ended: {}", record::to_string(end.reason));
  }
  std::string operator()(const record::HarnessError& error) const {
    return "error: " + printable(error.message, longest_line);
  }
  std::string operator()(const record::Cut& cut) const {
    return fmt::format("the log has grown too large: from here on it leaves out {}",
                       verdict::in_words(cut.what));
  }
  std::string operator()(const record::DialFailed& failed) const {
    return "cannot connect: " + error_name(failed.error);
  }
  std::string operator()(const record::TlsHandshake& handshake) const {
    const auto side = wire::to_string(handshake.side);
    if (!handshake.error.empty()) return fmt::format("TLS with the {}: {}", side, handshake.error);
    return fmt::format("{} with the {}", handshake.version, side);
  }
  std::string operator()(const record::PlainRequest& request) const {
    return fmt::format("receives plain HTTP {} {}", printable(request.method, longest_payload),
                       printable(request.target, longest_payload));
  }
  std::string operator()(const record::ByteReached& reached) const {
    return fmt::format("{} from the {} forwarded", byte_count(reached.bytes), wire::to_string(reached.from));
  }
  std::string operator()(const record::IdleReached& idle) const {
    return fmt::format("nothing passed for {}", format_duration(Duration(idle.idle)));
  }
  std::string operator()(const record::LinkEffect& effect) const {
    std::string out(effect_in_words(effect.kind));
    if (effect.address) return out + at_address(effect.address);
    if (effect.to) out += fmt::format(" (to the {})", wire::to_string(*effect.to));
    return out;
  }
  std::string operator()(const record::AttemptRefused& attempt) const {
    std::string out = "an attempt to connect found nobody" + at_address(attempt.address);
    if (attempt.ago) out += fmt::format(" {} ago", format_duration(Duration(*attempt.ago)));
    return out;
  }
  std::string operator()(const record::AttemptUnanswered& attempt) const {
    switch (attempt.change) {
      case record::AttemptChange::began:
        return fmt::format("an attempt to connect gets no answer (from {}){}", attempt.peer.str(),
                           at_address(attempt.address));
      case record::AttemptChange::answered:
        return fmt::format("the attempt from {} is answered", attempt.peer.str());
      case record::AttemptChange::over:
        return fmt::format("the attempt from {} is over", attempt.peer.str());
    }
    return {};
  }
  std::string operator()(const record::FaultFired& fault) const {
    const std::string inject =
        fault.name == fault.inject ? "" : fmt::format(" ({})", printable(fault.inject));
    const std::string done = fault.done.empty() ? "" : ": " + printable(fault.done, longest_line);
    return fmt::format("fault {}{} fired{}", printable(fault.name), inject, done);
  }
  std::string operator()(const record::FaultHealed& fault) const {
    return fmt::format("fault {} healed", printable(fault.name));
  }
  std::string operator()(const record::FaultSpared& fault) const {
    return fmt::format("fault {} spared this connection: its probability said no", printable(fault.name));
  }
  std::string operator()(const record::ProcessChanged& process) const { return process_in_words(process); }
  std::string operator()(const record::OutputLine& output) const {
    return fmt::format("prints {}", printable(output.line, longest_line));
  }
  std::string operator()(const record::Report& report) const { return report_in_words(report); }
  /// Frames, heads and ends are crossings; all other events are bookkeeping.
  template <typename Other>
  std::string operator()(const Other&) const {
    return {};
  }
};

}  // namespace

std::string in_words(const record::What& what) { return std::visit(EventWords{}, what); }

std::string in_words(const record::Events& events, const Crossing& crossing) {
  PassageWords words;
  if (crossing.message != Crossing::none) {
    words.message = std::get_if<record::MessageSeen>(&events[crossing.message].what);
  }
  return std::visit(words, events[crossing.first()].what);
}

std::string not_http_in_words(std::string_view start) {
  const bool begins = start.starts_with("HTTP/") || start.starts_with("GET ");
  const bool ends = start.find("\r\n\r\n") != std::string_view::npos;
  return fmt::format("{}: {}", begins && !ends ? "half an HTTP head" : "bytes that are not HTTP", quoted(start));
}

std::string close_in_words(const record::FrameSeen& frame) {
  if (const auto page = record::status_line_in(frame)) return "HTTP in place of a frame: " + quoted(*page);
  if (frame.length == 0) return "Close without a code";
  if (!frame.code) return fmt::format("Close with a broken body ({})", byte_count(frame.length));
  return fmt::format("Close {}{}", *frame.code, wire::may_be_on_wire(*frame.code) ? "" : " (an illegal code)");
}

std::string byte_count(std::uint64_t bytes) { return counted(bytes, "byte"); }

std::string relative_time(std::int64_t nanoseconds) {
  const double milliseconds = static_cast<double>(nanoseconds) / 1e6;
  if (nanoseconds <= -10'000'000'000 || nanoseconds >= 10'000'000'000) {
    return fmt::format("{:+.2f}s", milliseconds / 1e3);
  }
  const std::string text = fmt::format("{:+.1f}ms", milliseconds);
  return text == "-0.0ms" ? "+0.0ms" : text;
}

std::string_view tcp_end_name(EndKind how) {
  switch (how) {
    case EndKind::fin:
      return "FIN";
    case EndKind::reset:
      return "RST";
    case EndKind::error:
      return "error";
  }
  return {};
}

}  // namespace wsfault::report
