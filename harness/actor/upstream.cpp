// Sessions: the handshake, plain HTTP next to it, then the script's player.
#include "actor/upstream.hpp"

#include <algorithm>

#include "net/shortage.hpp"
#include "wire/handshake.hpp"

namespace wsfault::actor {
namespace {

using fault::Clock;

constexpr std::size_t longest_echo = 64 * 1024 * 1024;
/// Many connections are silent, and few carry much.
constexpr std::size_t least_buffer = 1024, largest_buffer = 64 * 1024;
constexpr Duration tls_limit = std::chrono::seconds(5);
constexpr Duration announced_within = std::chrono::seconds(2);

wire::ResponseHead upgrade_required() {
  return {.status = 426,
          .reason = "Upgrade Required",
          .headers = {
              {"Upgrade", "websocket"}, {"Connection", "Upgrade, close"}, {"Sec-WebSocket-Version", "13"}}};
}

std::string plain_answer(wire::ResponseHead head, const std::string& body, bool stays_open = false) {
  if (!wire::find_header(head.headers, "Content-Length")) {
    head.headers.push_back({"Content-Length", std::to_string(body.size())});
  }
  if (!stays_open && !wire::find_header(head.headers, "Connection"))
    head.headers.push_back({"Connection", "close"});
  return wire::serialize(head) + body;
}

wire::ResponseHead accept_head(const wire::RequestHead& request, const model::AcceptStep& accept) {
  wire::ResponseHead head{.status = 101,
                          .reason = "Switching Protocols",
                          .headers = {{"Upgrade", "websocket"}, {"Connection", "Upgrade"}}};
  const auto key = wire::find_header(request.headers, "Sec-WebSocket-Key").value_or("");
  head.headers.push_back({"Sec-WebSocket-Accept", wire::accept_key(key)});
  std::string protocol = accept.subprotocol.value_or("");
  if (const auto offered = wire::find_header(request.headers, "Sec-WebSocket-Protocol");
      offered && !accept.subprotocol) {
    protocol = std::string(offered->substr(0, offered->find_first_of(", ")));
  }
  if (!protocol.empty()) head.headers.push_back({"Sec-WebSocket-Protocol", protocol});
  head.headers.insert(head.headers.end(), accept.headers.begin(), accept.headers.end());
  return head;
}

const model::RespondStep* responds(const model::Steps& steps) {
  for (const model::Step& step : steps) {
    if (const auto* respond = std::get_if<model::RespondStep>(&step.what)) return respond;
  }
  return nullptr;
}

}  // namespace

class Upstream::Session {
 public:
  Session(Upstream& upstream, net::Socket socket, int number)
      : upstream_(upstream),
        socket_(std::move(socket)),
        number_(number),
        reader_(Side::client, record::Tap::sent, longest_echo),
        outbox_(
            upstream.executor_, Side::client, [](const record::What&) {}, nullptr),
        tasks_(upstream.executor_,
               [this](const std::exception_ptr& thrown) {
                 upstream_.fail(net::describe_failure(thrown));
                 abort();
               }),
        steps_(steps_of(upstream.model_, number)),
        player_(upstream.executor_, Side::server, outbox_, upstream.host_, number, steps_,
                upstream.seed_ + static_cast<std::uint64_t>(number)) {
    // Of what it sends itself it needs no word.
    static const relay::Stops none;
    outbox_.set_untold([] { return &none; });
  }

  net::Task<void> run() {
    if (upstream_.tls_) {
      net::TlsContext context = *upstream_.tls_;
      const net::TlsOutcome met = co_await socket_.start_tls(std::move(context), std::string(), tls_limit);
      if (!met.version.empty()) {
        co_await serve();
      } else {
        abort();
      }
      co_return;
    }
    co_await serve();
  }

  net::Task<void> serve() { co_await net::finally(converse(), end()); }

  net::Task<void> converse() {
    tasks_.spawn(outbox_.run(socket_));
    std::vector<char> buffer(least_buffer);
    while (true) {
      const auto result = co_await socket_.read_some(buffer);
      if (result.size == 0) break;
      read(std::string_view(buffer.data(), result.size));
      co_await player_.room();
      if (result.size == buffer.size() && result.size < largest_buffer) buffer.resize(buffer.size() * 4);
    }
    player_.close();
    if (socket_.is_open() && !socket_.ended()) co_return;
    outbox_.push_fin();
    co_await outbox_.emptied(std::chrono::seconds(1));
  }

  net::Task<void> end() {
    abort();
    co_await tasks_.join();
    co_await player_.join();
  }

  void abort() {
    player_.close();
    outbox_.close();
    if (socket_.is_open()) socket_.close();
  }

 private:
  static const model::Steps* steps_of(const model::Upstream& model, int number) {
    for (const model::Session& session : model.sessions) {
      if (session.connection == number) return &session.steps;
    }
    return model.steps ? &*model.steps : nullptr;
  }

  void read(std::string_view bytes) {
    while (true) {
      if (reader_.in_frames() && reader_.between_units() && reader_.at_message_boundary())
        bytes.remove_prefix(player_.echo(bytes));
      ReadStep step = reader_.next(bytes, false);
      bytes.remove_prefix(step.consumed);
      if (step.consumed == 0 && step.events.empty() && !step.unit) return;
      for (const record::What& event : step.events) {
        if (const auto* request = std::get_if<record::RequestSeen>(&event)) {
          answer(*request);
        } else {
          player_.see(event);
        }
      }
    }
  }

  void send(std::string bytes) { outbox_.push(std::move(bytes), Clock::now(), {}, false); }

  void answer(const record::RequestSeen& request) {
    if (!request.upgrade) {
      answer_plain(request.head);
      return;
    }
    const model::RespondStep* respond = steps_ != nullptr ? responds(*steps_) : nullptr;
    if (respond != nullptr) {
      respond_with(*respond, "");
      return;
    }
    const model::AcceptStep* accept = steps_ != nullptr && !steps_->empty()
                                          ? std::get_if<model::AcceptStep>(&steps_->front().what)
                                          : nullptr;
    const wire::ResponseHead head =
        accept_head(request.head, accept != nullptr ? *accept : model::AcceptStep{});
    if (wire::agrees_on_compression(request.head, head)) reader_.allow_compression();
    send(wire::serialize(head));
    tasks_.spawn(player_.play());
  }

  /// The rule of [upstream] for that target; null if there is none.
  const model::RuleStep* rule_for(const std::string& target) const {
    if (!upstream_.model_.steps) return nullptr;
    for (const model::Step& step : *upstream_.model_.steps) {
      const auto* rule = std::get_if<model::RuleStep>(&step.what);
      const bool on_request = rule != nullptr && rule->on.kind == fault::Moment::Kind::http;
      if (on_request && rule->on.pattern && rule->on.pattern->matches(target)) return rule;
    }
    return nullptr;
  }

  /// Answers by its rule, or with 426.
  void answer_plain(const wire::RequestHead& request) {
    upstream_.host_.record(number_, record::PlainRequest{request.method, request.target});
    if (const model::RuleStep* rule = rule_for(request.target)) {
      tasks_.spawn(answer_by(*rule, request.target));
    } else {
      refuse_plain();
    }
  }

  net::Task<void> answer_by(const model::RuleStep& rule, std::string target) {
    const std::optional<model::RespondStep> respond =
        co_await player_.play_request_rule(rule, std::move(target));
    if (!respond) {
      refuse_plain();
      co_return;
    }
    respond_with(*respond, "OK");
  }

  void respond_with(const model::RespondStep& respond, std::string reason) {
    send(plain_answer({.status = respond.status, .reason = std::move(reason), .headers = respond.headers},
                      respond.body, respond.stays_open));
    if (!respond.stays_open) outbox_.push_fin();
  }

  void refuse_plain() {
    send(plain_answer(upgrade_required(), "this is a WebSocket server\n"));
    outbox_.push_fin();
  }

  Upstream& upstream_;
  net::Socket socket_;
  int number_;
  StreamReader reader_;
  Outbox outbox_;
  net::TaskGroup tasks_;
  const model::Steps* steps_;
  ScriptPlayer player_;
};

Upstream::Upstream(const net::asio::any_io_executor& executor, const model::Upstream& model, ScriptHost& host,
                   Place place, std::uint64_t seed, std::optional<net::TlsContext> tls)
    : executor_(executor),
      model_(model),
      host_(host),
      seed_(seed),
      tls_(std::move(tls)),
      listener_(executor, place.host, place.port,
                place.shared ? net::Listener::large_backlog : net::Listener::usual_backlog, {}, place.shared),
      announced_gate_(executor),
      tasks_(executor, [this](const std::exception_ptr& thrown) { fail(net::describe_failure(thrown)); }) {
  listener_.on_shortage([this](int error) {
    fail("the fake upstream cannot accept a connection: " + net::describe_shortage(error));
  });
  listener_.listen();
}

Upstream::~Upstream() = default;

void Upstream::announce(std::uint16_t peer_port, int connection) {
  numbers_come_ = true;
  announced_[peer_port] = connection;
  announced_gate_.notify();
}

net::Task<int> Upstream::number_of(std::uint16_t peer_port) {
  const int counted = ++counted_;
  const auto deadline = Clock::now() + announced_within;
  while (numbers_come_ && !announced_.contains(peer_port) && Clock::now() < deadline && !closed_) {
    co_await announced_gate_.wait_until(deadline);
  }
  const auto found = announced_.find(peer_port);
  co_return found == announced_.end() ? counted : found->second;
}

void Upstream::fail(const std::string& why) { host_.record(0, record::HarnessError{why}); }

net::Task<void> Upstream::run() { co_await net::finally(accept_all(), end()); }

net::Task<void> Upstream::end() {
  close();
  co_await tasks_.join();
}

net::Task<void> Upstream::accept_all() {
  while (!closed_) {
    auto socket = co_await listener_.accept();
    if (!socket || closed_) break;
    tasks_.spawn(serve(std::move(*socket)));
  }
}

net::Task<void> Upstream::serve(net::Socket socket) {
  const int number = co_await number_of(socket.peer_port());
  if (closed_) co_return;
  sessions_.push_back(std::make_unique<Session>(*this, std::move(socket), number));
  Session& session = *sessions_.back();
  co_await session.run();
  std::erase_if(sessions_, [&](const auto& other) { return other.get() == &session; });
}

void Upstream::close() {
  closed_ = true;
  listener_.close();
  announced_gate_.notify();
  for (const auto& session : sessions_) session->abort();
}

}  // namespace wsfault::actor
