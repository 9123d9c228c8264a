// Recorded cases (samples/), and events as literals, for the tests of reports.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "report/case_result.hpp"

namespace wsfault::report::sample {

/// Milliseconds as the log counts time.
constexpr std::int64_t ms(double milliseconds) { return static_cast<std::int64_t>(milliseconds * 1e6); }

/// Of the first connection on the link between the system under test and the fake upstream.
record::Event on_link(double at_ms, record::What what, int connection = 1);
/// Of a party: its process, its output, its reports.
record::Event of_party(double at_ms, record::What what, int connection = 0, const std::string& party = "sut");
/// Of the run as a whole.
record::Event of_run(double at_ms, record::What what);

/// A text message in one frame: header and message, as seen on that side.
void add_message(record::Events& events, double at_ms, record::Tap tap, record::Side from,
                 const std::string& payload, int connection = 1);

/// A connection that opens, from TCP to the 101, within a millisecond.
void add_opening(record::Events& events, double at_ms, int connection = 1);

/// The server crashes at its second message, and the client reports a normal closure.
CaseResult failed();
/// Invented: every text in it is hostile: markup, control characters, bytes that are not UTF-8.
CaseResult hostile();
CaseResult passed();
CaseResult warned();
CaseResult known();
CaseResult skipped();
CaseResult inconclusive();
CaseResult error();
/// All of these except the hostile one.
RunSummary run();

/// Ready for printing: explained.
CaseResult told(CaseResult result);
RunSummary told(RunSummary summary);

/// Of samples/`name`.
std::string text_of(const std::string& name);
/// Is it equal to samples/printed/`name`, byte for byte? With WSFAULT_PRINT_SAMPLES in the environment it is
/// written there, for review before it is committed.
testing::AssertionResult is_printed(const std::string& name, const std::string& text);

}  // namespace wsfault::report::sample
