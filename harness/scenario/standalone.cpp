// Faults that have nothing to strike, and moments that nothing can make happen, in an upstream that runs by
// itself.
#include "scenario/standalone.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "scenario/parties.hpp"

namespace wsfault::scenario {
namespace {

constexpr std::string_view alone = "a standalone upstream";
const std::string client = "sut";

class StandaloneCheck {
 public:
  StandaloneCheck(const LoadedCase& loaded, Diagnostics& diagnostics)
      : loaded_(loaded), diagnostics_(diagnostics), tree_(loaded.resolved.find("scenario")) {}

  void check() {
    const model::Scenario& scenario = loaded_.scenario;
    if (scenario.upstreams.empty()) {
      return error(place_of("role"), "a scenario of role server has no upstream",
                   "the system under test is the server there");
    }
    if (scenario.tls != model::Tls::none) {
      error(place_of("tls"), fmt::format("{} speaks no TLS", alone), "put a proxy that does in front of it");
    }
    if (scenario.upstreams.size() > 1) {
      error(place_of("upstream"), fmt::format("{} is one, here are {}", alone, scenario.upstreams.size()),
            "a file for each of them");
    }
    const model::Upstream& upstream = scenario.upstreams.front();
    if (const Value* url = upstream.source.find("url")) {
      error(url->place, "a real server plays no script: there is nothing to run");
    }
    link_ = scenario.role == model::Role::gateway ? "back" : "link";
    Diagnostics ignored(diagnostics_.file(), "");  // it has already been read
    const ScriptYield yield = upstream_yield(upstream.source, ignored);
    marks_ = yield.marks;
    for (const MomentUse& use : yield.moments) check_moment(use.moment, use.place);
    for (const fault::FaultSpec& fault : scenario.faults) check_fault(fault);
  }

 private:
  void error(Place place, std::string message, std::string hint = {}) {
    diagnostics_.error(place, std::move(message), std::move(hint));
  }

  Place place_of(std::string_view key) const {
    const Value* value = tree_ ? tree_->find(key) : nullptr;
    return value ? value->place : Place{1, 1};
  }

  void check_fault(const fault::FaultSpec& fault) {
    if (fault.on_party) {
      return error(
          fault.place,
          fmt::format("`{}` strikes the process of {}: {} has none to strike", fault.inject, fault.at, alone),
          "wsfault run starts, stops and kills processes");
    }
    if (fault.on_network) {
      return error(fault.place,
                   fmt::format("`{}` needs a network of the case's own, which {} has not", fault.inject, alone),
                   "wsfault run makes one");
    }
    if (fault.at != link_) {
      return error(fault.place, fmt::format("{} has no link \"{}\"", alone, fault.at),
                   fmt::format("only \"{}\", in front of it", link_));
    }
    if (fault.of && *fault.of != client) return no_party(*fault.of, fault.place);
    check_moment(fault.when, fault.place);
  }

  void check_moment(const fault::Moment& moment, Place place) {
    using Kind = fault::Moment::Kind;
    if (moment.kind == Kind::exit || moment.kind == Kind::log) {
      return error(place,
                   fmt::format("\"{}\" never comes: {} sees no process", fault::to_string(moment), alone));
    }
    const bool is_own_mark =
        moment.name.starts_with("inject:") || std::ranges::count(marks_, moment.name) > 0;
    if (moment.kind == Kind::mark && !is_own_mark) {
      return error(place, fmt::format("\"{}\" never comes: only the script of a client reaches it",
                                      fault::to_string(moment)));
    }
    const std::string& upstream = loaded_.scenario.upstreams.front().name;
    if (moment.of && *moment.of != client && *moment.of != upstream) return no_party(*moment.of, place);
    if (moment.at && *moment.at != link_) {
      error(place, fmt::format("{} has no link \"{}\"", alone, *moment.at),
            fmt::format("only \"{}\", in front of it", link_));
    }
  }

  void no_party(const std::string& name, Place place) {
    error(place, fmt::format("beside {} there is no party \"{}\"", alone, name),
          fmt::format("whoever connects is \"{}\"", client));
  }

  const LoadedCase& loaded_;
  Diagnostics& diagnostics_;
  const Value* tree_;
  std::string link_;
  std::vector<std::string> marks_;
};

}  // namespace

void check_standalone(const LoadedCase& loaded, Diagnostics& diagnostics) {
  StandaloneCheck(loaded, diagnostics).check();
}

}  // namespace wsfault::scenario
