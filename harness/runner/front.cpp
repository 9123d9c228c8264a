// Plays the clients before a gateway or server.
#include "runner/front.hpp"

#include "runner/external_system.hpp"
#include "verdict/judge.hpp"

namespace wsfault::runner {
namespace {

constexpr Duration between_visits = std::chrono::milliseconds(100);

/// Connects, sends a message, and leaves after the echo.
model::Client visiting_client(Duration limit) {
  model::Client client;
  client.name = verdict::visitor;
  const std::string word = "are you alive";
  model::ExpectStep echo;
  echo.pattern = *TextPattern::parse(word);
  echo.within = limit;
  model::CloseStep close;
  close.code = 1000;
  client.steps = {{model::SendStep{{word, false, {}}}}, {std::move(echo)}, {std::move(close)}};
  return client;
}

}  // namespace

Front::Front(const CaseContext& context, Scripts& scripts)
    : context_(context), scripts_(scripts), tasks_(context.task_group()) {}

void Front::open(const Address& target, const std::string& server_name) {
  actor::LinkSetting setting =
      context_.link_setting(context_.role() == model::Role::gateway ? "front" : "link");
  setting.sut = wire::Side::server;
  setting.dials_in = context_.sockets();
  setting.numbers_at_once = true;  // its clients are ours
  if (context_.tls) setting.tls = context_.tls->before_system(server_name);
  if (const ExternalSystem* external = context_.setting.external; external && external->tls) {
    setting.tls.to_server = external->tls;
    setting.tls.server_name = server_name;
  }
  setting.client_party = context_.loaded().scenario.clients.front().name;
  setting.client_of = [this, first = setting.client_party](std::uint16_t port) {
    const auto found = by_port_.find(port);
    return found == by_port_.end() ? first : found->second->model.name;
  };
  setting.accepted = [this](std::uint16_t port, const std::string&, int number) {
    if (const auto found = by_port_.find(port); found != by_port_.end())
      found->second->client.numbered(number);
  };
  link_ = std::make_unique<actor::Link>(context_.executor, std::move(setting), "127.0.0.1", 0);
  link_->set_target(target.host, target.port);
  link_->set_target_up(true);
  link_->start_counting();
  tasks_.spawn(link_->run());
}

actor::ScriptHost& Front::host_of(const std::string& client) {
  auto& host = hosts_[client];
  if (!host) host = scripts_.host(*link_, wire::Side::client, client);
  return *host;
}

void Front::start_clients() {
  std::uint64_t seed = context_.order.seed;
  for (const model::Client& model : context_.loaded().scenario.clients) {
    for (int i = 0; i < model.count; ++i) {
      probes_.emplace_back(context_.executor, model, host_of(model.name), ++seed);
      tasks_.spawn(play(probes_.back()));
    }
  }
}

net::Task<void> Front::play(Probe& probe) {
  co_await probe.host.until(probe.model.start, 0);
  if (closing_) co_return;
  const Address at{link_->host(), link_->port()};
  actor::ProbeTarget target{at.host, at.port};
  if (context_.setting.external) target = probe_target(*context_.setting.external, at);
  target.path = context_.request_path();
  if (context_.tls) target.tls = context_.tls->probe();
  co_await probe.client.run(std::move(target),
                            [this, &probe](std::uint16_t port) { by_port_[port] = &probe; });
}

void Front::start_visits() {
  const verdict::Case& judged = context_.loaded().judged;
  for (const verdict::Expectation& expectation : judged.expectations) {
    const verdict::Nature& nature = expectation.what.nature;
    // A named client connects in its own script.
    if (nature.visits && (expectation.of.empty() || expectation.of == "sut"))
      tasks_.spawn(visit(verdict::since_of(expectation, judged), *nature.limit));
  }
}

/// Tries until one has its echo or the time is over: the system may just be starting.
net::Task<void> Front::visit(fault::Moment since, Duration limit) {
  const auto subscription = context_.log.subscribe([this](const record::Event& event) {
    if (std::holds_alternative<record::ScriptDone>(event.what) && event.where.party.str() == verdict::visitor)
      visitor_served_ = true;
  });
  const model::Client& model = visitors_.emplace_back(visiting_client(limit));
  actor::ScriptHost& host = host_of(model.name);
  co_await host.until(since, 0);
  const auto deadline = std::chrono::steady_clock::now() + limit;
  while (!closing_ && !visitor_served_ && std::chrono::steady_clock::now() < deadline) {
    co_await play(probes_.emplace_back(context_.executor, model, host, context_.order.seed));
    if (!visitor_served_) co_await net::sleep_for(between_visits);
  }
}

void Front::close() {
  closing_ = true;
  for (Probe& probe : probes_) probe.client.close();
  if (link_) link_->close();
}

}  // namespace wsfault::runner
