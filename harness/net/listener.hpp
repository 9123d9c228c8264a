// A listening port that can stop listening and still keep its number, so that connections are truly refused.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "net/asio.hpp"
#include "net/file_descriptor.hpp"
#include "net/socket.hpp"
#include "net/socket_source.hpp"

namespace wsfault::net {

class Listener {
 public:
  static constexpr int usual_backlog = 512;
  static constexpr int large_backlog = 4096;
  /// Binds host:port (an IP address; port 0: any free one) without listening yet. Throws
  /// boost::system::system_error: address_in_use also if the port is held by another Listener. A second
  /// socket, bound with SO_REUSEPORT and never listening, keeps the port while the listening one is closed. `shared`:
  /// several processes of one user that all say so have the port together, and the kernel divides the connections.
  Listener(asio::any_io_executor executor, const std::string& host, std::uint16_t port = 0,
           int backlog = usual_backlog,
           SocketSource source = {}, bool shared = false);
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  /// Throws boost::system::system_error. No effect while listening or closed.
  void listen();
  /// From now on a SYN is answered with RST; connections not yet accepted are reset by the kernel.
  void stop_listening();
  /// From now on a SYN gets no answer at all, until listen() or stop_listening(): the queue of connections is
  /// full, and nothing is accepted from it. Connections that wait in it already are accepted later. Throws
  /// boost::system::system_error if that cannot be had here.
  void swallow();
  bool is_listening() const;  ///< and accepts
  /// The next connection. While not listening it waits; none when closed or cancelled. If this process is
  /// short of descriptors or memory it tries again and reports it through on_shortage().
  Task<std::optional<Socket>> accept();
  /// The same, as it comes from the kernel: it does not block, is close-on-exec, and has TCP_NODELAY.
  struct Arrival {
    FileDescriptor socket;
    tcp::endpoint peer;
  };
  Task<std::optional<Arrival>> accept_descriptor();
  /// `met` is called with errno when accept() meets a shortage, once until a connection is accepted again.
  void on_shortage(std::function<void(int error)> met);
  /// Ends accept() permanently and releases the port.
  void close();

  const std::string& host() const;
  std::uint16_t port() const;

 private:
  struct State;
  std::shared_ptr<State> state_;  ///< shared with the coroutines that wait in accept()
};

}  // namespace wsfault::net
