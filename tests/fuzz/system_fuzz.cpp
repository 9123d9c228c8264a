// Any bytes as a system file.
#include <string>
#include <string_view>

#include "places.hpp"
#include "property.hpp"
#include "scenario/load.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace wsfault;
  using namespace wsfault::fuzz;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  Diagnostics diagnostics("system.toml", std::string(text));
  const auto system = scenario::load_system(text, "/systems/fuzz", diagnostics);
  require(system.has_value() == diagnostics.ok(), "a system file is read, or has errors");
  if (!system) require_places(diagnostics, text);
  return 0;
}
