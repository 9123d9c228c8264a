// The socket inside TLS: the handshake, records both ways, and close_notify.
#include <errno.h>
#include <sys/socket.h>

#include <algorithm>
#include <variant>
#include <vector>

#include "net/event_gate.hpp"
#include "net/socket.hpp"
#include "net/tls_stream.hpp"

namespace wsfault::net {
namespace {

constexpr std::size_t largest_record = 16 * 1024;  // RFC 8446 5.1
constexpr std::size_t read_size = 16 * 1024;
/// A fatal handshake_failure (RFC 8446 6), as an unencrypted record of its own.
constexpr std::string_view handshake_failure("\x15\x03\x03\x00\x02\x02\x28", 7);

std::string describe(const StreamEnd& end) {
  if (end.kind == EndKind::fin) return "peer closed during the handshake";
  if (end.kind == EndKind::reset) return "connection reset during the TLS handshake";
  return "connection lost during the TLS handshake";
}

}  // namespace

struct Socket::Tls {
  Tls(const TlsContext& context, const std::string& peer_name) : stream(context, peer_name) {}
  TlsStream stream;
  std::string pending;  // ciphertext to be sent: by the writer if there is one, else by the reader
  std::vector<char> input = std::vector<char>(read_size);
  bool has_writer = false;  // there is a writer: it sends what becomes pending
  bool gone = false;        // the descriptor may already belong to another socket
};

/// While it exists, the reader leaves the sending to it.
class Socket::Writer {
 public:
  explicit Writer(Tls& tls) : tls_(tls) { tls_.has_writer = true; }
  ~Writer() { tls_.has_writer = false; }
  Writer(const Writer&) = delete;
  Writer& operator=(const Writer&) = delete;

 private:
  Tls& tls_;
};

// --- the handshake

Task<TlsOutcome> Socket::start_tls(TlsContext context, std::string peer_name, std::chrono::nanoseconds limit,
                                   TlsConduct conduct) {
  const auto tls = std::make_shared<Tls>(context, peer_name);
  auto first = co_await (shake_hands(*tls, conduct) || sleep_for(limit));
  TlsOutcome outcome;
  if (first.index() == 0) outcome = std::move(std::get<0>(first));
  outcome.timed_out = first.index() == 1;
  if (outcome.timed_out) outcome.error = "no TLS handshake in time";
  if (outcome.error.empty() && !outcome.cancelled) tls_ = tls;
  co_return outcome;
}

Task<TlsOutcome> Socket::shake_hands(Tls& tls, TlsConduct conduct) {
  TlsOutcome outcome;
  for (;;) {
    const TlsStream::Step step = tls.stream.shake_hands();
    const auto failed = co_await send_pending(tls);
    if (step == TlsStream::Step::done) outcome.version = tls.stream.version();
    if (step == TlsStream::Step::failed) outcome.error = tls.stream.error();
    if (step == TlsStream::Step::wants_input && conduct == TlsConduct::hangs)
      outcome.error = "we said nothing more";
    outcome.cancelled = failed && failed->error == ECANCELED;
    if (outcome.cancelled || step != TlsStream::Step::wants_input || !outcome.error.empty())
      co_return outcome;
    const ReadResult read = co_await receive(tls.input);
    outcome.cancelled = read.cancelled;
    if (read.end) outcome.error = describe(*read.end);
    if (read.size == 0) co_return outcome;
    if (conduct == TlsConduct::aborts) {
      co_await send_all(handshake_failure);
      outcome.error = "we sent the alert \"handshake failure\"";
      co_return outcome;
    }
    tls.stream.feed(std::string_view(tls.input.data(), read.size));
  }
}

// --- records

Task<ReadResult> Socket::read_decrypted(std::span<char> buffer) {
  const auto tls = tls_;
  for (;;) {
    const TlsStream::Read read = tls->stream.read(buffer);
    if (!tls->has_writer) send_what_fits();  // an alert, or the answer to a new key
    if (read.size > 0) co_return ReadResult{read.size, std::nullopt, false};
    if (read.closed) co_return ReadResult{0, note(0), false};
    if (read.failed) co_return ReadResult{0, note(EPROTO), false};
    ReadResult received = co_await receive(tls->input);
    if (received.end && received.end->kind == EndKind::fin) {
      ended_->truncated = true;
      received.end->truncated = true;
    }
    if (received.size == 0) co_return received;
    tls->stream.feed(std::string_view(tls->input.data(), received.size));
  }
}

Task<std::optional<StreamEnd>> Socket::write_encrypted(std::string_view bytes, OnSent told) {
  const auto tls = tls_;
  while (!bytes.empty()) {
    // Done before there is a record: otherwise the reader would send it, and read the answer before we are
    // back.
    if (std::exchange(wrote_at_once_, true)) co_await let_others_run();
    const std::string_view record = bytes.substr(0, largest_record);
    bytes.remove_prefix(record.size());
    tls->stream.write(record);
    auto end = co_await send_pending(*tls);
    if (end) co_return end;
    if (told) told(record);
  }
  co_return std::nullopt;
}

/// What the reader adds during the wait is sent too.
Task<std::optional<StreamEnd>> Socket::send_pending(Tls& tls) {
  const Writer writer(tls);
  for (;;) {
    tls.pending += tls.stream.take_output();
    if (tls.pending.empty()) co_return std::nullopt;
    Sent sent = send_once(tls.pending);
    if (sent.end) co_return sent.end;
    tls.pending.erase(0, sent.size);
    if (!sent.must_wait) continue;
    const bool writable = co_await wait_writable();
    if (!writable) co_return StreamEnd{EndKind::error, ECANCELED};
  }
}

/// True if nothing is left to send, or nothing can be sent.
bool Socket::send_what_fits() {
  tls_->pending += tls_->stream.take_output();
  while (!tls_->pending.empty()) {
    const Sent sent = send_once(tls_->pending);
    if (sent.end) return true;
    if (sent.must_wait) return false;
    tls_->pending.erase(0, sent.size);
  }
  return true;
}

std::size_t Socket::pending() const { return tls_ ? tls_->pending.size() : 0; }

// --- the end

/// Sends close_notify. False: it waits for room in the kernel's buffer, and the FIN follows it.
bool Socket::say_goodbye() {
  if (!tls_ || !socket_.is_open()) return true;
  tls_->stream.close();
  if (send_what_fits()) return true;
  const int descriptor = socket_.native_handle();
  socket_.async_wait(tcp::socket::wait_write, [tls = tls_, descriptor](const error_code& cancelled) {
    if (cancelled || tls->gone) return;
    ::send(descriptor, tls->pending.data(), tls->pending.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    tls->pending.clear();
    ::shutdown(descriptor, SHUT_WR);
  });
  return false;
}

void Socket::forget_goodbye() {
  if (tls_) tls_->gone = true;
}

}  // namespace wsfault::net
