// Setting the seats, waiting, judging, cleaning up.
#include "runner/case_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "runner/moments_of.hpp"
#include "runner/target.hpp"
#include "scenario/render.hpp"

namespace wsfault::runner {
namespace {

using Clock = std::chrono::steady_clock;
namespace asio = net::asio;

/// After all is decided: what must happen once is seen not to happen twice.
constexpr Duration settling = std::chrono::milliseconds(200);
/// A system that is started shows life by then, or others may start theirs.
constexpr Duration first_sign_within = std::chrono::seconds(3);
/// Judging looks at the whole log: a burst of events is judged once.
constexpr Duration judging_pause = std::chrono::milliseconds(5);

/// A process was killed and has not been seen to end: what its end does to connections is still on its way.
bool dying(const std::vector<record::Event>& events) {
  bool killed = false;
  for (const record::Event& event : events) {
    const auto* change = std::get_if<record::ProcessChanged>(&event.what);
    if (change == nullptr) continue;
    if (change->change == record::ProcessChange::killed) killed = true;
    if (change->change == record::ProcessChange::exited) killed = false;
  }
  return killed;
}

const std::string& link_name() {
  static const std::string name = "link";
  return name;
}

}  // namespace

CaseRun::CaseRun(const asio::any_io_executor& executor, const RunSetting& setting, StartGate& gate,
                 const CaseOrder& order)
    : executor_(executor),
      setting_(setting),
      gate_(gate),
      order_(order),
      loaded_(*order.loaded),
      judged_(order.loaded->judged),
      changed_(executor),
      tasks_(executor) {
  judged_.patience = setting.patience;
  subscription_ = log_.subscribe([this](const record::Event& event) {
    changed_.notify();
    check_exit(event);
  });
}

/// A system that ends before it has tried to connect is no test of anything.
void CaseRun::check_exit(const record::Event& event) {
  const auto* change = std::get_if<record::ProcessChanged>(&event.what);
  if (change == nullptr || change->change != record::ProcessChange::exited || event.where.party != "sut")
    return;
  const auto tried = [](const record::Event& other) {
    return std::holds_alternative<record::Accepted>(other.what) ||
           std::holds_alternative<record::Effect>(other.what) ||
           std::holds_alternative<record::FaultFired>(other.what);
  };
  if (std::ranges::any_of(log_.events(), tried)) return;
  fail(change->signal != 0 ? fmt::format("the system ended by signal {} before it connected", change->signal)
                           : fmt::format("the system exited with code {} before it connected", change->code));
}

net::Task<report::CaseResult> CaseRun::run() {
  Value resolved = loaded_.resolved;
  resolved.set("seed", Value(static_cast<std::int64_t>(order_.seed)));
  resolved.set("patience", Value(setting_.patience));
  log_.record({}, record::RunStarted{std::move(resolved)});
  if (const std::string error = co_await set_up_in_turn(); !error.empty()) {
    fail(error);
  } else {
    co_await await_decision();
  }
  verdict::Judgement judgement = judge(true);
  report::CaseResult made = result(std::move(judgement));
  co_await tear_down();
  co_return made;
}

void CaseRun::interrupt() {
  interrupted_ = true;
  changed_.notify();
}

void CaseRun::fail(const std::string& message) { log_.record({}, record::HarnessError{message}); }

// --- the seats

std::unique_ptr<UpstreamSeat> CaseRun::make_upstream() {
  const model::Upstream& model = loaded_.scenario.upstreams.front();
  if (model.url) {
    auto target = parse_target(*model.url);
    if (!target) {
      fail(target.error());
      return nullptr;
    }
    path_ = target->path;
    return real_upstream(target->host, target->port);
  }
  const bool own_process = std::ranges::any_of(loaded_.judged.faults, [&](const fault::FaultSpec& spec) {
    return spec.on_party && spec.at == model.name;
  });
  if (own_process) {
    return fake_upstream_process(executor_, *setting_.warden, setting_.program, model, *this, log_,
                                 order_.seed);
  }
  return fake_upstream(executor_, model, *this, order_.seed);
}

net::Task<std::string> CaseRun::set_up_in_turn() {
  while (gate_.free == 0) co_await gate_.changed.wait();
  --gate_.free;
  std::string error = co_await set_up();
  const auto shown_life = [this] {
    return std::ranges::any_of(log_.events(), [](const record::Event& event) {
      return std::holds_alternative<record::Accepted>(event.what) ||
             std::holds_alternative<record::Report>(event.what);
    });
  };
  const auto deadline = Clock::now() + first_sign_within;
  while (error.empty() && !interrupted_ && !shown_life() && Clock::now() < deadline) {
    co_await changed_.wait_until(deadline);
  }
  ++gate_.free;
  gate_.changed.notify();
  co_return error;
}

net::Task<std::string> CaseRun::set_up() {
  upstream_ = make_upstream();
  if (!upstream_) co_return std::string("there is no upstream");
  if (std::string error = co_await upstream_->start(); !error.empty()) co_return error;

  actor::LinkSetting link;
  link.log = &log_;
  link.name = link_name();
  link.client_party = "sut";
  link.seed = order_.seed;
  link.dialling = [this](std::uint16_t port, int connection) { upstream_->announce(port, connection); };
  ask_for_moments(loaded_, link);
  link_ = std::make_unique<actor::Link>(executor_, std::move(link), "127.0.0.1", 0);
  link_->set_target(upstream_->host(), upstream_->port());
  link_->set_target_up(true);
  upstream_->on_change = [this](bool up) {
    if (!closing_) link_->set_target_up(up);
  };
  tasks_.spawn(link_->run());
  board_ = std::make_unique<actor::FaultBoard>(
      executor_, loaded_.judged.faults, std::map<std::string, actor::Link*>{{link_name(), link_.get()}},
      static_cast<actor::Parties&>(*this), log_, order_.seed);
  log_.record({}, record::Ready{});
  // What `start` sets off is done before the client can connect.
  co_await asio::post(executor_, asio::use_awaitable);
  co_await asio::post(executor_, asio::use_awaitable);
  sut_ = std::make_unique<SystemProcess>(executor_, *setting_.warden, loaded_.judged.system, "sut",
                                         variables(), log_);
  co_return co_await sut_->start(sut_folder());
}

std::string CaseRun::sut_folder() const {
  std::string name = order_.id;
  std::ranges::replace_if(
      name, [](char c) { return c == '/' || c == ' '; }, '-');
  return fmt::format("{}/{}-{:x}", setting_.warden->folder(), name.substr(0, 80),
                     std::hash<std::string>{}(order_.id));
}

std::map<std::string, std::string> CaseRun::variables() const {
  std::map<std::string, std::string> variables = scenario::system_variables(loaded_.judged.system);
  const std::string address = fmt::format("{}:{}", link_->host(), link_->port());
  variables["url"] = fmt::format("ws://{}{}", address, path_);
  variables["host"] = link_->host();
  variables["port"] = std::to_string(link_->port());
  variables["address"] = address;
  variables["seed"] = std::to_string(order_.seed);
  return variables;
}

// --- waiting

verdict::Judgement CaseRun::judge(bool over) const {
  return verdict::judge(judged_, log_.events(), log_.now(), over);
}

/// Until everything is decided and has settled, or the deadline.
net::Task<void> CaseRun::await_decision() {
  const Duration limit = scaled(scenario::effective_deadline(loaded_), setting_.patience);
  const auto deadline = Clock::now() + limit;
  std::optional<Clock::time_point> settled;
  while (!interrupted_) {
    const verdict::Judgement judgement = judge(false);
    const auto now = Clock::now();
    if (judgement.outcome == verdict::Outcome::error) co_return;
    if (now >= deadline) co_return;
    if (judgement.decided && !dying(log_.events())) {
      if (!settled) settled = now + settling;
      if (now >= *settled) co_return;
    } else {
      settled.reset();
    }
    auto wake = settled.value_or(deadline);
    if (judgement.look_again > 0) wake = std::min(wake, log_.time_of(judgement.look_again) + judging_pause);
    co_await changed_.wait_until(std::min(std::max(wake, now + judging_pause), deadline));
    co_await net::sleep_for(judging_pause);
  }
}

// --- the end

net::Task<void> CaseRun::tear_down() {
  closing_ = true;
  subscription_ = {};
  changed_.notify();
  if (board_) {
    board_->close();
    co_await board_->join();
  }
  if (link_) link_->close();
  if (sut_) co_await sut_->stop(setting_.stop_grace);
  if (upstream_) co_await upstream_->stop();
  co_await tasks_.join();
  if (sut_) co_await sut_->join();
  std::error_code ignored;  // the warden deletes what is left of the run's folder
  std::filesystem::remove_all(sut_folder(), ignored);
}

report::CaseResult CaseRun::result(verdict::Judgement judgement) const {
  report::CaseResult result;
  result.id = order_.id;
  result.title = loaded_.scenario.title;
  result.file = loaded_.scenario.file;
  result.role = to_string(loaded_.scenario.role);
  result.system = loaded_.judged.system.name;
  result.spec = loaded_.scenario.spec;
  result.outcome = judgement.outcome;
  result.judgement = std::move(judgement);
  result.events = log_.events();
  result.duration = std::chrono::nanoseconds(log_.now());
  result.seed = order_.seed;
  result.repeat = order_.repeat;
  if (sut_) result.output.assign(sut_->output().begin(), sut_->output().end());
  for (const record::Event& event : log_.events()) {
    if (const auto* error = std::get_if<record::HarnessError>(&event.what);
        error != nullptr && result.reason.empty()) {
      result.reason = error->message;
    }
  }
  return result;
}

// --- what faults do to parties, and scripts to the world

net::Task<void> CaseRun::signal(const std::string& party, const fault::Signal& signal) {
  if (party == "sut") {
    // It may have conversed before its keeper's word that it is started was read.
    while (!closing_ && !(sut_ && sut_->started())) co_await changed_.wait();
    if (!closing_) sut_->signal(signal);
  } else {
    upstream_->signal(signal);
  }
  co_return;
}

net::Task<void> CaseRun::start(const std::string& party) {
  std::string error;
  if (party == "sut") {
    error = co_await sut_->restart();
  } else {
    error = co_await upstream_->restart();
  }
  if (!error.empty()) fail(error);
}

net::Task<void> CaseRun::command(const std::vector<std::string>& argv) {
  net::ChildSpec spec;
  for (const std::string& word : argv) {
    auto rendered = scenario::render(word, variables());
    if (!rendered) {
      fail(fmt::format("command: {}", rendered.error()));
      co_return;
    }
    spec.argv.push_back(*rendered);
  }
  net::Child child = co_await setting_.warden->spawn(executor_, spec);
  const net::ExitStatus status = co_await child.wait();
  if (status.code != 0 || status.signal != 0) {
    fail(fmt::format("the command {} ended with {}", spec.argv.front(),
                     status.signal != 0 ? fmt::format("signal {}", status.signal)
                                        : fmt::format("exit code {}", status.code)));
  }
}

void CaseRun::record(int connection, record::What what) {
  if (closing_) return;
  const std::string& upstream = loaded_.scenario.upstreams.front().name;
  log_.record({connection == 0 ? std::string() : link_name(), upstream, connection}, std::move(what));
}

net::Task<void> CaseRun::until(const fault::Moment& moment, int connection) {
  while (!closing_ && fault::find_moment(moment, log_.events(), connection) == nullptr)
    co_await changed_.wait();
}

}  // namespace wsfault::runner
