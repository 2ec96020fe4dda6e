#pragma once
// A rule set as JSON (docs/routing.md, "Rule sets"): what people write, what the log keeps. Any
// thread.

#include "core/domain/routing/rule_set.h"
#include "core/json/reader.h"

namespace cairn::central {

/// The members of an object that a request has; problems are the reader's.
domain::RuleSet rule_set_members(json::Reader in);

/// Members that nobody knows, that are of another type or out of range are named with their path,
/// all of them at once. Errors: kInvalid "bad_request", those of domain::validate().
Result<domain::RuleSet> read_rule_set(const json::Value& value);

}  // namespace cairn::central
