// The client column of the table: what a client may do about each effect.
#include "verdict/oracle/row.hpp"
#include "wire/close_code.hpp"

namespace wsfault::verdict::oracle {
namespace {

using Kind = Outcome::Kind;

constexpr int message_too_big = 1009;

/// An error and close 1006 alike: languages differ in what they call a failed handshake.
Row handshake_failure(std::string_view broke, Limit limit = at_once()) {
  return plain(broke, {error(), report(1006)}, {}, std::move(limit));
}

Row answered(int code, const model::Dialect& dialect) {
  Row row = handshake_failure("answered, not 101");
  if (code >= 300 && code < 400 && dialect.follows_redirects) row.fine.push_back(only(Kind::follows));
  return row;
}

Row before_101(const Effect& effect, const model::Dialect& dialect) {
  switch (effect.kind) {
    case EffectKind::refused:
      return handshake_failure("TCP not established");
    case EffectKind::fin:
    case EffectKind::reset:
    case EffectKind::half_close:
    case EffectKind::no_tcp_end:
      return handshake_failure("connected, no or half an HTTP answer, then FIN or RST");
    case EffectKind::silence:
      return handshake_failure("connected, silence", within({"handshake_limit"}, Cause::no_handshake_limit));
    case EffectKind::answer:
      return answered(effect.value, dialect);
    case EffectKind::invalid_101:
      return handshake_failure("101, but invalid");
    case EffectKind::garbage:
    case EffectKind::close:
    case EffectKind::close_empty:
    case EffectKind::close_invalid:
    case EffectKind::illegal_frame:
    case EffectKind::bad_compression:
      return handshake_failure("not HTTP at all");
    case EffectKind::tls_failure: {
      Row row = handshake_failure("TLS failure");
      row.fine.push_back(report(1015));
      return row;
    }
    case EffectKind::interim:
      return plain("a 1xx before the 101", {only(Kind::opens)});
    case EffectKind::no_close_reply:
    case EffectKind::killed:
    case EffectKind::stopped:
    case EffectKind::frozen:
    case EffectKind::reloaded:
      return plain("the party itself was struck",
                   {error(), report(1006), only(Kind::ends), only(Kind::stays_open)}, {}, at_any_time());
    case EffectKind::nothing:
      return plain("nothing broke", {only(Kind::opens)});
  }
  return {};
}

Row close_with(const Effect& effect) {
  const int code = effect.value;
  if (wire::is_reserved_for_reporting(code)) {
    return plain("Close with 1005, 1006, 1015", reports({1006, 1002}));
  }
  if (!wire::may_be_on_wire(code)) {
    return plain("Close with 0-999, 1004, 1016-2999, 5000 and more", reports({1006, 1002}), {report(code)});
  }
  if (effect.then_reset) return plain("Close with code c, then RST", reports({code, 1006}));
  return plain("Close with code c, whole", {report(code)});
}

Row illegal_frame(const std::string& violation) {
  if (violation == too_large) {
    Row row = plain("a message larger than it takes", reports({1006, message_too_big}));
    row.own_close = {message_too_big};
    return row;
  }
  Row row = plain("illegal frame", reports({1006, 1002}));
  row.own_close = {1002};
  row.own_close_expected = true;
  if (violation == "bad-utf8") {
    row.fine.push_back(report(1007));
    row.own_close.push_back(1007);
  }
  if (violation == "length-overflow" || violation == "oversized-control") {
    row.fine.push_back(report(message_too_big));
    row.own_close.push_back(message_too_big);
  }
  if (violation == "non-minimal-length") row.warned.push_back(only(Kind::stays_open));
  return row;
}

Row closing_by_the_peer(Row row) {
  row.ends_tcp = true;
  return row;
}

Row while_open(const Effect& effect) {
  switch (effect.kind) {
    case EffectKind::refused:
    case EffectKind::tls_failure:
    case EffectKind::interim:
    case EffectKind::no_close_reply:
      return stays_as_it_is();
    case EffectKind::fin:
    case EffectKind::reset:
      return plain("RST or FIN without Close", {report(1006)});
    case EffectKind::half_close:
      return plain("half-close", {report(1006)});
    case EffectKind::silence: {
      Row row = plain("silence", {report(1006)}, {},
                      within({"heartbeat", "heartbeat_timeout"}, Cause::no_heartbeat));
      row.ends_tcp = true;
      return row;
    }
    case EffectKind::close:
      return closing_by_the_peer(close_with(effect));
    case EffectKind::close_empty: {
      Outcomes fine = effect.then_reset ? reports({1005, 1006}) : reports({1005});
      return closing_by_the_peer(plain("Close with an empty body", std::move(fine)));
    }
    case EffectKind::no_tcp_end:
      return closing_by_the_peer(plain("peer's Close came, TCP never ends", {only(Kind::ends)}));
    case EffectKind::close_invalid:
      return closing_by_the_peer(
          plain("Close of 1 byte, or a bad UTF-8 reason", reports({1006, 1002, 1007})));
    case EffectKind::answer:
    case EffectKind::invalid_101:
    case EffectKind::garbage:
    case EffectKind::illegal_frame:
      return closing_by_the_peer(illegal_frame(effect.detail));
    case EffectKind::bad_compression: {
      Row row = plain("broken or bombing compression", reports({1002, 1007, 1009, 1006}));
      row.own_close = {1002, 1007, 1009};
      return closing_by_the_peer(std::move(row));
    }
    case EffectKind::killed:
    case EffectKind::stopped:
    case EffectKind::reloaded:
      return plain("the party itself was struck",
                   {report(0, 4999), error(), only(Kind::ends), only(Kind::stays_open)}, {}, at_any_time());
    case EffectKind::frozen:
      return plain("the party itself was frozen", {only(Kind::stays_open), report(1006), error()}, {},
                   at_any_time());
    case EffectKind::nothing:
      return stays_as_it_is();
  }
  return {};
}

/// Its own Close is on the wire; `value` of no_close_reply is its code.
Row while_closing(const Effect& effect) {
  switch (effect.kind) {
    case EffectKind::close:
    case EffectKind::close_empty:
    case EffectKind::close_invalid:
    case EffectKind::illegal_frame:
    case EffectKind::bad_compression:
    case EffectKind::no_tcp_end:
      return while_open(effect);
    case EffectKind::killed:
    case EffectKind::stopped:
    case EffectKind::frozen:
    case EffectKind::reloaded:
      return while_open(effect);
    case EffectKind::fin:
    case EffectKind::reset:
    case EffectKind::half_close:
    case EffectKind::silence:
    case EffectKind::no_close_reply:
    case EffectKind::refused:
    case EffectKind::answer:
    case EffectKind::invalid_101:
    case EffectKind::garbage:
    case EffectKind::tls_failure:
    case EffectKind::interim:
    case EffectKind::nothing: {
      Row row = plain("the party itself closed first and got no Close back", {report(1006), error()}, {},
                      within({"close_limit"}, Cause::no_close_limit));
      if (effect.value > 0) row.fine.push_back(report(effect.value));
      row.ends_tcp = true;
      return row;
    }
  }
  return {};
}

}  // namespace

Row client_row(State state, const Effect& effect, const model::Dialect& dialect) {
  switch (state) {
    case State::before_101:
      return before_101(effect, dialect);
    case State::open:
      return while_open(effect);
    case State::closing:
      return while_closing(effect);
  }
  return {};
}

}  // namespace wsfault::verdict::oracle
