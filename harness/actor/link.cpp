// Listening, accepting and numbering.
#include "actor/link.hpp"

#include <algorithm>
#include <utility>

#include "actor/asked_moments.hpp"
#include "actor/fast_lane.hpp"
#include "fault/moment_kinds.hpp"
#include "net/shortage.hpp"

namespace wsfault::actor {

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
  if (setting_.has_fast_lane) {
    setting_.untold = std::make_shared<Untold>();
    setting_.lane_is_free = [this] { return !closed_ && may_go_fast(); };
    setting_.to_lane = [this](Connection& from, Transfer transfer) { take_back(from, std::move(transfer)); };
    lane_ = std::make_unique<FastLane>(executor_, setting_, [this](Transfer departed) { adopt(std::move(departed)); });
  }
  bind(hosts, port);
}

Link::~Link() = default;

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
  const bool unseen = answer == Answer::refused && std::ranges::any_of(addresses_, [&](const auto& each) {
                        return (!address || each->number() == address) && each->misses_refused();
                      });
  setting_.log->record({setting_.name, setting_.client_party, 0},
                       record::LinkEffect{kind, Side::client, address, unseen});
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
    // Not awaited in the condition: GCC 12 awaits behind a && whatever comes before.
    if (may_go_fast() && !lane_->knows_target()) co_await lane_->look_up_target();
    if (closed_) break;
    if (may_go_fast() && lane_->has_address()) {
      const int number = this->number(setting_.client_party, Sign::upgrade, address.number()).number;
      lane_->enter(std::move(accepted->socket), net::text_of(accepted->peer), number, address.number());
    } else {
      tasks_.spawn(serve(net::Socket(executor_, std::move(accepted->socket)), address.number()));
    }
  }
}

net::Task<void> Link::end() {
  close();
  co_await tasks_.join();
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
  const auto is_it = [&](const auto& other) { return other.get() == &connection; };
  if (std::erase_if(returned_, is_it) > 0) co_return;
  of_ended_ones_ += connection.traffic();
  std::erase_if(connections_, is_it);
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

net::Task<void> Link::passed(std::string party, int connection, std::uint64_t bytes) {
  const Side from = accepted_.contains(party) ? Side::client : Side::server;
  const std::vector<Connection*> living = living_of(party, connection);
  if (connection == uncounted || living.empty()) co_return;
  co_await living.back()->passed(from, bytes);
}

void Link::ask_for(const fault::Moment& moment, bool needed) {
  const bool is_told = moment.done || fault::moment_kind(moment.kind).telling != fault::Telling::nothing;
  if (!is_told) return;
  if (needed) leave_fast_lane();
  const bool is_watched = setting_.asks_for_idle(moment.idle);
  actor::ask_for(moment, needed, setting_);
  if (!is_watched && setting_.asks_for_idle(moment.idle)) {
    for (const auto& living : connections_) living->watch_for_idle(moment.idle);
  }
  if (!needed) offer_lane();
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

std::size_t Link::living() const { return connections_.size() + (lane_ ? lane_->size() : 0); }

std::vector<Connection::Glance> Link::glances() const {
  std::vector<Connection::Glance> found;
  if (lane_) found = lane_->glances();
  for (const auto& living : connections_) found.push_back(living->glance());
  return found;
}

}  // namespace wsfault::actor
