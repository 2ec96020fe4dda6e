// What may be promised of the stock, as JSON.

#include "core/program/shapes.h"

namespace cairn::program {

json::Value selling_channel_json(const domain::SellingChannel& channel) {
  auto sites = json::Value::array();
  for (const domain::SellingChannel::Site& site : channel.sites) {
    sites.add(json::Value::object().set("site", site.site.text()).set("mode", name_of(site.mode)));
  }
  auto object = json::Value::object();
  object.set("channel", channel.name)
      .set("other_sites", name_of(channel.other_sites))
      .set("sites", std::move(sites))
      .set("threshold_milli", channel.threshold_milli)
      .set("stale_after_s", channel.freshness.stale_after_s)
      .set("kept_percent", channel.freshness.kept_percent)
      .set("sells_ahead", channel.sells_ahead)
      .set("active", channel.active);
  return object;
}

json::Value safety_stock_json(const domain::SafetyStockRule& rule) {
  auto object = json::Value::object();
  object.set("rule", rule.name);
  set_or_null(object, "site", rule.site ? std::optional(rule.site->text()) : std::nullopt);
  set_or_null(object, "sku", rule.sku ? std::optional(rule.sku->text()) : std::nullopt);
  set_or_null(object, "site_kind",
              rule.site_kind ? std::optional(std::string(name_of(*rule.site_kind))) : std::nullopt);
  object.set("milli", rule.milli);
  set_or_null(object, "expires_at",
              rule.expires_at ? std::optional(rule.expires_at->text()) : std::nullopt);
  object.set("active", rule.active);
  return object;
}

json::Value expected_supply_json(const domain::ExpectedSupply& supply) {
  auto object = json::Value::object();
  object.set("reference", supply.reference)
      .set("source", name_of(supply.source))
      .set("sku", supply.sku.text());
  set_or_null(object, "site",
              supply.site.empty() ? std::nullopt : std::optional(supply.site.text()));
  return object.set("due", supply.due.text()).set("milli", supply.milli);
}

json::Value stock_lease_json(const domain::StockLease& lease) {
  auto object = json::Value::object();
  object.set("lease", lease.granted.lease.value().text())
      .set("site", lease.site.text())
      .set("node", lease.granted.node.value().text())
      .set("sku", lease.granted.sku.text())
      .set("milli", lease.granted.milli)
      .set("sold_milli", lease.sold_milli)
      .set("outstanding_milli", lease.outstanding_milli());
  if (lease.returned_milli) {
    object.set("returned_milli", *lease.returned_milli);
  } else {
    object.set_null("returned_milli");
  }
  return object.set("granted_at", lease.granted_at.text())
      .set("expires_at", lease.granted.expires_at.text())
      .set("grace_s", lease.granted.grace_s)
      .set("state", state_name(lease));
}

json::Value lease_policy_json(const domain::LeasePolicy& policy) {
  auto articles = json::Value::array();
  for (const Sku& sku : policy.skus) articles.add(json::Value::object().set("sku", sku.text()));
  auto object = json::Value::object();
  return object.set("policy", policy.name)
      .set("articles", std::move(articles))
      .set("beyond", name_of(policy.beyond))
      .set("active", policy.active);
}

}  // namespace cairn::program
