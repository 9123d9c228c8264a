// Pairs the two records of each passage: the first of the same kind and content that still waits for its
// other half.
#include "report/passage.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>
#include <utility>

namespace wsfault::report {
namespace {

using record::Event;
using record::Side;
using record::Tap;

/// One direction of one connection.
using Stream = std::tuple<std::string, std::string, int, Side>;

/// What must be equal on both sides for a passage to be unchanged; `number` of frames is not (some may be
/// lost).
struct Content {
  std::size_t kind = 0;
  std::string bytes;
  bool operator==(const Content&) const = default;
};

struct Half {
  Tap tap = Tap::sent;
  Side from = Side::client;
  Content content;
  bool made_by_link = false;
};

std::string head_bytes(const wire::Headers& headers) {
  std::string out;
  for (const wire::Header& header : headers) out += header.name + ": " + header.value + "\r\n";
  return out;
}

/// Reads an event as half of a passage; none if it is no such thing.
struct ReadHalf {
  std::size_t kind;

  std::optional<Half> operator()(const record::FrameSeen& frame) const {
    std::string bytes = frame.text;
    const std::uint64_t header[] = {frame.fin,    frame.rsv,    frame.opcode,
                                    frame.masked, frame.length, frame.code.value_or(0)};
    for (const std::uint64_t field : header) bytes += '/' + std::to_string(field);
    return Half{frame.tap, frame.from, {kind, std::move(bytes)}, frame.injected};
  }
  std::optional<Half> operator()(const record::RequestSeen& request) const {
    wire::Headers headers = request.head.headers;
    // What the link took away is said of the request, and makes no other one of it.
    if (!request.declined.empty()) {
      std::erase_if(headers, [](const wire::Header& header) {
        return wire::find_header({header}, "Sec-WebSocket-Extensions").has_value();
      });
    }
    return Half{request.tap,
                Side::client,
                {kind, request.head.method + ' ' + request.head.target + "\r\n" + head_bytes(headers)}};
  }
  std::optional<Half> operator()(const record::ResponseSeen& response) const {
    return Half{response.tap,
                Side::server,
                {kind, std::to_string(response.head.status) + ' ' + response.head.reason + "\r\n" +
                           head_bytes(response.head.headers)}};
  }
  std::optional<Half> operator()(const record::NotHttp& other) const {
    return Half{other.tap, other.from, {kind, other.start}};
  }
  std::optional<Half> operator()(const record::ViolationSeen& violation) const {
    return Half{violation.tap, violation.from, {kind, violation.violation}};
  }
  /// A stream is ended by its own party, or by the link in the other party's name.
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
  explicit Joiner(const std::vector<Event>& events) : events_(events) {}

  std::vector<Passage> join() {
    for (std::size_t i = 0; i < events_.size(); ++i) read_message(i);
    for (std::size_t i = 0; i < events_.size(); ++i) add(i);
    std::ranges::sort(passages_, {}, &Passage::first);
    return std::move(passages_);
  }

 private:
  Stream stream(const Event& event, Side from) const {
    return {event.where.link, event.where.party, event.where.connection, from};
  }

  /// Remembers the last data frame of each stream, and with it the message that it completes.
  void read_message(std::size_t index) {
    const Event& event = events_[index];
    if (const auto* frame = std::get_if<record::FrameSeen>(&event.what)) {
      if (frame->opcode < 8) last_data_frame_[{stream(event, frame->from), frame->tap}] = index;
    } else if (const auto* message = std::get_if<record::MessageSeen>(&event.what)) {
      const auto found = last_data_frame_.find({stream(event, message->from), message->tap});
      if (found != last_data_frame_.end()) message_of_[found->second] = index;
    }
  }

  void add(std::size_t index) {
    const Event& event = events_[index];
    std::optional<Half> half = std::visit(ReadHalf{event.what.index()}, event.what);
    if (!half) return;
    Passage passage;
    if (const auto found = message_of_.find(index); found != message_of_.end()) {
      passage.message = found->second;
      half->content.bytes += '/' + std::get<record::MessageSeen>(events_[passage.message].what).payload;
    }
    auto& waiting = waiting_[stream(event, half->from)];
    if (half->tap == Tap::sent) {
      passage.sent = index;
      waiting.emplace_back(std::move(half->content), passages_.size());
      passages_.push_back(passage);
      return;
    }
    const auto other = half->made_by_link ? waiting.end()
                                          : std::ranges::find(waiting, half->content,
                                                              &std::pair<Content, std::size_t>::first);
    if (other == waiting.end()) {
      passage.arrived = index;
      passages_.push_back(passage);
      return;
    }
    passages_[other->second].arrived = index;
    waiting.erase(other);
  }

  const std::vector<Event>& events_;
  std::map<std::pair<Stream, Tap>, std::size_t> last_data_frame_;
  std::map<std::size_t, std::size_t> message_of_;
  std::map<Stream, std::vector<std::pair<Content, std::size_t>>> waiting_;
  std::vector<Passage> passages_;
};

}  // namespace

std::vector<Passage> passages(const std::vector<Event>& events) { return Joiner(events).join(); }

std::string server_party(const record::Where& where) { return where.party == "sut" ? "upstream" : "sut"; }

std::string party_at(const record::Where& where, Side side) {
  return side == Side::client ? where.party : server_party(where);
}

}  // namespace wsfault::report
