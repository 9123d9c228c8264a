// A gateway whose client fails: what it may then do to its backend.
#include "verdict/oracle/row.hpp"
#include "wire/close_code.hpp"

namespace wsfault::verdict::oracle {
namespace {

using Kind = Outcome::Kind;

Row frozen() {
  return plain("frozen: nothing until it is thawed", {only(Kind::stays_open)}, {}, at_any_time());
}

/// Kinds `http` and `tcp` pass the end on, and every byte before it.
Row tunnel_at_upstream(const Effect& effect) {
  switch (effect.kind) {
    case EffectKind::fin:
    case EffectKind::reset:
    case EffectKind::half_close:
      return plain("its client left without a Close", ends());
    case EffectKind::silence:
      return plain("its client fell silent", both(ends(), {close(1000, 4999)}), {},
                   within({"idle_limit"}, Cause::no_idle_limit));
    case EffectKind::close:
      return plain("its client closed", {close(effect.value)});
    case EffectKind::close_empty:
      return plain("its client closed without a code", {close(1005)});
    case EffectKind::close_invalid:
    case EffectKind::illegal_frame:
    case EffectKind::bad_compression:
      return plain("illegal frame", both({only(Kind::passes_on)}, ends()));
    case EffectKind::frozen:
      return frozen();
    default:
      return stays_as_it_is();
  }
}

/// Kind `websocket` never passes on what breaks the protocol.
Row peer_at_upstream(const Effect& effect) {
  const Outcomes leaves = both({close(1001)}, ends());
  switch (effect.kind) {
    case EffectKind::fin:
    case EffectKind::reset:
    case EffectKind::half_close:
      return plain("its client left without a Close", leaves, closes({1000, 1011}));
    case EffectKind::silence:
      return plain("its client fell silent", both(ends(), {close(1000, 4999)}), {},
                   within({"idle_limit"}, Cause::no_idle_limit));
    case EffectKind::close:
      if (wire::may_be_on_wire(effect.value)) return plain("its client closed", {close(effect.value)});
      return plain("its client broke the protocol", both(leaves, closes({1002, 1011})), {close(1000)});
    case EffectKind::close_empty:
      return plain("its client closed without a code", closes({1005, 1000}));
    case EffectKind::close_invalid:
    case EffectKind::illegal_frame:
    case EffectKind::bad_compression:
      return plain("its client broke the protocol", both(leaves, closes({1002, 1007, 1009, 1011})),
                   {close(1000)});
    case EffectKind::frozen:
      return frozen();
    default:
      return stays_as_it_is();
  }
}

}  // namespace

Row appropriate_at_upstream(const Effect& effect, model::Kind kind, const model::Traits& traits) {
  Row row = kind == model::Kind::websocket ? peer_at_upstream(effect) : tunnel_at_upstream(effect);
  for (const std::string_view name : row.limit.traits) row.limit.value = traits.duration(name);
  return row;
}

}  // namespace wsfault::verdict::oracle
