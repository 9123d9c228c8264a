// What the client throws.
#pragma once

#include <chrono>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>
#include <wsfault/answers.hpp>

namespace wsfault {

/// An error of the API (RFC 9457), or, with the status 0, of reaching it or of starting the program.
class WsfaultError : public std::runtime_error {
 public:
  /// One thing that is wrong with the body.
  struct Detail {
    std::string pointer;  ///< its place (RFC 6901); empty: the whole body
    std::string detail;
    std::string hint;  ///< what is allowed, or the nearest name; may be empty
  };

  /// `shown` stands for the list of errors in the message: the errors in the text that was written.
  WsfaultError(std::string request, int status, std::string detail, std::string hint = {},
               std::vector<Detail> errors = {}, const std::string& shown = {});

  /// "POST /v1/sessions/s1/faults"
  const std::string& request() const { return request_; }
  int status() const { return status_; }
  const std::string& detail() const { return detail_; }
  const std::string& hint() const { return hint_; }
  const std::vector<Detail>& errors() const { return errors_; }

 private:
  std::string request_;
  int status_;
  std::string detail_;
  std::string hint_;
  std::vector<Detail> errors_;
};

/// A table that is written wrongly: its message has the line and a caret.
class TableError : public std::invalid_argument {
 public:
  using std::invalid_argument::invalid_argument;
};

/// A moment did not come in time. Its message has the last events.
class MomentTimeout : public std::runtime_error {
 public:
  MomentTimeout(const std::string& moment, std::chrono::milliseconds timeout, std::vector<Event> events,
                std::uint64_t lost);

  /// What happened meanwhile.
  const std::vector<Event>& events() const { return events_; }
  /// How many more events happened, which were dropped before they were read.
  std::uint64_t lost() const { return lost_; }

 private:
  std::vector<Event> events_;
  std::uint64_t lost_;
};

/// An expectation does not hold, or is undecided.
class ExpectationError : public std::runtime_error {
 public:
  explicit ExpectationError(Finding finding);

  const Finding& finding() const { return finding_; }

 private:
  Finding finding_;
};

}  // namespace wsfault
