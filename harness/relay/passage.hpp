// One connection through a proxy that only passes it on: two sockets, and where the frames of both directions
// are. Idle it holds no buffer.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "net/file_descriptor.hpp"
#include "net/socket.hpp"
#include "relay/delays.hpp"
#include "relay/frame_tracker.hpp"
#include "relay/loop.hpp"

namespace wsfault::relay {

/// What the bytes of a direction are.
enum class Phase : std::uint8_t {
  heads,
  frames,
  raw,  ///< not HTTP: nothing is read in them
};

/// A direction of a connection that leaves, or comes back.
struct Way {
  Phase phase = Phase::heads;
  FrameTracker sent;     ///< after what was passed on, whether the receiver has it or not
  FrameTracker arrived;  ///< after what the receiver's kernel has taken
  std::string arriving;  ///< of a header that has arrived in part
  std::string backlog;   ///< passed on, and not taken by the receiver's kernel yet
  std::string unread;    ///< read, and not passed on
  std::uint64_t read = 0;
  std::uint64_t written = 0;
  bool ended = false;                  ///< the sender's FIN was read
  bool fin_sent = false;               ///< and passed on
  std::optional<net::StreamEnd> died;  ///< how the sender's socket did
};
struct Leaving {
  net::FileDescriptor client;
  net::FileDescriptor server;  ///< none: it is not dialled
  bool dialling = false;       ///< the server's does not have its connection yet
  std::array<Way, 2> ways;     ///< by sender
};

class Passage : public Watcher {
 public:
  /// What it is told, and what it tells, of all that it passes on.
  struct Books {
    Tally& tally;
    const Stops& stops;
    Delays* delays = nullptr;  ///< from the event of the bytes until the kernel has them; null: not measured
  };
  /// `client` must be connected and not block; the books outlive it.
  Passage(Loop& loop, net::FileDescriptor client, Books books);
  /// Goes on with a connection that left before, from go_on() on. Both directions are frames, have not ended, and the
  /// kernel has all that was passed on.
  Passage(Loop& loop, Leaving from, Books books);
  ~Passage() override;

  /// Connects to the server; connected() or dial_failed() is called, perhaps at once. `source` must be a new
  /// socket. May be called again by dial_failed().
  void dial(net::FileDescriptor source, const struct sockaddr* to, unsigned size);
  /// Gives up both sockets and what is known of them. `from`: of what that side sent, `unread` is not passed
  /// on, with the beginning of a header that was kept back.
  Leaving leave(std::optional<Side> from = {}, std::string_view unread = {});

  std::uint64_t read_from(Side side) const { return lane_of(side).read; }
  std::uint64_t written_to(Side side) const { return lane_of(wire::opposite(side)).written; }
  int client_socket() const { return ends_[0].socket.get(); }

 protected:
  struct Read {
    std::size_t size = 0;  ///< bytes of the input that belong to heads
    bool leaves = false;   ///< what follows them is not for the relay
  };
  /// Bytes of a direction while its phase is `heads`: they are to be passed on by pass_on(), and
  /// set_phase() says what follows.
  virtual Read read_heads(Side from, std::string_view bytes) = 0;
  virtual void connected() = 0;
  virtual void dial_failed(int error) = 0;
  /// The kernel has all that was passed on to that side, after it had not.
  virtual void caught_up(Side side) = 0;
  /// The side's FIN was read.
  virtual void fin_read(Side side) = 0;
  /// A FIN was sent to that side.
  virtual void fin_passed(Side side) = 0;
  /// Both directions have ended. It must be buried.
  virtual void over() = 0;
  /// It cannot go on here: leave() must be called with these, then it must be buried.
  virtual void must_leave(std::optional<Side> from, std::string_view unread) = 0;

  Phase phase(Side from) const { return lane_of(from).phase; }
  void set_phase(Side from, Phase phase) { lane_of(from).phase = phase; }
  void allow_compression();
  void go_on();
  /// True if the receiver's kernel has all that was ever passed on to it.
  bool pass_on(Side from, std::string_view bytes) { return deliver(from, bytes, lane_of(from).tracker); }

 private:
  struct Backlog {
    std::string bytes;
    std::size_t at = 0;     // of the first that waits
    std::size_t heads = 0;  // so many of them from there on belong to heads
    FrameTracker arrived;   // before it
    std::string arriving;   // of a header
  };
  struct End {
    net::FileDescriptor socket;
    bool readable = false;
    bool has_end = false;  // a FIN or an error waits behind what is to be read
    bool connected = false;
  };
  struct Lane {
    FrameTracker tracker;
    std::unique_ptr<Backlog> backlog = {};
    std::unique_ptr<std::string> unread = {};  // by whoever had it before
    std::uint64_t read = 0;
    std::uint64_t written = 0;
    std::array<char, 13> stub = {};  // of a header that is not whole
    std::uint8_t stub_size = 0;
    Phase phase = Phase::heads;
    bool ended = false;
    bool fin_sent = false;
    std::optional<int> died = {};  // errno of the sender's socket
  };

  void ready(unsigned which, std::uint32_t events) override;
  void finish_dialling(bool failed);
  void run();
  void pump(Side from);
  void take(Side from, std::string_view bytes);
  void track(Side from, std::string_view bytes);
  bool deliver(Side from, std::string_view bytes, const FrameTracker& before);
  std::size_t send(Side to, std::string_view bytes);
  void flush(Side to);
  void read_end(Side from);
  void pass_end(Side from);
  void depart(std::optional<Side> from = {}, std::string_view unread = {});

  Lane& lane_of(Side from) { return lanes_[index_of(from)]; }
  const Lane& lane_of(Side from) const { return lanes_[index_of(from)]; }
  End& end(Side side) { return ends_[index_of(side)]; }

  Books books_;
  std::array<End, 2> ends_;
  std::array<Lane, 2> lanes_;
  std::uint16_t dialled_port_ = 0;  // network order
  bool dialling_ = false;
  bool watched_ = false;  // the client's socket
  bool over_ = false;
};

}  // namespace wsfault::relay
