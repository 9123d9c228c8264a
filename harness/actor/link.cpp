// Accepting, numbering and striking connections.
#include "actor/link.hpp"

#include <algorithm>

#include "net/shortage.hpp"

namespace wsfault::actor {
namespace {

/// A client that storms a closed port fills no log.
constexpr std::size_t most_refused_attempts = 100'000;

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

void Link::update() {
  if (closed_) return;
  const bool listens = target_up_ && !refusing_;
  if (listens == listener_.is_listening()) return;
  if (listens) {
    refused_.reset();
    listener_.listen();
  } else {
    watch_refused_attempts();
    listener_.stop_listening();
  }
  const auto kind = listens ? record::LinkEffectKind::resumed : record::LinkEffectKind::refused;
  if (ever_listened_) {
    setting_.log->record({setting_.name, setting_.client_party, 0}, record::LinkEffect{kind, Side::client});
  }
  ever_listened_ = ever_listened_ || listens;
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

std::vector<const fault::FaultSpec*> Link::standing_for(const std::string& party, int number) const {
  std::vector<const fault::FaultSpec*> found;
  if (number <= 0) return found;
  for (const fault::FaultSpec* spec : standing_) {
    const bool is_theirs = !spec->of || *spec->of == party;
    if (is_theirs && spec->connections.contains(number)) found.push_back(spec);
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
  for (Connection* living : living_of(party, connection)) living->strike(spec);
}

net::Task<void> Link::passed(std::string party, int connection, std::uint64_t bytes) {
  const Side from = accepted_.contains(party) ? Side::client : Side::server;
  const std::vector<Connection*> living = living_of(party, connection);
  if (connection == uncounted || living.empty()) co_return;
  co_await living.back()->passed(from, bytes);
}

void Link::strike_all(const fault::FaultSpec& spec) {
  standing_.push_back(&spec);
  for (const auto& living : connections_) {
    const auto standing = standing_for(living->party(), living->number());
    if (std::ranges::find(standing, &spec) != standing.end()) living->strike(spec);
  }
}

}  // namespace wsfault::actor
