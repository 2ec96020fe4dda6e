#include "core/wire/routing_facts.h"

#include "tests/core/base/support/names.h"
#include "tests/support/catch.h"

#include "routing_facts.pb.h"

#include <functional>
#include <string>

namespace cairn::wire::routing_facts_test {
namespace {

using namespace cairn::test;

domain::RoutingFacts sample() {
  domain::RoutingFacts facts;
  domain::WaitingOrder& order = facts.order;
  order.order = order_id(7);
  order.queue = domain::ParkingQueue::kRejected;
  order.shipping_method = "SHIP";
  order.priority = -2;
  order.sales_channel = "web";
  order.product_categories = {"shoes", "care"};
  order.ordered_at = utc("2026-11-27T08:00:00Z");
  order.ship_after = utc("2026-11-28T08:00:00Z");
  order.ship_by = utc("2026-11-29T08:00:00Z");
  order.delivery_days = 2;
  order.promise_days = -3;
  order.country = "GB";
  order.hazmat = true;
  order.auto_cancel_at = utc("2026-12-27T08:00:00Z");
  order.needs = {{LineNo(1), sku("MUG"), 2000, 799, 4}, {LineNo(5), sku("LAMP"), 1000, 4500, 0}};
  facts.units = {{300'000, 1'000'000}, {0, 0}};
  facts.sites = {
      {site("store-1"), true, 0, 5000, 3, {{-1000, 2500, true}, {8000, 1'000'000, false}}},
      {site("store-2"), false, std::nullopt, 0, 0, {{0, 0, false}, {0, 0, false}}, true}};
  return facts;
}

Bytes changed(const std::function<void(v1::RoutingFacts&)>& change) {
  v1::RoutingFacts proto;
  REQUIRE(proto.ParseFromString(encode(sample()).value()));
  change(proto);
  return proto.SerializeAsString();
}

TEST_CASE("routing facts codec: every figure comes back", "[wire][routing]") {
  const auto back = decode_routing_facts(encode(sample()).value());
  REQUIRE(back);
  CHECK(encode(*back).value() == encode(sample()).value());
  CHECK(back->sites == sample().sites);
  CHECK(back->order.needs == sample().order.needs);
  CHECK(back->order.queue == domain::ParkingQueue::kRejected);
  CHECK(back->order.priority == -2);
  CHECK(back->order.product_categories == sample().order.product_categories);
  CHECK(back->order.promise_days == -3);
  CHECK(back->order.hazmat);
  CHECK(back->order.auto_cancel_at == sample().order.auto_cancel_at);
  CHECK(back->units[0].weight_mg == 300'000);
  CHECK(back->units[0].volume_mm3 == 1'000'000);
}

TEST_CASE("routing facts codec: what nobody wrote is refused", "[wire][routing]") {
  const std::vector<Bytes> bad = {
      Bytes("\xff\xff", 2),
      changed([](v1::RoutingFacts& f) { f.clear_order(); }),
      changed([](v1::RoutingFacts& f) { f.set_queue(99); }),
      changed([](v1::RoutingFacts& f) { f.mutable_weight_mg()->RemoveLast(); }),
      changed([](v1::RoutingFacts& f) { f.mutable_sites(0)->mutable_atp_milli()->RemoveLast(); }),
      changed([](v1::RoutingFacts& f) { f.mutable_sites(0)->set_site("NO SITE"); }),
      changed([](v1::RoutingFacts& f) { f.mutable_sites(0)->set_site("store-2"); }),
      changed([](v1::RoutingFacts& f) { f.mutable_sites(0)->set_distance_m(UINT64_MAX); }),
      changed([](v1::RoutingFacts& f) { f.mutable_needs(0)->set_milli(0); }),
  };
  for (const Bytes& octets : bad) {
    const auto back = decode_routing_facts(octets);
    REQUIRE_FALSE(back);
    CHECK(back.error().reason == "bad_routing_facts");
  }
}

}  // namespace
}  // namespace cairn::wire::routing_facts_test
