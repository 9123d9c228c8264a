// Accepting, numbering and striking connections.
#include "actor/link.hpp"

#include <algorithm>
#include <utility>

#include "actor/asked_moments.hpp"
#include "fault/moment_kinds.hpp"
#include "net/shortage.hpp"

namespace wsfault::actor {
namespace {

bool lists(const fault::FaultSpec& spec, const std::string& party, int number, std::optional<int> address) {
  return number > 0 && (!spec.address || spec.address == address) && (!spec.of || *spec.of == party) &&
         spec.connections.contains(number);
}

/// The first ordinals of each kind. A Close stops the relay anyway.
relay::Stops stops_for(const std::vector<fault::Moment>& moments) {
  using Kind = fault::Moment::Kind;
  relay::Stops stops;
  for (const fault::Moment& moment : moments) {
    for (const Side side : {Side::client, Side::server}) {
      if (moment.from && *moment.from != side) continue;
      relay::Stops::Ordinals& of = stops.of[relay::index_of(side)];
      if (moment.kind == Kind::frame) of.frame = std::min(of.frame, moment.number);
      if (moment.kind == Kind::message) of.message = std::min(of.message, moment.number);
      if (moment.kind == Kind::ping) of.ping = std::min(of.ping, moment.number);
      if (moment.kind == Kind::pong) of.pong = std::min(of.pong, moment.number);
    }
  }
  return stops;
}

/// It strikes no connection that comes now.
bool is_over(const Strike& strike, fault::Clock::time_point now) {
  if (strike.spec->whole_link && strike.spec->acts_once) return strike.from <= now;
  return strike.until && *strike.until <= now;
}

}  // namespace

Link::Link(const net::asio::any_io_executor& executor, LinkSetting setting, const std::string& host,
           std::uint16_t port)
    : Link(executor, std::move(setting), std::vector{host}, port) {}

Link::Link(const net::asio::any_io_executor& executor, LinkSetting setting,
           const std::vector<std::string>& hosts, std::uint16_t port)
    : executor_(executor),
      setting_(std::move(setting)),
      tasks_(executor, [this](const std::exception_ptr& thrown) { fail(net::describe_failure(thrown)); }) {
  setting_.plain = [this](const std::string& party, int number) { give_back(party, number); };
  random_.seed(setting_.seed);
  if (setting_.has_fast_lane)
    lane_ = std::make_unique<FastLane>(executor_, setting_, [this](Departed departed) { adopt(std::move(departed)); });
  bind(hosts, port);
}

/// A port that is free at one address may be taken at another.
void Link::bind(const std::vector<std::string>& hosts, std::uint16_t port) {
  constexpr int most_ports = 20;
  for (int tried = 1; addresses_.size() < hosts.size(); ++tried) {
    addresses_.clear();
    try {
      for (const std::string& host : hosts) {
        const auto number =
            hosts.size() > 1 ? std::optional<std::int16_t>(addresses_.size() + 1) : std::nullopt;
        const std::uint16_t same = addresses_.empty() ? port : this->port();
        addresses_.push_back(std::make_unique<LinkAddress>(executor_, setting_, tasks_, host, same, number));
      }
    } catch (const boost::system::system_error&) {
      if (port != 0 || addresses_.empty() || tried == most_ports) throw;
    }
  }
  for (const auto& address : addresses_) {
    address->listener().on_shortage([this](int error) {
      fail("the link " + setting_.name + " cannot accept a connection: " + net::describe_shortage(error));
    });
  }
}

std::vector<std::string> Link::hosts() const {
  std::vector<std::string> found;
  for (const auto& address : addresses_) found.push_back(address->listener().host());
  return found;
}

void Link::fail(const std::string& why) { setting_.log->record({}, record::HarnessError{why}); }

void Link::set_target(const std::string& host, std::uint16_t port) {
  setting_.target_host = host;
  setting_.target_port = port;
}

void Link::set_target_up(bool up) {
  target_up_ = up;
  update();
}

template <typename F>
void Link::for_address(std::optional<int> number, F change) {
  for (std::size_t i = 0; i < addresses_.size(); ++i) {
    if (!number || std::cmp_equal(*number, i + 1)) change(*addresses_[i]);
  }
  update();
}

void Link::set_refusing(bool refusing, std::optional<int> address) {
  for_address(address, [refusing](LinkAddress& each) { each.set_refusing(refusing); });
}

void Link::set_dark(fault::Reach reach, bool dark, bool by_network, std::optional<int> address) {
  leave_fast_lane();
  for_address(address, [=](LinkAddress& each) { each.set_dark(reach, dark, by_network); });
  for (const auto& connection : connections_) {
    const auto index = static_cast<std::size_t>(connection->address().value_or(1) - 1);
    connection->set_dark(addresses_[index]->holds_open_ones(), by_network);
  }
}

void Link::strand() {
  leave_fast_lane();
  for (const auto& connection : connections_) connection->strand();
}

void Link::set_lossy(bool lossy) {
  const bool before = lossy_ > 0;
  lossy_ += lossy ? 1 : -1;
  if (before == (lossy_ > 0)) return;
  setting_.log->record(
      {setting_.name, setting_.client_party, 0},
      record::LinkEffect{lossy ? record::LinkEffectKind::lossy : record::LinkEffectKind::mended, {}, {}});
}

std::optional<Link::Answer> Link::common_answer() const {
  const Answer first = addresses_.front()->answers();
  const bool same =
      std::ranges::all_of(addresses_, [&](const auto& each) { return each->answers() == first; });
  return same ? std::optional(first) : std::nullopt;
}

/// What all of its addresses answer is recorded of the link; else what each of them does that differs.
void Link::update() {
  if (closed_) return;
  const std::optional<Answer> before = common_answer();
  std::vector<LinkAddress*> changed;
  for (const auto& address : addresses_) {
    if (address->update(target_up_, ever_listened_)) changed.push_back(address.get());
  }
  if (changed.empty()) return;
  const std::optional<Answer> now = common_answer();
  if (now) {
    tell_answer(*now, {});
  } else if (before && *before != Answer::accepted) {
    tell_answer(Answer::accepted, {});
    for (const auto& address : addresses_) {
      if (address->answers() != Answer::accepted) tell_answer(address->answers(), address->number());
    }
  } else {
    for (const LinkAddress* address : changed) tell_answer(address->answers(), address->number());
  }
  ever_listened_ = ever_listened_ || std::ranges::any_of(addresses_, [](const auto& each) {
                     return each->answers() == Answer::accepted;
                   });
}

void Link::tell_answer(Answer answer, std::optional<std::int16_t> address) {
  if (!ever_listened_) return;
  const auto kind = answer == Answer::accepted  ? record::LinkEffectKind::resumed
                    : answer == Answer::refused ? record::LinkEffectKind::refused
                                                : record::LinkEffectKind::dark;
  setting_.log->record({setting_.name, setting_.client_party, 0},
                       record::LinkEffect{kind, Side::client, address});
}

net::Task<void> Link::run() { co_await net::finally(accept_all(), end()); }

net::Task<void> Link::accept_all() {
  for (std::size_t i = 1; i < addresses_.size(); ++i) tasks_.spawn(accept_at(*addresses_[i]));
  co_await accept_at(*addresses_.front());
}

net::Task<void> Link::accept_at(LinkAddress& address) {
  while (!closed_) {
    auto accepted = co_await address.listener().accept_descriptor();
    if (!accepted || closed_) break;
    if (may_go_fast() && co_await lane_->knows_target() && !closed_ && may_go_fast()) {
      const int number = this->number(setting_.client_party, Sign::upgrade, address.number()).number;
      lane_->enter(std::move(*accepted), number, address.number());
    } else {
      tasks_.spawn(serve(net::Socket(executor_, std::move(*accepted)), address.number()));
    }
  }
}

net::Task<void> Link::end() {
  close();
  co_await tasks_.join();
}

std::vector<Strike> Link::standing_for(const std::string& party, int number,
                                       std::optional<std::int16_t> address) const {
  std::vector<Strike> found;
  if (number <= 0) return found;
  const auto now = fault::Clock::now();
  for (const Strike& strike : standing_) {
    if (!lists(*strike.spec, party, number, address) || is_over(strike, now)) continue;
    // What lasts no time strikes each that comes as it came.
    found.push_back(strike.spec->acts_once ? Strike(*strike.spec, now) : strike);
  }
  return found;
}

Numbered Link::number(const std::string& party, Sign sign, std::optional<std::int16_t> address) {
  int& accepted = accepted_[party];
  if (sign == Sign::plain) return {-++plain_, {}};
  // A browser opens connections that it may never use: silence counts only for the first connection.
  if (sign == Sign::silence && accepted > 0) return {};
  Numbered numbered{++accepted, standing_for(party, accepted, address)};
  std::erase_if(numbered.standing,
                [&](const Strike& each) { return is_spared(each, party, numbered.number); });
  return numbered;
}

net::Task<void> Link::serve(net::Socket socket, std::optional<std::int16_t> address) {
  const std::uint16_t port = socket.peer_port();
  const std::string party = setting_.client_of ? setting_.client_of(port) : setting_.client_party;
  const int next = accepted_[party] + 1;
  // If a fault may strike before a request is complete, the number is taken at once.
  const bool at_once = setting_.numbers_at_once || !standing_for(party, next, address).empty();
  Numbered numbered;
  if (setting_.counts && at_once) numbered = number(party, Sign::upgrade, address);
  if (!setting_.counts) ++uncounted_ones_;
  Connection::TakeNumber later;
  if (setting_.counts && !at_once)
    later = [this, party, address](Sign sign) { return number(party, sign, address); };
  auto owned =
      std::make_unique<Connection>(setting_, std::move(socket), party, numbered.number, later, address);
  if (setting_.accepted && at_once) setting_.accepted(port, party, numbered.number);
  connections_.push_back(std::move(owned));
  co_await tend(*connections_.back(), std::move(numbered.standing));
}

net::Task<void> Link::tend(Connection& connection, std::vector<Strike> standing) {
  co_await connection.run(std::move(standing));
  of_ended_ones_ += connection.traffic();
  std::erase_if(connections_, [&](const auto& other) { return other.get() == &connection; });
}

// --- the fast lane

bool Link::may_go_fast() const {
  return lane_ && event_needs_ == 0 && setting_.counts && standing_.empty() &&
         setting_.idles.empty() && setting_.bytes.empty() && !setting_.holds_messages && !setting_.tells_forwarded &&
         !setting_.declines_compression;
}

void Link::leave_fast_lane() {
  if (lane_) lane_->all_leave();
}

void Link::adopt(Departed departed) {
  net::Socket client(executor_, std::move(departed.sockets.client));
  connections_.push_back(std::make_unique<Connection>(setting_, std::move(client), setting_.client_party, departed.number,
                                                      Connection::TakeNumber(), departed.address));
  Connection& connection = *connections_.back();
  connection.take_over(std::move(departed));
  tasks_.spawn(tend(connection, {}));
}

void Link::need_events(bool needed) {
  event_needs_ += needed ? 1 : -1;
  if (needed) leave_fast_lane();
}

void Link::need_count(const fault::Moment& moment, bool needed) {
  const auto same = [&](const fault::Moment& each) { return to_string(each) == to_string(moment); };
  if (needed) {
    counted_.push_back(moment);
  } else if (const auto found = std::ranges::find_if(counted_, same); found != counted_.end()) {
    counted_.erase(found);
  }
  if (lane_) lane_->set_stops(stops_for(counted_));
}

void Link::decline_compression() {
  leave_fast_lane();
  setting_.declines_compression = true;
}

const relay::Tally& Link::tally() const {
  static const relay::Tally none;
  return lane_ ? lane_->tally() : none;
}

/// A plain HTTP request is not a WebSocket connection: the next connection gets its number.
void Link::give_back(const std::string& party, int number) {
  int& accepted = accepted_[party];
  if (number > 0 && number == accepted) --accepted;
}

void Link::close() {
  closed_ = true;
  for (const auto& address : addresses_) address->close();
  if (lane_) lane_->close();
  for (const auto& connection : connections_) connection->abort();
}

/// The other side's script names its own side for a connection; the number is then that of the only client.
std::vector<Connection*> Link::living_of(const std::string& party, int connection) const {
  const bool is_client = accepted_.contains(party);
  std::vector<Connection*> found;
  for (const auto& living : connections_) {
    if (living->number() == connection && (!is_client || living->party() == party))
      found.push_back(living.get());
  }
  return found;
}

bool Link::may_strike(const fault::FaultSpec& spec, const std::string& party, int connection) const {
  const auto& wanted = spec.connections.request;
  if (!wanted && !spec.address) return true;
  const std::vector<Connection*> living = living_of(party, connection);
  if (!living.empty() && spec.address && living.back()->address() != spec.address) return false;
  if (!wanted) return true;
  return living.empty() || !living.back()->request() || wanted->matches(*living.back()->request());
}

void Link::strike(const fault::FaultSpec& spec, const std::string& party, int connection) {
  if (lane_) lane_->leave(connection);
  const Strike strike(spec, fault::Clock::now());
  for (Connection* living : living_of(party, connection)) living->strike(strike);
}

net::Task<void> Link::passed(std::string party, int connection, std::uint64_t bytes) {
  const Side from = accepted_.contains(party) ? Side::client : Side::server;
  const std::vector<Connection*> living = living_of(party, connection);
  if (connection == uncounted || living.empty()) co_return;
  co_await living.back()->passed(from, bytes);
}

bool Link::is_spared(const Strike& strike, const std::string& party, int number) {
  if (!strike.to_be_drawn || strike.spec->probability >= 1) return false;
  if (std::uniform_real_distribution<double>(0, 1)(random_) < strike.spec->probability) return false;
  setting_.log->record({setting_.name, party, number}, record::FaultSpared{strike.spec->name});
  return true;
}

void Link::strike_all(const fault::FaultSpec& spec, bool drawn) {
  leave_fast_lane();
  Strike strike(spec, fault::Clock::now());
  strike.to_be_drawn = drawn;
  standing_.push_back(strike);
  for (const auto& living : connections_) {
    if (lists(spec, living->party(), living->number(), living->address()) &&
        !is_spared(strike, living->party(), living->number()))
      living->strike(strike);
  }
}

std::vector<std::pair<std::string, int>> Link::strike_open_ones(const fault::FaultSpec& spec) {
  leave_fast_lane();
  Strike strike(spec, fault::Clock::now());
  strike.to_be_drawn = true;
  std::vector<std::pair<std::string, int>> met;
  for (const auto& living : connections_) {
    if (!living->is_open() || !lists(spec, living->party(), living->number(), living->address())) continue;
    met.emplace_back(living->party(), living->number());
    if (!is_spared(strike, living->party(), living->number())) living->strike(strike);
  }
  return met;
}

void Link::withdraw(const fault::FaultSpec& spec) {
  std::erase_if(standing_, [&](const Strike& each) { return each.spec == &spec; });
  for (const auto& living : connections_) living->withdraw(spec);
}

bool Link::knows(const fault::FaultSpec& spec) const {
  return std::ranges::any_of(standing_, [&](const Strike& each) { return each.spec == &spec; }) ||
         std::ranges::any_of(connections_, [&](const auto& each) { return each->knows(spec); });
}

void Link::ask_for(const fault::Moment& moment) {
  if (moment.done || fault::moment_kind(moment.kind).telling != fault::Telling::nothing) leave_fast_lane();
  const std::size_t idles = setting_.idles.size();
  actor::ask_for(moment, setting_);
  if (setting_.idles.size() == idles) return;
  for (const auto& living : connections_) living->watch_for_idle(setting_.idles.back());
}

void Link::end_connections(std::optional<int> number, std::string_view close_body) {
  leave_fast_lane();
  for (const auto& living : connections_) {
    if (!number || living->number() == *number) living->end_by(close_body);
  }
}

Traffic Link::traffic() const {
  Traffic all = of_ended_ones_;
  if (lane_) all += lane_->traffic();
  for (const auto& living : connections_) all += living->traffic();
  return all;
}

std::vector<Connection::Glance> Link::glances() const {
  std::vector<Connection::Glance> found;
  if (lane_) found = lane_->glances();
  for (const auto& living : connections_) found.push_back(living->glance());
  return found;
}

}  // namespace wsfault::actor
