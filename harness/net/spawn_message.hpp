// What the harness, the warden and the keepers say to one another.
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

/// What to run. It travels in a memory file, so it has no limit but exec's own.
struct SpawnMessage {
  std::vector<std::string> argv;
  std::vector<std::string> environment;  ///< "NAME=value"
  std::string cwd;                       ///< empty: where the warden was started

  friend bool operator==(const SpawnMessage&, const SpawnMessage&) = default;
};

std::string serialise(const SpawnMessage& message);
/// None where the bytes are not a whole message.
std::optional<SpawnMessage> parse_spawn_message(std::string_view bytes);

/// A memory file that holds `bytes`. Throws std::system_error.
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

/// 0, or errno: EPIPE where the warden is gone, EAGAIN where it does not read. Never blocks.
int send_request(int socket, const SpawnRequest& request);
enum class Received { request, incomplete, nothing, end };
/// Waits for the next request. `incomplete`: there was no room for all of its descriptors; it has at most its
/// `control`, by which to answer.
std::pair<Received, SpawnRequest> receive_request(int socket);

/// Where a start failed.
enum class StartStage : std::int32_t { message, receive, fork, cwd, exec };

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
