// What the files of a case are called.
#pragma once

#include <string>
#include <vector>

namespace wsfault::report {

struct LogCase {
  std::string id;
  std::string file;  ///< of its scenario: two folders may hold a scenario of one name
};

/// A name for each case, in their order: its id without what file systems and archives of builds do not take,
/// at most 200 bytes of UTF-8, and no two alike, not even where case is not told apart. Where ids would come
/// to the same name, or are too long, a hash of eight digits ends it: the same in each run of these cases.
std::vector<std::string> log_names(const std::vector<LogCase>& cases);

}  // namespace wsfault::report
