// The small process that stands above one process tree: starts it, signals it, and kills it when it is let
// go.
#pragma once

#include "net/spawn_message.hpp"

namespace wsfault::net {

/// The life of a keeper, in a process freshly forked by the warden. As subreaper it inherits whatever
/// daemonises itself below it, so the tree stays one tree. Ends when the control socket does.
[[noreturn]] void run_keeper(SpawnRequest request);

/// SIGCHLD as a descriptor: blocks the signal for the calling process.
FileDescriptor make_child_signal_descriptor();
/// Takes what the descriptor has reported; never blocks.
void drain_child_signals(const FileDescriptor& signals);

}  // namespace wsfault::net
