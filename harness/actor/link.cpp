// Accepting, numbering and striking connections.
#include "actor/link.hpp"

#include <algorithm>

#include "net/shortage.hpp"

namespace wsfault::actor {

Link::Link(const net::asio::any_io_executor& executor, LinkSetting setting, const std::string& host,
           std::uint16_t port)
    : setting_(std::move(setting)),
      listener_(executor, host, port),
      tasks_(executor, [this](const std::exception_ptr& thrown) { fail(net::describe_failure(thrown)); }) {
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
    listener_.listen();
  } else {
    listener_.stop_listening();
  }
  const auto kind = listens ? record::EffectKind::resumed : record::EffectKind::refused;
  if (ever_listened_) {
    setting_.log->record({setting_.name, setting_.client_party, 0}, record::Effect{kind, Side::client});
  }
  ever_listened_ = ever_listened_ || listens;
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

namespace {

bool concerns(const fault::FaultSpec& spec, const Connection& connection) {
  if (connection.number() == uncounted) return false;
  if (spec.of && *spec.of != connection.party()) return false;
  return spec.connections.contains(connection.number());
}

}  // namespace

net::Task<void> Link::serve(net::Socket socket) {
  const std::uint16_t port = socket.peer_port();
  const std::string party = setting_.client_of ? setting_.client_of(port) : setting_.client_party;
  int& accepted = accepted_[party];
  const int number = setting_.counts ? ++accepted : uncounted;
  if (number == uncounted) ++uncounted_ones_;
  auto owned = std::make_unique<Connection>(setting_, std::move(socket), party, number);
  Connection& connection = *owned;
  connections_.push_back(std::move(owned));
  if (setting_.accepted) setting_.accepted(port, party, number);
  std::vector<const fault::FaultSpec*> standing;
  for (const fault::FaultSpec* spec : standing_) {
    if (concerns(*spec, connection)) standing.push_back(spec);
  }
  co_await connection.run(std::move(standing));
  // A plain HTTP request is no WebSocket connection: its number is given back.
  if (connection.is_plain_http() && number != uncounted && number == accepted) --accepted;
  std::erase_if(connections_, [&](const auto& other) { return other.get() == &connection; });
}

void Link::close() {
  closed_ = true;
  listener_.close();
  for (const auto& connection : connections_) connection->abort();
}

void Link::strike(const fault::FaultSpec& spec, const std::string& party, int connection) {
  // What the other side's script says of a connection names that side; its number is then that of the one
  // client.
  const bool is_client = accepted_.contains(party);
  for (const auto& living : connections_) {
    if (living->number() == connection && (!is_client || living->party() == party)) living->strike(spec);
  }
}

void Link::strike_all(const fault::FaultSpec& spec) {
  standing_.push_back(&spec);
  for (const auto& living : connections_) {
    if (concerns(spec, *living)) living->strike(spec);
  }
}

}  // namespace wsfault::actor
