// What a fault does to a link or a party, in words.
#include "fault/party_fault.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace wsfault::fault {
namespace {

struct DescribePartyAction {
  bool on_network;

  std::string operator()(const StopListening&) const {
    return on_network ? "an attempt to connect fails at once" : "the link does not listen";
  }
  std::string operator()(const StartListening&) const {
    return on_network ? "attempts to connect pass again" : "the link listens again";
  }
  std::string operator()(const GoDark& a) const {
    return a.reach == Reach::all    ? std::string(where()) + " is dark"
           : a.reach == Reach::open ? "nothing passes on what is open"
                                    : "a SYN gets no answer";
  }
  std::string operator()(const GoLight&) const { return std::string(where()) + " works again"; }
  std::string operator()(const Strand&) const { return "what is open falls silent for good"; }
  std::string operator()(const LosePackets&) const { return "packets are lost"; }
  std::string operator()(const KeepPackets&) const { return "no packet is lost any more"; }
  std::string operator()(const Signal& a) const {
    return fmt::format("signal {} to {}", a.number, a.whole_tree ? "the process tree" : "the main process");
  }
  std::string operator()(const StartProcess&) const { return "started again"; }
  std::string operator()(const Reload&) const { return "reloaded"; }
  std::string operator()(const RunCommand& a) const {
    return fmt::format("ran {}", a.argv.empty() ? std::string() : a.argv.front());
  }
  std::string operator()(const Wait& a) const {
    const std::string drawn = a.jitter > 0 ? fmt::format(" ± {:.0f} %", a.jitter * 100) : "";
    return fmt::format("wait {}{}", format_duration(a.duration), drawn);
  }

 private:
  std::string_view where() const { return on_network ? "the network" : "the link"; }
};

}  // namespace

Duration longest_wait(const PartyActions& actions) {
  Duration time(0);
  for (const PartyAction& action : actions) {
    if (const auto* wait = std::get_if<Wait>(&action)) time += scaled(wait->duration, 1 + wait->jitter);
  }
  return time;
}

bool starts_process(const PartyActions& actions) {
  return std::ranges::any_of(actions, [](const PartyAction& each) { return std::holds_alternative<StartProcess>(each); });
}

std::string describe(const PartyActions& actions, bool on_network) {
  std::vector<std::string> parts;
  for (const PartyAction& action : actions)
    parts.push_back(std::visit(DescribePartyAction{on_network}, action));
  return fmt::format("{}", fmt::join(parts, ", "));
}

}  // namespace wsfault::fault
