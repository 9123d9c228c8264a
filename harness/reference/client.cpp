// The loop of attempts: connect, handshake, converse, reconnect. client_session.cpp handles an open
// connection.
// client_session.cpp.
#include "reference/client.hpp"

#include <algorithm>
#include <cerrno>
#include <stdexcept>
#include <utility>
#include <variant>

#include "net/dial.hpp"
#include "reference/trust.hpp"

namespace wsfault::reference {
namespace {

using namespace net::asio::experimental::awaitable_operators;

constexpr Duration lateness = std::chrono::seconds(3);  // of the defect notices-late
constexpr Duration patience = std::chrono::seconds(3);  // of the defect gives-up-after-3s

/// The system's error messages begin with a capital, the others here do not.
Refusal not_connected(std::string detail) {
  if (!detail.empty() && detail[0] >= 'A' && detail[0] <= 'Z') detail[0] += 'a' - 'A';
  return {std::move(detail), std::nullopt, std::nullopt, false};
}

Refusal unanswered(std::string message) { return {std::move(message), std::nullopt, std::nullopt, false}; }

}  // namespace

Client::Client(const net::asio::any_io_executor& executor, const ClientOptions& options, ReportLine report)
    : executor_(executor),
      options_(options),
      report_(std::move(report)),
      random_(options.seed),
      stop_(executor),
      backoff_(options.backoff, options.defects),
      messages_(options.messages, options.defects) {
  if (options.target.tls) tls_ = trusting(options.ca_file, options.defects);
}

net::Task<void> Client::run() { co_await come_back(); }

net::Task<void> Client::come_back() {
  while (!stop_.requested()) {
    const AttemptEnd end = co_await attempt();
    if (stop_.requested()) co_return;
    if (options_.defects.has(Defect::two_loops) && !std::exchange(has_lost_one_, true)) {
      co_await (come_back() && come_back());
      co_return;
    }
    if (gives_up(end) || afterwards(end, options_.final, options_.defects) == Afterwards::stay_away) {
      co_await stop_.wait();
      co_return;
    }
    co_await wait_to_come_back(end);
  }
}

bool Client::gives_up(const AttemptEnd& end) {
  if (end.close_code) failing_since_.reset();
  if (!failing_since_) failing_since_ = Clock::now();
  return options_.defects.has(Defect::gives_up_after_3s) && Clock::now() - *failing_since_ > patience;
}

/// Those that it was told, or those of its server's name.
net::Task<std::vector<PeerAddress>> Client::addresses() {
  std::vector<PeerAddress> found = options_.addresses;
  const WebSocketUrl& target = options_.target;
  if (found.empty()) {
    for (std::string& host :
         co_await net::addresses_of(target.host, handshake_limit().value_or(longest_duration)))
      found.push_back({std::move(host), target.port});
  }
  if (found.empty()) found.push_back({target.host, target.port});
  if (options_.defects.has(Defect::first_address_only)) found.resize(1);
  co_return found;
}

/// One address after the other, each in its limit.
net::Task<Client::Dialled> Client::connect() {
  const Duration limit = handshake_limit().value_or(longest_duration);
  const bool connects_for_ever = options_.defects.has(Defect::no_connect_limit);
  Dialled dialled;
  for (const PeerAddress& address : co_await addresses()) {
    const auto began = Clock::now();
    dialled.result =
        co_await net::dial(address.host, address.port, connects_for_ever ? longest_duration : limit);
    dialled.deadline = (connects_for_ever ? Clock::now() : began) + limit;
    if (dialled.result.socket || dialled.result.error == ECANCELED) break;
  }
  co_return dialled;
}

net::Task<AttemptEnd> Client::attempt() {
  auto first = co_await (connect() || stop_.wait());
  Dialled* dialled = std::get_if<0>(&first);
  if (dialled == nullptr) co_return co_await fail(unanswered("stopped while connecting"));
  net::DialResult* result = &dialled->result;
  const auto deadline = dialled->deadline;
  if (!result->socket && options_.defects.has(Defect::dies_when_refused))
    throw std::runtime_error("uncaught: " + result->detail);
  if (!result->socket) co_return co_await fail(not_connected(result->detail));
  net::Socket socket = std::move(*result->socket);
  std::string tls_error;
  if (tls_) tls_error = co_await open_tls(socket, deadline);
  if (!tls_error.empty()) {
    AttemptEnd end = co_await fail(unanswered(std::move(tls_error)));
    socket.close();
    co_return end;
  }
  Opening opening = co_await open_handshake(socket, deadline);
  if (!opening.refusal) co_return co_await live(std::move(socket), std::move(opening.first_bytes));
  AttemptEnd end = co_await fail(std::move(*opening.refusal));
  socket.close();
  co_return end;
}

/// Empty: it is open; else the reason why not.
net::Task<std::string> Client::open_tls(net::Socket& socket, Clock::time_point deadline) {
  Duration limit = deadline - Clock::now();
  if (options_.defects.has(Defect::hangs_in_handshake)) limit = longest_duration;
  auto first = co_await (socket.start_tls(*tls_, options_.target.host, limit) || stop_.wait());
  std::string error("stopped during the TLS handshake");
  if (first.index() == 0) error = std::move(std::get<0>(first).error);
  co_return error;
}

net::Task<Opening> Client::open_handshake(net::Socket& socket, Clock::time_point deadline) {
  wire::RequestHead request = make_request(options_.target, random_);
  if (options_.defects.has(Defect::same_key)) {
    const auto key = std::ranges::find(request.headers, "Sec-WebSocket-Key", &wire::Header::name);
    if (first_key_.empty()) first_key_ = key->value;
    key->value = first_key_;
  }
  auto first = co_await (shake_hands(socket, request, options_.defects) ||
                         net::sleep_for(deadline - Clock::now()) || stop_.wait());
  Opening opening;
  if (first.index() == 0) opening = std::move(std::get<0>(first));
  if (first.index() == 1) opening.refusal = unanswered("no answer to the handshake in time");
  if (first.index() == 2) opening.refusal = unanswered("stopped during the handshake");
  const bool bad_answer = opening.refusal && opening.refusal->answered;
  if (bad_answer && options_.defects.has(Defect::hangs_on_bad_answer)) co_await stop_.wait();
  co_return opening;
}

/// A failed handshake: an error, then a close, as browsers do.
net::Task<AttemptEnd> Client::fail(Refusal refusal) {
  co_await be_late();
  report_(error_line(refusal.message, refusal.status));
  report_close({});
  AttemptEnd end;
  end.status = refusal.status;
  end.retry_after = refusal.retry_after;
  co_return end;
}

net::Task<void> Client::wait_to_come_back(AttemptEnd end) {
  if (end.close_code) backoff_.lived(end.open_for);
  Duration delay = backoff_.next(random_);
  const bool heeds =
      !options_.defects.has(Defect::ignores_retry_after) && !options_.defects.has(Defect::storms);
  if (heeds && end.retry_after) delay += *end.retry_after;
  report_(reconnecting_line(delay, backoff_.attempts()));
  co_await stop_.wait_for(delay);
}

net::Task<void> Client::be_late() {
  if (options_.defects.has(Defect::notices_late)) co_await stop_.wait_for(lateness);
}

void Client::report_close(const CloseReport& close) {
  report_(close_line(close));
  if (options_.defects.has(Defect::double_close_report)) report_(close_line(close));
}

std::optional<Duration> Client::handshake_limit() const {
  if (options_.defects.has(Defect::no_handshake_limit)) return std::nullopt;
  return options_.handshake_limit;
}

}  // namespace wsfault::reference
