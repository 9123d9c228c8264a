// Every input that a fuzz target starts from, and bytes changed in it, without libFuzzer.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "property.hpp"

using FuzzTarget = int(const std::uint8_t*, std::size_t);
// The entry points of the targets, renamed in CMakeLists.txt.
extern "C" {
FuzzTarget fuzz_frames, fuzz_heads, fuzz_toml, fuzz_scenario, fuzz_system, fuzz_log, fuzz_results,
    fuzz_report_line, fuzz_upstream_lines;
}

namespace wsfault::fuzz {
namespace {

struct Row {
  const char* name;
  FuzzTarget* target;
  int changes;  ///< of each input
};

std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file) << path;
  return {std::istreambuf_iterator<char>(file), {}};
}

/// One path a line; see seeds.cmake.
std::vector<std::string> seeds_of(const std::string& target) {
  std::ifstream list(WSFAULT_SEEDS "/" + target);
  std::vector<std::string> paths;
  for (std::string path; std::getline(list, path);) {
    if (!path.empty()) paths.push_back(path);
  }
  return paths;
}

void try_input(const Row& row, const std::string& bytes) {
  try {
    row.target(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
  } catch (const std::exception& broken) {
    const std::string file = testing::TempDir() + "wsfault-fuzz-" + row.name;
    std::ofstream(file, std::ios::binary) << bytes;
    ADD_FAILURE() << broken.what() << ": " << file;
  }
}

/// A few bytes are replaced, removed or doubled.
std::string changed(std::string bytes, std::minstd_rand& random) {
  for (auto times = 1 + random() % 3; times > 0 && !bytes.empty(); --times) {
    const std::size_t at = random() % bytes.size();
    const std::size_t size = 1 + random() % 4;
    switch (random() % 4) {
      case 0:
        bytes[at] = static_cast<char>(random() >> 8);
        break;
      case 1:
        bytes.erase(at, size);
        break;
      case 2:
        bytes.insert(at, bytes.substr(at, size));
        break;
      default:
        bytes.resize(at);
    }
  }
  return bytes;
}

class Replay : public testing::TestWithParam<Row> {};

TEST_P(Replay, EveryPropertyHolds) {
  const Row& row = GetParam();
  const std::vector<std::string> seeds = seeds_of(row.name);
  ASSERT_FALSE(seeds.empty());
  try_input(row, "");
  std::minstd_rand random(1);
  for (const std::string& path : seeds) {
    SCOPED_TRACE(path);
    const std::string bytes = content_of(path);
    try_input(row, bytes);
    for (int i = 0; i < row.changes; ++i) try_input(row, changed(bytes, random));
  }
}

INSTANTIATE_TEST_SUITE_P(Targets, Replay,
                         testing::Values(Row{"frames", fuzz_frames, 200}, Row{"heads", fuzz_heads, 100},
                                         Row{"toml", fuzz_toml, 20}, Row{"scenario", fuzz_scenario, 2},
                                         Row{"system", fuzz_system, 20}, Row{"log", fuzz_log, 10},
                                         Row{"results", fuzz_results, 20},
                                         Row{"report_line", fuzz_report_line, 200},
                                         Row{"upstream_lines", fuzz_upstream_lines, 100}),
                         [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace wsfault::fuzz
