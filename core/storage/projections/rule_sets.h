#pragma once
// Routing's rule sets with all their versions; at the hub. Class: single writer. Writing: loop
// only. Errors as in sqlite/connection.h.

#include "core/domain/envelope.h"
#include "core/domain/event.h"
#include "core/storage/sqlite/connection.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace cairn::storage {

class RuleSets {
 public:
  explicit RuleSets(Connection& connection) : connection_(&connection) {}

  void apply(const domain::Envelope& meta, const domain::RoutingEvent& event);
  void reset();

 private:
  Connection* connection_;
};

// ---- queries: any connection ----

struct RuleSetRow {
  domain::RoutingRulesDefined defined;
  UtcTime defined_at;
  UserId actor;
  bool in_use = false;  ///< runs go by it: of all active ones the one defined last
};

/// The last version of each, by name.
std::vector<RuleSetRow> rule_sets(Connection& connection);
/// `version` 0: the last one.
std::optional<RuleSetRow> find_rule_set(Connection& connection, const std::string& name,
                                        std::uint32_t version = 0);
/// By which runs go now; nothing: there is none.
std::optional<RuleSetRow> rule_set_in_use(Connection& connection);

}  // namespace cairn::storage
