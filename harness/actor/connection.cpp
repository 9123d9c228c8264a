// The flow of a connection: read, record, let faults strike, forward.
#include "actor/connection.hpp"

#include <algorithm>
#include <utility>

#include "net/dial.hpp"
#include "net/shortage.hpp"

namespace wsfault::actor {
namespace {

using fault::Clock;

/// A started head must be complete by then; otherwise the connection gets its number without it.
constexpr Duration whole_within = std::chrono::milliseconds(100);
/// How long to wait for a client that has connected and sends nothing.
constexpr Duration silent_within = std::chrono::seconds(1);
/// After a lack of descriptors or memory, until the target is tried again.
constexpr Duration shortage_pause = std::chrono::milliseconds(20);

std::uint64_t seed_of(const LinkSetting& setting, int number) {
  return setting.seed ^ (0x9E3779B97F4A7C15ULL * static_cast<std::uint64_t>(number));
}

}  // namespace

Connection::Connection(const LinkSetting& setting, net::Socket client, std::string party, int number,
                       TakeNumber take_number, std::optional<std::int16_t> address)
    : setting_(setting),
      party_(std::move(party)),
      number_(number),
      address_(address),
      take_number_(std::move(take_number)),
      executor_(client.executor()),
      halves_{Half(
                  executor_, Side::client, [this](record::What what) { record(std::move(what)); },
                  &setting.tells_forwarded),
              Half(
                  executor_, Side::server, [this](record::What what) { record(std::move(what)); },
                  &setting.tells_forwarded)},
      random_(seed_of(setting, number)),
      changed_(executor_),
      tasks_(executor_, [this](const std::exception_ptr& thrown) { fail(net::describe_failure(thrown)); }) {
  for (const Side to : {Side::client, Side::server}) {
    half(to).outbox.measure(setting_.delays.get());
    half(to).outbox.set_untold(
        [this, to] { return is_untold(wire::opposite(to)) ? &setting_.untold->stops : nullptr; });
  }
  half(Side::client).socket = std::move(client);
  const auto now = Clock::now();
  activity_ = {now, now, now, now};
  if (!setting_.has_fast_lane) return;
  for (Half& half : halves_) {
    half.sent.keep_head();
    half.outbox.on_idle([this] {
      if (setting_.lane_is_free()) changed_.notify();
    });
  }
}

void Connection::record(record::What what) {
  if (std::holds_alternative<record::Opened>(what)) opened_ = true;
  if (const auto* response = std::get_if<record::ResponseSeen>(&what)) note_answer(response->tap);
  if (take_number_) {
    early_.push_back(std::move(what));
  } else if (number_ != uncounted) {
    setting_.log->record(where(), std::move(what));
  }
}

/// Takes the connection's number on this sign, if it has none yet, and records the events held back until
/// then.
void Connection::show(Sign sign) {
  if (!take_number_ || closing_) return;
  Numbered numbered = take_number_(sign);
  if (numbered.number == uncounted) return;
  take_number_ = {};
  number_ = numbered.number;
  random_.seed(seed_of(setting_, number_));
  // A plain request is not an attempt of the party: the events of its TCP connection are not needed.
  for (record::What& what : std::exchange(early_, {})) {
    auto* accepted = std::get_if<record::Accepted>(&what);
    if (accepted) accepted->waited = Duration(Clock::now() - accepted_at_).count();
    if (number_ > 0) record(std::move(what));
  }
  for (const Strike& each : numbered.standing) strike(each);
  changed_.notify();
}

/// Reads until the connection has its number, or is over without one.
net::Task<void> Connection::await_number() {
  const Half& client = half(Side::client);
  bool has_begun = false;
  auto due = accepted_at_ + silent_within;
  while (take_number_ && !closing_ && !client.gone && !client.ended) {
    if (!std::exchange(has_begun, client.read > 0) && has_begun) due = Clock::now() + whole_within;
    if (Clock::now() < due) {
      co_await changed_.wait_until(due);
      continue;
    }
    show(has_begun ? Sign::broken : Sign::silence);
    if (take_number_) co_await changed_.wait();
  }
  if (client.read > 0) show(Sign::broken);
}

/// An error in the harness: the connection is given up.
void Connection::fail(const std::string& why) {
  setting_.log->record({}, record::HarnessError{why});
  abort();
}

net::Task<void> Connection::run(std::vector<Strike> standing) {
  co_await net::finally(live(std::move(standing)), end());
  if (returned_) co_return;
  for (const Side side : {Side::client, Side::server}) cut_bodies(side);
  record(record::ConnectionOver{});
}

net::Task<void> Connection::end() {
  abort();
  co_await tasks_.join();
  while (waiting_for_passage_ > 0) co_await changed_.wait();
}

net::Task<void> Connection::live(std::vector<Strike> standing) {
  if (!is_resumed_) record(record::Accepted{half(Side::client).socket->peer(), 0, address_});
  for (const Strike& each : standing) strike(each);
  co_await run_pending();
  co_await meet_client();
  Half& client = half(Side::client);
  if (!client.gone) tasks_.spawn(write_to(Side::client));
  const bool reads_first = static_cast<bool>(take_number_);
  if (reads_first && !dials_) show(Sign::broken);  // TLS failed
  if (reads_first) tasks_.spawn(pump(Side::client));
  if (reads_first) co_await await_number();
  if (take_number_) abort();  // it sent nothing, and its number is not needed
  if (dials_ && !closing_ && !take_number_ && !half(Side::server).socket) co_await dial();
  tasks_.spawn(watch_pending());
  for (const Duration idle : setting_.idles) watch_for_idle(idle);
  for (const Side side : {Side::client, Side::server}) {
    const bool is_read = side == Side::client && reads_first;
    if (half(side).socket && !half(side).gone && !is_read) tasks_.spawn(read_on(side));
  }
  if (Half& server = half(Side::server); server.socket && !server.gone) tasks_.spawn(write_to(Side::server));
  while (!over() && !goes_back()) {
    const auto look = next_look();
    if (look == Clock::time_point::max()) {
      co_await changed_.wait();
    } else {
      co_await changed_.wait_until(look);
    }
  }
}

net::Task<void> Connection::write_to(Side side) {
  co_await half(side).outbox.run(*half(side).socket);
  changed_.notify();
}

bool Connection::over() {
  if (closing_) return true;
  return std::ranges::all_of(halves_, [](Half& half) {
    if (!half.socket || half.gone) return true;
    return half.ended && (half.outbox.fin_sent() || half.outbox.broken());
  });
}

void Connection::strand() {
  set_dark(true, true);
  stranded_ = true;
}

void Connection::set_dark(bool dark, bool unseen) {
  if (closing_ || dark_ == dark || stranded_) return;
  dark_ = dark;
  for (Half& half : halves_) half.outbox.hold(dark);
  if (dark && setting_.system_table) tasks_.spawn(watch_unseen_end(false));
  record(record::LinkEffect{.kind = dark ? record::LinkEffectKind::silence : record::LinkEffectKind::resumed,
                            .unseen = dark && unseen});
  changed_.notify();
}

void Connection::end_by(std::string_view close_body) {
  if (closing_) return;
  pending_.push_back(close_body.empty() ? fault::end_both(fault::EndWish::fin)
                                        : fault::close_both(fault::Direction::both, close_body, situation()));
  changed_.notify();
}

Traffic& Traffic::operator+=(const Traffic& other) {
  from_client += other.from_client;
  from_server += other.from_server;
  to_client += other.to_client;
  to_server += other.to_server;
  return *this;
}

Traffic Connection::traffic() const {
  return {halves_[0].read, halves_[1].read, halves_[0].outbox.written(), halves_[1].outbox.written()};
}

Connection::Glance Connection::glance() const {
  return {number_, halves_[0].socket ? halves_[0].socket->peer() : std::string(), opened_,
          Duration(Clock::now() - accepted_at_), traffic()};
}

void Connection::abort() {
  closing_ = true;
  for (Half& half : halves_) {
    half.outbox.close();
    if (half.socket && !half.gone) half.socket->close();
    half.gone = true;
  }
  changed_.notify();
}

net::Task<net::DialResult> Connection::reach_target() {
  if (begun_.is_open()) {
    net::FileDescriptor begun = std::move(begun_);
    net::DialResult result = co_await net::finish_dial(std::move(begun), dial_limit);
    // A name may have other addresses.
    if (result.socket || net::is_address(setting_.target_host)) co_return result;
  }
  net::TellPort ports;  // passed as a variable: GCC 12 destroys temporaries of a co_await's arguments twice
  if (setting_.dialling) {
    ports.tell = [this](std::uint16_t port) { setting_.dialling(port, number_); };
    ports.before_syn = true;
  }
  co_return co_await net::dial(setting_.target_host, setting_.target_port, dial_limit, std::move(ports),
                               setting_.dials_in);
}

net::Task<void> Connection::dial() {
  if (dial_error_ != 0) {
    record(record::DialFailed{dial_error_});
    co_await reset(Side::client, false);
    co_return;
  }
  auto result = co_await reach_target();
  // The last descriptor may have gone to the client: others that end give theirs back.
  for (const auto limit = Clock::now() + dial_limit; result.shortage && !closing_ && Clock::now() < limit;) {
    co_await changed_.wait_until(Clock::now() + shortage_pause);
    result = co_await reach_target();
  }
  if (closing_) co_return;
  if (result.socket) {
    half(Side::server).socket = std::move(*result.socket);
    record(record::Dialled{});
    co_await meet_server();
    co_return;
  }
  if (result.shortage) {
    fail("the link " + setting_.name + " cannot connect: " + result.detail);
    co_return;
  }
  record(record::DialFailed{result.error});
  co_await reset(Side::client, false);  // accepted, then refused
}

// --- one direction

}  // namespace wsfault::actor
