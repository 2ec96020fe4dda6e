#pragma once
// A hub with two stores and the articles A1 and A2, to capture orders at.

#include "central/capture/capture_order.h"
#include "central/promise/channel_stock.h"
#include "central/promise/promises.h"
#include "tests/central/support/order_hub.h"

#include <string>
#include <string_view>

namespace cairn::central::test {

struct CaptureHub : OrderHub {
  SiteAges ages;
  HoldRules rules;

  CaptureHub() {
    facility("leeds");
    facility("york");
    for (const std::uint64_t number : {1U, 2U}) {
      const std::string name = "A" + std::to_string(number);
      append(domain::ReferenceEvent(domain::ProductDefined{storage::test::product(name, number)}),
             domain::product_key(sku(name)), {});
    }
  }
  void facility(std::string_view name, bool active = true) {
    append(domain::ReferenceEvent(domain::FacilityDefined{
               {site(name), std::string(name), domain::FacilityKind::kStore, {}, active}}),
           domain::facility_key(site(name)), {});
  }
  void count(std::string_view at, std::string_view article, std::int64_t units) {
    append(domain::StockEvent(storage::test::counted(article, "B-1", pieces(units),
                                                     domain::CountSource::kRecount)),
           {}, site(at));
  }
  static CaptureOrder wanted(const std::string& number, const std::vector<Wanted>& lines,
                             std::string_view pickup_at = "") {
    CaptureOrder order;
    order.order = storage::test::placed(number, lines);
    for (domain::OrderLine& line : order.order.lines) line.name.clear();
    if (pickup_at.empty()) return order;
    order.order.method = domain::FulfilmentMethod::kPickup;
    order.order.pickup_site = site(pickup_at);
    return order;
  }
  Result<CapturedOrder> capture(const CaptureOrder& order) {
    return job([&](UnitOfWork& work) { return capture_order(work, ages, rules, order, user(3)); });
  }
  /// "", "again" or the reason of the refusal.
  std::string outcome(const CaptureOrder& order) {
    const std::uint64_t before = written();
    const auto done = capture(order);
    if (done) return done->fresh ? "" : "again";
    last_message = done.error().message;
    CHECK(written() == before);
    return done.error().reason;
  }
  std::int64_t online(std::string_view article) {
    return channel_stock(connection(), storage::stock_by_site(connection(), sku(article)), ages,
                         "web", sku(article), clock.now)
        .online_milli;
  }

  std::string last_message;
};

}  // namespace cairn::central::test
