#include "relay/passage.hpp"

#include <errno.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace wsfault::relay {
namespace {

/// Bytes that wait for a receiver: then its sender is not read any more.
constexpr std::size_t most_waiting = 256 * 1024;
/// Reads of one connection before others have their turn.
constexpr int most_reads = 4;

/// Follows bytes that were followed before, when they were passed on.
void follow(FrameTracker& tracker, std::string& of_header, std::string_view bytes) {
  Tally counted_before;
  std::string joined;
  if (!of_header.empty()) {
    joined = of_header + std::string(bytes);
    bytes = joined;
  }
  const std::size_t size = tracker.take(bytes, counted_before).size;
  of_header = std::string(bytes.substr(size));
}

/// `port` in network order, at the same offset for both families.
std::uint16_t port_in(const sockaddr* address) {
  return reinterpret_cast<const sockaddr_in*>(address)->sin_port;
}

bool has_met_itself(int socket, std::uint16_t dialled_port) {
  sockaddr_storage own{}, peer{};
  socklen_t own_size = sizeof own, peer_size = sizeof peer;
  return ::getsockname(socket, reinterpret_cast<sockaddr*>(&own), &own_size) == 0 &&
         port_in(reinterpret_cast<sockaddr*>(&own)) == dialled_port &&
         ::getpeername(socket, reinterpret_cast<sockaddr*>(&peer), &peer_size) == 0 &&
         own_size == peer_size && std::memcmp(&own, &peer, own_size) == 0;
}

net::StreamEnd end_of(int error) {
  const bool is_reset = error == ECONNRESET || error == EPIPE;
  return {is_reset ? net::EndKind::reset : net::EndKind::error, error};
}

}  // namespace

Passage::Passage(Loop& loop, net::FileDescriptor client, Books books)
    : Watcher(loop),
      books_(books),
      lanes_{Lane{FrameTracker(Side::client)}, Lane{FrameTracker(Side::server)}} {
  end(Side::client).socket = std::move(client);
  end(Side::client).connected = true;
}

Passage::Passage(Loop& loop, Leaving from, Books books) : Passage(loop, std::move(from.client), books) {
  end(Side::server).socket = std::move(from.server);
  end(Side::server).connected = true;
  for (const Side side : {Side::client, Side::server}) {
    Way& way = from.ways[index_of(side)];
    Lane& lane = lane_of(side);
    lane.tracker = way.sent;
    lane.phase = way.phase;
    lane.read = way.read;
    lane.written = way.written;
    if (!way.unread.empty()) lane.unread = std::make_unique<std::string>(std::move(way.unread));
  }
}

Passage::~Passage() = default;

void Passage::go_on() {
  watched_ = true;
  for (const Side side : {Side::client, Side::server}) {
    // A shortage is told by whoever goes on.
    if (!loop_.watch(end(side).socket.get(), *this, static_cast<unsigned>(index_of(side)))) return depart();
  }
  run();
}

void Passage::dial(net::FileDescriptor source, const sockaddr* to, unsigned size) {
  End& server = end(Side::server);
  server.socket = std::move(source);
  dialled_port_ = port_in(to);
  dialling_ = true;
  const int code = ::connect(server.socket.get(), to, size);
  const int error = code == 0 ? 0 : errno;
  if (error != 0 && error != EINPROGRESS) {
    dialling_ = false;
    return dial_failed(error);
  }
  const bool watched = std::exchange(watched_, true) || loop_.watch(end(Side::client).socket.get(), *this, 0);
  if (!watched || !loop_.watch(server.socket.get(), *this, 1)) {
    dialling_ = false;
    return dial_failed(errno);
  }
}

void Passage::ready(unsigned which, std::uint32_t events) {
  if (over_) return;
  End& of = ends_[which];
  if ((events & (EPOLLIN | EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0) of.readable = true;
  if ((events & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0) of.has_end = true;
  const Side side = which == 0 ? Side::client : Side::server;
  if (dialling_ && side == Side::server) {
    if ((events & (EPOLLOUT | EPOLLHUP | EPOLLERR)) != 0)
      finish_dialling((events & (EPOLLHUP | EPOLLERR)) != 0);
  } else if ((events & EPOLLOUT) != 0) {
    flush(side);
  }
  // A peer that has ended its direction may still die: its RST is passed on, too.
  if (!over_ && (events & EPOLLERR) != 0 && lane_of(side).ended) {
    int error = 0;
    socklen_t size = sizeof error;
    ::getsockopt(of.socket.get(), SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0) {
      lane_of(side).died = error;
      return depart();
    }
  }
  if (!over_) run();
}

void Passage::finish_dialling(bool failed) {
  int error = 0;
  socklen_t size = sizeof error;
  if (failed) ::getsockopt(end(Side::server).socket.get(), SOL_SOCKET, SO_ERROR, &error, &size);
  dialling_ = false;
  // Where nobody listens on a port of the ephemeral range, a socket may be given that port, and connect to
  // itself.
  if (error == 0 && has_met_itself(end(Side::server).socket.get(), dialled_port_)) error = ECONNREFUSED;
  if (error != 0) return dial_failed(error);
  end(Side::server).connected = true;
  connected();
  if (!over_) flush(Side::server);
}

void Passage::run() {
  for (const Side side : {Side::client, Side::server}) {
    if (!over_) pump(side);
  }
}

void Passage::pump(Side from) {
  End& source = end(from);
  Lane& lane = lane_of(from);
  const std::span<char> buffer = loop_.buffer();
  int reads = 0;
  if (lane.unread) take(from, *std::exchange(lane.unread, nullptr));
  while (source.readable && source.connected && !lane.ended && !over_) {
    if (lane.backlog && lane.backlog->bytes.size() - lane.backlog->at >= most_waiting) return;
    if (reads++ == most_reads) return loop_.ask_again(*this);
    std::ranges::copy(lane.stub.begin(), lane.stub.begin() + lane.stub_size, buffer.begin());
    const std::size_t room = buffer.size() - lane.stub_size;
    const ssize_t size = ::recv(source.socket.get(), buffer.data() + lane.stub_size, room, MSG_DONTWAIT);
    if (size > 0) {
      // What comes after a short read comes with a further event (epoll(7)).
      if (static_cast<std::size_t>(size) < room && !source.has_end) source.readable = false;
      lane.read += static_cast<std::size_t>(size);
      take(from, {buffer.data(), std::exchange(lane.stub_size, 0) + static_cast<std::size_t>(size)});
    } else if (size == 0) {
      read_end(from);
    } else if (errno == EAGAIN) {
      source.readable = false;
    } else if (errno != EINTR) {
      lane.died = errno;
      return depart();
    }
  }
}

void Passage::take(Side from, std::string_view bytes) {
  Lane& lane = lane_of(from);
  while (lane.phase == Phase::heads && !bytes.empty()) {
    const Read read = read_heads(from, bytes);
    if (over_) return;
    bytes.remove_prefix(read.size);
    if (read.leaves || lane_of(wire::opposite(from)).died) return depart(from, bytes);
  }
  if (bytes.empty()) return;
  if (lane.phase == Phase::raw) {
    pass_on(from, bytes);
    if (lane_of(wire::opposite(from)).died) depart();
  } else {
    track(from, bytes);
  }
}

void Passage::track(Side from, std::string_view bytes) {
  Lane& lane = lane_of(from);
  const FrameTracker before = lane.tracker;
  const FrameTracker::Taken taken = lane.tracker.take(bytes, books_.tally, books_.stops);
  const std::string_view rest = bytes.substr(taken.size);
  deliver(from, bytes.substr(0, taken.size), before);
  if (lane_of(wire::opposite(from)).died || taken.stops) return depart(from, rest);
  std::ranges::copy(rest, lane.stub.begin());
  lane.stub_size = static_cast<std::uint8_t>(rest.size());
}

/// `before`: where the frames were before these bytes. True: the receiver's kernel has all.
bool Passage::deliver(Side from, std::string_view bytes, const FrameTracker& before) {
  Lane& lane = lane_of(from);
  const bool is_in_frames = lane.phase == Phase::frames;
  if (!lane.backlog) {
    const std::size_t sent = send(wire::opposite(from), bytes);
    if (books_.delays && loop_.measures()) books_.delays->add(loop_.in_turn());
    if (sent == bytes.size()) return true;
    lane.backlog = std::make_unique<Backlog>(Backlog{.arrived = before});
    if (is_in_frames) follow(lane.backlog->arrived, lane.backlog->arriving, bytes.substr(0, sent));
    bytes.remove_prefix(sent);
  }
  lane.backlog->bytes += bytes;
  if (!is_in_frames) lane.backlog->heads = lane.backlog->bytes.size() - lane.backlog->at;
  return false;
}

/// How many of them the kernel has taken.
std::size_t Passage::send(Side to, std::string_view bytes) {
  End& sink = end(to);
  Lane& lane = lane_of(wire::opposite(to));
  std::size_t sent = 0;
  while (sink.connected && !lane_of(to).died && sent < bytes.size()) {
    const ssize_t size =
        ::send(sink.socket.get(), bytes.data() + sent, bytes.size() - sent, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (size >= 0) {
      sent += static_cast<std::size_t>(size);
    } else if (errno == EAGAIN) {
      break;
    } else if (errno != EINTR) {
      lane_of(to).died = errno;
    }
  }
  lane.written += sent;
  return sent;
}

void Passage::flush(Side to) {
  const Side from = wire::opposite(to);
  Lane& lane = lane_of(from);
  if (!lane.backlog || !end(to).connected) return;
  Backlog& backlog = *lane.backlog;
  const std::string_view waiting = std::string_view(backlog.bytes).substr(backlog.at);
  const std::size_t sent = send(to, waiting);
  const std::size_t of_heads = std::min(sent, backlog.heads);
  backlog.heads -= of_heads;
  if (lane.phase == Phase::frames)
    follow(backlog.arrived, backlog.arriving, waiting.substr(of_heads, sent - of_heads));
  backlog.at += sent;
  if (lane_of(to).died) return depart();
  if (backlog.at < backlog.bytes.size()) return;
  lane.backlog.reset();
  caught_up(to);
  if (!over_ && lane.ended) pass_end(from);
}

void Passage::read_end(Side from) {
  Lane& lane = lane_of(from);
  const bool is_between =
      lane.phase == Phase::raw || (lane.phase == Phase::frames && lane.tracker.at_frame_boundary());
  // An end inside a head or a frame is for whoever reads these whole.
  if (!is_between || lane.stub_size > 0) return depart();
  lane.ended = true;
  fin_read(from);
  if (!over_ && !lane.backlog) pass_end(from);
}

void Passage::pass_end(Side from) {
  const Side to = wire::opposite(from);
  const bool is_last = lane_of(to).fin_sent;
  // The last is sent by close(): that side has ended, so nothing unread turns it into an RST.
  if (!is_last) ::shutdown(end(to).socket.get(), SHUT_WR);
  lane_of(from).fin_sent = true;
  fin_passed(to);
  if (!is_last) return;
  over_ = true;
  over();
}

void Passage::depart(std::optional<Side> from, std::string_view unread) {
  over_ = true;
  must_leave(from, unread);
}

void Passage::allow_compression() {
  for (Lane& lane : lanes_) lane.tracker.allow_compression();
}

Leaving Passage::leave(std::optional<Side> from, std::string_view unread) {
  over_ = true;
  for (End& each : ends_)
    if (each.socket.is_open()) loop_.forget(each.socket.get());
  const auto way_of = [&](Side side) {
    Lane& lane = lane_of(side);
    Way way{.phase = lane.phase,
            .sent = lane.tracker,
            .arrived = lane.tracker,
            .read = lane.read,
            .written = lane.written};
    way.ended = lane.ended;
    way.fin_sent = lane.fin_sent;
    way.unread = side == from ? std::string(unread) : std::string(lane.stub.data(), lane.stub_size);
    if (lane.unread) way.unread += *lane.unread;
    if (lane.died) way.died = end_of(*lane.died);
    if (!lane.backlog) return way;
    way.arrived = lane.backlog->arrived;
    way.arriving = std::move(lane.backlog->arriving);
    way.backlog = lane.backlog->bytes.substr(lane.backlog->at);
    return way;
  };
  Leaving leaving{{}, {}, dialling_, {way_of(Side::client), way_of(Side::server)}};
  leaving.client = std::move(end(Side::client).socket);
  if (end(Side::server).connected || dialling_) leaving.server = std::move(end(Side::server).socket);
  return leaving;
}

}  // namespace wsfault::relay
