// The server column of the table: what a server may do about a client that fails.
#include "verdict/oracle/row.hpp"
#include "wire/close_code.hpp"

namespace wsfault::verdict::oracle {
namespace {

using Kind = Outcome::Kind;

/// RFC 6455 7.1.1: it ends TCP itself.
Row answers_close(std::string_view broke, Outcomes fine) {
  Row row = plain(broke, std::move(fine));
  row.ends_tcp = true;
  return row;
}

Row protocol_error(std::string_view broke) {
  return answers_close(broke, both(closes({1002, 1007, 1009}), {only(Kind::ends)}));
}

Row struck(EffectKind kind, State state) {
  switch (kind) {
    case EffectKind::stopped:
      if (state == State::before_101)
        return plain("SIGTERM: a handshake under way", {status(503)}, {only(Kind::ends)});
      return plain("SIGTERM", closes({1001, 1012}), {}, within({"drain"}, Cause::none));
    case EffectKind::killed:
      return plain("it is killed", {only(Kind::ends)});
    case EffectKind::frozen:
      return plain("it is frozen: nothing until it is thawed", {only(Kind::stays_open)}, {}, at_any_time());
    default:
      return plain("it is reloaded", both(closes({1001, 1012}), {only(Kind::stays_open)}), {},
                   within({"drain"}, Cause::none));
  }
}

Row before_101(const Effect& effect) {
  switch (effect.kind) {
    case EffectKind::fin:
    case EffectKind::reset:
    case EffectKind::half_close:
      return plain("the client left before the 101", {only(Kind::ends), status(400, 408)});
    case EffectKind::silence:
    case EffectKind::no_tcp_end:
      return plain("half a request, then silence", {only(Kind::ends), status(400), status(408)}, {},
                   within({"handshake_limit"}, Cause::no_handshake_limit));
    case EffectKind::garbage:
    case EffectKind::tls_failure:
    case EffectKind::close:
    case EffectKind::close_empty:
    case EffectKind::close_invalid:
    case EffectKind::illegal_frame:
    case EffectKind::bad_compression:
      return plain("no HTTP request", {status(400), only(Kind::ends)});
    case EffectKind::answer:
    case EffectKind::invalid_101:
    case EffectKind::interim:
      return plain("a plain GET or a wrong version", {status(426)}, {status(400)});
    case EffectKind::refused:
    case EffectKind::nothing:
      return plain("nothing broke", {only(Kind::opens), status(503)});
    case EffectKind::no_close_reply:
      return stays_as_it_is();
    case EffectKind::killed:
    case EffectKind::stopped:
    case EffectKind::frozen:
    case EffectKind::reloaded:
      return struck(effect.kind, State::before_101);
  }
  return {};
}

Row while_open(const Effect& effect) {
  switch (effect.kind) {
    case EffectKind::fin:
    case EffectKind::reset:
    case EffectKind::half_close:
      return plain("the client left without a Close", {only(Kind::ends)});
    case EffectKind::silence:
      return plain("the client vanished, or no longer reads", both({only(Kind::ends)}, {close(1000, 4999)}),
                   {}, within({"heartbeat", "heartbeat_timeout"}, Cause::no_heartbeat));
    case EffectKind::close:
      if (!wire::may_be_on_wire(effect.value)) return protocol_error("a Close with an illegal code");
      return answers_close("a Close", both({close(effect.value)}, closes({1000, 1005})));
    case EffectKind::close_empty:
      return answers_close("a Close with an empty body", closes({1000, 1005}));
    case EffectKind::close_invalid:
      return protocol_error("a Close of 1 byte, or a bad UTF-8 reason");
    case EffectKind::no_tcp_end:
      return answers_close("the client's Close came, TCP goes on", {only(Kind::ends)});
    case EffectKind::answer:
    case EffectKind::invalid_101:
    case EffectKind::garbage:
    case EffectKind::illegal_frame:
      return protocol_error("illegal frame");
    case EffectKind::bad_compression:
      return protocol_error("broken or bombing compression");
    case EffectKind::no_close_reply: {
      Row row = plain("the client answers no Close", {only(Kind::ends)}, {},
                      within({"close_limit"}, Cause::no_close_limit));
      row.ends_tcp = true;
      return row;
    }
    case EffectKind::refused:
    case EffectKind::tls_failure:
    case EffectKind::interim:
    case EffectKind::nothing:
      return stays_as_it_is();
    case EffectKind::killed:
    case EffectKind::stopped:
    case EffectKind::frozen:
    case EffectKind::reloaded:
      return struck(effect.kind, State::open);
  }
  return {};
}

}  // namespace

Row server_row(State state, const Effect& effect) {
  if (state == State::before_101) return before_101(effect);
  const bool quiet = effect.kind == EffectKind::silence || effect.kind == EffectKind::nothing;
  if (state == State::closing && quiet) return while_open(EffectKind::no_close_reply);
  return while_open(effect);
}

}  // namespace wsfault::verdict::oracle
