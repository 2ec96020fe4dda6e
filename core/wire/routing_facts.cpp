#include "core/wire/routing_facts.h"

#include "core/base/assert.h"
#include "core/wire/detail/convert.h"
#include "core/wire/detail/routing_need.h"

#include "routing_facts.pb.h"

#include <set>

namespace cairn::wire {
namespace {

/// What is stored without a sign; a figure that has none is never below zero.
std::uint64_t plain(std::int64_t value) {
  CAIRN_ASSERT(value >= 0, "a stored figure is not below zero");
  return static_cast<std::uint64_t>(value);
}

void put_order(const domain::WaitingOrder& order, v1::RoutingFacts& proto) {
  proto.set_order(order.order.value().bytes());
  proto.set_queue(static_cast<std::uint32_t>(order.queue));
  proto.set_shipping_method(order.shipping_method);
  proto.set_priority(order.priority);
  proto.set_sales_channel(order.sales_channel);
  for (const std::string& category : order.product_categories) {
    proto.add_product_categories(category);
  }
  proto.set_ordered_at_us(order.ordered_at.us);
  proto.set_ship_after_us(order.ship_after.us);
  proto.set_ship_by_us(order.ship_by.us);
  proto.set_delivery_days(plain(order.delivery_days));
  proto.set_promise_days(order.promise_days);
  proto.set_country(order.country);
  proto.set_hazmat(order.hazmat);
  if (order.auto_cancel_at) proto.set_auto_cancel_at_us(order.auto_cancel_at->us);
  for (const domain::CostNeed& need : order.needs) *proto.add_needs() = need_to(need);
}

void put_site(const domain::RoutingFacts::Site& site, v1::FactsSite& proto) {
  proto.set_site(site.site.text());
  proto.set_inactive(!site.active);
  if (site.age_s) proto.set_heard(plain(*site.age_s) + 1);
  proto.set_distance_m(plain(site.distance_m));
  proto.set_orders_today(plain(site.orders_today));
  proto.set_full(site.full);
  for (const domain::RoutingFacts::Line& line : site.lines) {
    proto.add_atp_milli(line.atp_milli);
    proto.add_supply_weeks_milli(plain(line.supply_weeks_milli));
    proto.add_was_short(line.was_short);
  }
}

domain::WaitingOrder order_from(const v1::RoutingFacts& proto) {
  domain::WaitingOrder order;
  order.order = id_from<OrderId>(proto.order());
  order.queue = enum_from<domain::ParkingQueue>(proto.queue(), "unknown queue");
  order.shipping_method = proto.shipping_method();
  order.priority = proto.priority();
  order.sales_channel = proto.sales_channel();
  for (const std::string& category : proto.product_categories()) {
    order.product_categories.push_back(category);
  }
  order.ordered_at = UtcTime{proto.ordered_at_us()};
  order.ship_after = UtcTime{proto.ship_after_us()};
  order.ship_by = UtcTime{proto.ship_by_us()};
  order.delivery_days = amount_from(proto.delivery_days());
  order.promise_days = proto.promise_days();
  order.country = proto.country();
  order.hazmat = proto.hazmat();
  if (proto.auto_cancel_at_us() != 0) order.auto_cancel_at = UtcTime{proto.auto_cancel_at_us()};
  for (const v1::RoutingNeed& need : proto.needs()) order.needs.push_back(need_from(need));
  return order;
}

domain::RoutingFacts::Site site_from(const v1::FactsSite& proto, int needs) {
  domain::RoutingFacts::Site site;
  site.site = require(SiteId::parse(proto.site()));
  site.active = !proto.inactive();
  if (proto.heard() != 0) site.age_s = amount_from(proto.heard() - 1);
  site.distance_m = amount_from(proto.distance_m());
  site.orders_today = amount_from(proto.orders_today());
  site.full = proto.full();
  const bool all = proto.atp_milli_size() == needs && proto.supply_weeks_milli_size() == needs &&
                   proto.was_short_size() == needs;
  require_that(all, "a site has not as many lines as there are needs");
  for (int need = 0; need < needs; ++need) {
    site.lines.push_back({proto.atp_milli(need), amount_from(proto.supply_weeks_milli(need)),
                          proto.was_short(need)});
  }
  return site;
}

domain::RoutingFacts facts_from(BytesView octets) {
  const auto proto = parse<v1::RoutingFacts>(octets);
  domain::RoutingFacts facts;
  facts.order = order_from(proto);
  const int needs = proto.needs_size();
  require_that(proto.weight_mg_size() == needs && proto.volume_mm3_size() == needs,
               "there are not as many sizes as there are needs");
  for (int need = 0; need < needs; ++need) {
    facts.units.push_back(
        {amount_from(proto.weight_mg(need)), amount_from(proto.volume_mm3(need))});
  }
  std::set<SiteId> known;
  for (const v1::FactsSite& site : proto.sites()) {
    facts.sites.push_back(site_from(site, needs));
    require_that(known.insert(facts.sites.back().site).second, "a site is there twice");
  }
  return facts;
}

tl::unexpected<Error> bad_facts(std::string_view why) {
  return fail(ErrorCode::kCorrupt, "bad_routing_facts",
              "what a routing decision was made from cannot be read (" + std::string(why) +
                  "); orders and stock are not touched by that");
}

}  // namespace

Result<Bytes> encode(const domain::RoutingFacts& facts) {
  CAIRN_ASSERT(facts.units.size() == facts.order.needs.size(), "every need has a size");
  v1::RoutingFacts proto;
  put_order(facts.order, proto);
  for (const domain::UnitSize& unit : facts.units) {
    proto.add_weight_mg(plain(unit.weight_mg));
    proto.add_volume_mm3(plain(unit.volume_mm3));
  }
  for (const domain::RoutingFacts::Site& site : facts.sites) put_site(site, *proto.add_sites());
  Bytes octets = proto.SerializeAsString();
  if (octets.size() > kMaxRoutingFacts) {
    return fail(ErrorCode::kInvalid, "facts_too_large",
                "what a routing decision was made from is larger than 8 MiB: too many sites for so "
                "many lines");
  }
  return octets;
}

Result<domain::RoutingFacts> decode_routing_facts(BytesView octets) {
  if (octets.size() > kMaxRoutingFacts) return bad_facts("it is larger than 8 MiB");
  try {
    return facts_from(octets);
  } catch (const BadField& bad) {
    return bad_facts(bad.what);
  }
}

}  // namespace cairn::wire
