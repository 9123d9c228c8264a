// Any bytes as a scenario file, for a system that declares some traits.
#include <string>
#include <string_view>
#include <vector>

#include "places.hpp"
#include "property.hpp"
#include "scenario/load.hpp"
#include "scenario/outline.hpp"

namespace {

using namespace wsfault;
using namespace wsfault::fuzz;

scenario::Setting setting_of_a_client() {
  scenario::Setting setting;
  setting.system.name = "node";
  setting.system.traits.values = {{"heartbeat", Value("200ms")},
                                  {"heartbeat_timeout", Value("100ms")},
                                  {"handshake_limit", Value("1s")},
                                  {"drain", Value("none")}};
  setting.system.settable = {"heartbeat", "handshake_limit"};
  return setting;
}

/// A log's first record holds the case: it is read back from there.
void check_case(const scenario::LoadedCase& loaded) {
  require(expected_duration(loaded) >= Duration::zero(), "a case lasts for some time");
  require(effective_deadline(loaded) > Duration::zero(), "a case has a deadline");
  const std::string written = to_json(loaded.resolved);
  const Value tree = parse_json(written);
  require(to_json(tree) == written, "a resolved case that was written again is the same");
  const auto again = scenario::read_resolved(tree);
  require(static_cast<bool>(again), "a resolved case is read back");
  require(again->scenario.id == loaded.scenario.id && again->scenario.title == loaded.scenario.title &&
              again->scenario.role == loaded.scenario.role,
          "a resolved case keeps its name");
  require(again->judged.expectations.size() == loaded.judged.expectations.size(),
          "a resolved case keeps its expectations");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const scenario::Setting setting = setting_of_a_client();
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  Diagnostics diagnostics("fuzz.toml", std::string(text));
  const auto cases = load_scenario("fuzz", setting, text, diagnostics);
  require(cases.empty() || diagnostics.ok(), "a file with an error has no cases");
  if (cases.empty()) require_places(diagnostics, text);
  for (const scenario::LoadedCase& loaded : cases) {
    if (loaded.skip.empty()) check_case(loaded);
  }
  return 0;
}
