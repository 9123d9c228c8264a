// Defines entries of the catalogue: what kind of fault each is, and the rows of its attributes.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "fault/attribute_row.hpp"
#include "fault/catalogue.hpp"
#include "fault/connection_fault.hpp"
#include "fault/party_fault.hpp"

namespace wsfault::fault {

template <typename Own>
using Rows = std::vector<AttributeRow<Own>>;
struct NoAttributes {};

template <typename Own>
const Own& own_attributes(const FaultSpec& spec) {
  return std::any_cast<const Own&>(spec.attributes);
}

/// A fault on a connection with a class of its own. `spec` must outlive it.
template <typename Attributes = NoAttributes>
class FaultWith : public ConnectionFault {
 public:
  using Own = Attributes;
  explicit FaultWith(const FaultSpec& spec) : spec_(spec), own_(own_attributes<Own>(spec)) {}

 protected:
  const FaultSpec& spec_;
  const Own& own_;
};

/// A fault on a connection that only fires, as most do.
class FiringFault : public ConnectionFault {
 public:
  explicit FiringFault(std::function<ConnectionActions(const Situation&)> fire) : fire_(std::move(fire)) {}
  ConnectionActions fire(const Situation& situation) override { return fire_(situation); }

 private:
  std::function<ConnectionActions(const Situation&)> fire_;
};

template <typename Own>
Entry with_rows(Entry entry, const Rows<Own>& rows) {
  entry.attributes.assign(rows.begin(), rows.end());
  entry.blank = Own{};
  return entry;
}

/// The entry of a fault that only fires.
template <typename Own>
Entry firing_entry(Entry entry, ConnectionActions (*fire)(const FaultSpec&, const Own&, const Situation&),
                   const std::type_identity_t<Rows<Own>>& rows) {
  entry.make = MakeConnectionFault([fire](const FaultSpec& spec) {
    return std::make_unique<FiringFault>(
        std::bind_front(fire, std::cref(spec), std::cref(own_attributes<Own>(spec))));
  });
  entry.acts_once = true;
  return with_rows<Own>(std::move(entry), rows);
}
/// The same without attributes.
inline Entry firing_entry(Entry entry, ConnectionActions (*fire)(const FaultSpec&, const Situation&)) {
  entry.make = MakeConnectionFault([fire](const FaultSpec& spec) {
    return std::make_unique<FiringFault>(std::bind_front(fire, std::cref(spec)));
  });
  entry.acts_once = true;
  return entry;
}

/// The entry of a fault with a class of its own, a FaultWith its attributes.
template <typename Made>
Entry class_entry(Entry entry, const Rows<typename Made::Own>& rows = {}) {
  entry.make = MakeConnectionFault([](const FaultSpec& spec) { return std::make_unique<Made>(spec); });
  return with_rows<typename Made::Own>(std::move(entry), rows);
}

/// The entry of a fault on a link or a party.
template <typename Own>
Entry party_entry(Entry entry, PartyFault (*fault)(const Own&), const std::type_identity_t<Rows<Own>>& rows) {
  entry.make = MakePartyFault([fault](const FaultSpec& spec) { return fault(own_attributes<Own>(spec)); });
  return with_rows<Own>(std::move(entry), rows);
}
/// The same of a fault that depends on more than its attributes.
template <typename Own>
Entry party_entry(Entry entry, PartyFault (*fault)(const FaultSpec&, const Own&),
                  const std::type_identity_t<Rows<Own>>& rows) {
  entry.make = MakePartyFault([fault](const FaultSpec& spec) { return fault(spec, own_attributes<Own>(spec)); });
  return with_rows<Own>(std::move(entry), rows);
}
/// The same without attributes.
inline Entry party_entry(Entry entry, PartyFault fault) {
  entry.make = MakePartyFault([fault = std::move(fault)](const FaultSpec&) { return fault; });
  return entry;
}

/// The entry of a fault that stands on the network: what the link follows it with, and what it does there.
inline Entry network_entry(Entry entry, network::Disturbance (*disturb)(const FaultSpec&)) {
  entry.stand = Stand::network;
  entry.disturb = disturb;
  return entry;
}

}  // namespace wsfault::fault
