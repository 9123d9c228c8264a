// The results of a run as JUnit XML, as continuous integration servers read it.
#pragma once

#include <string>
#include <vector>

#include "report/case_result.hpp"

namespace wsfault::report {

/// One suite for each folder of scenarios. Failed is a <failure>, error and inconclusive are an <error> whose
/// type tells which, skipped is <skipped>; warned and known findings pass, with what there is to say in
/// <system-out>. Valid against the schema of Jenkins' JUnit and xUnit plugins (jenkins-junit.xsd), which has
/// no `file` of a case and no `message` of a skip: the one stands in the text of the problem, the other is
/// text.
std::string print_junit(const RunSummary& summary);

/// Documents of the shards of one run (read_junit_results() takes each) as one. Wall time is that of the
/// longest shard.
std::string join_junit_documents(const std::vector<std::string>& documents);

}  // namespace wsfault::report
