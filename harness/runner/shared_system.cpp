// Addresses that stay the same for the whole run.
#include "runner/shared_system.hpp"

#include "runner/address.hpp"
#include "runner/readiness.hpp"
#include "scenario/render.hpp"

namespace wsfault::runner {

SharedSystem::SharedSystem(const net::asio::any_io_executor& executor, net::Warden& warden,
                           const model::System& system)
    : executor_(executor), warden_(warden), system_(system), changed_(executor) {
  subscription_ = log_.subscribe([this](const record::Event&) { changed_.notify(); });
}

net::Task<std::string> SharedSystem::start(double timeout_scale) {
  gateway_.listen = free_loopback_address(executor_);
  gateway_.path = system_.path;
  for (int i = 0; i < system_.upstreams; ++i) gateway_.upstreams.push_back(free_loopback_address(executor_));
  auto variables = scenario::system_variables(system_);
  set_address(variables, "listen", gateway_.listen);
  set_upstreams(variables, gateway_.upstreams);
  variables["seed"] = "1";
  process_ = std::make_unique<SystemProcess>(executor_, warden_, system_, "sut", variables, log_);
  std::string error = co_await process_->start(warden_.folder() + "/shared");
  if (error.empty())
    error = co_await await_ready(system_, *process_, variables, log_, changed_, timeout_scale);
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
