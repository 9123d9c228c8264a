// Pairs the two records of each crossing: a frame by its number, anything else with the first one of the same
// content that has no second half yet.
#include "report/crossing.hpp"

#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <tuple>
#include <unordered_map>
#include <utility>

namespace wsfault::report {
namespace {

using record::Event;
using record::Side;
using record::Tap;

/// One direction of one connection.
using Stream = std::tuple<record::Name, record::Name, int, Side>;

/// Anything but a frame is identified by its content: kind and bytes.
using Content = std::pair<std::size_t, std::string>;

struct Half {
  Tap tap = Tap::sent;
  Side from = Side::client;
  Content content;
};

std::string head_bytes(const wire::Headers& headers) {
  std::string out;
  for (const wire::Header& header : headers) out += header.name + ": " + header.value + "\r\n";
  return out;
}

/// Reads an event as half of a crossing; none if it is not one, or is a frame.
struct ReadHalf {
  std::size_t kind;

  std::optional<Half> operator()(const record::RequestSeen& request) const {
    wire::Headers headers = request.head->headers;
    // Headers that the link removed do not make it a different request.
    if (!request.declined.empty()) {
      std::erase_if(headers, [](const wire::Header& header) {
        return wire::find_header({header}, "Sec-WebSocket-Extensions").has_value();
      });
    }
    return Half{request.tap,
                Side::client,
                {kind, request.head->method + ' ' + request.head->target + "\r\n" + head_bytes(headers)}};
  }
  std::optional<Half> operator()(const record::ResponseSeen& response) const {
    return Half{response.tap,
                Side::server,
                {kind, std::to_string(response.head->status) + ' ' + response.head->reason + "\r\n" +
                           head_bytes(response.head->headers)}};
  }
  std::optional<Half> operator()(const record::BodySeen& body) const {
    return Half{body.tap, body.from, {kind, std::to_string(body.size) + ' ' + body.text}};
  }
  std::optional<Half> operator()(const record::NotHttp& other) const {
    return Half{other.tap, other.from, {kind, other.start}};
  }
  std::optional<Half> operator()(const record::ViolationSeen& violation) const {
    return Half{violation.tap, violation.from, {kind, violation.violation}};
  }
  /// A stream is ended by its own party, or by the link for the other party.
  std::optional<Half> operator()(const record::StreamEnded& end) const {
    const Side from = end.tap == Tap::sent ? end.side : wire::opposite(end.side);
    return Half{end.tap, from, {kind, std::string(record::to_string(end.how))}};
  }
  std::optional<Half> operator()(const record::Accepted&) const {
    return Half{Tap::sent, Side::client, {0, "connect"}};
  }
  std::optional<Half> operator()(const record::Dialled&) const {
    return Half{Tap::arrived, Side::client, {0, "connect"}};
  }
  template <typename Other>
  std::optional<Half> operator()(const Other&) const {
    return std::nullopt;
  }
};

class Joiner {
 public:
  explicit Joiner(const record::Events& events) : events_(events) {}

  std::vector<Crossing> join() {
    for (std::size_t i = 0; i < events_.size(); ++i) read_message(i);
    for (std::size_t i = 0; i < events_.size(); ++i) {
      if (const auto* frame = std::get_if<record::FrameSeen>(&events_[i].what)) {
        add_frame(i, *frame);
      } else {
        add(i);
      }
    }
    std::ranges::sort(passages_, {}, &Crossing::first);
    return std::move(passages_);
  }

 private:
  Stream stream(const Event& event, Side from) const {
    return {event.where.link, event.where.party, event.where.connection, from};
  }

  /// Remembers the last data frame of each stream, and the message that it completes.
  void read_message(std::size_t index) {
    const Event& event = events_[index];
    if (const auto* frame = std::get_if<record::FrameSeen>(&event.what)) {
      if (frame->opcode < 8) last_data_frame_[{stream(event, frame->from), frame->tap}] = index;
    } else if (const auto* message = std::get_if<record::MessageSeen>(&event.what)) {
      const auto found = last_data_frame_.find({stream(event, message->from), message->tap});
      if (found != last_data_frame_.end()) message_of_[found->second] = index;
    }
  }

  /// An arrived frame names its sent frame; if a fault changed it on the way, it is a different one.
  void add_frame(std::size_t index, const record::FrameSeen& frame) {
    const Stream place = stream(events_[index], frame.from);
    Crossing crossing;
    if (const auto found = message_of_.find(index); found != message_of_.end())
      crossing.message = found->second;
    if (frame.tap == Tap::sent) {
      crossing.sent = index;
      sent_frames_[{place, frame.number}] = passages_.size();
    } else {
      const auto sent = sent_frames_.find({place, frame.of});
      if (frame.of != 0 && sent != sent_frames_.end() &&
          passes_unchanged(passages_[sent->second], frame, crossing.message)) {
        passages_[sent->second].arrived = index;
        return;
      }
      crossing.arrived = index;
    }
    passages_.push_back(crossing);
  }

  bool passes_unchanged(const Crossing& sent, const record::FrameSeen& arrived, std::size_t message) const {
    if (sent.arrived != Crossing::none) return false;  // already arrived: this one is a copy
    const auto& frame = std::get<record::FrameSeen>(events_[sent.sent].what);
    const auto header = [](const record::FrameSeen& each) {
      return std::tie(each.fin, each.rsv, each.opcode, each.masked, each.length, each.code, each.text);
    };
    if (header(frame) != header(arrived)) return false;
    if (sent.message == Crossing::none || message == Crossing::none) return sent.message == message;
    return std::get<record::MessageSeen>(events_[sent.message].what).payload ==
           std::get<record::MessageSeen>(events_[message].what).payload;
  }

  void add(std::size_t index) {
    const Event& event = events_[index];
    std::optional<Half> half = std::visit(ReadHalf{event.what.index()}, event.what);
    if (!half) return;
    auto& waiting = waiting_[{stream(event, half->from), std::move(half->content)}];
    Crossing crossing;
    if (half->tap == Tap::sent) {
      crossing.sent = index;
      waiting.push_back(passages_.size());
    } else if (!waiting.empty()) {
      passages_[waiting.front()].arrived = index;
      waiting.pop_front();
      return;
    } else {
      crossing.arrived = index;
    }
    passages_.push_back(crossing);
  }

  const record::Events& events_;
  std::map<std::pair<Stream, Tap>, std::size_t> last_data_frame_;
  std::unordered_map<std::size_t, std::size_t> message_of_;
  std::map<std::pair<Stream, std::uint64_t>, std::size_t> sent_frames_;
  std::map<std::pair<Stream, Content>, std::deque<std::size_t>> waiting_;
  std::vector<Crossing> passages_;
};

}  // namespace

std::vector<Crossing> crossings(const record::Events& events) { return Joiner(events).join(); }

std::string server_party(const record::Where& where) { return where.party == "sut" ? "upstream" : "sut"; }

std::string party_at(const record::Where& where, Side side) {
  return side == Side::client ? where.party.str() : server_party(where);
}

}  // namespace wsfault::report
