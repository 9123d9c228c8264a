// The gateway columns of the table: what a gateway of each kind may do when what is behind it fails.
#include "verdict/oracle/row.hpp"
#include "wire/close_code.hpp"

namespace wsfault::verdict::oracle {
namespace {

using Kind = Outcome::Kind;

Outcomes passes_on() { return {only(Kind::passes_on)}; }

/// Answers of the upstream that a gateway may turn into a 502 with a warning.
bool may_become_502(int code) {
  return code == 200 || (code >= 300 && code < 400) || code == 404 || code == 405 || code == 426 ||
         (code >= 500 && code != 502 && code != 503);
}

Row answered(int code) {
  return plain("answered, not 101", {status(code)}, may_become_502(code) ? statuses({502}) : Outcomes{});
}

/// A TLS handshake is part of connecting.
Limit for_an_answer(const Effect& effect) {
  return within({effect.in_tls ? "connect_limit" : "response_limit"}, Cause::no_response_limit);
}

/// Kinds `http` and, before their own 101, `websocket`.
Row before_101_over_http(const Effect& effect, bool is_http) {
  switch (effect.kind) {
    case EffectKind::refused:
      return plain("TCP not established", statuses({502, 503, 504}), ends(),
                   within({"connect_limit"}, Cause::no_response_limit));
    case EffectKind::tls_failure:
      return plain("TLS failure", statuses({502, 503, 504}), {},
                   within({"connect_limit"}, Cause::no_response_limit));
    case EffectKind::fin:
    case EffectKind::reset:
    case EffectKind::half_close:
      return plain("connected, no or half an HTTP answer, then FIN or RST", {status(502)},
                   both(statuses({500, 503}), ends()));
    case EffectKind::silence:
    case EffectKind::no_tcp_end:
      if (effect.in_tls) {
        return plain("TLS failure", statuses({504, 502, 503}), is_http ? ends() : Outcomes{},
                     for_an_answer(effect));
      }
      return plain("connected, silence", statuses({504, 502}), is_http ? ends() : Outcomes{},
                   for_an_answer(effect));
    case EffectKind::answer:
      return answered(effect.value);
    case EffectKind::invalid_101:
      // Passed on, or repaired: a tunnel need not check it.
      return plain("101, but invalid", {status(502)},
                   is_http ? both(passes_on(), {only(Kind::opens)}) : Outcomes{});
    case EffectKind::garbage:
    case EffectKind::close:
    case EffectKind::close_empty:
    case EffectKind::close_invalid:
    case EffectKind::illegal_frame:
    case EffectKind::bad_compression:
      return plain("not HTTP at all", {status(502)});
    case EffectKind::interim:
      return plain("a 1xx before the 101", {only(Kind::opens)});
    case EffectKind::killed:
      return plain("the gateway is killed", ends());
    case EffectKind::stopped:
      return plain("the gateway is stopped", both({status(503), only(Kind::opens)}, ends()), {},
                   within({"drain"}, Cause::none));
    case EffectKind::frozen:
      return plain("frozen: nothing until it is thawed", {only(Kind::stays_open)}, {}, at_any_time());
    case EffectKind::reloaded:
    case EffectKind::no_close_reply:
    case EffectKind::nothing:
      return plain("nothing broke", {only(Kind::opens)});
  }
  return {};
}

Row before_101_over_tcp(const Effect& effect) {
  switch (effect.kind) {
    case EffectKind::refused:
      return plain("TCP not established", ends(), {}, within({"connect_limit"}, Cause::no_response_limit));
    case EffectKind::silence:
    case EffectKind::no_tcp_end:
      return plain("connected, silence", ends(), {}, within({"idle_limit"}, Cause::no_idle_limit));
    case EffectKind::fin:
    case EffectKind::reset:
    case EffectKind::half_close:
    case EffectKind::answer:
    case EffectKind::invalid_101:
    case EffectKind::garbage:
    case EffectKind::tls_failure:
    case EffectKind::close:
    case EffectKind::close_empty:
    case EffectKind::close_invalid:
    case EffectKind::illegal_frame:
    case EffectKind::bad_compression:
      return plain("passed on", passes_on());
    case EffectKind::interim:
      return plain("a 1xx before the 101", {only(Kind::opens)});
    case EffectKind::killed:
      return plain("the gateway is killed", ends());
    case EffectKind::stopped:
      return plain("the gateway is stopped", both(ends(), {only(Kind::opens)}), {},
                   within({"drain"}, Cause::none));
    case EffectKind::frozen:
      return plain("frozen: nothing until it is thawed", {only(Kind::stays_open)}, {}, at_any_time());
    case EffectKind::reloaded:
    case EffectKind::no_close_reply:
    case EffectKind::nothing:
      return plain("nothing broke", {only(Kind::opens)});
  }
  return {};
}

/// Kinds `http` and `tcp`: after the 101 they pass bytes; judged by what the client behind them reports.
Row tunnel(const Effect& effect) {
  switch (effect.kind) {
    case EffectKind::fin:
    case EffectKind::reset:
      return plain("RST or FIN without Close", {report(1006)});
    case EffectKind::silence:
      return plain("silence", {report(1006)}, {}, within({"idle_limit"}, Cause::no_idle_limit));
    case EffectKind::close:
      if (wire::is_reserved_for_reporting(effect.value))
        return plain("Close with 1005, 1006, 1015", reports({1006, 1002}));
      if (!wire::may_be_on_wire(effect.value)) {
        return plain("Close with 0-999, 1004, 1016-2999, 5000 and more", reports({1006, 1002}),
                     {report(effect.value)});
      }
      if (effect.then_reset) return plain("Close with code c, then RST", reports({effect.value, 1006}));
      return plain("Close with code c, whole", {report(effect.value)});
    case EffectKind::close_empty:
      return plain("Close with an empty body", {report(1005)});
    case EffectKind::close_invalid:
      return plain("Close of 1 byte, or a bad UTF-8 reason", reports({1006, 1002, 1007}));
    case EffectKind::answer:
    case EffectKind::invalid_101:
    case EffectKind::garbage:
    case EffectKind::illegal_frame:
      return plain("illegal frame", reports({1006, 1002, 1007, 1009}));
    case EffectKind::bad_compression:
      return plain("broken or bombing compression", reports({1002, 1007, 1009, 1006}));
    case EffectKind::no_close_reply:
    case EffectKind::no_tcp_end:
      return plain("broken closing handshake", passes_on());
    case EffectKind::half_close:
      return plain("half-close", both(passes_on(), ends()));
    case EffectKind::killed:
      return plain("the gateway is killed", {report(1006)});
    case EffectKind::stopped:
      return plain("the gateway is stopped", both(reports({1006, 1001}), {only(Kind::stays_open)}), {},
                   at_any_time());
    case EffectKind::reloaded:
      return plain("the gateway is reloaded", both(reports({1006, 1001}), {only(Kind::stays_open)}), {},
                   within({"drain"}, Cause::none));
    case EffectKind::frozen:
      return plain("frozen: nothing until it is thawed", {only(Kind::stays_open)}, {}, at_any_time());
    case EffectKind::refused:
    case EffectKind::tls_failure:
    case EffectKind::interim:
    case EffectKind::nothing:
      return stays_as_it_is();
  }
  return {};
}

/// Codes of the same class: a gateway of kind `websocket` may change a code within it.
Outcomes same_class(int code) {
  Outcomes same;
  const wire::CloseClass wanted = wire::close_code(code).close_class;
  if (code >= 3000) return same;
  for (const wire::CloseCode& row : wire::close_codes()) {
    if (row.on_wire && row.last < 3000 && row.close_class == wanted && row.first != code)
      same.push_back(close(row.first));
  }
  return same;
}

Outcomes after_an_answer(int code, bool warned) {
  const bool denied = code == 401 || code == 403;
  if (warned) return denied ? closes({1011, 1014}) : closes({1011});
  return denied ? closes({1008}) : closes({1014});
}

/// Kind `websocket`, after its own 101, when its backend gave none: it can say nothing in HTTP any more.
Row websocket_peer_unanswered(const Effect& effect) {
  if (effect.kind == EffectKind::silence) {
    return plain("connected, silence", closes({1014, 1011, 1013, 1001}), {}, for_an_answer(effect));
  }
  return plain("connected, no or half an HTTP answer, then FIN or RST", {close(1014)},
               closes({1011, 1012, 1013}));
}

/// Kind `websocket`, a WebSocket peer on both sides, after its own 101.
Row websocket_peer(const Effect& effect) {
  const Outcomes protocol = closes({1014, 1002, 1011});
  switch (effect.kind) {
    case EffectKind::refused:
    case EffectKind::tls_failure:
      return plain("TCP not established", {close(1014)}, closes({1011, 1012, 1013}),
                   within({"connect_limit"}, Cause::no_response_limit));
    case EffectKind::fin:
    case EffectKind::reset:
      return plain("RST or FIN without Close", {close(1014)}, both(closes({1011, 1012}), ends()));
    case EffectKind::silence:
      // Where its heartbeat does not find it, its idle limit ends it.
      return plain("silence", {close(1014)}, both(closes({1011, 1001}), ends()),
                   within({"heartbeat", "heartbeat_timeout"}, Cause::no_heartbeat));
    case EffectKind::answer:
      return plain("answered, not 101", after_an_answer(effect.value, false),
                   after_an_answer(effect.value, true));
    case EffectKind::invalid_101:
    case EffectKind::garbage:
      return plain("101, but invalid, or not HTTP at all", {close(1014)}, {close(1011)});
    case EffectKind::close:
      if (wire::is_reserved_for_reporting(effect.value))
        return plain("Close with 1005, 1006, 1015", protocol);
      if (!wire::may_be_on_wire(effect.value)) {
        return plain("Close with 0-999, 1004, 1016-2999, 5000 and more", protocol, {close(effect.value)});
      }
      if (effect.then_reset)
        return plain("Close with code c, then RST", closes({effect.value, 1014}), {close(1011)});
      return plain("Close with code c, whole", {close(effect.value)}, same_class(effect.value));
    case EffectKind::close_empty:
      return plain("Close with an empty body", closes({1005, 1000}));
    case EffectKind::illegal_frame:
      if (effect.detail == too_large)
        return plain("a message larger than it takes", both(protocol, {close(1009)}));
      return plain("illegal frame", protocol);
    case EffectKind::close_invalid:
      return plain("illegal frame", protocol);
    case EffectKind::bad_compression:
      return plain("broken or bombing compression", closes({1014, 1002, 1007, 1009, 1011}));
    case EffectKind::no_close_reply:
      return plain("peer answers no Close: it ends both", ends(), {},
                   within({"close_limit"}, Cause::no_close_limit));
    case EffectKind::no_tcp_end:
      return plain("peer's Close came, TCP never ends", {close(1000, 4999)});
    case EffectKind::half_close:
      return plain("half-close", both(ends(), closes({1014, 1011})));
    case EffectKind::killed:
      return plain("the gateway is killed", ends());
    case EffectKind::stopped:
      return plain("the gateway is stopped", closes({1001, 1012}), {}, within({"drain"}, Cause::none));
    case EffectKind::reloaded:
      return plain("the gateway is reloaded", both(closes({1001, 1012}), {only(Kind::stays_open)}), {},
                   within({"drain"}, Cause::none));
    case EffectKind::frozen:
      return plain("frozen: nothing until it is thawed", {only(Kind::stays_open)}, {}, at_any_time());
    case EffectKind::interim:
    case EffectKind::nothing:
      return stays_as_it_is();
  }
  return {};
}

}  // namespace

Row gateway_row(State state, const Effect& effect, model::Kind kind) {
  const bool is_websocket = kind == model::Kind::websocket;
  if (state == State::before_101) {
    return kind == model::Kind::tcp ? before_101_over_tcp(effect)
                                    : before_101_over_http(effect, !is_websocket);
  }
  if (!is_websocket) return tunnel(effect);
  const bool breaks = effect.kind == EffectKind::silence || effect.kind == EffectKind::fin ||
                      effect.kind == EffectKind::reset;
  return effect.unanswered && breaks ? websocket_peer_unanswered(effect) : websocket_peer(effect);
}

}  // namespace wsfault::verdict::oracle
