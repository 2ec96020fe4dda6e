#pragma once
// Every event a replica holds, read anew from its log: what the checks of docs/protocol.md's
// invariants compare the rows with.

#include "tests/sim/world.h"

#include <string>
#include <vector>

namespace cairn::sim {

struct HeldEvent {
  domain::Envelope meta;
  Bytes key;
  domain::Event event;
};

/// What can be understood, each author's in its own order.
std::vector<HeldEvent> history_of(World& world, Endpoint& endpoint);

/// What the hub holds about a ship group, a line for each record in the order of the feeds: to see
/// what happened in a red seed.
std::string story_of(World& world, ShipGroupId group);

/// The ship group of a record's key.
ShipGroupId group_of(const HeldEvent& held);

/// The event as this one; nullptr if it is another.
template <class E, class Family>
const E* as(const HeldEvent& held) {
  const auto* const family = std::get_if<Family>(&held.event);
  return family == nullptr ? nullptr : std::get_if<E>(family);
}
template <class E>
const E* as_group_event(const HeldEvent& held) {
  return as<E, domain::ShipGroupEvent>(held);
}

}  // namespace cairn::sim
