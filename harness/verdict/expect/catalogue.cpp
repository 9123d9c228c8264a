// The list of all kinds of expectations.
#include "verdict/expect/kind.hpp"

namespace wsfault::verdict {

ExpectationKind close_kind(), wire_close_kind(), status_kind(), request_kind(), message_kind(), event_kind(),
    reconnect_kind(), connections_kind(), ping_kind(), pong_kind(), end_kind(), delivery_kind(), alive_kind(),
    exit_kind(), usage_kind(), log_kind(), order_kind(), fault_kind();

namespace {

ExpectationKind never_kind() {
  return {.key = "never",
          .value = "any of the above, or `fault`, as an inline table",
          .holds = "it did not happen in `for`",
          .schema = schema::ref("never"),
          .needs_for = true};
}

}  // namespace

const std::vector<ExpectationKind>& expectation_kinds() {
  static const std::vector<ExpectationKind> kinds = {
      close_kind(), wire_close_kind(), status_kind(),      request_kind(), message_kind(),
      event_kind(), reconnect_kind(),  connections_kind(), ping_kind(),    pong_kind(),
      end_kind(),   delivery_kind(),   alive_kind(),       exit_kind(),    usage_kind(),
      log_kind(),   order_kind(),      fault_kind(),       never_kind()};
  return kinds;
}

}  // namespace wsfault::verdict
