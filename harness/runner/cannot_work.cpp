// Counts cases without a contact, and describes why there was none.
#include "runner/cannot_work.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ranges>
#include <variant>

namespace wsfault::runner {
namespace {

/// After this many cases without a contact, and none with one, the run stops.
constexpr std::size_t few = 3;
/// A case that has waited this long for its client counts, even if it has not ended.
constexpr Duration long_enough = std::chrono::seconds(15);
constexpr std::size_t last_lines = 5;

std::string joined(const std::vector<std::string>& words) {
  // A shell command is shown as it was written.
  if (words.size() == 3 && words[0] == "sh" && words[1] == "-c") return words[2];
  std::string all;
  for (const std::string& word : words) all += (all.empty() ? "" : " ") + word;
  return all;
}

/// The command, its environment or one of its files contains the address to connect to.
bool is_told_where(const model::System& system) {
  if (!system.files.empty() || (system.tls && !system.tls->files.empty())) return true;
  constexpr std::array names = {"${url}", "${host}", "${port}", "${address}", "${addresses}", "WSFAULT_URL"};
  std::string all = joined(system.start) + system.cwd;
  for (const auto& [name, value] : system.environment) all += name + value;
  if (system.tls) all += joined(system.tls->start);
  return std::ranges::any_of(names, [&](const char* name) { return all.find(name) != std::string::npos; });
}

std::string cases(std::size_t number) { return fmt::format("{} case{}", number, number == 1 ? "" : "s"); }

std::string output_lines(const std::vector<record::OutputLine>& output) {
  if (output.empty()) return "\n  It printed nothing.";
  std::string out = "\n  The last that it printed:";
  for (const record::OutputLine& line : output) out += fmt::format("\n    | {}", line.line.substr(0, 200));
  return out;
}

std::vector<record::OutputLine> last_of(std::vector<record::OutputLine> output) {
  if (output.size() > last_lines) output.erase(output.begin(), output.end() - std::ptrdiff_t{last_lines});
  return output;
}

std::vector<record::OutputLine> output_in(const record::Events& events) {
  std::vector<record::OutputLine> output;
  for (const record::Event& event : events) {
    if (const auto* line = std::get_if<record::OutputLine>(&event.what)) output.push_back(*line);
  }
  return output;
}

std::string never_connected(const model::System& system, std::size_t never,
                            const std::vector<record::OutputLine>& output) {
  std::string out = fmt::format("the client never connected: in {} nothing came to the link", cases(never));
  if (system.start.empty()) return out + "\n  Does it connect to the address that --listen names?";
  if (is_told_where(system)) {
    out += fmt::format("\n  Its command gets the address, and does not connect: {}", joined(system.start));
  } else {
    out += fmt::format(
        "\n  The command does not contain ${{url}}: the client cannot know where to connect, unless it reads "
        "WSFAULT_URL: {}",
        joined(system.start));
  }
  return out + output_lines(output);
}

}  // namespace

Contact contact_in(const record::Events& events, model::Role role) {
  const auto any = [&]<typename... What>() {
    return std::ranges::any_of(
        events, [](const record::Event& event) { return (std::holds_alternative<What>(event.what) || ...); });
  };
  if (role != model::Role::client) return any.operator()<record::Ready>() ? Contact::made : Contact::none;
  if (any.operator()<record::Accepted>()) return Contact::made;
  // A refused client leaves no trace; a killed or frozen one cannot connect.
  if (any.operator()<record::FaultFired, record::LinkEffect>()) return Contact::unknown;
  // A client that is still alive was ended by another error, such as a broken report, before it could
  // connect.
  const bool has_ended = std::ranges::any_of(events, [](const record::Event& event) {
    const auto* change = std::get_if<record::ProcessChanged>(&event.what);
    return change != nullptr && change->change == record::ProcessChange::exited;
  });
  if (any.operator()<record::HarnessError>() && !has_ended) return Contact::unknown;
  return any.operator()<record::Ready>() ? Contact::none : Contact::unknown;
}

void CannotWork::judge(Seen& seen, std::size_t waiting) const {
  if (!seen.made && seen.never + waiting >= few) seen.given_up = true;
}

void CannotWork::note(const CaseOrder& order, const report::CaseResult& result) {
  const model::System& system = order.loaded->judged.system;
  const Contact contact = contact_in(result.events, system.role);
  last_case_ = result.id;
  Seen& seen = systems_[system.name];
  seen.system = &system;
  const bool undecided =
      result.outcome != verdict::Outcome::passed && result.outcome != verdict::Outcome::warned;
  if (contact == Contact::made) seen.made = true;
  if (contact != Contact::none || !undecided) return;
  ++seen.never;
  seen.reason = result.reason;
  seen.output = last_of(result.output);
  judge(seen, 0);
}

void CannotWork::look_at(const std::vector<Waiting>& running) {
  std::map<std::string, std::size_t> waiting;
  std::map<std::string, const record::Events*> logs;
  for (const Waiting& one : running) {
    const model::System& system = one.order->loaded->judged.system;
    Seen& seen = systems_[system.name];
    seen.system = &system;
    if (one.contact == Contact::made) seen.made = true;
    if (one.contact != Contact::none || one.since < scaled(long_enough, timeout_scale_)) continue;
    ++waiting[system.name];
    logs[system.name] = one.events;
  }
  for (const auto& [name, number] : waiting) {
    Seen& seen = systems_[name];
    judge(seen, number);
    if (seen.given_up) seen.never = std::max(seen.never, few);
    if (seen.given_up && seen.output.empty() && logs[name] != nullptr)
      seen.output = last_of(output_in(*logs[name]));
  }
}

void CannotWork::lose(const std::string& system) {
  if (lost_.empty()) lost_ = fmt::format("{} is gone since {}: it refuses connections", system, last_case_);
}

std::string CannotWork::why_not(const CaseOrder& order) const {
  if (!refused_.empty()) return "not run: " + refused_.substr(0, refused_.find('\n'));
  if (!lost_.empty()) return "not run: " + lost_;
  const model::System& system = order.loaded->judged.system;
  const auto found = systems_.find(system.name);
  if (found == systems_.end() || !found->second.given_up) return {};
  return system.role == model::Role::client ? "not run: the client never connected"
                                            : fmt::format("not run: {} never became ready", system.name);
}

std::string CannotWork::in_words(std::size_t not_run) const {
  const std::string rest =
      not_run == 0 ? "" : fmt::format("\n  {} {} not run.", cases(not_run), not_run == 1 ? "was" : "were");
  if (!refused_.empty()) return refused_ + rest;
  if (!lost_.empty())
    return not_run == 0
               ? lost_
               : fmt::format("{}; {} {} not run", lost_, cases(not_run), not_run == 1 ? "was" : "were");
  std::string out;
  for (const Seen& seen : systems_ | std::views::values) {
    if (seen.made || seen.never == 0) continue;
    if (seen.system->role == model::Role::client) {
      out += (out.empty() ? "" : "\n") + never_connected(*seen.system, seen.never, seen.output);
    } else if (seen.given_up) {
      out += (out.empty() ? "" : "\n") +
             fmt::format("{} never became ready: {}", seen.system->name, seen.reason);
    }
  }
  return out.empty() ? out : out + rest;
}

}  // namespace wsfault::runner
