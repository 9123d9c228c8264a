// One fault and its documented effect: what each peer reads, how its stream ends, what the log says.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "stage.hpp"

namespace wsfault::actor {

struct Reading {
  std::string bytes;
  std::string_view ending = "";  ///< "FIN", "RST", or "" for an open stream
};

struct FaultRow {
  const char* name;
  std::string fault;  ///< one [[fault]] table
  Reading client;
  Reading server;
  std::vector<std::string> effects;  ///< in the log, in any order, all after "fault … fired"
};

inline void PrintTo(const FaultRow& row, std::ostream* out) { *out << row.name; }

inline std::string row_name(const testing::TestParamInfo<FaultRow>& info) { return info.param.name; }

/// What an oracle uses: effects, ends at a party's socket, violations that arrived, injected frames.
inline std::vector<std::string> effects_of(const Stage& stage) {
  std::vector<std::string> lines;
  for (std::string line :
       stage.told({"effect", "FIN to", "RST to", "violation", "frame", "not HTTP", "response"})) {
    const bool arrived_frame = !line.starts_with("frame") || line.ends_with(" injected");
    if (arrived_frame) lines.push_back(std::move(line));
  }
  return lines;
}

/// The fault fires before any of its effects is recorded.
inline void expect_told_first(const Stage& stage, const std::string& fired,
                              const std::vector<std::string>& effects) {
  std::vector<std::string_view> beginnings{fired};
  beginnings.insert(beginnings.end(), effects.begin(), effects.end());
  const std::vector<std::string> order = stage.told(beginnings);
  ASSERT_FALSE(order.empty()) << "the fault did not fire\n" << stage.whole_log();
  EXPECT_EQ(order.front(), fired) << stage.whole_log();
}

}  // namespace wsfault::actor
