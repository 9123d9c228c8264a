// Accepting, numbering and striking connections.
#include "actor/link.hpp"

#include <algorithm>
#include <utility>

#include "net/pending_attempts.hpp"
#include "net/shortage.hpp"

namespace wsfault::actor {
namespace {

/// A client that storms a closed port fills no log.
constexpr std::size_t most_refused_attempts = 100'000;
/// How often the kernel is asked for those that get no answer.
constexpr Duration attempt_interval = std::chrono::milliseconds(20);

bool lists(const fault::FaultSpec& spec, const std::string& party, int number) {
  return number > 0 && (!spec.of || *spec.of == party) && spec.connections.contains(number);
}

/// It strikes no connection that comes now.
bool is_over(const Strike& strike, fault::Clock::time_point now) {
  if (strike.spec->whole_link && strike.spec->acts_once) return strike.from <= now;
  return strike.until && *strike.until <= now;
}

}  // namespace

Link::Link(const net::asio::any_io_executor& executor, LinkSetting setting, const std::string& host,
           std::uint16_t port, net::SocketSource sockets)
    : executor_(executor),
      setting_(std::move(setting)),
      listener_(executor, host, port, net::Listener::usual_backlog, std::move(sockets)),
      tasks_(executor, [this](const std::exception_ptr& thrown) { fail(net::describe_failure(thrown)); }) {
  setting_.plain = [this](const std::string& party, int number) { give_back(party, number); };
  listener_.on_shortage([this](int error) {
    fail("the link " + setting_.name + " cannot accept a connection: " + net::describe_shortage(error));
  });
}

void Link::fail(const std::string& why) { setting_.log->record({}, record::HarnessError{why}); }

void Link::set_target(const std::string& host, std::uint16_t port) {
  setting_.target_host = host;
  setting_.target_port = port;
}

void Link::set_target_up(bool up) {
  target_up_ = up;
  update();
}

void Link::set_refusing(bool refusing) {
  refusing_ = refusing;
  update();
}

void Link::set_dark(fault::Reach reach, bool dark, bool by_network) {
  const int change = dark ? 1 : -1;
  if (reach != fault::Reach::open) dark_attempts_ += change;
  if (reach != fault::Reach::open && !by_network) swallows_ += change;
  if (reach != fault::Reach::attempts) dark_open_ += change;
  update();
  for (const auto& connection : connections_) connection->set_dark(dark_open_ > 0);
}

void Link::strand() {
  for (const auto& connection : connections_) connection->strand();
}

void Link::set_lossy(bool lossy) {
  const bool before = lossy_ > 0;
  lossy_ += lossy ? 1 : -1;
  if (before == (lossy_ > 0)) return;
  setting_.log->record({setting_.name, setting_.client_party, 0},
                       record::LinkEffect{lossy ? record::LinkEffectKind::lossy : record::LinkEffectKind::mended, {}});
}

Link::Answer Link::answer() const {
  if (dark_attempts_ > 0) return Answer::none;
  return target_up_ && !refusing_ ? Answer::accepted : Answer::refused;
}

void Link::update() {
  if (closed_) return;
  if (answer() == answers_) {
    // Of several faults the one that needs the link for it may come later.
    if (answers_ == Answer::none && swallows_ > 0) listener_.swallow();
    return;
  }
  answers_ = answer();
  change_answer(answers_);
  if (ever_listened_) {
    const auto kind = answers_ == Answer::accepted  ? record::LinkEffectKind::resumed
                      : answers_ == Answer::refused ? record::LinkEffectKind::refused
                                                    : record::LinkEffectKind::dark;
    setting_.log->record({setting_.name, setting_.client_party, 0}, record::LinkEffect{kind, Side::client});
  }
  ever_listened_ = ever_listened_ || answers_ == Answer::accepted;
}

void Link::change_answer(Answer to) {
  refused_.reset();
  switch (to) {
    case Answer::accepted:
      return listener_.listen();
    case Answer::refused:
      watch_refused_attempts();
      return listener_.stop_listening();
    case Answer::none:
      if (swallows_ > 0) listener_.swallow();
      if (setting_.sut == Side::client && !std::exchange(watches_unanswered_, true))
        tasks_.spawn(watch_unanswered_attempts());
      return;
  }
}

/// Of the system under test alone, as with those that are refused. Attempts that began in the dark are
/// watched until they are answered or over.
net::Task<void> Link::watch_unanswered_attempts() {
  while (!closed_ && (answers_ == Answer::none || !unanswered_.empty())) {
    look_for_attempts();
    co_await net::sleep_for(attempt_interval);
  }
  watches_unanswered_ = false;
}

void Link::look_for_attempts() {
  const auto found = net::attempts_to(host(), port(), setting_.system_table.get());
  if (!found) return;
  std::set<std::string> gone = unanswered_;
  for (const net::PendingAttempt& attempt : *found) {
    const bool known = gone.erase(attempt.from) > 0;
    if (attempt.established && known) {
      unanswered_.erase(attempt.from);
      tell_attempt(record::AttemptChange::answered, attempt.from);
    } else if (!attempt.established && !known && unanswered_.insert(attempt.from).second) {
      tell_attempt(record::AttemptChange::began, attempt.from);
    }
  }
  for (const std::string& from : gone) {
    unanswered_.erase(from);
    tell_attempt(record::AttemptChange::over, from);
  }
}

void Link::tell_attempt(record::AttemptChange change, const std::string& from) {
  if (change == record::AttemptChange::began && ++refused_attempts_ > most_refused_attempts) return;
  setting_.log->record({setting_.name, setting_.client_party, 0}, record::AttemptUnanswered{change, from});
}

/// Of the system under test alone: clients of wsfault's own report theirs.
void Link::watch_refused_attempts() {
  if (setting_.sut != Side::client || !ever_listened_) return;
  refused_ = std::make_unique<net::AttemptWatch>(executor_, host(), port(), [this] {
    if (!closed_ && ++refused_attempts_ <= most_refused_attempts)
      setting_.log->record({setting_.name, setting_.client_party, 0}, record::AttemptRefused{});
  });
  tasks_.spawn(refused_->run());
}

net::Task<void> Link::run() { co_await net::finally(accept_all(), end()); }

net::Task<void> Link::accept_all() {
  while (!closed_) {
    auto socket = co_await listener_.accept();
    if (!socket || closed_) break;
    tasks_.spawn(serve(std::move(*socket)));
  }
}

net::Task<void> Link::end() {
  close();
  co_await tasks_.join();
}

std::vector<Strike> Link::standing_for(const std::string& party, int number) const {
  std::vector<Strike> found;
  if (number <= 0) return found;
  const auto now = fault::Clock::now();
  for (const Strike& strike : standing_) {
    if (!lists(*strike.spec, party, number) || is_over(strike, now)) continue;
    // What lasts no time strikes each that comes as it came.
    found.push_back(strike.spec->acts_once ? Strike(*strike.spec, now) : strike);
  }
  return found;
}

Numbered Link::number(const std::string& party, Sign sign) {
  int& accepted = accepted_[party];
  if (sign == Sign::plain) return {-++plain_, {}};
  // A browser opens connections that it may never use: silence counts only for the first connection.
  if (sign == Sign::silence && accepted > 0) return {};
  return {++accepted, standing_for(party, accepted)};
}

net::Task<void> Link::serve(net::Socket socket) {
  const std::uint16_t port = socket.peer_port();
  const std::string party = setting_.client_of ? setting_.client_of(port) : setting_.client_party;
  const int next = accepted_[party] + 1;
  // If a fault may strike before a request is complete, the number is taken at once.
  const bool at_once = setting_.numbers_at_once || !standing_for(party, next).empty();
  Numbered numbered;
  if (setting_.counts && at_once) numbered = number(party, Sign::upgrade);
  if (!setting_.counts) ++uncounted_ones_;
  Connection::TakeNumber later;
  if (setting_.counts && !at_once) later = [this, party](Sign sign) { return number(party, sign); };
  auto owned = std::make_unique<Connection>(setting_, std::move(socket), party, numbered.number, later);
  Connection& connection = *owned;
  connections_.push_back(std::move(owned));
  if (setting_.accepted && at_once) setting_.accepted(port, party, numbered.number);
  co_await connection.run(std::move(numbered.standing));
  std::erase_if(connections_, [&](const auto& other) { return other.get() == &connection; });
}

/// A plain HTTP request is not a WebSocket connection: the next connection gets its number.
void Link::give_back(const std::string& party, int number) {
  int& accepted = accepted_[party];
  if (number > 0 && number == accepted) --accepted;
}

void Link::close() {
  closed_ = true;
  refused_.reset();
  listener_.close();
  for (const auto& connection : connections_) connection->abort();
}

/// The other side's script names its own side for a connection; the number is then that of the only client.
std::vector<Connection*> Link::living_of(const std::string& party, int connection) const {
  const bool is_client = accepted_.contains(party);
  std::vector<Connection*> found;
  for (const auto& living : connections_) {
    if (living->number() == connection && (!is_client || living->party() == party))
      found.push_back(living.get());
  }
  return found;
}

bool Link::may_strike(const fault::FaultSpec& spec, const std::string& party, int connection) const {
  const auto& wanted = spec.connections.request;
  if (!wanted) return true;
  const std::vector<Connection*> living = living_of(party, connection);
  return living.empty() || !living.back()->request() || wanted->matches(*living.back()->request());
}

void Link::strike(const fault::FaultSpec& spec, const std::string& party, int connection) {
  const Strike strike(spec, fault::Clock::now());
  for (Connection* living : living_of(party, connection)) living->strike(strike);
}

net::Task<void> Link::passed(std::string party, int connection, std::uint64_t bytes) {
  const Side from = accepted_.contains(party) ? Side::client : Side::server;
  const std::vector<Connection*> living = living_of(party, connection);
  if (connection == uncounted || living.empty()) co_return;
  co_await living.back()->passed(from, bytes);
}

void Link::strike_all(const fault::FaultSpec& spec) {
  const Strike strike(spec, fault::Clock::now());
  standing_.push_back(strike);
  for (const auto& living : connections_) {
    if (lists(spec, living->party(), living->number())) living->strike(strike);
  }
}

}  // namespace wsfault::actor
