// The names of a case's files.
#pragma once

#include <string>
#include <vector>

namespace wsfault::report {

struct LogCase {
  std::string id;
  std::string file;  ///< of its scenario: two folders may contain scenarios of the same name
};

/// A name for each case, in order: its id without characters that file systems and build archives do not
/// accept, at most 200 bytes of UTF-8, all different, even if case is ignored. If ids would give the same
/// name, or are too long, the name ends in a hash of eight digits: the same in each run of these cases.
std::vector<std::string> log_names(const std::vector<LogCase>& cases);

}  // namespace wsfault::report
