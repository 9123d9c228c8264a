// The warden itself, in the process that Warden::start() forks.
#pragma once

#include <string>

#include "net/file_descriptor.hpp"

namespace wsfault::net {

/// Forks a keeper per request until `harness` ends; then kills and reaps all processes below it, deletes
/// `folder` and exits. Has its own session, so that Ctrl-C in the harness's terminal does not reach it or the
/// children.
[[noreturn]] void run_warden(FileDescriptor harness, const std::string& folder);

}  // namespace wsfault::net
