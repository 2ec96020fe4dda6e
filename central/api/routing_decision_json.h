#pragma once
// Routing decisions as JSON, as docs/api/hub.openapi.yaml defines them. Any thread.

#include "central/routing/simulation.h"
#include "core/json/value.h"

namespace cairn::central {

/// With every rule that was asked: its candidates, why the other sites were left out, what it cost.
json::Value decision_json(const storage::RoutingDecisionRow& row);

/// Each rule decides again from its stored trace; equal is equal octet for octet.
json::Value replay_json(const storage::RoutingDecisionRow& row);

json::Value simulation_json(const Simulation& simulation);

}  // namespace cairn::central
