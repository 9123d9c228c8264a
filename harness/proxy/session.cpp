#include "proxy/session.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "net/task_group.hpp"
#include "scenario/case_reader.hpp"

namespace wsfault::proxy {

Session::Session(const net::asio::any_io_executor& executor, SessionSetting setting)
    : executor_(executor), setting_(std::move(setting)), journal_(executor) {}

std::optional<Session::Clock::time_point> Session::expires() const {
  if (!setting_.ttl) return std::nullopt;
  return last_heartbeat_ + *setting_.ttl;
}

bool Session::is_read() {
  if (setting_.keeps_logs) return false;  // then it always does
  constexpr std::chrono::minutes goes_on_for{1};
  const bool begins = !std::exchange(read_until_, Clock::now() + goes_on_for);
  if (!begins) return false;
  for (const auto& [name, proxy] : proxies_) proxy->set_recorded(true);
  return true;
}

void Session::is_read_no_more() {
  read_until_.reset();
  for (const auto& [name, proxy] : proxies_) proxy->set_recorded(false);
}

std::optional<scenario::LoadedCase> Session::read_played(const std::string& name, const Value& upstream,
                                                         Diagnostics& diagnostics) const {
  Value tree;
  tree.set("title", Value("the proxy " + name));
  tree.set("role", Value(model::to_string(setting_.role)));
  if (!upstream.is_null()) tree.set("upstream", upstream);
  scenario::LoadedCase played = scenario::read_case(tree, setting_.system, diagnostics);
  // A server's clients come when they are asked for.
  if (setting_.role == model::Role::server) {
    played.scenario.clients.clear();
    played.judged.clients.clear();
  }
  return diagnostics.ok() ? std::optional(std::move(played)) : std::nullopt;
}

ProxyPlan Session::plan_for(const std::string& name, Route route) const {
  Diagnostics diagnostics("", "");
  auto played = read_played(name, Value(), diagnostics);
  if (!played) throw std::runtime_error(diagnostics.print());
  return {name, std::move(route), *std::move(played), setting_.keeps_logs};
}

std::optional<scenario::LoadedCase> Session::read_client(const Value& table, Diagnostics& diagnostics) const {
  if (setting_.role == model::Role::client) {
    diagnostics.error(table.place, "the system under test is the client here: wsfault plays none",
                      "a session with `role` \"server\"");
    return std::nullopt;
  }
  Value tree;
  tree.set("title", Value("a client"));
  tree.set("role", Value(model::to_string(setting_.role)));
  tree.set("client", Value(Value::Array{table}));
  scenario::LoadedCase read = scenario::read_case(tree, setting_.system, diagnostics);
  return diagnostics.ok() ? std::optional(std::move(read)) : std::nullopt;
}

Proxy* Session::add(ProxyPlan plan) {
  const std::string name = plan.name;
  if (proxies_.contains(name)) return nullptr;
  auto& place = proxies_[name];
  place = std::make_unique<Proxy>(executor_, std::move(plan), setting_.seed + ++added_, journal_);
  if (read_until_) place->set_recorded(true);
  return place.get();
}

Proxy* Session::find(const std::string& name) const {
  const auto found = proxies_.find(name);
  return found == proxies_.end() ? nullptr : found->second.get();
}

bool Session::has_fault(const std::string& name) const {
  return std::ranges::any_of(proxies_, [&](const auto& each) { return each.second->find_fault(name) != nullptr; });
}

net::Task<void> Session::healed() {
  std::vector<std::string> names;
  for (const auto& [name, proxy] : proxies_) names.push_back(name);
  for (const std::string& name : names) {  // any of them may be removed meanwhile
    if (Proxy* proxy = find(name)) co_await proxy->healed();
  }
}

std::vector<Proxy*> Session::proxies() const {
  std::vector<Proxy*> found;
  for (const auto& [name, proxy] : proxies_) found.push_back(proxy.get());
  return found;
}

net::Task<bool> Session::remove(std::string name) {
  const auto found = proxies_.find(name);
  if (found == proxies_.end()) co_return false;
  const std::unique_ptr<Proxy> removed = std::move(found->second);
  proxies_.erase(found);
  co_await removed->end(false, Duration(0));
  co_return true;
}

net::Task<void> Session::end(bool says_goodbye, Duration grace) {
  net::TaskGroup ending(executor_);
  for (const auto& [name, proxy] : proxies_) ending.spawn(proxy->end(says_goodbye, grace));
  co_await ending.all_ended();
  proxies_.clear();
  ended_ = true;
  journal_.changed().notify();
}

}  // namespace wsfault::proxy
