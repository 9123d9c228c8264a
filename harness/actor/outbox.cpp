// The writer of one side. An arrival is recorded once the kernel has its bytes.
#include "actor/outbox.hpp"

#include <algorithm>
#include <utility>

namespace wsfault::actor {
namespace {

constexpr std::size_t most_queued = 256 * 1024;  // bytes
/// Limits small frames, which take more memory than their bytes.
constexpr std::size_t most_items = 32 * 1024;
/// Slow data is sent in many small pieces rather than in a few large ones.
constexpr std::int64_t pieces_a_second = 20;
constexpr Duration acknowledged_within = std::chrono::seconds(1);
/// Small units are joined up to this size, because each write waits for its turn among all connections.
constexpr std::size_t together = 4 * 1024;

/// The frames that begin in bytes `from` to `from + size`, with positions relative to `from`.
std::vector<FrameStart> starts_within(const std::vector<FrameStart>& all, std::size_t from,
                                      std::size_t size) {
  std::vector<FrameStart> found;
  const auto begin = static_cast<std::int64_t>(from);
  for (const FrameStart& start : all) {
    const bool before = start.at < begin && begin > 0;
    if (!before && start.at < begin + static_cast<std::int64_t>(size))
      found.push_back({start.at - begin, start.number});
  }
  return found;
}

void append_shifted(auto& starts, const std::vector<FrameStart>& more, std::size_t by) {
  for (const FrameStart& start : more)
    starts.push_back({start.at + static_cast<std::int64_t>(by), start.number});
}

std::size_t size_of_piece(const Passage& passage, std::size_t piece, std::size_t left) {
  if (piece < passage.slices.size()) return std::clamp<std::size_t>(passage.slices[piece], 1, left);
  if (!passage.slices.empty()) return left;
  const auto step = static_cast<std::size_t>(std::max<std::int64_t>(1, passage.rate / pieces_a_second));
  return std::min(step, left);
}

}  // namespace

Outbox::Outbox(const net::asio::any_io_executor& executor, Side to, Record record,
               const int* tells_forwarded)
    : to_(to),
      record_(std::move(record)),
      tells_forwarded_(tells_forwarded),
      arrived_(wire::opposite(to), record::Tap::arrived),
      changed_(executor) {}

void Outbox::push(std::string bytes, Clock::time_point due, record::Forwarded forwarded, bool injected) {
  if (!takes_more()) return;
  if (!items_.empty()) due = std::max(due, items_.back().due);  // order is kept
  queued_ += bytes.size();
  pushed_ += bytes.size();
  items_.push_back({.bytes = std::move(bytes), .due = due, .forwarded = forwarded, .injected = injected});
  changed_.notify();
}

void Outbox::push(Passage passage, record::Forwarded forwarded) {
  if (passage.rate <= 0 && passage.slices.empty()) {
    const bool holds = passage.held > Duration(0) && takes_more();
    push(std::move(passage.bytes), passage.due, forwarded, false);
    if (takes_more()) items_.back().starts = std::move(passage.starts);
    if (holds) items_.back().held_until = items_.back().due + passage.held;
    return;
  }
  // The line is busy as long as earlier bytes need it.
  auto due = std::max(passage.due, line_free_);
  if (!items_.empty()) due = std::max(due, items_.back().due);
  std::size_t at = 0;
  for (std::size_t piece = 0; at < passage.bytes.size(); ++piece) {
    const std::size_t size = size_of_piece(passage, piece, passage.bytes.size() - at);
    const bool last = at + size == passage.bytes.size();
    push(passage.bytes.substr(at, size), due, last ? forwarded : record::Forwarded{}, false);
    if (takes_more()) {
      items_.back().apart = true;
      items_.back().starts = starts_within(passage.starts, at, size);
    }
    due += passage.between;
    if (passage.rate > 0) due += Duration(static_cast<std::int64_t>(size) * std::nano::den / passage.rate);
    at += size;
  }
  line_free_ = due;
}

void Outbox::push_stream(std::function<std::string()> next) {
  if (!takes_more()) return;
  const auto due = items_.empty() ? Clock::time_point{} : items_.back().due;
  items_.push_back({.bytes = {}, .due = due, .forwarded = {}, .injected = true, .next = std::move(next)});
  changed_.notify();
}

/// A held item is joined to the one after it, once that one is due. Returns the time until which to wait, if
/// it must still wait.
std::optional<Outbox::Clock::time_point> Outbox::join_held() {
  Item& first = items_.front();
  const auto now = Clock::now();
  if (first.held_until <= now) return std::nullopt;
  if (items_.size() == 1) return first.held_until;
  Item& next = items_[1];
  if (next.fin || next.next) return std::nullopt;
  if (next.due > now) return std::min(next.due, first.held_until);
  append_shifted(first.starts, next.starts, first.bytes.size());
  next.starts = std::move(first.starts);
  next.bytes.insert(0, first.bytes);
  next.joined = std::move(first.joined);
  next.joined.push_back(first.forwarded);
  items_.pop_front();
  return std::nullopt;
}

bool Outbox::goes_with(const Item& first, const Item& next) const {
  const bool is_plain = !first.fin && !first.next && !first.apart && !next.fin && !next.next && !next.apart;
  const bool is_told = tells_forwarded() && (first.forwarded.frame != 0 || first.forwarded.message != 0);
  return is_plain && !is_told && arrived_.in_frames() && first.injected == next.injected &&
         next.held_until == Clock::time_point{} && next.due <= Clock::now() &&
         first.bytes.size() + next.bytes.size() <= together;
}

/// Takes the first item, with further due items small enough for the same write.
Outbox::Item Outbox::take_due() {
  Item item = std::move(items_.front());
  items_.pop_front();
  while (!items_.empty() && goes_with(item, items_.front())) {
    append_shifted(item.starts, items_.front().starts, item.bytes.size());
    item.bytes += items_.front().bytes;
    item.forwarded = items_.front().forwarded;
    items_.pop_front();
  }
  return item;
}

void Outbox::push_fin(Clock::time_point due, bool truncates) {
  if (closed_ || fin_pushed_) return;
  fin_pushed_ = true;
  if (!items_.empty()) due = std::max(due, items_.back().due);
  items_.push_back({.bytes = {}, .due = due, .forwarded = {}, .fin = true, .truncates = truncates});
  changed_.notify();
}

void Outbox::resume(std::uint64_t written, std::string waiting, bool opened) {
  written_ = pushed_ = written;
  opened_ = opened;
  if (!waiting.empty()) push(std::move(waiting), {}, {}, false);
}

void Outbox::hold(bool held) {
  held_ = held;
  free_since_ = Clock::now();
  changed_.notify();
}

void Outbox::close() {
  closed_ = true;
  changed_.notify();
}

net::Task<void> Outbox::run(net::Socket& socket) {
  while (!closed_) {
    if (items_.empty() || held_) {
      co_await changed_.wait();
      continue;
    }
    if (items_.front().due > Clock::now()) {
      co_await changed_.wait_until(items_.front().due);
      continue;
    }
    if (const auto until = join_held()) {
      co_await changed_.wait_until(*until);
      continue;
    }
    const auto due = std::max({items_.front().due, items_.front().held_until, free_since_});
    Item item = take_due();
    if (delays_ && due > Clock::time_point{}) delays_->add(Clock::now() - due);
    writing_ = true;
    const std::size_t size = item.bytes.size();
    bool goes_on = false;
    if (item.next) {
      goes_on = co_await write_stream(socket, std::move(item.next));
    } else {
      goes_on = co_await write(socket, std::move(item));
    }
    queued_ -= size;
    writing_ = false;
    if (delays_) free_since_ = Clock::now();
    changed_.notify();
    if (items_.empty() && on_idle_) on_idle_();
    if (!goes_on) co_return;
  }
}

net::Task<bool> Outbox::write_stream(net::Socket& socket, std::function<std::string()> next) {
  while (!closed_) {
    if (held_) {
      co_await changed_.wait();
      continue;
    }
    Item piece;
    piece.bytes = next();
    piece.injected = true;
    if (piece.bytes.empty()) co_return true;
    pushed_ += piece.bytes.size();
    if (!co_await write(socket, std::move(piece))) co_return false;
  }
  co_return false;
}

net::Task<bool> Outbox::write(net::Socket& socket, Item item) {
  if (item.fin) {
    const bool truncated = item.truncates && socket.has_tls();
    if (truncated) socket.send_fin_truncating();
    if (!truncated) socket.send_fin();
    fin_sent_ = true;
    if (auto half = arrived_.half_an_answer()) record_(*std::move(half));
    std::vector<record::What> events;
    arrived_.end_body(!truncated, events);
    for (record::What& event : events) record_(std::move(event));
    record_(record::StreamEnded{record::Tap::arrived, to_, record::EndKind::fin, 0, 0, arrived_.inside(),
                                truncated});
    co_return false;
  }
  if (!item.bytes.empty()) {
    expect_frames(item);
    const net::Socket::OnSent tell = [this, &item](std::string_view part) {
      written_ += part.size();
      tell_arrival(part, item.injected);
    };
    if (auto end = co_await socket.write(item.bytes, tell)) {
      broken_ = true;
      items_.clear();
      co_return false;
    }
  }
  for (const record::Forwarded& joined : item.joined) co_await tell_done(socket, joined);
  co_await tell_done(socket, item.forwarded);
  co_return true;
}

void Outbox::expect_frames(const Item& item) {
  if (arrived_.is_raw()) return;  // raw bytes: no frame will be seen to arrive
  append_shifted(expected_, item.starts, static_cast<std::size_t>(arrived_.position()));
}

/// The sent frame whose bytes begin at that position of the stream; 0 if none does.
std::uint64_t Outbox::sent_frame_at(std::uint64_t position) {
  while (!expected_.empty() && std::cmp_less(expected_.front().at, position)) expected_.pop_front();
  if (expected_.empty() || !std::cmp_equal(expected_.front().at, position)) return 0;
  return expected_.front().number;
}

void Outbox::tell_arrival(std::string_view rest, bool injected) {
  while (true) {
    if (const relay::Stops* stops = untold_ && !injected ? untold_() : nullptr) {
      relay::Tally counted_when_sent;
      expected_.clear();
      rest.remove_prefix(arrived_.skip(rest, counted_when_sent, *stops));
      if (rest.empty() && arrived_.skips()) return;
    }
    ReadStep step = arrived_.next(rest, false);
    rest.remove_prefix(step.consumed);
    for (record::What& event : step.events) {
      if (auto* frame = std::get_if<record::FrameSeen>(&event)) {
        frame->injected = injected;
        frame->of = sent_frame_at(arrived_.frame_start());
      }
      record_(std::move(event));
    }
    if (step.consumed == 0 && step.events.empty() && !step.unit) return;
  }
}

net::Task<void> Outbox::tell_done(net::Socket& socket, const record::Forwarded& forwarded) {
  const auto& response = arrived_.response();
  const bool opens = !opened_ && arrived_.in_frames() && response && response->status == 101;
  const bool told = tells_forwarded() && (forwarded.frame != 0 || forwarded.message != 0);
  if (!opens && !told) co_return;
  co_await socket.drained(acknowledged_within);
  if (opens) {
    opened_ = true;
    record_(record::Opened{});
  }
  if (told) record_(forwarded);
}

net::Task<void> Outbox::room() {
  while ((queued_ > most_queued || items_.size() > most_items) && !closed_ && !broken_)
    co_await changed_.wait();
}

net::Task<void> Outbox::emptied(Duration limit) {
  const auto deadline = Clock::now() + limit;
  while ((!items_.empty() || writing_) && !closed_ && !broken_ && Clock::now() < deadline) {
    co_await changed_.wait_until(deadline);
  }
}

net::Task<void> Outbox::until_written(std::uint64_t bytes, Duration patience) {
  std::uint64_t before = written_;
  auto limit = Clock::now() + patience;
  while (written_ < bytes && !closed_ && !broken_) {
    if (std::exchange(before, written_) != written_) limit = Clock::now() + patience;
    const auto due = std::max(limit, last_due() + patience);
    if (Clock::now() >= due) co_return;
    co_await changed_.wait_until(due);
  }
}

}  // namespace wsfault::actor
