#include "core/domain/routing/routing_rules.h"

#include "core/base/utf8.h"

namespace cairn::domain {
namespace {

tl::unexpected<Error> bad_rule_set(const char* why) {
  return fail(ErrorCode::kInvalid, "bad_rule_set", why);
}

}  // namespace

Result<> validate(const RoutingRulesDefined& defined) {
  const std::string& name = defined.name;
  if (name.empty() || name.size() > RoutingRulesDefined::kMaxName || !is_utf8(name)) {
    return bad_rule_set("a rule set's name has 1 to 64 octets");
  }
  if (defined.version == 0) return bad_rule_set("versions of a rule set are numbered from 1");
  const std::string& text = defined.definition;
  if (text.empty() || text.size() > RoutingRulesDefined::kMaxDefinition || !is_utf8(text)) {
    return bad_rule_set("a rule set has 1 to 262,144 octets of JSON");
  }
  return {};
}

}  // namespace cairn::domain
