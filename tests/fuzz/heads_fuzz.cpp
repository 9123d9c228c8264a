// Any bytes as one direction of a connection: a head, then frames. The first bytes choose the reader and the
// cuts.
#include <string>
#include <string_view>
#include <vector>

#include "actor/stream_reader.hpp"
#include "property.hpp"
#include "record/json.hpp"
#include "wire/handshake.hpp"

namespace {

using namespace wsfault;
using namespace wsfault::fuzz;

void require_same(const wire::Headers& one, const wire::Headers& other) {
  require(one.size() == other.size(), "a head that was written again has as many headers");
  for (std::size_t i = 0; i < one.size(); ++i)
    require(one[i].name == other[i].name && one[i].value == other[i].value,
            "a head that was written again has the same headers");
}

/// What a cut head could still become, and where it ends.
void check_prefixes(std::string_view head, bool (*may_be)(std::string_view)) {
  require(wire::head_size(head) == head.size(), "only a whole head is parsed");
  for (std::size_t size = 0; size < head.size() && size < 4096; ++size) {
    require(may_be(head.substr(0, size)), "each beginning of a head may become one");
    require(!wire::head_size(head.substr(0, size)), "no beginning of a head is a whole one");
  }
}

void check_heads(std::string_view bytes) {
  const auto end = wire::head_size(bytes);
  const std::string_view head = bytes.substr(0, end.value_or(bytes.size()));
  if (const auto request = wire::parse_request(head)) {
    check_prefixes(head, wire::may_be_request);
    wire::check_request(*request);
    const auto again = wire::parse_request(serialize(*request));
    require(again.has_value(), "a request that was written again is one");
    require(again->method == request->method && again->target == request->target &&
                again->version == request->version,
            "a request that was written again is the same");
    require_same(request->headers, again->headers);
  }
  if (const auto response = wire::parse_response(head)) {
    check_prefixes(head, wire::may_be_response);
    wire::check_response({}, *response);
    const auto again = wire::parse_response(serialize(*response));
    require(again.has_value(), "a response that was written again is one");
    require(again->status == response->status && again->reason == response->reason &&
                again->version == response->version,
            "a response that was written again is the same");
    require_same(response->headers, again->headers);
  }
}

/// What a reader made of a stream. When violations of a control frame are told depends on the cuts, what is
/// told does not.
struct Reading {
  std::vector<std::string> events;
  std::vector<std::string> violations;
  std::string not_http;  ///< the start of what is no HTTP: as much as was there when that became clear
  std::string forwarded;
  std::vector<std::int64_t> starts;  ///< of frames, in what was forwarded
  std::string inside;
};

void tell(Reading& reading, record::What what) {
  if (const auto* not_http = std::get_if<record::NotHttp>(&what)) {
    reading.not_http = not_http->start.str();
    reading.events.emplace_back("not HTTP");
    return;
  }
  const bool violation = std::holds_alternative<record::ViolationSeen>(what);
  (violation ? reading.violations : reading.events).push_back(record::to_json({.what = std::move(what)}));
}

Reading read(actor::StreamReader reader, std::string_view bytes, Cuts cuts, bool whole_messages) {
  Reading reading;
  const std::size_t size = bytes.size();
  while (!bytes.empty()) {
    std::string_view slice = cuts.next(bytes);
    while (!slice.empty()) {
      actor::ReadStep step = reader.next(slice, whole_messages);
      require(step.consumed <= slice.size(), "no step takes more bytes than there are");
      require(step.consumed > 0 || step.unit || !step.events.empty(), "each step goes on");
      require(step.unit || step.content().empty(), "what is forwarded is a unit");
      slice.remove_prefix(step.consumed);
      for (const actor::FrameStart& start : step.starts)
        reading.starts.push_back(static_cast<std::int64_t>(reading.forwarded.size()) + start.at);
      reading.forwarded += step.content();
      for (record::What& what : step.events) tell(reading, std::move(what));
    }
    // The end of a frame without payload takes no byte.
    for (actor::ReadStep step = reader.next({}, whole_messages); step.unit || !step.events.empty();
         step = reader.next({}, whole_messages)) {
      for (const actor::FrameStart& start : step.starts)
        reading.starts.push_back(static_cast<std::int64_t>(reading.forwarded.size()) + start.at);
      reading.forwarded += step.content();
      for (record::What& what : step.events) tell(reading, std::move(what));
    }
  }
  require(reader.position() == size, "the position counts every byte");
  reading.inside = reader.inside();
  std::vector<record::What> last;
  for (const actor::FrameStart& start : reader.held_starts())
    reading.starts.push_back(static_cast<std::int64_t>(reading.forwarded.size()) + start.at);
  reading.forwarded += reader.at_end(last);
  for (record::What& what : last) tell(reading, std::move(what));
  return reading;
}

wire::RequestHead usual_request() {
  return {"GET",
          "/",
          11,
          {{"Host", "a"},
           {"Upgrade", "websocket"},
           {"Connection", "Upgrade"},
           {"Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="},
           {"Sec-WebSocket-Version", "13"},
           {"Sec-WebSocket-Protocol", "chat, superchat"},
           {"Sec-WebSocket-Extensions", "permessage-deflate; client_max_window_bits"}}};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input input(data, size);
  const std::uint8_t setting = input.take();
  const Cuts cuts(input.take());
  const wire::Side from = (setting & 1) != 0 ? wire::Side::client : wire::Side::server;
  const bool whole_messages = (setting & 2) != 0;
  check_heads(input.rest());

  actor::StreamReader fresh(from, record::Tap::sent, (setting & 4) != 0 ? 3 : 64 * 1024);
  if ((setting & 8) != 0) fresh.set_request(usual_request());
  const Reading whole = read(fresh, input.rest(), Cuts(0), whole_messages);
  const Reading cut = read(fresh, input.rest(), cuts, whole_messages);
  // A control frame overtakes the fragments of a message that is held.
  require(whole_messages ? whole.forwarded.size() == input.rest().size() : whole.forwarded == input.rest(),
          "every byte is forwarded, once and in order");
  require(cut.forwarded == whole.forwarded, "the same bytes are forwarded, however they are cut");
  require(whole.events == cut.events, "cuts change no event");
  require(whole.violations == cut.violations, "cuts change no violation");
  require(whole.starts == cut.starts, "cuts move no beginning of a frame");
  require(whole.inside == cut.inside, "cuts do not change where a stream ends");
  require(whole.not_http.starts_with(cut.not_http), "what is no HTTP begins as it does");
  return 0;
}
