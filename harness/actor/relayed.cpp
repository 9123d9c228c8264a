#include "actor/relayed.hpp"

#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <utility>

namespace wsfault::actor {
namespace {

using fault::Clock;
using relay::index_of;
using relay::Phase;

/// A longer one is for whoever reads it at leisure.
constexpr std::size_t longest_quick_head = 64 * 1024;

void send_without_delay(int socket) {
  const int on = 1;
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

/// The event of the same bytes as they arrive: nothing changes them here.
template <typename Seen>
Seen arrived(Seen sent) {
  sent.tap = record::Tap::arrived;
  return sent;
}

}  // namespace

FastLane::Relayed::Relayed(State& lane, Transfer from)
    : Passage(lane.loop, std::move(from.sockets), lane.books()),
      lane_(lane),
      opening_(nullptr),
      heads_(std::move(from.heads)),
      accepted_at_(from.accepted_at),
      number_(from.number),
      address_(from.address),
      connected_(true),
      answered_(true),
      opened_(true) {}

void FastLane::Relayed::begin(const std::string& peer) {
  record(record::Accepted{peer, 0, address_});
  dial_next();
}

void FastLane::Relayed::dial_next() {
  const net::tcp::endpoint target = lane_.targets[std::min<std::size_t>(tried_++, lane_.targets.size() - 1)];
  net::FileDescriptor socket(
      ::socket(target.protocol().family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  // A shortage is told by whoever dials again.
  if (!socket.is_open()) return depart();
  send_without_delay(socket.get());
  dial(std::move(socket), target.data(), static_cast<unsigned>(target.size()));
}

void FastLane::Relayed::connected() {
  connected_ = true;
  // The next one tries first what is reached.
  if (tried_ > 1 && tried_ <= lane_.targets.size())
    std::rotate(lane_.targets.begin(), lane_.targets.begin() + tried_ - 1, lane_.targets.end());
  record(record::Dialled{});
}

void FastLane::Relayed::dial_failed(int error) {
  if (tried_ < lane_.targets.size()) {
    dial_next();
  } else {
    // The order of several may have changed meanwhile: then whoever dials next tries all of them.
    give_up_dialling(lane_.targets.size() == 1 ? error : 0);
  }
}

void FastLane::Relayed::depart(std::optional<Side> from, std::string_view unread) {
  Transfer departed{.sockets = leave(from, unread),
                    .heads = std::move(heads_),
                    .number = number_,
                    .address = address_,
                    .accepted_at = accepted_at_,
                    .opened = opened_,
                    .dial_error = dial_error_};
  for (const Side side : {Side::client, Side::server}) {
    const bool is_inside = departed.sockets.ways[index_of(side)].phase == Phase::heads;
    if (opening_ && is_inside) departed.heads[index_of(side)] = std::move(opening_->texts[index_of(side)]);
  }
  State& lane = lane_;
  lane.loop.bury(lane.take_out(*this));
  lane.leave(std::move(departed));
}

/// What comes of a head passes as it comes: another protocol may look like one for a while.
FastLane::Relayed::Read FastLane::Relayed::read_heads(Side from, std::string_view bytes) {
  wire::HeadScan& scan = opening_->scans[index_of(from)];
  std::string& text = opening_->texts[index_of(from)];
  const std::size_t passed = text.size();
  const std::size_t size = scan.take(bytes);
  if (!scan.may_be_http()) return begin_raw(from, bytes);
  if (scan.has_lf_line() || passed + size > longest_quick_head) return {0, true};
  text.append(bytes.substr(0, size));
  if (!scan.is_whole()) {
    pass_on(from, bytes.substr(0, size));
    return {size};
  }
  const std::string whole = std::exchange(text, {});
  const bool is_plain = from == Side::client ? pass_request(whole, passed) : pass_response(whole, passed);
  if (is_plain) return {size};
  text = whole.substr(0, passed);
  return {0, true};
}

FastLane::Relayed::Read FastLane::Relayed::begin_raw(Side from, std::string_view bytes) {
  constexpr std::size_t shown = 64;
  std::string& text = opening_->texts[index_of(from)];
  if (from == Side::server && opening_->request) return {0, true};
  text.append(bytes);
  const record::NotHttp seen{record::Tap::sent, from, text.substr(0, shown)};
  record(seen);
  set_phase(from, Phase::raw);
  pass_on(from, bytes);
  record(arrived(seen));
  text = {};
  if (phase(wire::opposite(from)) == Phase::raw) opening_.reset();
  return {bytes.size()};
}

bool FastLane::Relayed::pass_request(const std::string& text, std::size_t passed) {
  StreamReader reader(Side::client, record::Tap::sent);
  ReadStep step = reader.next(text, false);
  if (!reader.in_frames() || !reader.request()) return false;
  opening_->request = reader.request();
  heads_[0] = text;
  for (const record::What& event : step.events) record(event);
  pass_on(Side::client, std::string_view(text).substr(passed));
  set_phase(Side::client, Phase::frames);
  for (record::What& event : step.events)
    if (auto* seen = std::get_if<record::RequestSeen>(&event)) record(arrived(std::move(*seen)));
  return true;
}

bool FastLane::Relayed::pass_response(const std::string& text, std::size_t passed) {
  StreamReader reader(Side::server, record::Tap::sent);
  if (!opening_->request) return false;
  reader.set_request(*opening_->request);
  ReadStep step = reader.next(text, false);
  if (!reader.in_frames()) return false;
  if (reader.agreed_on_compression()) allow_compression();
  heads_[1] = text;
  for (const record::What& event : step.events) record(event);
  const bool is_taken = pass_on(Side::server, std::string_view(text).substr(passed));
  set_phase(Side::server, Phase::frames);
  for (record::What& event : step.events)
    if (auto* seen = std::get_if<record::ResponseSeen>(&event)) record(arrived(std::move(*seen)));
  answered_ = true;
  opening_.reset();
  if (is_taken) open();
  return true;
}

void FastLane::Relayed::open() {
  if (!answered_ || std::exchange(opened_, true)) return;
  record(record::Opened{});
}

void FastLane::Relayed::over() {
  record(record::ConnectionOver{});
  State& lane = lane_;
  lane.of_ended_ones += traffic();
  lane.loop.bury(lane.take_out(*this));
}

Connection::Glance FastLane::Relayed::glance() const {
  return {number_, net::peer_of(client_socket()), opened_, Duration(Clock::now() - accepted_at_), traffic()};
}

}  // namespace wsfault::actor
