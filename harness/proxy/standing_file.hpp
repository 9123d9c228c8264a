// A file of proxies that stand while the program runs: [[proxy]] tables with their faults.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "proxy/session.hpp"
#include "value/result.hpp"

namespace wsfault::proxy {

struct StandingProxy {
  std::string name;
  std::string listen;
  std::string upstream;
  bool enabled = true;
  std::vector<FaultOrder> faults;
};

struct StandingFile {
  std::vector<StandingProxy> proxies;
};

/// The error is all that is wrong, as `wsfault check` prints it.
Result<StandingFile> read_standing(const std::string& name, const std::string& text);

/// Makes the session have what the file says: what is the same stays, with its connections. `of_file`: the proxies that
/// an earlier file made, which go if this one has them no more; those of the API stay. Empty, or what could not be done,
/// in lines; the rest was.
net::Task<std::string> apply(Session& session, StandingFile file, std::set<std::string>& of_file);

}  // namespace wsfault::proxy
