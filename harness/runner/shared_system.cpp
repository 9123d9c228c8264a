// Addresses that stay the same for the whole run.
#include "runner/shared_system.hpp"

#include <fmt/format.h>

#include "runner/readiness.hpp"
#include "scenario/render.hpp"

namespace wsfault::runner {

SharedSystem::SharedSystem(const net::asio::any_io_executor& executor, net::Warden& warden,
                           const model::System& system)
    : executor_(executor), warden_(warden), system_(system), changed_(executor) {
  subscription_ = log_.subscribe([this](const record::Event&) { changed_.notify(); });
}

net::Task<std::string> SharedSystem::start(double patience) {
  gateway_.listen = free_loopback_address(executor_);
  gateway_.path = system_.path;
  auto variables = scenario::system_variables(system_);
  const auto set_address = [&](const std::string& name, const Address& address) {
    variables[name] = address.text();
    variables[name + "_host"] = address.host;
    variables[name + "_port"] = std::to_string(address.port);
  };
  set_address("listen", gateway_.listen);
  for (int i = 1; i <= system_.upstreams; ++i) {
    gateway_.upstreams.push_back(free_loopback_address(executor_));
    set_address(i == 1 ? "upstream" : fmt::format("upstream{}", i), gateway_.upstreams.back());
  }
  variables["seed"] = "1";
  process_ = std::make_unique<SystemProcess>(executor_, warden_, system_, "sut", variables, log_);
  std::string error = co_await process_->start(warden_.folder() + "/shared");
  if (error.empty()) error = co_await await_ready(system_, *process_, variables, log_, changed_, patience);
  if (!error.empty() && !process_->output().empty())
    error += "; its last words: " + process_->output().back().line;
  co_return error;
}

net::Task<void> SharedSystem::stop(Duration grace) {
  if (!process_) co_return;
  co_await process_->stop(grace);
  co_await process_->join();
  process_.reset();  // it reads from its keeper until it is destroyed
}

}  // namespace wsfault::runner
