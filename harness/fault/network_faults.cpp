// Faults of the network itself, in a network of the case's own: its cable, its packets and its firewall are
// real.
#include <algorithm>

#include "fault/entry.hpp"
#include "fault/party_fault.hpp"

namespace wsfault::fault {
namespace {

using On = network::Disturbance::Kind;

/// Until it heals, nothing comes through in this way.
PartyFault darkness(Reach reach) { return {.fire = {GoDark{reach}}, .heal = {GoLight{reach}}}; }
PartyFault losses() { return {.fire = {LosePackets{}}, .heal = {KeepPackets{}}}; }

network::Disturbance of_kind(const FaultSpec& spec, On kind) {
  return {.kind = kind,
          .to_client = spec.direction != Direction::to_server,
          .to_server = spec.direction != Direction::to_client};
}
template <On kind>
network::Disturbance plain(const FaultSpec& spec) {
  return of_kind(spec, kind);
}

struct Loss {
  double ratio;
};
PartyFault lose(const Loss&) { return losses(); }
network::Disturbance loss_of(const FaultSpec& spec) {
  network::Disturbance loss = of_kind(spec, On::loss);
  loss.ratio = own_attributes<Loss>(spec).ratio;
  return loss;
}

struct Rate {
  std::size_t rate;
};
PartyFault limit_rate(const Rate&) { return losses(); }
network::Disturbance rate_of(const FaultSpec& spec) {
  network::Disturbance rate = of_kind(spec, On::rate);
  rate.rate = own_attributes<Rate>(spec).rate;
  return rate;
}

struct Firewall {
  Duration idle;
};

/// The kernel forgets and answers; this follows what it does, connection by connection.
class FirewallFault : public FaultWith<Firewall> {
 public:
  using FaultWith::FaultWith;
  ConnectionActions fire(const Situation&) override {
    return {Swallow{Side::client}, Swallow{Side::server}, Tell{{.kind = record::LinkEffectKind::silence, .unseen = true}}};
  }
  std::optional<Clock::time_point> due(const Activity& activity, Clock::time_point armed) const override {
    return std::max({activity.client, activity.server, armed}) + own_.idle;
  }
};

network::Disturbance firewall_of(const FaultSpec& spec) {
  network::Disturbance firewall = of_kind(spec, On::firewall);
  firewall.idle = own_attributes<Firewall>(spec).idle;
  firewall.reset = spec.end == EndWish::reset_next;
  return firewall;
}

}  // namespace

namespace entries {

Entry unplug() {
  return network_entry(
      party_entry({.name = "unplug",
                   .layer = "network",
                   .does = "The cable between the system and all others is out; with `lasts` "
                           "it is plugged in again.",
                   .imitates = "A cable that is pulled, a switch without power, a host that moved.",
                   .when = "open",
                   .heals = true},
                  darkness(Reach::all)),
      plain<On::unplug>);
}

Entry partition() {
  return network_entry(
      party_entry(
          {.name = "partition",
           .layer = "network",
           .does = "No packet passes between the two parties, in either direction.",
           .imitates = "A route that is lost, a firewall rule that is wrong, two zones of a data centre "
                       "without a way between them.",
           .when = "open",
           .heals = true},
          darkness(Reach::all)),
      plain<On::drop>);
}

Entry unreachable() {
  return network_entry(
      party_entry(
          {.name = "unreachable",
           .layer = "network",
           .does = "What the system sends is answered with ICMP \"host unreachable\": an attempt to connect "
                   "fails at once, and an open connection is silent.",
           .imitates = "A router that has lost its way to the host.",
           .when = "open",
           .heals = true},
          PartyFault{.fire = {GoDark{Reach::open}, StopListening{}},
                     .heal = {StartListening{}, GoLight{Reach::open}}}),
      plain<On::unreachable>);
}

Entry syn_drop() {
  return network_entry(
      party_entry({.name = "syn_drop",
                   .layer = "network",
                   .does = "SYNs are lost: open connections go on, an attempt to connect gets no answer.",
                   .imitates = "A firewall that drops new flows, a full backlog, a host that fails over.",
                   .when = "open",
                   .heals = true},
                  darkness(Reach::attempts)),
      plain<On::drop_syn>);
}

Entry loss() {
  return network_entry(
      party_entry<Loss>(
          {.name = "loss",
           .layer = "network",
           .does = "A part of the packets is lost; TCP sends them again. In the log, bytes have arrived once the kernel of the "
              "link has taken them: they may still be on their way.",
           .imitates = "Radio, a crowded path, a bad cable.",
           .when = "start",
           .heals = true},
          lose,
          {{&Loss::ratio,
            {.name = "ratio", .low = 0.001, .high = 0.99, .doc = "which part; each packet is drawn for itself"}}}),
      loss_of);
}

Entry rate() {
  return network_entry(
      party_entry<Rate>(
          {.name = "rate",
           .layer = "network",
           .does = "Packets above a rate are lost, in each direction for itself; TCP sends them again. In the log, bytes have "
              "arrived once the kernel of the link has taken them: they may still be on their way.",
           .imitates = "A policer, a mobile network at its edge.",
           .when = "start",
           .heals = true},
          limit_rate,
          {{&Rate::rate,
            {.name = "rate",
             .low = 1000,
             .high = 1e12,
             .doc = "bytes a second, headers included; as much may come at once"}}}),
      rate_of);
}

Entry firewall() {
  return network_entry(
      class_entry<FirewallFault>(
          {.name = "firewall",
           .layer = "network",
           .does =
               "The kernel's connection tracking forgets a flow after a silence; what comes on it later is "
               "dropped (`none`), or answered with RST (`reset_next`).",
           .imitates = "A stateful firewall, a NAT.",
           .when = "start",
           .connections = "all",
           .ends = {"none", "reset_next"},
           .middlebox = true},
          {{&Firewall::idle,
            {.name = "idle",
             .doc = "how long a silence it tolerates, in whole seconds: the kernel counts no others"}}}),
      firewall_of);
}

Entry roam() {
  return network_entry(
      party_entry(
          {.name = "roam",
           .layer = "network",
           .does =
               "The system gets another address, on another network; what was open falls silent for good.",
           .imitates =
               "A telephone that changes from Wi-Fi to the mobile network, a laptop in another office.",
           .when = "open",
           .answers = true},
          {.fire = {Strand{}}}),
      plain<On::roam>);
}

}  // namespace entries
}  // namespace wsfault::fault
