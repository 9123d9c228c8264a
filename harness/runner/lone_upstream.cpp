// Upstream, link and fault board in one loop. Its log drops delivered events, because it may serve without
// end.
#include "runner/lone_upstream.hpp"

#include <algorithm>

#include "runner/moments_of.hpp"

namespace wsfault::runner {
namespace {

const std::string loopback = "127.0.0.1";

}  // namespace

bool needs_no_link(const scenario::LoadedCase& loaded) {
  const model::Upstream& upstream = loaded.scenario.upstreams.front();
  bool waits = false;
  model::visit_waits(upstream, [&](const fault::Moment&) { waits = true; });
  return loaded.judged.faults.empty() && upstream.sessions.empty() && !waits;
}

LoneUpstream::LoneUpstream(const net::asio::any_io_executor& executor, const scenario::LoadedCase& loaded,
                           const std::string& host, std::uint16_t port, std::uint64_t seed,
                           std::function<void(const record::Event&)> tell, bool shares_port)
    : model_(loaded.scenario.upstreams.front()),
      tell_(std::move(tell)),
      log_(record::EventLog::Keep::nothing),
      changed_(executor),
      tasks_(executor),
      link_name_(loaded.scenario.role == model::Role::gateway ? "back" : "link") {
  model::visit_waits(model_, [this](const fault::Moment& moment) {
    awaited_.push_back({fault::to_string(moment), fault::MomentWatch(moment), {}});
  });
  subscription_ = log_.subscribe([this](const record::Event& event) { see(event); });
  const bool is_alone = needs_no_link(loaded);
  actor::Upstream::Place place{is_alone ? host : loopback, is_alone ? port : std::uint16_t{0}, shares_port};
  upstream_ = std::make_unique<actor::Upstream>(executor, model_, static_cast<actor::ScriptHost&>(*this),
                                                std::move(place), seed);
  if (!is_alone) make_link(executor, loaded, host, port, seed);
  log_.record({}, record::Ready{});
}

void LoneUpstream::make_link(const net::asio::any_io_executor& executor, const scenario::LoadedCase& loaded,
                             const std::string& host, std::uint16_t port, std::uint64_t seed) {
  actor::LinkSetting setting;
  setting.log = &log_;
  setting.name = link_name_;
  setting.client_party = "sut";
  setting.seed = seed;
  setting.target_host = loopback;
  setting.target_port = upstream_->port();
  setting.dialling = [this](std::uint16_t from, int connection) { upstream_->announce(from, connection); };
  ask_for_moments(loaded, setting);
  link_ = std::make_unique<actor::Link>(executor, std::move(setting), host, port);
  board_ = std::make_unique<actor::FaultBoard>(
      executor, loaded.judged.faults, std::map<std::string, actor::Link*>{{link_->name(), link_.get()}},
      parties_, log_, seed);
  link_->set_target_up(true);
}

net::Task<void> LoneUpstream::run() {
  tasks_.spawn(upstream_->run());
  if (link_) tasks_.spawn(link_->run());
  co_await tasks_.join();
  if (board_) co_await board_->join();
}

void LoneUpstream::close() {
  closed_ = true;
  if (board_) board_->close();
  if (link_) link_->close();
  upstream_->close();
  changed_.notify();
}

void LoneUpstream::see(const record::Event& event) {
  tell_(event);
  bool any = false;
  for (Awaited& awaited : awaited_) {
    if (!awaited.watch.feed(event)) continue;
    awaited.came.insert(event.where.connection);
    any = true;
  }
  if (any) changed_.notify();
}

void LoneUpstream::record(int connection, record::What what) {
  if (closed_) return;
  log_.record({connection == 0 ? std::string() : link_name_, model_.name, connection}, std::move(what));
}

net::Task<void> LoneUpstream::until(const fault::Moment& moment, int connection) {
  const std::string text = fault::to_string(moment);
  const auto awaited = std::ranges::find(awaited_, text, &Awaited::text);
  if (awaited == awaited_.end()) co_return;
  const std::size_t index = static_cast<std::size_t>(awaited - awaited_.begin());
  // If a moment happens on connections, a script means its own connection.
  const bool any = moment.connection.has_value() || !fault::is_of_connection(moment.kind) ||
                   moment.kind == fault::Moment::Kind::http;
  while (!closed_) {
    const std::set<int>& came = awaited_[index].came;
    if (any ? !came.empty() : came.contains(connection) || came.contains(0)) co_return;
    co_await changed_.wait();
  }
}

net::Task<void> LoneUpstream::inject(int connection, std::string mark, std::uint64_t written) {
  if (link_) co_await link_->passed(model_.name, connection, written);
  record(connection, record::Mark{std::move(mark)});
}

}  // namespace wsfault::runner
