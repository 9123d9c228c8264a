// One line for each kind of event; events that no actor test examines are only named.
#include "event_line.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "record/fields.hpp"
#include "wire/frame.hpp"

namespace wsfault::actor {
namespace {

struct Line {
  std::string operator()(const record::RequestSeen& seen) const {
    return fmt::format("request {} {}{}{}{}{}", seen.head->method, seen.head->target,
                       seen.upgrade ? " upgrade" : "", seen.flaws->empty() ? "" : " ",
                       fmt::join(*seen.flaws, ","), seen.declined.empty() ? "" : " without " + seen.declined);
  }
  std::string operator()(const record::ResponseSeen& seen) const {
    return fmt::format("response {}{}{}{}", seen.head->status, seen.second ? " second" : "",
                       seen.flaws->empty() ? "" : " ", fmt::join(*seen.flaws, ","));
  }
  std::string operator()(const record::BodySeen& seen) const {
    return fmt::format("body of {}{}: {}", seen.size, seen.whole ? "" : " incomplete", seen.text);
  }
  std::string operator()(const record::NotHttp& seen) const {
    return fmt::format("not HTTP from {}: {}", to_string(seen.from), seen.start);
  }
  std::string operator()(const record::FrameSeen& seen) const {
    return fmt::format("frame {} ({}.) {}{} of {}{}{}{}{}", seen.number, seen.of_kind,
                       wire::opcode_name(seen.opcode), seen.fin ? "" : " unfinished", seen.length,
                       seen.masked ? " masked" : "", seen.code ? fmt::format(" code {}", *seen.code) : "",
                       seen.text.empty() ? "" : ": " + seen.text, seen.injected ? " injected" : "") +
           (seen.compressed ? " compressed" : "");
  }
  std::string operator()(const record::MessageSeen& seen) const {
    return fmt::format("message {} {} of {}{}: {}", seen.number, wire::opcode_name(seen.opcode), seen.size,
                       seen.compressed ? " compressed" : "", seen.payload);
  }
  std::string operator()(const record::ViolationSeen& seen) const {
    return fmt::format("violation {} in frame {}", seen.violation, seen.frame);
  }
  std::string operator()(const record::StreamEnded& seen) const {
    const std::string_view how = seen.how == record::EndKind::fin     ? "FIN"
                                 : seen.how == record::EndKind::reset ? "RST"
                                                                      : "error";
    return fmt::format("{} {} {}{}", how, seen.tap == record::Tap::sent ? "from" : "to", to_string(seen.side),
                       seen.inside.empty() ? "" : " inside a " + seen.inside);
  }
  std::string operator()(const record::TlsHandshake& seen) const {
    return fmt::format("TLS with {}: {}", to_string(seen.side),
                       seen.error.empty() ? seen.version : seen.error);
  }
  std::string operator()(const record::LinkEffect& seen) const {
    return fmt::format("effect {} to {}", to_string(seen.kind), seen.to ? to_string(*seen.to) : "both");
  }
  std::string operator()(const record::AttemptUnanswered& seen) const {
    return fmt::format("attempt {}", to_string(seen.change));
  }
  std::string operator()(const record::FaultFired& seen) const {
    return fmt::format("fault {} fired", seen.name);
  }
  std::string operator()(const record::FaultHealed& seen) const {
    return fmt::format("fault {} healed", seen.name);
  }
  std::string operator()(const record::FaultSpared& seen) const {
    return fmt::format("fault {} spared", seen.name);
  }
  std::string operator()(const record::ByteReached& seen) const {
    return fmt::format("byte {} from {}", seen.bytes, to_string(seen.from));
  }
  std::string operator()(const record::Forwarded& seen) const {
    return fmt::format("forwarded from {}: frame {} message {} ping {} pong {}{}", to_string(seen.from),
                       seen.frame, seen.message, seen.ping, seen.pong, seen.close ? " close" : "");
  }
  std::string operator()(const record::PlainRequest& seen) const {
    return fmt::format("plain {} {}", seen.method, seen.target);
  }
  std::string operator()(const record::Mark& seen) const { return "mark " + seen.name; }
  std::string operator()(const record::ScriptFailed& seen) const {
    return fmt::format("script failed at {}: {}", seen.step, seen.detail);
  }
  std::string operator()(const auto&) const { return {}; }
};

}  // namespace

std::string event_line(const record::What& what) {
  const std::string line = std::visit(Line{}, what);
  return line.empty() ? std::string(record::event_names[what.index()]) : line;
}

}  // namespace wsfault::actor
