#include "actor/link_address.hpp"

#include <algorithm>
#include <utility>

#include "net/peer_socket.hpp"

namespace wsfault::actor {
namespace {

/// A client that storms a closed port fills no log.
constexpr std::size_t most_refused_attempts = 100'000;
/// Below this an attempt is as old as its event.
constexpr Duration seen_at_once = std::chrono::milliseconds(1);
/// How often the kernel is asked for those that get no answer.
constexpr Duration attempt_interval = std::chrono::milliseconds(20);
/// An answer costs the more the larger the table of all its sockets is, which depends on the machine's memory:
/// no more than a twentieth of the time goes into it. On a busy machine an answer takes long and costs little.
constexpr int interval_in_costs = 20;
constexpr Duration longest_interval = std::chrono::milliseconds(100);

}  // namespace

LinkAddress::LinkAddress(const net::asio::any_io_executor& executor, const LinkSetting& setting,
                         net::TaskGroup& tasks, const std::string& host, std::uint16_t port,
                         std::optional<std::int16_t> number)
    : executor_(executor),
      setting_(setting),
      tasks_(tasks),
      listener_(executor, host, port, net::Listener::usual_backlog, setting.accepts_in),
      number_(number) {
  if (setting.sut == Side::client) net::AttemptWatch::prepare();
}

void LinkAddress::set_dark(fault::Reach reach, bool dark, bool by_network) {
  const int change = dark ? 1 : -1;
  if (reach != fault::Reach::open) dark_attempts_ += change;
  if (reach != fault::Reach::open && !by_network) swallows_ += change;
  if (reach != fault::Reach::attempts) dark_open_ += change;
}

LinkAddress::Answer LinkAddress::wanted(bool target_up) const {
  if (dark_attempts_ > 0) return Answer::none;
  return target_up && !refusing_ ? Answer::accepted : Answer::refused;
}

bool LinkAddress::update(bool target_up, bool listened_before) {
  const Answer to = wanted(target_up);
  if (to == answers_) {
    // Of several faults the one that needs the listener for it may come later.
    if (to == Answer::none && swallows_ > 0) listener_.swallow();
    return false;
  }
  change_answer(to, listened_before);
  return true;
}

void LinkAddress::change_answer(Answer to, bool listened_before) {
  answers_ = to;
  if (refused_) refused_->drain();
  refused_.reset();
  switch (to) {
    case Answer::accepted:
      return listener_.listen();
    case Answer::refused:
      if (listened_before) watch_refused_attempts();
      return listener_.stop_listening();
    case Answer::none:
      if (swallows_ > 0) listener_.swallow();
      if (setting_.sut == Side::client && !std::exchange(watches_unanswered_, true))
        tasks_.spawn(watch_unanswered_attempts());
      return;
  }
}

/// Of the system under test alone, as with those that are refused. Attempts that began in the dark are
/// watched until they are answered or over. Who came after the last look still waits when the dark is over: its SYN got
/// no answer, and comes again after a second (RFC 6298 2.1).
net::Task<void> LinkAddress::watch_unanswered_attempts() {
  for (bool was_dark = true; !closed_;) {
    const bool is_dark = answers_ == Answer::none;
    const auto asked = std::chrono::steady_clock::now();
    look_for_attempts(was_dark && !is_dark ? net::Asked::now : net::Asked::lately);
    if (!is_dark && unanswered_.empty()) break;
    was_dark = is_dark;
    const Duration cost = std::chrono::steady_clock::now() - asked;
    co_await net::sleep_for(std::clamp(cost * interval_in_costs, attempt_interval, longest_interval));
  }
  watches_unanswered_ = false;
}

void LinkAddress::look_for_attempts(net::Asked asked) {
  const auto found = net::attempts_to(listener_.host(), listener_.port(), setting_.system_table.get(), asked);
  if (!found) return;
  std::map<std::string, net::PendingAttempt> gone = unanswered_;
  for (const net::PendingAttempt& attempt : *found) {
    const std::string from = net::text_of(attempt.from);
    if (gone.erase(from) > 0) continue;
    unanswered_.emplace(from, attempt);
    tell_attempt(record::AttemptChange::began, from);
  }
  for (const auto& [from, attempt] : gone) {
    unanswered_.erase(from);
    const auto now = net::peer_socket(attempt.from, attempt.to, setting_.system_table.get());
    tell_attempt(now == net::PeerSocket::open ? record::AttemptChange::answered : record::AttemptChange::over, from);
  }
}

void LinkAddress::tell_attempt(record::AttemptChange change, const std::string& from) {
  if (change == record::AttemptChange::began && ++refused_attempts_ > most_refused_attempts) return;
  tell(record::AttemptUnanswered{change, from, number_});
}

/// Of the system under test alone: clients of wsfault's own report theirs.
void LinkAddress::watch_refused_attempts() {
  if (setting_.sut != Side::client) return;
  const auto tell_refused = [this](std::chrono::nanoseconds ago) {
    if (closed_ || ++refused_attempts_ > most_refused_attempts) return;
    const bool late = ago >= seen_at_once;
    tell(record::AttemptRefused{number_, late ? std::optional<std::int64_t>(ago.count()) : std::nullopt});
  };
  refused_ =
      std::make_unique<net::AttemptWatch>(executor_, listener_.host(), listener_.port(), tell_refused);
  tasks_.spawn(refused_->run());
}

bool LinkAddress::misses_refused() const {
  return setting_.sut == Side::client && answers_ == Answer::refused && !(refused_ && refused_->is_active());
}

void LinkAddress::tell(record::What what) {
  setting_.log->record({setting_.name, setting_.client_party, 0}, std::move(what));
}

void LinkAddress::close() {
  closed_ = true;
  refused_.reset();
  listener_.close();
}

}  // namespace wsfault::actor
