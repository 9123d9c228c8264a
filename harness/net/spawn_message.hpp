// Messages between the harness, the warden and the keepers.
#pragma once

#include <sys/types.h>

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "net/file_descriptor.hpp"

namespace wsfault::net {

/// What to run. It is passed in a memory file, so only exec limits its size.
struct SpawnMessage {
  std::vector<std::string> argv;
  std::vector<std::string> environment;  ///< "NAME=value"
  std::string cwd;                       ///< empty: the warden's own
  std::string network_of;                ///< a process whose network namespace it joins: its pid; empty: none
  std::string hosts_file;  ///< what it finds at /etc/hosts, in a mount namespace of its own; empty: the usual

  friend bool operator==(const SpawnMessage&, const SpawnMessage&) = default;
};

std::string serialise(const SpawnMessage& message);
/// None if the bytes are not a complete message.
std::optional<SpawnMessage> parse_spawn_message(std::string_view bytes);

/// A memory file that contains `bytes`. Throws std::system_error.
FileDescriptor make_memory_file(std::string_view bytes);
std::string read_memory_file(const FileDescriptor& file);

/// Harness to warden: what one process needs.
struct SpawnRequest {
  FileDescriptor in;
  FileDescriptor out;
  FileDescriptor err;
  FileDescriptor control;  ///< the keeper's end of the socket pair between the Child and its keeper
  FileDescriptor message;  ///< the memory file
};

/// 0, or errno: EPIPE if the warden is gone, EAGAIN if it does not read. Never blocks.
int send_request(int socket, const SpawnRequest& request);
enum class Received { request, incomplete, nothing, end };
/// Waits for the next request. `incomplete`: there was no room for all its descriptors; it has at most its
/// `control`, for the reply.
std::pair<Received, SpawnRequest> receive_request(int socket);

/// The stage at which a start failed.
enum class StartStage : std::int32_t { message, receive, fork, network, hosts, cwd, exec };

/// Keeper to harness.
struct Report {
  enum class Kind : std::int32_t { here, started, failed, exited, tree_gone };
  Kind kind{};
  std::int32_t value =
      0;  ///< here: the keeper; started: the first process; failed: errno; exited: its wait status
  std::int32_t extra = 0;  ///< failed: StartStage
};

/// Harness to keeper.
struct Command {
  enum class Kind : std::int32_t { signal_main, signal_tree, kill_tree };
  Kind kind{};
  std::int32_t number = 0;  ///< the signal
};

}  // namespace wsfault::net
