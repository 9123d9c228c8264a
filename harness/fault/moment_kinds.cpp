#include "fault/moment_kinds.hpp"

#include <algorithm>

namespace wsfault::fault {

// clang-format off
const std::vector<MomentKind>& moment_kinds() {
  using Kind = Moment::Kind;
  using enum record::CutKind;
  using A = Argument;
  static const std::vector<MomentKind> kinds = {
      {"start", Kind::start, A::none, "start", "all parties are ready", Scope::run},
      {"connect", Kind::connect, A::none, "connect", "TCP is accepted", Scope::wire},
      {"upgrade", Kind::upgrade, A::none, "upgrade", "the request's head is in, none of it forwarded",
       Scope::wire},
      {"open", Kind::open, A::none, "open",
       "the 101 is forwarded whole, and acknowledged by the client's kernel", Scope::wire},
      {"message", Kind::message, A::number_or_text, "message N, frame N, ping N, pong N, close",
       "its header has been read and nothing of it forwarded", Scope::wire, true, true,
       "message N done", "it is forwarded whole; also of frame, ping, pong and close",
       Telling::nothing, {messages}},
      {"message", Kind::message_text, A::number_or_text, "message /REGEX/, message >64KiB",
       "the first message that matches: read whole, its last frame not forwarded", Scope::wire, true, true,
       "", "", Telling::whole_messages, {messages, payloads}},
      {"message", Kind::message_size, A::number_or_text, "", "", Scope::wire, true, true, "", "",
       Telling::whole_messages, {messages}},
      {"frame", Kind::frame, A::number, "", "", Scope::wire, true, true, "", "", Telling::nothing,
       {messages, pings, closes}},
      {"ping", Kind::ping, A::number, "", "", Scope::wire, true, true, "", "", Telling::nothing, {pings}},
      {"pong", Kind::pong, A::number, "", "", Scope::wire, true, true, "", "", Telling::nothing, {pings}},
      {"close", Kind::close, A::none, "", "", Scope::wire, true, true},
      {"byte", Kind::byte, A::number, "byte N",
       "exactly N bytes of that direction, from the first byte of TCP, are forwarded", Scope::wire, false, true,
       "", "", Telling::bytes},
      {"http", Kind::http, A::regex, "http /REGEX/",
       "a plain HTTP request whose target matches arrived at a fake upstream", Scope::connection},
      {"end", Kind::end, A::none, "end", "TCP ended", Scope::wire, false, true},
      {"idle", Kind::idle, A::duration, "idle 30s",
       "nothing passed for so long (for `since`: the silence began)", Scope::wire, false, false, "", "",
       Telling::silences},
      {"fault", Kind::fault, A::name, "fault NAME", "that fault fired", Scope::connection},
      {"healed", Kind::healed, A::name, "healed NAME", "that fault ended, after its `lasts`", Scope::connection},
      {"mark", Kind::mark, A::name, "mark NAME", "a script reached { mark = \"NAME\" }", Scope::connection},
      {"exit", Kind::exit, A::none, "exit", "the process of the system under test ended", Scope::run},
      {"log", Kind::log, A::regex, "log /REGEX/", "the system under test printed it", Scope::run, false, false,
       "", "", Telling::nothing, {output}},
  };
  return kinds;
}
// clang-format on

const MomentKind& moment_kind(Moment::Kind kind) {
  return *std::ranges::find(moment_kinds(), kind, &MomentKind::kind);
}

}  // namespace wsfault::fault
