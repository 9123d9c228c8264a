// The small parent process of one process tree: starts it, signals it, and kills it when the harness closes
// the control socket.
#pragma once

#include "net/spawn_message.hpp"

namespace wsfault::net {

/// Runs a keeper, in a process newly forked by the warden. As subreaper it inherits every process that
/// daemonises below it, so the tree stays one tree. Ends when the control socket does.
[[noreturn]] void run_keeper(SpawnRequest request);

/// SIGCHLD as a descriptor: blocks the signal for the calling process.
FileDescriptor make_child_signal_descriptor();
/// Reads what the descriptor has reported; never blocks.
void drain_child_signals(const FileDescriptor& signals);

}  // namespace wsfault::net
