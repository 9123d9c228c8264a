// A run that cannot work: its client never connects, or its system is never ready or is gone. Detected from
// the results of its cases, and reported once. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "report/case_result.hpp"
#include "runner/run_setting.hpp"

namespace wsfault::runner {

/// Did a case reach the system under test?
enum class Contact : std::uint8_t {
  made,     ///< the client connected; the gateway or server became ready
  none,     ///< not (yet)
  unknown,  ///< a fault may have prevented it
};
Contact contact_in(const record::Events& events, model::Role role);

/// What the cases of a run have shown of its systems so far.
class CannotWork {
 public:
  explicit CannotWork(double timeout_scale) : timeout_scale_(timeout_scale) {}

  /// A case has ended.
  void note(const CaseOrder& order, const report::CaseResult& result);
  /// A running case, and how long ago its system started.
  struct Waiting {
    const CaseOrder* order = nullptr;
    Contact contact = Contact::none;
    Duration since{0};
    const record::Events* events = nullptr;  ///< its log so far; null: not known
  };
  /// The cases running now: some may have waited in vain for long enough.
  void look_at(const std::vector<Waiting>& running);
  /// The system of the whole run has refused connections since the last noted case.
  void lose(const std::string& system);
  /// The system of the whole run cannot be tested, according to its pre-check.
  void refuse(const std::string& why) { refused_ = why; }

  /// Why this case should not be run, or not to its end. Empty: it should.
  std::string why_not(const CaseOrder& order) const;
  /// The whole report, for `not_run` cases that were not run; empty: nothing to report. The last line has no
  /// newline.
  std::string in_words(std::size_t not_run) const;

 private:
  struct Seen {
    const model::System* system = nullptr;
    bool made = false;
    std::size_t never = 0;  ///< cases that ended without a contact, or waited in vain
    bool given_up = false;
    std::string reason;                      ///< of the last error
    std::vector<record::OutputLine> output;  ///< of the last case, its last lines
  };
  void judge(Seen& seen, std::size_t waiting) const;

  double timeout_scale_;
  std::map<std::string, Seen> systems_;  ///< by name
  std::string last_case_;
  std::string lost_;
  std::string refused_;
};

}  // namespace wsfault::runner
