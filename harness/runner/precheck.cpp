// The echo comes from a plain upstream of the pre-check, whatever the scenario's upstream will do.
#include "runner/precheck.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "actor/probe_client.hpp"
#include "actor/upstream.hpp"
#include "net/dial.hpp"
#include "net/event_gate.hpp"
#include "net/interruption.hpp"
#include "net/task_group.hpp"
#include "runner/precheck_words.hpp"
#include "value/url.hpp"

namespace wsfault::runner {
namespace {

using Clock = std::chrono::steady_clock;

constexpr Duration echo_within = std::chrono::seconds(15);
constexpr Duration one_attempt = std::chrono::seconds(2);
constexpr Duration precheck_within = std::chrono::milliseconds(4500);
constexpr Duration between_attempts = std::chrono::milliseconds(100);
constexpr Duration dial_within = std::chrono::seconds(2);

/// Records whether the echo came, and what was reported if it did not.
class Listener : public actor::ScriptHost {
 public:
  void record(int, record::What what) override {
    if (std::holds_alternative<record::Mark>(what)) heard = true;
    if (const auto* error = std::get_if<record::HarnessError>(&what)) last_word = error->message;
    if (const auto* report = std::get_if<record::Report>(&what)) {
      if (report->event == "error") last_word = report->text;
      if (report->event == "close") last_word = fmt::format("close {}", report->code.value_or(0));
    }
  }
  net::Task<void> until(const fault::Moment&, int) override { co_return; }
  net::Task<void> inject(int, std::string, std::uint64_t) override { co_return; }
  std::uint64_t next_sequence() override { return ++sequence_; }

  bool heard = false;
  std::string last_word = "nothing came back";

 private:
  std::uint64_t sequence_ = 0;
};

model::Client asking_client() {
  model::Client client;
  model::Steps steps;
  steps.push_back({model::SendStep{{.text = "is anybody there"}}});
  model::ExpectStep echo;
  echo.pattern = *TextPattern::parse("is anybody there");
  steps.push_back({std::move(echo)});
  steps.push_back({model::MarkStep{"heard"}});
  steps.push_back({model::CloseStep{1000, ""}});
  client.steps = std::move(steps);
  return client;
}

/// A client that only checks whether it is admitted.
model::Client looking_client() {
  model::Client client;
  model::Steps steps;
  steps.push_back({model::MarkStep{"heard"}});
  steps.push_back({model::CloseStep{1000, ""}});
  client.steps = std::move(steps);
  return client;
}

net::Task<void> ask(const net::asio::any_io_executor& executor, actor::ProbeTarget target,
                    const model::Client& client, Listener& listener, Duration limit) {
  actor::ProbeClient probe(executor, client, listener, 1);
  probe.numbered(1);
  net::TaskGroup tasks(executor);
  net::EventGate tick(executor);
  const auto converse = [&]() -> net::Task<void> {
    tasks.spawn(probe.run(std::move(target), {}));
    const auto deadline = Clock::now() + limit;
    while (!listener.heard && tasks.running() > 0 && Clock::now() < deadline) {
      co_await tick.wait_until(std::min(Clock::now() + Duration(std::chrono::milliseconds(5)), deadline));
    }
  };
  const auto leave = [&]() -> net::Task<void> {
    probe.close();
    co_await tasks.join();
  };
  co_await net::finally(converse(), leave());
}

actor::ProbeTarget direct_target(const ExternalSystem& system) {
  actor::ProbeTarget target = probe_target(system, system.listen);
  target.tls = system.tls;
  return target;
}

bool came_to_upstream(const record::Events& events) {
  return std::ranges::any_of(events, [](const record::Event& event) {
    return event.where.link == "back" && std::holds_alternative<record::MessageSeen>(event.what);
  });
}

/// The system between links of the pre-check, as in a case: the traffic is recorded in a log.
class Bench {
 public:
  Bench(const net::asio::any_io_executor& executor, const ExternalSystem& system, bool is_gateway)
      : executor_(executor),
        system_(system),
        client_(is_gateway ? asking_client() : looking_client()),
        is_gateway_(is_gateway),
        tasks_(executor) {}

  /// One sentence if a link cannot listen.
  std::string open() {
    if (is_gateway_) {
      upstream_.emplace(executor_, plain_, listener_, actor::Upstream::Place{"127.0.0.1"}, 1);
      tasks_.spawn(upstream_->run());
      for (const Address& address : system_.upstreams) {
        try {
          add_link(setting_of("back"), address, {"127.0.0.1", upstream_->port()});
        } catch (const boost::system::system_error& thrown) {
          return fmt::format("cannot listen at {}: {}", address.text(), thrown.code().message());
        }
      }
    }
    actor::LinkSetting front = setting_of("front");
    front.tls.to_server = system_.tls;
    front.tls.server_name = system_.listen.host;
    front_ = &add_link(std::move(front), {"127.0.0.1", 0}, system_.listen);
    return {};
  }

  net::Task<Hindrance> attempt(Asked asked, Duration limit) {
    const auto began = static_cast<std::ptrdiff_t>(log_.events().size());
    // GCC 12 destroys temporaries of a co_await's arguments twice.
    const Address front{front_->host(), front_->port()};
    actor::ProbeTarget target = probe_target(system_, front);
    co_await ask(executor_, std::move(target), client_, listener_, limit);
    const record::Events events(log_.events().begin() + began, log_.events().end());
    // An echo that no upstream of this run has seen comes from the gateway itself.
    if (listener_.heard && (!is_gateway_ || came_to_upstream(events))) co_return Hindrance{};
    Hindrance found = hindrance(asked, events);
    if (found.what.empty()) found.what = fmt::format("{}: {}", asked.system, listener_.last_word);
    co_return found;
  }

  net::Task<void> close() {
    for (const auto& link : links_) link->close();
    if (upstream_) upstream_->close();
    co_await tasks_.join();
  }

 private:
  actor::LinkSetting setting_of(std::string name) {
    actor::LinkSetting setting;
    setting.log = &log_;
    setting.name = std::move(name);
    setting.client_party = "client";
    return setting;
  }
  actor::Link& add_link(actor::LinkSetting setting, const Address& at, const Address& target) {
    links_.push_back(std::make_unique<actor::Link>(executor_, std::move(setting), at.host, at.port));
    actor::Link& link = *links_.back();
    link.set_target(target.host, target.port);
    link.set_target_up(true);
    tasks_.spawn(link.run());
    return link;
  }

  net::asio::any_io_executor executor_;
  const ExternalSystem& system_;
  model::Client client_;
  bool is_gateway_;
  model::Upstream plain_;
  Listener listener_;
  record::EventLog log_;
  std::optional<actor::Upstream> upstream_;
  std::vector<std::unique_ptr<actor::Link>> links_;
  actor::Link* front_ = nullptr;
  net::TaskGroup tasks_;
};

Asked asked_of(const ExternalSystem& system, bool is_gateway) {
  return {.system = fmt::format("the {} at {}{}", is_gateway ? "gateway" : "server",
                                system.tls ? "wss://" : "", system.listen.text()),
          .path = system.path.empty() ? "/" : system.path,
          .upstream = is_gateway ? system.upstreams.front().text() : std::string(),
          .tls = system.tls.has_value()};
}

net::Task<std::string> look_for(const net::asio::any_io_executor& executor, const ExternalSystem& system,
                                bool is_gateway, double timeout_scale) {
  const Asked asked = asked_of(system, is_gateway);
  const auto deadline = Clock::now() + scaled(precheck_within, timeout_scale);
  // Names that do not resolve, and ports where nobody listens, are detected before anything is set up.
  const net::DialResult dialled = co_await net::dial(system.listen.host, system.listen.port, dial_within);
  if (!dialled.socket) {
    const std::string host = system.authority.empty() ? system.listen.text() : system.authority;
    co_return fmt::format("the {} at {}://{}{}: {}", is_gateway ? "gateway" : "server",
                          system.tls ? "wss" : "ws", host, asked.path, dialled.detail);
  }
  Bench bench(executor, system, is_gateway);
  std::string error;
  Hindrance found;
  const auto try_until = [&]() -> net::Task<void> {
    error = bench.open();
    while (error.empty()) {
      const Duration longest = scaled(one_attempt, timeout_scale);
      const Duration limit = std::clamp<Duration>(deadline - Clock::now(), between_attempts, longest);
      found = co_await bench.attempt(asked, limit);
      if (found.what.empty() || found.lasts || Clock::now() + one_attempt >= deadline) break;
      co_await net::sleep_for(between_attempts);
    }
  };
  co_await net::finally(try_until(), bench.close());
  co_return error.empty() ? to_string(found) : error;
}

/// Runs in its own loop, which an interruption stops.
template <typename Start>
void run_alone(Start start) {
  const auto io = std::make_shared<net::asio::io_context>(1);
  const net::asio::any_io_executor executor = io->get_executor();  // the task refers to it
  const auto watch = std::make_shared<net::InterruptionWatch>(*io, Duration(0));
  std::exception_ptr failure;
  net::asio::co_spawn(*io, start(executor), [&](const std::exception_ptr& thrown) {
    failure = thrown;
    watch->cancel();
  });
  io->run();
  if (watch->gave_up()) {
    net::leave_behind(io);
    net::leave_behind(watch);
  }
  if (failure) std::rethrow_exception(failure);
}

std::string look_alone(const ExternalSystem& system, bool is_gateway, double timeout_scale) {
  std::string wrong;
  run_alone([&](net::asio::any_io_executor executor) -> net::Task<void> {
    wrong = co_await look_for(executor, system, is_gateway, timeout_scale);
  });
  return wrong;
}

}  // namespace

std::string look_for_server(const ExternalSystem& server, double timeout_scale) {
  return look_alone(server, false, timeout_scale);
}

std::string look_for_upstream(const std::string& url, double timeout_scale) {
  const auto target = parse_url(url);
  if (!target) return target.error();
  std::string wrong;
  run_alone([&](net::asio::any_io_executor) -> net::Task<void> {
    const net::DialResult dialled =
        co_await net::dial(target->host, target->port, scaled(dial_within, timeout_scale));
    if (!dialled.socket) wrong = fmt::format("the upstream at {}: {}", url, dialled.detail);
  });
  return wrong;
}

std::string look_for_gateway(const ExternalSystem& gateway, double timeout_scale) {
  return look_alone(gateway, true, timeout_scale);
}

net::Task<std::string> try_gateway(const net::asio::any_io_executor& executor, const ExternalSystem& gateway,
                                   double timeout_scale) {
  return look_for(executor, gateway, true, timeout_scale);
}

net::Task<std::string> await_echo(const net::asio::any_io_executor& executor, const ExternalSystem& gateway,
                                  const std::vector<actor::Link*>& backs, double timeout_scale) {
  const model::Client client = asking_client();
  const model::Upstream plain;
  Listener listener;
  net::TaskGroup tasks(executor);
  actor::Upstream upstream(executor, plain, listener, actor::Upstream::Place{"127.0.0.1"}, 1);
  const auto converse = [&]() -> net::Task<void> {
    tasks.spawn(upstream.run());
    for (actor::Link* link : backs) {
      link->set_target("127.0.0.1", upstream.port());
      link->set_target_up(true);
    }
    const auto deadline = Clock::now() + scaled(echo_within, timeout_scale);
    while (!listener.heard && Clock::now() < deadline) {
      actor::ProbeTarget target = direct_target(gateway);
      co_await ask(executor, std::move(target), client, listener, one_attempt);
      if (listener.heard) break;
      const bool is_lost = co_await refuses_connections(gateway);
      if (is_lost) break;
      co_await net::sleep_for(between_attempts);
    }
  };
  const auto leave = [&]() -> net::Task<void> {
    upstream.close();
    co_await tasks.join();
  };
  co_await net::finally(converse(), leave());
  if (listener.heard) co_return std::string();
  std::size_t came = 0;
  for (const actor::Link* link : backs) came += link->uncounted_ones();
  co_return fmt::format(
      "no echo passes through the gateway at {} ({}){}", gateway.listen.text(), listener.last_word,
      came > 0 ? ""
               : fmt::format("; it never connected to the upstream at {}", gateway.upstreams.front().text()));
}

}  // namespace wsfault::runner
