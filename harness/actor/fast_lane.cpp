#include "actor/fast_lane.hpp"

#include <errno.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <utility>

#include "net/dial.hpp"
#include "wire/head_scan.hpp"

namespace wsfault::actor {
namespace {

using fault::Clock;
using relay::index_of;
using relay::Phase;

constexpr Duration dial_limit = std::chrono::seconds(5);
/// A longer one is for whoever reads it at leisure.
constexpr std::size_t longest_head = 64 * 1024;

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

struct FastLane::State {
  relay::Loop& loop;
  const LinkSetting& setting;
  std::function<void(Departed)> leave;
  std::vector<net::tcp::endpoint> targets;  // of the name, in the order in which they are tried
  std::string looked_up;                    // host and port
  Clock::time_point looked_up_at;
  relay::Tally tally;
  relay::Stops stops;
  std::vector<std::unique_ptr<Relayed>> here;
  Traffic of_ended_ones;
  net::asio::steady_timer dial_timer;
  bool times_dials = false;

  std::unique_ptr<Relayed> take_out(Relayed& one);
  void time_dials(const std::shared_ptr<State>& self);
};

/// A connection on the lane.
class FastLane::Relayed final : public relay::Passage {
 public:
  Relayed(State& lane, net::FileDescriptor client, int number, std::optional<std::int16_t> address)
      : Passage(lane.loop, std::move(client), lane.tally, lane.stops), lane_(lane), number_(number), address_(address) {}

  void begin();
  void dial_next();
  void depart(std::optional<Side> from, std::string_view unread);
  void give_up_dialling(int error) {
    dial_error_ = error;
    depart({}, {});
  }
  bool dials_since(Clock::time_point before) const { return !connected_ && accepted_at_ <= before; }
  bool is_dialling() const { return !connected_; }
  int number() const { return number_; }
  void record(record::What what) { lane_.setting.log->record({lane_.setting.name, lane_.setting.client_party, number_}, std::move(what)); }
  Traffic traffic() const { return {read_from(Side::client), read_from(Side::server), written_to(Side::client), written_to(Side::server)}; }
  Connection::Glance glance() const;

  std::size_t place = 0;  // on the lane

 private:
  /// Until the frames begin.
  struct Opening {
    std::array<wire::HeadScan, 2> scans{wire::HeadScan(Side::client), wire::HeadScan(Side::server)};
    std::array<std::string, 2> texts;  // of the heads, as far as they have come
    std::optional<wire::RequestHead> request;
  };

  Read read_heads(Side from, std::string_view bytes) override;
  Read begin_raw(Side from, std::string_view bytes);
  bool pass_request(const std::string& text);
  bool pass_response(const std::string& text);
  void connected() override;
  void dial_failed(int error) override;
  void caught_up(Side side) override {
    if (side == Side::client) open();
  }
  void fin_read(Side side) override { record(record::StreamEnded{.tap = record::Tap::sent, .side = side}); }
  void fin_passed(Side side) override { record(record::StreamEnded{.tap = record::Tap::arrived, .side = side}); }
  void over() override;
  void must_leave(Side from, std::string_view unread) override { depart(from, unread); }
  void open();

  State& lane_;
  std::unique_ptr<Opening> opening_ = std::make_unique<Opening>();
  std::array<std::string, 2> heads_;
  const Clock::time_point accepted_at_ = Clock::now();
  int number_;
  int dial_error_ = 0;
  std::optional<std::int16_t> address_;
  std::uint8_t tried_ = 0;  // so many of the target's addresses
  bool connected_ = false;
  bool answered_ = false;
  bool opened_ = false;
};

// --- one connection

void FastLane::Relayed::begin() {
  send_without_delay(client_socket());
  record(record::Accepted{net::peer_of(client_socket()), 0, address_});
  dial_next();
}

void FastLane::Relayed::dial_next() {
  const net::tcp::endpoint target = lane_.targets[std::min<std::size_t>(tried_++, lane_.targets.size() - 1)];
  net::FileDescriptor socket(::socket(target.protocol().family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  // A shortage is told by whoever dials again.
  if (!socket.is_open()) return depart({}, {});
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
    give_up_dialling(error);
  }
}

void FastLane::Relayed::depart(std::optional<Side> from, std::string_view unread) {
  Departed departed{.sockets = leave(from, unread), .heads = std::move(heads_), .number = number_, .address = address_,
                    .accepted_at = accepted_at_, .opened = opened_, .dial_error = dial_error_};
  // Of a head that is not whole nothing was passed on.
  if (opening_) {
    for (const Side side : {Side::client, Side::server}) {
      relay::Way& way = departed.sockets.ways[index_of(side)];
      if (way.phase == Phase::heads) way.unread.insert(0, opening_->texts[index_of(side)]);
    }
  }
  State& lane = lane_;
  lane.loop.bury(lane.take_out(*this));
  lane.leave(std::move(departed));
}

FastLane::Relayed::Read FastLane::Relayed::read_heads(Side from, std::string_view bytes) {
  wire::HeadScan& scan = opening_->scans[index_of(from)];
  std::string& text = opening_->texts[index_of(from)];
  const std::size_t size = scan.take(bytes);
  if (!scan.may_be_http()) return begin_raw(from, bytes);
  text.append(bytes.substr(0, size));
  if (scan.has_lf_line() || text.size() > longest_head) return {size, true};
  if (!scan.is_whole()) return {size};
  const std::string whole = std::exchange(text, {});
  const bool passed = from == Side::client ? pass_request(whole) : pass_response(whole);
  if (!passed) text = whole;
  return {size, !passed};
}

/// Another protocol: what has come of it goes on as it is.
FastLane::Relayed::Read FastLane::Relayed::begin_raw(Side from, std::string_view bytes) {
  constexpr std::size_t shown = 64;
  std::string& text = opening_->texts[index_of(from)];
  if (from == Side::server && opening_->request) return {0, true};
  text.append(bytes);
  const record::NotHttp seen{record::Tap::sent, from, text.substr(0, shown)};
  record(seen);
  set_phase(from, Phase::raw);
  pass_on(from, std::exchange(text, {}));
  record(arrived(seen));
  if (phase(wire::opposite(from)) == Phase::raw) opening_.reset();
  return {bytes.size()};
}

bool FastLane::Relayed::pass_request(const std::string& text) {
  StreamReader reader(Side::client, record::Tap::sent);
  ReadStep step = reader.next(text, false);
  if (!reader.in_frames() || !reader.request()) return false;
  opening_->request = reader.request();
  heads_[0] = text;
  for (const record::What& event : step.events) record(event);
  set_phase(Side::client, Phase::frames);
  pass_on(Side::client, text);
  for (record::What& event : step.events)
    if (auto* seen = std::get_if<record::RequestSeen>(&event)) record(arrived(std::move(*seen)));
  return true;
}

bool FastLane::Relayed::pass_response(const std::string& text) {
  StreamReader reader(Side::server, record::Tap::sent);
  if (!opening_->request) return false;
  reader.set_request(*opening_->request);
  ReadStep step = reader.next(text, false);
  if (!reader.in_frames()) return false;
  if (reader.agreed_on_compression()) allow_compression();
  heads_[1] = text;
  for (const record::What& event : step.events) record(event);
  set_phase(Side::server, Phase::frames);
  const bool is_taken = pass_on(Side::server, text);
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

// --- the lane

std::unique_ptr<FastLane::Relayed> FastLane::State::take_out(Relayed& one) {
  const std::size_t place = one.place;
  std::swap(here[place], here.back());
  here[place]->place = place;
  std::unique_ptr<Relayed> out = std::move(here.back());
  here.pop_back();
  return out;
}

/// Once a second, while any of them dials.
void FastLane::State::time_dials(const std::shared_ptr<State>& self) {
  times_dials = true;
  dial_timer.expires_after(std::chrono::seconds(1));
  dial_timer.async_wait([this, weak = std::weak_ptr(self)](const net::error_code& error) {
    const auto alive = weak.lock();
    if (error || !alive) return;
    times_dials = false;
    const auto before = Clock::now() - dial_limit;
    std::vector<Relayed*> late;
    bool any = false;
    for (const auto& each : here) {
      any = any || each->is_dialling();
      if (each->dials_since(before)) late.push_back(each.get());
    }
    for (Relayed* each : late) each->give_up_dialling(ETIMEDOUT);
    if (any) time_dials(alive);
  });
}

FastLane::FastLane(const net::asio::any_io_executor& executor, const LinkSetting& setting,
                   std::function<void(Departed)> leave)
    : state_(std::make_shared<State>(State{relay::Loop::of(executor), setting, std::move(leave), {}, {}, {}, {}, {}, {}, {},
                                           net::asio::steady_timer(executor)})) {}

FastLane::~FastLane() { close(); }

net::Task<bool> FastLane::knows_target() {
  constexpr std::chrono::seconds fresh{1};
  const std::shared_ptr<State> state = state_;
  const std::string host = state->setting.target_host;
  const std::uint16_t port = state->setting.target_port;
  const std::string wanted = host + " " + std::to_string(port);
  const bool is_known = state->looked_up == wanted && !state->targets.empty();
  if (is_known && (net::is_address(host) || Clock::now() - state->looked_up_at < fresh)) co_return true;
  const std::vector<std::string> found = co_await net::addresses_of(host, dial_limit);
  state->targets.clear();
  for (const std::string& each : found) state->targets.emplace_back(net::asio::ip::make_address(each), port);
  state->looked_up = wanted;
  state->looked_up_at = Clock::now();
  co_return !found.empty();
}

void FastLane::enter(net::FileDescriptor client, int number, std::optional<std::int16_t> address) {
  auto made = std::make_unique<Relayed>(*state_, std::move(client), number, address);
  Relayed& one = *made;
  one.place = state_->here.size();
  state_->here.push_back(std::move(made));
  one.begin();
  if (!state_->times_dials) state_->time_dials(state_);
}

void FastLane::all_leave() {
  while (!state_->here.empty()) state_->here.back()->depart({}, {});
}

void FastLane::leave(int number) {
  const auto found = std::ranges::find(state_->here, number, [](const auto& each) { return each->number(); });
  if (found != state_->here.end()) (*found)->depart({}, {});
}

void FastLane::set_stops(const relay::Stops& stops) { state_->stops = stops; }

void FastLane::close() {
  while (!state_->here.empty()) {
    Relayed& one = *state_->here.back();
    state_->of_ended_ones += one.traffic();
    const relay::Leaving closed = one.leave();
    one.record(record::ConnectionOver{});
    state_->loop.bury(state_->take_out(one));
  }
  state_->dial_timer.cancel();
}

std::size_t FastLane::size() const { return state_->here.size(); }

std::vector<Connection::Glance> FastLane::glances() const {
  std::vector<Connection::Glance> found;
  for (const auto& each : state_->here) found.push_back(each->glance());
  std::ranges::sort(found, {}, &Connection::Glance::number);
  return found;
}

Traffic FastLane::traffic() const {
  Traffic all = state_->of_ended_ones;
  for (const auto& each : state_->here) all += each->traffic();
  return all;
}

const relay::Tally& FastLane::tally() const { return state_->tally; }

}  // namespace wsfault::actor
