#include "actor/fast_lane.hpp"

#include <errno.h>

#include <algorithm>
#include <utility>

#include "actor/relayed.hpp"
#include "net/dial.hpp"

namespace wsfault::actor {
namespace {
using fault::Clock;
}

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
                   std::function<void(Transfer)> leave)
    : state_(std::make_shared<State>(State{.loop = relay::Loop::of(executor),
                                           .setting = setting,
                                           .leave = std::move(leave),
                                           .dial_timer = net::asio::steady_timer(executor)})) {}

FastLane::~FastLane() { close(); }

bool FastLane::knows_target() const {
  const State& state = *state_;
  return state.looked_up == state.setting.target_host && !state.targets.empty() &&
         state.targets.front().port() == state.setting.target_port && Clock::now() < state.known_until;
}

net::Task<void> FastLane::look_up_target() {
  constexpr std::chrono::seconds fresh{1};
  const std::shared_ptr<State> state = state_;
  const std::string host = state->setting.target_host;
  const std::uint16_t port = state->setting.target_port;
  const std::vector<std::string> found = co_await net::addresses_of(host, dial_limit);
  state->targets.clear();
  for (const std::string& each : found) state->targets.emplace_back(net::asio::ip::make_address(each), port);
  state->looked_up = host;
  state->known_until = net::is_address(host) ? Clock::time_point::max() : Clock::now() + fresh;
}

bool FastLane::has_address() const { return !state_->targets.empty(); }

void FastLane::enter(net::FileDescriptor client, const std::string& peer, int number,
                     std::optional<std::int16_t> address) {
  auto made = std::make_unique<Relayed>(*state_, std::move(client), number, address);
  Relayed& one = *made;
  one.place = state_->here.size();
  state_->here.push_back(std::move(made));
  one.begin(peer);
  if (!state_->times_dials) state_->time_dials(state_);
}

void FastLane::take_back(Transfer from) {
  auto made = std::make_unique<Relayed>(*state_, std::move(from));
  Relayed& one = *made;
  one.place = state_->here.size();
  state_->here.push_back(std::move(made));
  one.go_on();
}

void FastLane::all_leave() {
  while (!state_->here.empty()) state_->here.back()->depart();
}

void FastLane::leave(int number) {
  const auto found = std::ranges::find(state_->here, number, [](const auto& each) { return each->number(); });
  if (found != state_->here.end()) (*found)->depart();
}


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


}  // namespace wsfault::actor
