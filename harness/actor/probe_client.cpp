// The handshake, the conversation, and how a conforming client judges their end.
#include "actor/probe_client.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "net/dial.hpp"
#include "net/shortage.hpp"
#include "wire/handshake.hpp"

namespace wsfault::actor {
namespace {

using fault::Clock;

constexpr Duration connect_limit = std::chrono::seconds(10);
/// The link assigns the number when it accepts; without a link before it, the wait times out.
constexpr Duration number_limit = std::chrono::seconds(5);
/// After the closing handshake the server ends TCP (RFC 6455 7.1.1); a client need not wait forever.
constexpr Duration tcp_end_limit = std::chrono::seconds(2);
constexpr std::size_t longest_message = 64 * 1024 * 1024;

/// The close code that answers a violation by the peer: RFC 6455 7.4.1. None: the connection continues.
std::optional<std::uint16_t> close_code_for(std::string_view violation) {
  if (violation == "bad-utf8" || violation == "close-reason-bad-utf8") return 1007;
  if (violation == "data-after-close" || violation == "second-close" || violation == "truncated-frame")
    return std::nullopt;
  return 1002;
}

std::string joined(const std::vector<std::string>& words) {
  std::string all;
  for (const std::string& word : words) all += (all.empty() ? "" : ", ") + word;
  return all;
}

}  // namespace

wire::RequestHead probe_request(const model::ClientRequest& request, const ProbeTarget& target,
                                const std::string& name, std::mt19937_64& random) {
  const std::string& usual = target.path.empty() ? std::string("/") : target.path;
  wire::RequestHead head{.method = "GET", .target = request.path.value_or(usual)};
  const auto add = [&](std::string header, std::string value) {
    if (!wire::find_header(request.headers, header))
      head.headers.push_back({std::move(header), std::move(value)});
  };
  add("Host", target.authority.empty() ? fmt::format("{}:{}", target.host, target.port) : target.authority);
  if (request.upgrade) {
    std::string nonce(16, '\0');
    std::ranges::generate(nonce, [&] { return static_cast<char>(random()); });
    add("Upgrade", "websocket");
    add("Connection", "Upgrade");
    add("Sec-WebSocket-Key", wire::encode_key(nonce));
    add("Sec-WebSocket-Version", "13");
    const auto& offered = request.subprotocols.empty() ? target.subprotocols : request.subprotocols;
    if (!offered.empty()) add("Sec-WebSocket-Protocol", joined(offered));
    if (request.extensions) add("Sec-WebSocket-Extensions", *request.extensions);
  }
  if (request.origin) add("Origin", *request.origin);
  add("Wsfault-Connection", name);
  for (const wire::Header& header : target.headers) add(header.name, header.value);
  head.headers.insert(head.headers.end(), request.headers.begin(), request.headers.end());
  return head;
}

/// The connection, once TCP is established.
class ProbeClient::Session {
 public:
  Session(ProbeClient& client, net::Socket socket, wire::RequestHead request)
      : client_(client),
        socket_(std::move(socket)),
        request_(std::move(request)),
        reader_(Side::server, record::Tap::sent, longest_message),
        outbox_(
            client.executor_, Side::server, [](const record::What&) {}, nullptr),
        tasks_(client.executor_,
               [this](const std::exception_ptr& thrown) {
                 client_.host_.record(0, record::HarnessError{net::describe_failure(thrown)});
                 abort();
               }),
        player_(client.executor_, Side::client, outbox_, client.host_, *client.number_,
                client.model_.steps ? &*client.model_.steps : nullptr, client.seed_ + 1) {
    reader_.set_request(request_);
  }

  net::Task<void> run() { co_await net::finally(converse(), end()); }

  net::Task<void> converse() {
    tasks_.spawn(outbox_.run(socket_));
    send_request();
    std::vector<char> buffer(16 * 1024);
    net::StreamEnd end;
    while (true) {
      const auto result = co_await socket_.read_some(buffer);
      if (result.end) end = *result.end;
      if (result.size == 0) break;
      read(std::string_view(buffer.data(), result.size));
      co_await player_.room();
    }
    report_end(end);
    player_.close();
    outbox_.push_fin();
    co_await outbox_.emptied(std::chrono::seconds(1));
  }

  net::Task<void> end() {
    abort();
    co_await tasks_.join();
    co_await player_.join();
  }

  void abort() {
    over_ = true;
    player_.close();
    outbox_.close();
    if (socket_.is_open()) socket_.close();
    client_.changed_.notify();
  }

 private:
  void send_request() {
    std::string bytes = wire::serialize(request_);
    if (const auto stop = client_.model_.request.stop_after) {
      bytes.resize(std::min<std::size_t>(bytes.size(), static_cast<std::size_t>(*stop)));
    }
    outbox_.push(std::move(bytes), Clock::now(), {}, false);
  }

  void read(std::string_view bytes) {
    while (!failed_) {
      ReadStep step = reader_.next(bytes, false);
      bytes.remove_prefix(step.consumed);
      if (step.consumed == 0 && step.events.empty() && !step.unit) return;
      // A violation is known together with its frame, and recorded after it.
      for (const record::What& event : step.events) {
        if (const auto* violation = std::get_if<record::ViolationSeen>(&event)) refuse(*violation);
      }
      for (const record::What& event : step.events) see(event);
    }
  }

  void see(const record::What& event) {
    if (const auto* response = std::get_if<record::ResponseSeen>(&event)) {
      answer(*response);
    } else if (const auto* bytes = std::get_if<record::NotHttp>(&event)) {
      fail_handshake("the answer is not HTTP: " + std::string(bytes->start.view().substr(0, 32)),
                     std::nullopt);
    } else if (open_ && !failed_) {
      if (const auto* frame = std::get_if<record::FrameSeen>(&event)) note_close(*frame);
      player_.see(event);
    }
  }

  void answer(const record::ResponseSeen& response) {
    const int status = response.head->status;
    if (answered_ || wire::is_interim(status)) return;
    answered_ = true;
    if (status != 101) return fail_handshake(fmt::format("unexpected status {}", status), status);
    if (!response.flaws->empty()) return fail_handshake("invalid 101: " + response.flaws->front(), status);
    open_ = true;
    client_.report({.event = "open"});
    tasks_.spawn(player_.play());
  }

  /// A plain GET has got its answer; an upgrade was refused.
  void fail_handshake(std::string why, std::optional<int> status) {
    answered_ = true;
    failed_ = true;
    if (client_.model_.request.upgrade) {
      client_.report({.event = "error", .text = std::move(why), .status = status});
    }
    outbox_.push_fin();
    end_soon();
  }

  /// RFC 6455 7.1.7: it fails the connection.
  void refuse(const record::ViolationSeen& violation) {
    const auto code = close_code_for(violation.violation);
    if (!open_ || failed_ || !code) return;
    failed_ = true;
    player_.close();
    const wire::MaskingKey key{7, 7, 7, 7};
    const std::string body = wire::close_payload(*code);
    outbox_.push(wire::encode_frame({.opcode = 8, .masking_key = key, .payload = body}), Clock::now(), {},
                 false);
    outbox_.push_fin();
    report_close(1006, violation.violation, false);
    end_soon();
  }

  void note_close(const record::FrameSeen& frame) {
    if (frame.opcode != 8) return;
    report_close(frame.code ? int(*frame.code) : 1005, frame.text, true);
    end_soon();
  }

  void report_end(const net::StreamEnd& end) {
    if (open_) return report_close(1006, "", false);
    if (answered_ || !client_.model_.request.upgrade) return;
    answered_ = true;
    const bool reset = end.kind == net::EndKind::reset;
    client_.report(
        {.event = "error",
         .text = reset ? "connection reset during the handshake" : "connection ended during the handshake"});
  }

  /// Only once: the first report counts.
  void report_close(int code, std::string reason, bool clean) {
    if (std::exchange(close_reported_, true)) return;
    client_.report({.event = "close", .code = code, .reason = std::move(reason), .clean = clean});
  }

  /// Once, however many Closes come.
  void end_soon() {
    if (!std::exchange(ending_, true)) tasks_.spawn(end_later());
  }

  net::Task<void> end_later() {
    const auto due = Clock::now() + tcp_end_limit;
    while (!over_ && Clock::now() < due) co_await client_.changed_.wait_until(due);
    if (socket_.is_open()) socket_.close();
  }

  ProbeClient& client_;
  net::Socket socket_;
  wire::RequestHead request_;
  StreamReader reader_;  // it records events as sent, which is what the moments of rules look at
  Outbox outbox_;
  net::TaskGroup tasks_;
  ScriptPlayer player_;
  bool answered_ = false;
  bool open_ = false;
  bool failed_ = false;
  bool close_reported_ = false;
  bool ending_ = false;
  bool over_ = false;
};

ProbeClient::ProbeClient(const net::asio::any_io_executor& executor, const model::Client& model,
                         ScriptHost& host, std::uint64_t seed)
    : executor_(executor), model_(model), host_(host), seed_(seed), random_(seed), changed_(executor) {}

ProbeClient::~ProbeClient() = default;

void ProbeClient::numbered(int connection) {
  number_ = connection;
  changed_.notify();
}

void ProbeClient::close() {
  closed_ = true;
  if (session_) session_->abort();
  changed_.notify();
}

void ProbeClient::report(record::Report report) {
  if (!closed_) host_.record(number_.value_or(0), std::move(report));
}

net::Task<bool> ProbeClient::await_number() {
  const auto due = Clock::now() + number_limit;
  while (!number_ && !closed_ && Clock::now() < due) co_await changed_.wait_until(due);
  co_return number_.has_value() && !closed_;
}

net::Task<void> ProbeClient::run(ProbeTarget target, std::function<void(std::uint16_t)> bound) {
  // a variable: GCC 12 destroys temporaries of a co_await's arguments twice
  net::TellPort ports{std::move(bound)};
  auto dialled = co_await net::dial(target.host, target.port, connect_limit, std::move(ports));
  if (dialled.shortage && !closed_) {
    host_.record(0, record::HarnessError{"a client cannot connect: " + dialled.detail});
    co_return;
  }
  if (!dialled.socket) {
    report({.event = "error", .text = dialled.detail});
    co_return;
  }
  if (target.tls) {
    net::TlsContext context = *target.tls;
    const net::TlsOutcome met =
        co_await dialled.socket->start_tls(std::move(context), target.host, connect_limit);
    if (!met.error.empty()) report({.event = "error", .text = met.error});
    if (met.version.empty()) co_return;
  }
  const bool known = co_await await_number();
  if (!known) co_return;
  const std::string name = fmt::format("{}-{}", model_.name, *number_);
  wire::RequestHead request = probe_request(model_.request, target, name, random_);
  session_ = std::make_unique<Session>(*this, std::move(*dialled.socket), std::move(request));
  co_await session_->run();
}

}  // namespace wsfault::actor
