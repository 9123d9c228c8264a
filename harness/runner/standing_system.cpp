// The echo is that of a plain upstream of its own, whatever the scenario's will do.
#include "runner/standing_system.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "actor/probe_client.hpp"
#include "actor/upstream.hpp"
#include "net/dial.hpp"
#include "value/words.hpp"

namespace wsfault::runner {
namespace {

using Clock = std::chrono::steady_clock;

constexpr Duration echo_within = std::chrono::seconds(15);
constexpr Duration one_try = std::chrono::seconds(2);
constexpr Duration upgrade_within = std::chrono::seconds(10);
constexpr Duration try_again = std::chrono::milliseconds(100);

/// Hears whether the echo came, and what was said where it did not.
class Listener : public actor::ScriptHost {
 public:
  void record(int, record::What what) override {
    if (std::holds_alternative<record::Mark>(what)) heard = true;
    if (const auto* report = std::get_if<record::Report>(&what)) {
      if (report->event == "error") last_word = report->text;
      if (report->event == "close") last_word = fmt::format("close {}", report->code.value_or(0));
    }
  }
  net::Task<void> until(const fault::Moment&, int) override { co_return; }
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

/// A client that only looks whether it may come in.
model::Client looking_client() {
  model::Client client;
  model::Steps steps;
  steps.push_back({model::MarkStep{"heard"}});
  steps.push_back({model::CloseStep{1000, ""}});
  client.steps = std::move(steps);
  return client;
}

net::Task<void> ask(const net::asio::any_io_executor& executor, const StandingSystem& system,
                    const model::Client& client, Listener& listener, Duration limit) {
  actor::ProbeClient probe(executor, client, listener, 1);
  probe.numbered(1);
  net::TaskGroup tasks(executor);
  actor::ProbeTarget target = probe_target(system, system.listen);
  target.tls = system.tls;
  tasks.spawn(probe.run(target, {}));
  const auto deadline = Clock::now() + limit;
  net::EventGate tick(executor);
  while (!listener.heard && tasks.running() > 0 && Clock::now() < deadline) {
    co_await tick.wait_until(std::min(Clock::now() + Duration(std::chrono::milliseconds(5)), deadline));
  }
  probe.close();
  co_await tasks.join();
}

net::Task<void> shake_hands(const StandingSystem& system, std::string& wrong) {
  net::DialResult dialled = co_await net::dial(system.listen.host, system.listen.port, upgrade_within);
  wrong = dialled.detail;
  if (!dialled.socket || !system.tls) co_return;
  net::TlsContext context = *system.tls;
  const net::TlsOutcome met =
      co_await dialled.socket->start_tls(std::move(context), system.listen.host, upgrade_within);
  wrong = met.error;
}

/// In a loop of its own.
template <typename Start>
void run_alone(Start start) {
  net::asio::io_context io(1);
  const net::asio::any_io_executor executor = io.get_executor();  // the task refers to it
  std::exception_ptr failure;
  net::asio::co_spawn(io, start(executor), [&](const std::exception_ptr& thrown) { failure = thrown; });
  io.run();
  if (failure) std::rethrow_exception(failure);
}

std::string not_found(std::string_view role, const StandingSystem& system, std::string_view why) {
  return fmt::format("the {} at {}://{}{}: {}", role, system.tls ? "wss" : "ws",
                     system.authority.empty() ? system.listen.text() : system.authority, system.path, why);
}

}  // namespace

actor::ProbeTarget probe_target(const StandingSystem& system, const Address& link) {
  return {link.host, link.port, system.path, system.authority, system.headers, system.subprotocols, {}};
}

std::string cannot_stand(const scenario::LoadedCase& loaded, const StandingSystem& system) {
  const std::string_view role = to_string(loaded.scenario.role);
  if (loaded.scenario.tls == model::Tls::passthrough)
    return fmt::format("what is inside a passthrough is spoken with a {} of this run's own", role);
  if (loaded.scenario.tls != model::Tls::none && !system.tls)
    return fmt::format("the {} that stands for the whole run is spoken to without TLS", role);
  if (loaded.scenario.role == model::Role::gateway && has_back(loaded.scenario.tls))
    return "the gateway that stands for the whole run is spoken to without TLS by its upstreams";
  const std::size_t needed = loaded.scenario.upstreams.size();
  if (needed <= system.upstreams.size()) return {};
  return fmt::format("it needs {}, and the gateway has {}", counted(needed, "upstream"),
                     system.upstreams.size());
}

std::string look_for_server(const StandingSystem& server) {
  const model::Client client = looking_client();
  Listener listener;
  run_alone([&](const net::asio::any_io_executor& executor) {
    return ask(executor, server, client, listener, upgrade_within);
  });
  return listener.heard ? "" : not_found("server", server, listener.last_word);
}

std::string look_for_gateway(const StandingSystem& gateway) {
  std::string wrong;
  run_alone([&](const net::asio::any_io_executor&) { return shake_hands(gateway, wrong); });
  return wrong.empty() ? "" : not_found("gateway", gateway, wrong);
}

net::Task<std::string> await_echo(const net::asio::any_io_executor& executor, const StandingSystem& gateway,
                                  const std::vector<actor::Link*>& backs, double patience) {
  const model::Client client = asking_client();
  const model::Upstream plain;
  Listener listener;
  net::TaskGroup tasks(executor);
  actor::Upstream upstream(executor, plain, listener, "127.0.0.1", 0, 1);
  tasks.spawn(upstream.run());
  for (actor::Link* link : backs) {
    link->set_target("127.0.0.1", upstream.port());
    link->set_target_up(true);
  }
  const auto deadline = Clock::now() + scaled(echo_within, patience);
  while (!listener.heard && Clock::now() < deadline) {
    co_await ask(executor, gateway, client, listener, one_try);
    if (!listener.heard) co_await net::sleep_for(try_again);
  }
  upstream.close();
  co_await tasks.join();
  if (listener.heard) co_return std::string();
  std::size_t came = 0;
  for (const actor::Link* link : backs) came += link->uncounted_ones();
  co_return fmt::format(
      "no echo passes through the gateway at {} ({}){}", gateway.listen.text(), listener.last_word,
      came > 0 ? ""
               : fmt::format("; it never connected to the upstream at {}", gateway.upstreams.front().text()));
}

}  // namespace wsfault::runner
