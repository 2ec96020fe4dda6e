#pragma once
// A rule set as the log has it: its name, its version, and its definition as JSON (docs/routing.md,
// "Rule sets"). Only the hub's routing reads what is in it (central/routing/rule_set_json.h), so
// the log keeps the author's own words and no second form of them. Merge rule: the hub is the only
// writer; the last version of a name holds, every one stays in the log. Pure.

#include "core/base/result.h"

#include <cstddef>
#include <cstdint>
#include <string>

namespace cairn::domain {

/// Hub only.
struct RoutingRulesDefined {
  static constexpr std::uint32_t kTypeId = 150;
  static constexpr std::size_t kMaxName = 64;                ///< octets
  static constexpr std::size_t kMaxDefinition = 256 * 1024;  ///< octets

  std::string name;
  std::uint32_t version = 0;  ///< of this name, from 1, without gaps
  bool active = true;         ///< runs use it; of all names at most one is, the last made so
  std::string definition;     ///< JSON
  friend bool operator==(const RoutingRulesDefined&, const RoutingRulesDefined&) = default;
};

/// Its frame; what the definition says is not looked at.
/// Errors: kInvalid "bad_rule_set" with a sentence.
Result<> validate(const RoutingRulesDefined& defined);

}  // namespace cairn::domain
