// What client and upstream agree on in their handshake passes a tunnel as it came: it belongs to the
// WebSocket connection and not to one hop (RFC 6455 11.3.2, 11.3.4). A peer on both sides may agree with each
// for itself.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "verdict/oracle/gateway_scene.hpp"
#include "wire/field.hpp"

namespace wsfault::verdict::oracle {
namespace {

constexpr std::string_view protocol = "Sec-WebSocket-Protocol";
constexpr std::string_view extensions = "Sec-WebSocket-Extensions";

std::string quoted(const std::vector<std::string_view>& list) {
  return list.empty() ? "none" : fmt::format(R"("{}")", fmt::join(list, ", "));
}

std::optional<Finding> on_change(std::string_view name, const wire::Headers& came, const wire::Headers& left,
                                 std::string_view message, std::string_view reader, const Pair& pair,
                                 std::int64_t at) {
  const auto was = wire::list_items(came, name);
  const auto is = wire::list_items(left, name);
  if (was == is) return std::nullopt;
  return at_time(
      finding_of({State::violated, {}, Cause::agreement_changed},
                 fmt::format("{} of {} reaches {} as it came: {}", name, message, reader, quoted(was)),
                 fmt::format("the gateway passed on {}", quoted(is)), pair.front->number()),
      at);
}

}  // namespace

std::optional<Finding> judge_agreement(const Pair& pair, const Case& scenario) {
  const bool is_peer = scenario.system.kind == model::Kind::websocket;
  if (is_peer || pair.unclear || !pair.back) return std::nullopt;
  const Leg& front = *pair.front;
  const Leg& back = *pair.back;
  if (!front.request || !back.request || !front.request->fact->upgrade || !back.request->fact->upgrade)
    return std::nullopt;
  // Extensions that a client offers need not be taken by anybody.
  if (auto offer = on_change(protocol, front.request->fact->head->headers, back.request->fact->head->headers,
                             "the request", "the upstream", pair, back.request->at))
    return offer;
  if (!back.open() || !front.has_101()) return std::nullopt;
  for (const std::string_view name : {protocol, extensions}) {
    if (auto answer = on_change(name, back.answer->fact->head->headers, front.answer->fact->head->headers,
                                "the 101", name_of_client(front), pair, front.answer->at))
      return answer;
  }
  return std::nullopt;
}

}  // namespace wsfault::verdict::oracle
