#include "central/routing/rule_sets.h"

#include "central/routing/rule_set_json.h"
#include "core/base/assert.h"
#include "core/storage/projections/reference_data.h"

namespace cairn::central {

Result<storage::RuleSetRow> define_rule_set(storage::UnitOfWork& work, const std::string& name,
                                            bool active, const json::Value& definition,
                                            UserId actor) {
  const auto rules = read_rule_set(definition);
  if (!rules) return fail(rules.error());
  for (const domain::RuleSetSite& site : rules->sites) {
    if (storage::find_facility(work.connection(), site.site)) continue;
    return fail(ErrorCode::kNotFound, "no_such_site",
                "there is no site " + site.site.text() + "; nothing was changed");
  }
  const auto last = storage::find_rule_set(work.connection(), name);
  domain::RoutingRulesDefined defined{name, last ? last->defined.version + 1 : 1, active,
                                      definition.dump()};
  if (auto ok = domain::validate(defined); !ok) return fail(ok.error());
  const bool same = last && last->defined.definition == defined.definition &&
                    last->defined.active == active && last->in_use == active;
  if (same) return *last;
  const auto written = work.record(
      {domain::RoutingEvent(defined), domain::rule_set_key(name), SiteId{}, actor, {}, {}});
  if (!written) return fail(written.error());
  auto row = storage::find_rule_set(work.connection(), name);
  CAIRN_ASSERT(row.has_value(), "what was just defined is there");
  return *std::move(row);
}

Result<NamedRules> named_rules(const storage::RuleSetRow& row) {
  const auto value = json::parse(row.defined.definition);
  if (!value) return fail(value.error());
  auto rules = read_rule_set(*value);
  if (!rules) return fail(rules.error());
  return NamedRules{row.defined.name, row.defined.version, *std::move(rules)};
}

}  // namespace cairn::central
