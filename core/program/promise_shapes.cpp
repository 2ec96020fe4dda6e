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

}  // namespace cairn::program
