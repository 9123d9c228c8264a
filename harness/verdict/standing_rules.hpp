// Standing rules, frame by frame: what the system under test may never put on a wire (RFC
// 6455 5.1, 5.5.1, 7.4.1).
#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "model/system.hpp"
#include "record/event.hpp"
#include "verdict/finding.hpp"

namespace wsfault::verdict {

/// Masks, close codes, and the order of frames on each connection.
class FrameRules {
 public:
  /// `own`: indices of the events of frames that are the system's own; none: all that it sends are.
  FrameRules(model::Role role, std::optional<std::set<std::size_t>> own)
      : role_(role), own_(std::move(own)) {}

  /// Events in the order of the log.
  void take(const record::Event& event, std::size_t index);
  /// Each rule that was broken, once.
  const std::vector<Finding>& findings() const { return findings_; }

 private:
  void add(std::string_view rule, std::string expected, std::string seen, const record::Event& event);
  void judge_mask(const record::FrameSeen& frame, const record::Event& event);
  void judge_code(const record::FrameSeen& frame, const record::Event& event);
  void judge_order(const record::FrameSeen& frame, const record::Event& event);

  model::Role role_;
  std::optional<std::set<std::size_t>> own_;
  std::set<std::tuple<record::Name, record::Name, int>> closed_;
  std::set<std::string> said_;
  std::vector<Finding> findings_;
};

}  // namespace wsfault::verdict
