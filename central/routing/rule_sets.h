#pragma once
// Rule sets at the hub: defined by people, read by runs. Loop only where a job is given.

#include "core/domain/routing/rule_set.h"
#include "core/json/value.h"
#include "core/storage/projections/rule_sets.h"
#include "core/storage/unit_of_work.h"

#include <string>

namespace cairn::central {

/// Defines the next version; what the last version says already writes nothing. Errors: those of
/// read_rule_set() and domain::validate(), kNotFound "no_such_site".
Result<storage::RuleSetRow> define_rule_set(storage::UnitOfWork& work, const std::string& name,
                                            bool active, const json::Value& definition,
                                            UserId actor);

/// A rule set with its name, as a run uses it.
struct NamedRules {
  std::string name;
  std::uint32_t version = 0;
  domain::RuleSet rules;
};
/// Errors: those of read_rule_set() (it was defined by another release, which took more).
Result<NamedRules> named_rules(const storage::RuleSetRow& row);

}  // namespace cairn::central
