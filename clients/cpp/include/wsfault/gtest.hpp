// Matchers and a fixture for GoogleTest. The matchers wait, no longer than the session's timeout, and say
// what was seen.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <iostream>
#include <memory>
#include <string>
#include <wsfault/testing.hpp>

namespace wsfault {

namespace matching {

/// What is undecided is neither: it would pass under Not().
template <typename Subject>
bool meets(const Subject& subject, const Table& expectation, ::testing::MatchResultListener& listener) {
  const Finding finding = subject.judge(expectation);
  listener << finding.subject << ": " << finding.state << "\n" << to_string(finding);
  if (!finding.is_decided()) throw ExpectationError(finding);
  return finding.holds();
}

template <typename Subject>
bool reaches(const Subject& subject, const std::string& moment, ::testing::MatchResultListener& listener) {
  try {
    const Event event = subject.first(moment);
    listener << "it came: " << to_string(event);
    return true;
  } catch (const MomentTimeout& late) {
    listener << late.what();
    return false;
  }
}

}  // namespace matching

// Of a Client, a Proxy or a Session.

/// The client reported that close code: 1006 is what it reports where no Close frame came.
MATCHER_P(ClosedWith, code,
          (negation ? "reports no close code " : "reports the close code ") +
              ::testing::PrintToString(code)) {
  return matching::meets(arg, {{"close", code}}, *result_listener);
}

/// … with that reason, too.
MATCHER_P2(ClosedWith, code, reason,
           (negation ? "reports no close code " : "reports the close code ") +
               ::testing::PrintToString(code) + " with the reason " + ::testing::PrintToString(reason)) {
  return matching::meets(arg, {{"close", code}, {"reason", reason}}, *result_listener);
}

/// A Close frame with that code was on the wire.
MATCHER_P(ClosedOnTheWireWith, code,
          (negation ? "no Close frame with the code " : "a Close frame with the code ") +
              ::testing::PrintToString(code) + " is on the wire") {
  return matching::meets(arg, {{"wire_close", code}}, *result_listener);
}

/// Another connection opened.
MATCHER(Reconnects, negation ? "does not reconnect" : "reconnects") {
  return matching::meets(arg, {{"reconnect", true}}, *result_listener);
}

/// Any expectation (docs/scenarios.md): `Meets(Table{{"close", 1006}, {"within", 1s}})`.
MATCHER_P(Meets, expectation, (negation ? "does not meet " : "meets ") + to_json(expectation.value())) {
  return matching::meets(arg, expectation, *result_listener);
}

/// The moment comes, or came: `Reaches("message 3")`.
MATCHER_P(Reaches, moment,
          (negation ? "does not reach the moment " : "reaches the moment ") +
              ::testing::PrintToString(moment)) {
  return matching::reaches(arg, moment, *result_listener);
}

/// Of a Fault: it fires, or has fired.
MATCHER(Fires, negation ? "does not fire" : "fires") {
  try {
    const Event event = arg.until_fired();
    *result_listener << "it fired: " << to_string(event);
    return true;
  } catch (const MomentTimeout& late) {
    *result_listener << late.what();
    return false;
  }
}

/// Of a Session: nothing that happened was a failure of the system under test, or is undecided.
MATCHER(Passes, negation ? "does not pass" : "passes") {
  const Verdict verdict = arg.verdict();
  *result_listener << "the verdict is\n" << to_string(verdict);
  return verdict.passed();
}

inline void PrintTo(const Verdict& verdict, std::ostream* out) { *out << to_string(verdict); }

/// A session for each test, and one program for all. The verdict on what happened is printed where a test
/// fails.
class SessionTest : public ::testing::Test {
 protected:
  SessionTest() : session_(std::make_unique<Session>(wsfault().session())) {}

  void TearDown() override {
    if (HasFailure())
      std::cout << "wsfault: the verdict on what happened\n" << to_string(session().verdict());
    session_->end();
  }

  /// The one of WSFAULT_URL, or one that ends with this process.
  static Wsfault& wsfault() {
    static Wsfault running = Wsfault::from_environment();
    return running;
  }
  Session& session() { return *session_; }
  /// Begins another one, with these settings, in place of the first.
  Session& begin(const SessionOptions& options) {
    session_ = std::make_unique<Session>(wsfault().session(options));
    return *session_;
  }

 private:
  std::unique_ptr<Session> session_;
};

}  // namespace wsfault
