#include "core/domain/routing/rule_set.h"

#include <set>

namespace cairn::domain {
namespace {

tl::unexpected<Error> refused(std::string why) {
  return fail(ErrorCode::kInvalid, "bad_rule_set", std::move(why));
}

template <class Step>
Result<> names_differ(const std::vector<Step>& steps, const char* what) {
  std::set<std::string> names;
  for (const Step& step : steps) {
    if (!names.insert(step.name).second) {
      return refused(std::string("two ") + what + " are called \"" + step.name + '"');
    }
  }
  return {};
}

}  // namespace

Result<> validate(const RuleSet& rules) {
  if (auto ok = names_differ(rules.run.routings, "routings"); !ok) return ok;
  for (const OrderRouting& routing : rules.run.routings) {
    if (auto ok = names_differ(routing.rules, "rules of a routing"); !ok) return ok;
    for (const InventoryRule& rule : routing.rules) {
      if (rule.assignment.assignment == Assignment::kCost && !rules.rates) {
        return refused("the rule \"" + rule.name + "\" goes by COST, but there are no rates");
      }
    }
  }
  std::set<SiteId> sites;
  for (const RuleSetSite& site : rules.sites) {
    if (!sites.insert(site.site).second) {
      return refused("the site " + site.site.text() + " is there twice");
    }
  }
  if (auto ok = validate(rules.schedule); !ok) return ok;
  return rules.rates ? validate(*rules.rates) : Result<>{};
}

}  // namespace cairn::domain
