// Bytes to be written to one side of a connection: in order, possibly delayed, and how they end.
#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "actor/stream_reader.hpp"
#include "net/event_gate.hpp"
#include "net/socket.hpp"
#include "relay/delays.hpp"

namespace wsfault::actor {

/// Bytes to be written, and how.
struct Passage {
  std::string bytes;
  fault::Clock::time_point due;
  Duration held{0};       ///< waits at most this long for the next bytes, to go in one piece with them
  std::int64_t rate = 0;  ///< bytes a second; 0: all at once
  std::vector<std::size_t> slices = {};  ///< sizes of the pieces to write it in; empty: one. The rest is one
  Duration between{0};                   ///< two slices
  std::vector<FrameStart> starts = {};   ///< the sent frames that begin in `bytes`
};

class Outbox {
 public:
  using Clock = fault::Clock;
  using Record = std::function<void(record::What)>;

  /// `to` is the side that it writes to; `record` adds events of this connection to the log. `tells_forwarded`, which
  /// outlives it: so many need to know what was forwarded whole; null: nobody.
  Outbox(const net::asio::any_io_executor& executor, Side to, Record record, const int* tells_forwarded);

  void push(std::string bytes, Clock::time_point due, record::Forwarded forwarded, bool injected);
  void push(Passage passage, record::Forwarded forwarded);
  /// Injected bytes of any size: `next` is called for a piece when the previous one is written, until it
  /// returns an empty one.
  void push_stream(std::function<std::string()> next);
  /// FIN once everything before it is written, not before `due`; inside TLS with close_notify, unless it
  /// truncates.
  void push_fin(Clock::time_point due = {}, bool truncates = false);
  /// Goes on where somebody else has written so many bytes, of which `waiting` are to follow; before anything is pushed.
  void resume(std::uint64_t written, std::string waiting, bool opened);
  /// The FIN, too, was sent by somebody else.
  void note_fin_sent() { fin_pushed_ = fin_sent_ = true; }
  /// The writer: runs until close(), a FIN, or the socket's end.
  net::Task<void> run(net::Socket& socket);
  /// Waits while too much is queued.
  net::Task<void> room();
  /// Waits until everything is written, at most `limit`.
  net::Task<void> emptied(Duration limit);
  /// Waits until the first `bytes` of all that was ever pushed are written; not for more than `patience`
  /// without progress, unless the next item is not due yet.
  net::Task<void> until_written(std::uint64_t bytes, Duration patience);
  /// While held nothing is written: neither bytes nor an end.
  void hold(bool held);
  /// Ends the writer; queued bytes are dropped.
  void close();

  std::size_t queued() const { return queued_; }
  /// Bytes, since the beginning; those of a stream count as they are made.
  std::uint64_t pushed() const { return pushed_; }
  std::uint64_t written() const { return written_; }
  bool fin_sent() const { return fin_sent_; }
  bool fin_pushed() const { return fin_pushed_; }
  bool broken() const { return broken_; }
  /// Everything is written, and more may come.
  bool is_idle() const { return items_.empty() && !writing_ && !held_ && !closed_ && !broken_ && !fin_pushed_; }
  /// True once nothing more is written.
  bool over() const { return closed_ || broken_ || fin_sent_; }
  /// When the last queued item is due; long ago if nothing is queued.
  Clock::time_point last_due() const { return items_.empty() ? Clock::time_point{} : items_.back().due; }
  /// While it returns stops, nothing is told of the frames that arrive before them.
  void set_untold(std::function<const relay::Stops*()> stops) { untold_ = std::move(stops); }
  /// From now on it adds how long what was due waited for it; of what waited for a slow reader, nothing of that.
  void measure(relay::Delays* delays) { delays_ = delays; }
  /// Called whenever everything is written.
  void on_idle(std::function<void()> call) { on_idle_ = std::move(call); }
  /// The tap of what arrived.
  StreamReader& arrived() { return arrived_; }

 private:
  struct Item {
    std::string bytes;
    Clock::time_point due;
    record::Forwarded forwarded;
    std::vector<record::Forwarded> joined = {};  // of held items that were joined to this one
    bool injected = false;
    bool apart = false;  // a slice, or paced: written by itself
    bool fin = false;
    bool truncates = false;
    Clock::time_point held_until{};
    std::function<std::string()> next = {};  // of a stream
    std::vector<FrameStart> starts = {};
  };
  bool tells_forwarded() const { return tells_forwarded_ && *tells_forwarded_ > 0; }
  bool takes_more() const { return !closed_ && !broken_ && !fin_pushed_; }
  std::optional<Clock::time_point> join_held();
  bool goes_with(const Item& first, const Item& next) const;
  Item take_due();
  net::Task<bool> write_stream(net::Socket& socket, std::function<std::string()> next);
  net::Task<bool> write(net::Socket& socket, Item item);
  void tell_arrival(std::string_view rest, bool injected);
  void expect_frames(const Item& item);
  std::uint64_t sent_frame_at(std::uint64_t position);
  net::Task<void> tell_done(net::Socket& socket, const record::Forwarded& forwarded);

  Side to_;
  Record record_;
  std::function<const relay::Stops*()> untold_ = {};
  std::function<void()> on_idle_ = {};
  relay::Delays* delays_ = nullptr;
  Clock::time_point free_since_{};  // measured
  const int* tells_forwarded_;
  StreamReader arrived_;
  std::deque<Item> items_;
  std::deque<FrameStart> expected_;  // sent frames not yet arrived; `at` is a position in the stream
  std::size_t queued_ = 0;           // bytes
  std::uint64_t pushed_ = 0;
  std::uint64_t written_ = 0;
  Clock::time_point line_free_;  // when the next paced or sliced item may start
  net::EventGate changed_;
  bool writing_ = false;
  bool held_ = false;
  bool closed_ = false;
  bool fin_pushed_ = false;
  bool fin_sent_ = false;
  bool broken_ = false;
  bool opened_ = false;
};

}  // namespace wsfault::actor
