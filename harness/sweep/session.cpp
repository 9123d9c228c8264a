#include "sweep/session.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "value/words.hpp"
#include "wire/handshake.hpp"

namespace wsfault::sweep {
namespace {

using fault::Moment;
using record::FrameSeen;
using record::Tap;

constexpr std::uint64_t masking_key_size = 4;

/// RFC 6455 5.2, with the shortest form of the length.
std::uint64_t header_size(const FrameSeen& frame) {
  const std::uint64_t length_bytes = frame.length < 126 ? 0 : frame.length <= 0xFFFF ? 2 : 8;
  return 2 + length_bytes + (frame.masked ? masking_key_size : 0);
}

std::string_view opcode_name(std::uint8_t opcode) {
  switch (opcode) {
    case 0:
      return "continuation";
    case 1:
      return "text";
    case 2:
      return "binary";
    case 8:
      return "close";
    case 9:
      return "ping";
    case 10:
      return "pong";
    default:
      return "reserved opcode";
  }
}

/// The moment that a frame is; frames that only continue a message are none.
std::optional<Moment> moment_of(const FrameSeen& frame) {
  Moment moment;
  moment.from = frame.from;
  moment.number = frame.of_kind;
  switch (frame.opcode) {
    case 1:
    case 2:
      moment.kind = Moment::Kind::message;
      return moment;
    case 8:
      moment.kind = Moment::Kind::close;
      return moment;
    case 9:
      moment.kind = Moment::Kind::ping;
      return moment;
    case 10:
      moment.kind = Moment::Kind::pong;
      return moment;
    default:
      return std::nullopt;
  }
}

class Reader {
 public:
  Session take() { return std::move(session_); }

  void operator()(const record::Accepted&) { add(Moment::Kind::connect); }
  void operator()(const record::Opened&) { add(Moment::Kind::open); }
  void operator()(const record::RequestSeen& request) {
    if (request.tap != Tap::sent) return;
    add_head(session_.from_client, "the request's head", wire::serialize(request.head).size());
    if (request.upgrade) add(Moment::Kind::upgrade);
  }
  void operator()(const record::ResponseSeen& response) {
    if (response.tap != Tap::sent) return;
    add_head(session_.from_server, fmt::format("the head of the {}", response.head->status),
             wire::serialize(response.head).size());
  }
  void operator()(const FrameSeen& frame) {
    if (frame.tap != Tap::sent) return;
    Stream& stream = frame.from == Side::client ? session_.from_client : session_.from_server;
    Part part{.name = fmt::format("frame {} ({}, {})", frame.number, opcode_name(frame.opcode),
                                  counted(frame.length, "byte")),
              .begin = stream.bytes(),
              .is_frame = true};
    part.payload = part.begin + header_size(frame);
    part.end = part.payload + frame.length;
    if (frame.opcode == 1 || frame.opcode == 2) part.first_frame = frame.of_kind;
    stream.parts.push_back(std::move(part));
    if (const auto moment = moment_of(frame)) add(*moment);
  }
  void operator()(const auto&) {}

 private:
  static void add_head(Stream& stream, std::string name, std::uint64_t size) {
    const std::uint64_t begin = stream.bytes();
    stream.parts.push_back(
        {.name = std::move(name), .begin = begin, .payload = begin + size, .end = begin + size});
  }

  void add(Moment::Kind kind) {
    Moment moment;
    moment.kind = kind;
    add(std::move(moment));
  }
  void add(Moment moment) {
    const bool is_known = std::ranges::any_of(
        session_.moments, [&](const Moment& each) { return to_string(each) == to_string(moment); });
    if (!is_known) session_.moments.push_back(std::move(moment));
  }

  Session session_;
};

}  // namespace

Session read_session(const record::Events& events, const std::string& link, int connection,
                     std::optional<std::string> party) {
  Reader reader;
  for (const record::Event& event : events) {
    if (event.where.link != link || event.where.connection != connection) continue;
    if (!party) party = event.where.party;
    if (event.where.party == *party) std::visit(reader, event.what);
  }
  return reader.take();
}

std::string place_of(const Stream& stream, std::uint64_t bytes) {
  const auto part =
      std::ranges::find_if(stream.parts, [bytes](const Part& each) { return bytes <= each.end; });
  if (part == stream.parts.end() || bytes == 0) return {};
  if (bytes == part->end) return "after " + part->name;
  if (!part->is_frame) return "in " + part->name;
  if (bytes < part->payload) return "in the header of " + part->name;
  return (bytes == part->payload ? "after the header of " : "in the payload of ") + part->name;
}

}  // namespace wsfault::sweep
