// The warden's own life, in the process that Warden::start() forks.
#pragma once

#include <string>

#include "net/file_descriptor.hpp"

namespace wsfault::net {

/// Forks a keeper per request until `harness` ends; then kills and reaps whatever is below it, deletes
/// `folder` and exits. Has its own session, so that Ctrl-C on the harness's terminal reaches neither it nor
/// the children.
[[noreturn]] void run_warden(FileDescriptor harness, const std::string& folder);

}  // namespace wsfault::net
