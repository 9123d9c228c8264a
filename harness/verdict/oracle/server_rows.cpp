// The server column of the table: what a server may do about a client that fails.
#include "verdict/oracle/row.hpp"
#include "wire/close_code.hpp"

namespace wsfault::verdict::oracle {
namespace {

using Kind = Outcome::Kind;

/// RFC 6455 7.1.1: it ends TCP itself.
Row answers_close(std::string_view broke, Outcomes fine, Outcomes warned = {}) {
  Row row = plain(broke, std::move(fine), std::move(warned));
  row.ends_tcp = true;
  return row;
}

/// RFC 6455 7.1.7: it fails the connection; that it says why is a SHOULD.
Row fails_it(std::string_view broke, const std::vector<int>& codes, const Outcomes& also = {}) {
  return answers_close(broke, closes(codes), both({only(Kind::ends)}, also));
}

/// RFC 6455 5.5.1: it typically echoes the code. 1002 and 1007 would call a legal Close an illegal one.
Row close_with_code(int code) {
  Outcomes warned;
  for (Outcome other : {close(1001), close(1003), close(1008, 2999), close(3000, 4999)}) {
    if (other.first == code) ++other.first;  // it is in `fine` already
    if (other.first <= other.last) warned.push_back(other);
  }
  return answers_close("a Close", both({close(code)}, closes({1000, 1005})), std::move(warned));
}

/// The RFC does not oblige a receiver to refuse what is merely not assigned.
Row illegal_close_code(int code) {
  const bool reserved = wire::is_reserved_for_reporting(code);
  return fails_it("a Close with an illegal code", {1002},
                  reserved ? Outcomes{} : Outcomes{close(code), close(1000)});
}

Row bad_frame(const std::string& violation) {
  if (violation == message_too_big) return fails_it("a message beyond its limit", {1009}, {close(1008)});
  if (violation == "bad-utf8") return fails_it("illegal frame", {1007, 1002});
  if (violation == "length-overflow" || violation == "oversized-control")
    return fails_it("illegal frame", {1002, 1009});
  if (violation == "non-minimal-length") return fails_it("illegal frame", {1002}, {only(Kind::stays_open)});
  return fails_it("illegal frame", {1002});
}

/// RFC 6455 4.2.1 and 4.4.
Row bad_request(const std::string& flaw) {
  if (flaw == "wrong-version") return plain("a wrong version", {status(426)}, {status(400)});
  return plain("a broken request", {status(400)}, {status(401, 499), status(505), only(Kind::ends)});
}

Row struck(EffectKind kind, State state) {
  switch (kind) {
    case EffectKind::stopped:
      if (state == State::before_101)
        return plain("SIGTERM: a handshake under way", {status(503)}, {only(Kind::ends)},
                     within({"drain"}, Cause::drain_endless));
      return plain("SIGTERM", closes({1001, 1012}), {}, within({"drain"}, Cause::drain_endless));
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
    case EffectKind::tls_failure:
      return plain("the client broke the TLS handshake off", {only(Kind::ends)});
    case EffectKind::garbage:
    case EffectKind::close:
    case EffectKind::close_empty:
    case EffectKind::close_invalid:
    case EffectKind::illegal_frame:
    case EffectKind::bad_compression:
      return plain("no HTTP request", {status(400), only(Kind::ends)}, {status(401, 599)});
    case EffectKind::answer:
    case EffectKind::interim:
      return plain("a plain GET", {status(426)}, {status(400, 425), status(427, 499)});
    case EffectKind::invalid_101:
      return bad_request(effect.detail);
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
      return plain("the client left without a Close", {only(Kind::ends), close(1000, 4999)});
    case EffectKind::silence:
      if (effect.detail == reads_no_more)
        return plain("the client no longer reads", {only(Kind::ends), close(1000, 4999)}, {},
                     within({"write_limit"}, Cause::no_write_limit));
      return plain("the client vanished", {only(Kind::ends), close(1000, 4999)}, {},
                   within({"heartbeat", "heartbeat_timeout"}, Cause::no_heartbeat));
    case EffectKind::close:
      return wire::may_be_on_wire(effect.value) ? close_with_code(effect.value)
                                                : illegal_close_code(effect.value);
    case EffectKind::close_empty:
      return answers_close("a Close with an empty body", closes({1000, 1005}),
                           {close(1001), close(3000, 4999)});
    case EffectKind::close_invalid:
      return fails_it("a Close of 1 byte, or a bad UTF-8 reason", {1002, 1007});
    case EffectKind::no_tcp_end:
      return answers_close("the client's Close came, TCP goes on", {only(Kind::ends)});
    case EffectKind::answer:
    case EffectKind::invalid_101:
    case EffectKind::garbage:
    case EffectKind::illegal_frame:
      return bad_frame(effect.detail);
    case EffectKind::bad_compression:
      return fails_it("broken or bombing compression", {1002, 1007, 1009});
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
