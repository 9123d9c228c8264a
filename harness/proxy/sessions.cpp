#include "proxy/sessions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "net/task_group.hpp"

namespace wsfault::proxy {

Sessions::Sessions(const net::asio::any_io_executor& executor, std::uint64_t seed)
    : executor_(executor), seed_(seed), changed_(executor) {
  SessionSetting setting;
  setting.id = "standing";
  setting.keeps_logs = false;
  setting.seed = seed;
  standing_ = std::make_shared<Session>(executor, std::move(setting));
}

std::string Sessions::next_id() {
  std::string id;
  do id = fmt::format("s{}", ++begun_);
  while (sessions_.contains(id));
  return id;
}

std::shared_ptr<Session> Sessions::begin(SessionSetting setting) {
  if (closing_ || sessions_.size() >= most || setting.id == standing_->id() || sessions_.contains(setting.id))
    return nullptr;
  auto session = std::make_shared<Session>(executor_, std::move(setting));
  sessions_[session->id()] = session;
  changed_.notify();
  return session;
}

std::shared_ptr<Session> Sessions::find(const std::string& id) const {
  if (id == standing_->id()) return standing_;
  const auto found = sessions_.find(id);
  return found == sessions_.end() ? nullptr : found->second;
}

std::vector<std::shared_ptr<Session>> Sessions::all() const {
  std::vector<std::shared_ptr<Session>> found{standing_};
  for (const auto& [id, session] : sessions_) found.push_back(session);
  return found;
}

net::Task<bool> Sessions::end(std::string id) {
  const auto found = sessions_.find(id);
  if (found == sessions_.end()) co_return false;
  const std::shared_ptr<Session> session = found->second;
  sessions_.erase(found);
  co_await session->end(false, Duration(0));
  co_return true;
}

void Sessions::note_reader(Session& session) {
  session.heartbeat();
  if (session.is_read()) changed_.notify();
}

net::Task<void> Sessions::watch() {
  while (!closing_) {
    auto next = Session::Clock::time_point::max();
    std::vector<std::string> over;
    if (const auto until = standing_->read_until()) {
      if (*until <= Session::Clock::now()) standing_->is_read_no_more();
      next = standing_->read_until().value_or(next);
    }
    for (const auto& [id, session] : sessions_) {
      const auto expires = session->expires();
      if (expires && *expires <= Session::Clock::now()) {
        over.push_back(id);
      } else if (expires) {
        next = std::min(next, *expires);
      }
    }
    for (const std::string& id : over) co_await end(id);
    if (over.empty() && !closing_) co_await changed_.wait_until(next);
  }
}

void Sessions::close() {
  closing_ = true;
  changed_.notify();
}

net::Task<void> Sessions::end_all(bool says_goodbye, Duration grace) {
  net::TaskGroup ending(executor_);
  for (const auto& session : all()) ending.spawn(session->end(says_goodbye, grace));
  co_await ending.all_ended();
  sessions_.clear();
}

}  // namespace wsfault::proxy
