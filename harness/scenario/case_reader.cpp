// One case: a scenario's tree without variables, read into the typed model.
#include "scenario/case_reader.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <any>
#include <set>

#include "fault/shared_attributes.hpp"
#include "scenario/faults.hpp"
#include "scenario/parties.hpp"
#include "scenario/references.hpp"
#include "scenario/render.hpp"
#include "scenario/tls.hpp"
#include "value/words.hpp"

namespace wsfault::scenario {
namespace {

class CaseReader {
 public:
  CaseReader(const Value& tree, const model::System& system, Diagnostics& diagnostics)
      : reader_(tree, diagnostics, "a scenario"), diagnostics_(diagnostics) {
    case_.judged.system = system;
  }

  LoadedCase read() {
    read_head();
    read_kinds();
    read_requirements();
    read_link();
    Parties parties = read_parties(reader_, case_.scenario.role);
    fault::Seats seats = seats_of(case_.scenario.role, parties);
    seats.addresses = case_.scenario.addresses;
    seats.slowest_stop = slowest_stop();
    const Faults faults = read_all_faults(parties, seats);
    const References references(seats, faults.names, faults.shared, parties.yield.marks, diagnostics_);
    check_moments(references, parties, faults);
    read_expectations(references, faults);
    reader_.raw("each");  // already expanded, but still a valid name
    reader_.finish();
    fill(std::move(parties), faults, seats);
    return std::move(case_);
  }

 private:
  void read_head() {
    model::Scenario& scenario = case_.scenario;
    scenario.file = diagnostics_.file();
    scenario.title = required("title", "one sentence on what happens");
    const std::string role = required("role", "the seat of the system under test: client, gateway or server");
    if (const std::optional<model::Role> found = model::parse_role(role)) {
      scenario.role = *found;
    } else if (!role.empty()) {
      reader_.error(*reader_.raw("role"), fmt::format("unknown role \"{}\"", role),
                    suggest(role, {"client", "gateway", "server"}));
    }
    scenario.tags = reader_.texts("tags").value_or(scenario.tags);
    scenario.spec = reader_.texts("spec").value_or(scenario.spec);
    scenario.refutes = reader_.texts("refutes").value_or(scenario.refutes);
    scenario.deadline = reader_.positive_duration("deadline");
    isolate_ = reader_.boolean("isolate");
    scenario.tls = read_tls(reader_, scenario.role);
    scenario.appropriate = reader_.boolean("appropriate").value_or(true);
  }

  std::string required(std::string_view key, std::string_view hint) {
    if (!reader_.has(key)) {
      reader_.error(fmt::format("a scenario needs `{}`", key), std::string(hint));
    }
    return reader_.text(key).value_or("");
  }

  /// The kinds of gateway it applies to; none named: all.
  void read_kinds() {
    const Value* kinds = reader_.raw("kinds");
    if (!kinds) return;
    if (case_.scenario.role != model::Role::gateway) {
      reader_.error(*kinds, "`kinds` is for scenarios of role gateway");
      return;
    }
    kinds_ = reader_.texts("kinds").value_or(std::vector<std::string>{});
    for (const std::string& kind : kinds_) {
      if (model::parse_kind(kind).value_or(model::Kind::none) != model::Kind::none) continue;
      reader_.error(*kinds, fmt::format("there is no kind \"{}\"", kind),
                    suggest(kind, {"tcp", "http", "websocket"}));
    }
  }

  void read_requirements() {
    const Value* requirements = reader_.raw("system");
    if (!requirements || !requirements->table()) return;
    for (const Value::Member& requirement : *requirements->table())
      case_.scenario.requirements.emplace_back(requirement.key, requirement.value);
  }

  void read_link() {
    const Value* link = reader_.raw("link");
    if (!link) return;
    if (!link->table()) {
      reader_.error(*link, fmt::format("`link` is a table, found {}", link->type_name()),
                    "[link] addresses = 2");
      return;
    }
    TableReader table(*link, diagnostics_, "[link]");
    model::Scenario& scenario = case_.scenario;
    if (const auto addresses = table.integer("addresses", 1, model::most_addresses))
      scenario.addresses = static_cast<int>(*addresses);
    table.finish();
    if (scenario.role != model::Role::client)
      reader_.error(*link, fmt::format("`link` is for scenarios of role client, this one is of role {}",
                                       model::to_string(scenario.role)));
  }

  Faults read_all_faults(const Parties& parties, const fault::Seats& seats) {
    return read_faults(tables_of(reader_, "fault", "[[fault]]"), parties.yield.injected, seats, diagnostics_);
  }

  Duration slowest_stop() const {
    const model::Traits& traits = case_.judged.system.traits;
    return std::max(traits.duration("close_limit").value_or(Duration(0)),
                    traits.duration("drain").value_or(Duration(0)));
  }

  static void check_moments(const References& references, const Parties& parties, const Faults& faults) {
    for (const MomentUse& use : parties.yield.moments) references.check(use);
    for (const MomentUse& use : parties.starts) references.check(use);
    for (const MomentUse& use : faults.moments) references.check(use);
  }

  void read_expectations(const References& references, const Faults& faults) {
    for (const Value* table : tables_of(reader_, "expect", "[[expect]]")) {
      const auto expectation = verdict::read_expectation(*table, diagnostics_, faults.names.size());
      if (!expectation) continue;
      references.check(*table, *expectation);
      case_.judged.expectations.push_back(*expectation);
    }
  }

  void fill(Parties parties, const Faults& faults, const fault::Seats& seats) {
    model::Scenario& scenario = case_.scenario;
    scenario.upstreams = std::move(parties.upstreams);
    scenario.clients = std::move(parties.clients);
    scenario.faults = faults.specs;
    const bool on_network = std::ranges::any_of(faults.specs, &fault::FaultSpec::on_network);
    if (on_network && isolate_ == false)
      reader_.error(*reader_.raw("isolate"), "a fault stands on the network: the case needs one of its own",
                    "leave `isolate` out");
    // A client without its addresses finds them by a name, in a network where that name is known.
    const bool by_name = scenario.addresses > 1 && !takes_addresses(case_.judged.system);
    scenario.isolate = isolate_.value_or(on_network) || by_name;
    std::set<std::string> marks;
    for (const fault::FaultSpec& spec : scenario.faults) {
      const auto* reset = std::any_cast<fault::Reset>(&spec.attributes);
      const bool at_once = reset != nullptr && !reset->flush;
      if (spec.when.kind == fault::Moment::Kind::mark && !at_once) marks.insert(spec.when.name);
    }
    for (model::Upstream& upstream : scenario.upstreams) model::let_marks_inject(upstream, marks);
    for (model::Client& client : scenario.clients) model::let_marks_inject(client, marks);
    case_.judged.role = scenario.role;
    case_.judged.faults = faults.specs;
    for (const model::Client& client : scenario.clients)
      case_.judged.clients.push_back({client.name, client.count, client.start, first_awaited(client)});
    check_tls(scenario, seats, diagnostics_);
    // The contents of TLS that passes through cannot be judged.
    case_.judged.appropriate = scenario.appropriate && scenario.tls != model::Tls::passthrough;
    case_.judged.system = with_tls(case_.judged.system, scenario.tls);
    case_.skip = cannot_report();
    if (case_.skip.empty()) case_.skip = too_few_upstreams();
    if (case_.skip.empty()) case_.skip = other_kind();
    if (case_.skip.empty()) case_.skip = cannot_speak_tls(case_.judged.system, scenario.tls);
  }

  /// Of the script, if it is played.
  static std::string first_awaited(const model::Client& client) {
    if (!client.steps || !client.request.upgrade || client.request.stop_after) return {};
    for (const model::Step& step : *client.steps) {
      if (std::string text = model::awaited(step); !text.empty()) return text;
    }
    return {};
  }

  /// An explicit `close` expected from a system that reports nothing.
  std::string cannot_report() const {
    const verdict::Case& judged = case_.judged;
    if (judged.role != model::Role::client || judged.system.report != model::ReportMode::none) return {};
    for (const verdict::Expectation& expectation : judged.expectations) {
      const bool of_sut = expectation.of.empty() || expectation.of == "sut";
      if (expectation.never || !of_sut || !expectation.what.nature.by_report) continue;
      return fmt::format("{}: {} reports nothing (--report json or patterns)", expectation.text,
                         model::called(judged.system));
    }
    return {};
  }

  std::string too_few_upstreams() const {
    const std::size_t needed = case_.scenario.upstreams.size();
    const int known = case_.judged.system.upstreams;
    if (static_cast<int>(needed) <= std::max(known, 1)) return {};
    return fmt::format("it needs {}, {} knows {}", counted(static_cast<std::uint64_t>(needed), "upstream"),
                       model::called(case_.judged.system), known);
  }

  std::string other_kind() const {
    const model::System& system = case_.judged.system;
    if (kinds_.empty() || system.role != model::Role::gateway) return {};
    if (std::ranges::find(kinds_, model::to_string(system.kind)) != kinds_.end()) return {};
    return fmt::format("it is for gateways of kind {}, {} is of kind {}", fmt::join(kinds_, " or "),
                       model::called(system), model::to_string(system.kind));
  }

  TableReader reader_;
  Diagnostics& diagnostics_;
  LoadedCase case_;
  std::optional<bool> isolate_;  // as stated
  std::vector<std::string> kinds_;
};

}  // namespace

LoadedCase read_case(const Value& tree, const model::System& system, Diagnostics& diagnostics) {
  return CaseReader(tree, system, diagnostics).read();
}

}  // namespace wsfault::scenario
