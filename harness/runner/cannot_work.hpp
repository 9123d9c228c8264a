// A run that cannot work: its client never connects, its system is never ready or is gone. Known by what its
// cases came to, and said once. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "report/case_result.hpp"
#include "runner/run_setting.hpp"

namespace wsfault::runner {

/// Did a case meet the system that it is to test?
enum class Contact : std::uint8_t {
  made,     ///< the client connected; the gateway or server became ready
  none,     ///< not (yet)
  unknown,  ///< a fault may have kept it away
};
Contact contact_in(const record::Events& events, model::Role role);

/// What the cases of a run have shown of its systems so far.
class CannotWork {
 public:
  explicit CannotWork(double patience) : patience_(patience) {}

  /// A case was run to its end.
  void note(const CaseOrder& order, const report::CaseResult& result);
  /// A case that runs, and how long its system has been there.
  struct Waiting {
    const CaseOrder* order = nullptr;
    Contact contact = Contact::none;
    Duration since{0};
  };
  /// Those that run at present: some may have waited in vain for long enough.
  void look_at(const std::vector<Waiting>& running);
  /// The system of the whole run refuses connections since the case that was noted last.
  void lose(const std::string& system);
  /// The system of the whole run cannot be tested, as its pre-check says.
  void refuse(const std::string& why) { refused_ = why; }

  /// Why this case is not to be run, or not to its end. Empty: it is.
  std::string why_not(const CaseOrder& order) const;
  /// All that is to be said, for `not_run` cases that were not run; empty: nothing. Lines without the last
  /// line's end.
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

  double patience_;
  std::map<std::string, Seen> systems_;  ///< by name
  std::string last_case_;
  std::string lost_;
  std::string refused_;
};

}  // namespace wsfault::runner
