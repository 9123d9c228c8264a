// The results of a run as JUnit XML, for continuous integration servers.
#pragma once

#include <string>
#include <vector>

#include "report/case_result.hpp"

namespace wsfault::report {

/// One suite for each folder of scenarios. Failed is a <failure>; error and inconclusive are an <error> whose
/// type says which; skipped is <skipped>; warned and known findings pass, with their remarks in <system-out>.
/// Valid against the schema of Jenkins' JUnit and xUnit plugins (jenkins-junit.xsd). It has no `file` for a
/// case and no `message` for a skip: the file is in the text of the problem, and the message is the text of
/// the skip.
std::string print_junit(const RunSummary& summary);

/// Joins documents of the shards of one run (read_junit_results() accepts each). Wall time is that of the
/// longest shard.
std::string join_junit_documents(const std::vector<std::string>& documents);

}  // namespace wsfault::report
