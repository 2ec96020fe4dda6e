// A till that sells under leases, and the hub that promises the same units to nobody meanwhile.

#include "edge-agent/workflows/counter_sale.h"

#include "central/promise/stock_leases.h"
#include "core/storage/projections/stock_on_hand.h"
#include "core/wire/event_codec.h"
#include "core/wire/record.h"
#include "edge-agent/workflows/leases.h"
#include "tests/edge-agent/support/device.h"

namespace cairn::agent::counter_sale_test {
namespace {

using namespace test;
using storage::UnitOfWork;

constexpr std::int64_t kHour = 3600;

struct Till : Device {
  Till() {
    const domain::Facility store{site("store"), "Store", domain::FacilityKind::kStore, {}, true};
    hub.append(domain::ReferenceEvent(domain::FacilityDefined{store}),
               domain::facility_key(store.site), {});
    allow(domain::BeyondLease::kRefuse);
    hear();
  }

  void allow(domain::BeyondLease beyond) {
    const auto defined = hub.job([&](UnitOfWork& work) {
      return central::define_lease_policy(work, {"cups", {sku("A1")}, beyond, true}, {});
    });
    REQUIRE(defined);
    hear();
  }
  Result<domain::StockLease> lease(std::int64_t units, std::int64_t seconds = kHour,
                                   std::uint64_t inc = 1) {
    domain::StockLeased wanted;
    wanted.lease = StockLeaseId(storage::test::uuid(++leases_));
    wanted.node = node(1);
    wanted.inc = Incarnation(inc);
    wanted.sku = sku("A1");
    wanted.milli = pieces(units);
    wanted.expires_at = UtcTime{hub.clock.now.us + seconds * 1'000'000};
    wanted.grace_s = 60;
    return hub.job(
        [&](UnitOfWork& work) { return central::grant_lease(work, site("store"), wanted, {}); });
  }
  void ask_back() {
    const auto asked = hub.job([&](UnitOfWork& work) {
      return central::recall_lease(work, StockLeaseId(storage::test::uuid(leases_)), {});
    });
    REQUIRE(asked);
  }
  Result<CounterSaleDone> sell(std::int64_t units, UserId approved_by = {},
                               const std::string& code = "A1") {
    return job([&](UnitOfWork& work) {
      return sell_at_counter(work, kBench1, {code, pieces(units), std::nullopt, approved_by});
    });
  }
  std::string refused(std::int64_t units, UserId approved_by = {}) {
    const auto head = written();
    const auto sold = sell(units, approved_by);
    REQUIRE_FALSE(sold);
    CHECK(written() == head);
    return sold.error().reason;
  }
  std::optional<UtcTime> settle() {
    const auto next = job([](UnitOfWork& work) { return settle_leases(work); });
    REQUIRE(next);
    return *next;
  }
  /// The hub takes what is new, and does what it does about it.
  void tell_hub() {
    storage::Replica::Taken taken;
    const std::uint64_t held = hub.replica().log().author(node(1), Incarnation(1)).head;
    tell();
    for (std::uint64_t seq = held + 1; seq <= written(); ++seq) {
      const auto logged = replica().log().read({node(1), Incarnation(1), seq});
      const auto record = wire::decode_record(logged->record);
      taken.push_back({{logged->ref, record->hlc, {}, site("store")},
                       *wire::decode_event(record->type, record->sv, record->payload)});
    }
    REQUIRE(hub.job([&](UnitOfWork& work) -> Result<bool> {
      if (auto ok = central::close_leases(work, taken); !ok) return fail(ok.error());
      return true;
    }));
    hear();
  }
  void pass(std::int64_t seconds) {
    clock.advance(std::chrono::seconds(seconds));
    hub.clock.advance(std::chrono::seconds(seconds));
  }
  static std::string figures(Store& store) {
    const auto stock = storage::site_figures(store.connection(), site("store"), sku("A1"));
    return milli_text(stock.on_hand_milli) + "-" + milli_text(stock.leased_milli) + "=" +
           milli_text(stock.atp_milli());
  }
  std::string at_hub() { return figures(hub); }
  std::string here() { return figures(*this); }

 private:
  std::uint64_t leases_ = 100;
};

TEST_CASE("counter sale at a till: cut off it sells its lease, and not one more",
          "[agent][leases]") {
  Till till;
  REQUIRE(till.lease(5));
  CHECK(till.at_hub() == "10-5=5");
  CHECK(till.refused(1) == "beyond_lease");  // it has not heard of it
  till.hear();
  CHECK(till.sell(2)->sale.left_milli == pieces(3));
  CHECK(till.sell(3));
  CHECK(till.refused(1) == "beyond_lease");
  CHECK(till.here() == "5-0=5");
  CHECK(till.at_hub() == "10-5=5");
  till.tell_hub();
  CHECK(till.at_hub() == "5-0=5");
  CHECK(till.here() == "5-0=5");
}

TEST_CASE("counter sale at a till: a lease that was asked back is promised after its answer",
          "[agent][leases]") {
  Till till;
  REQUIRE(till.lease(5));
  till.hear();
  till.ask_back();
  CHECK(till.at_hub() == "10-5=5");
  CHECK(till.sell(1));  // it has not heard
  till.hear();
  CHECK(till.refused(1) == "beyond_lease");
  CHECK_FALSE(till.settle());
  CHECK(till.at_hub() == "10-5=5");
  till.tell_hub();
  CHECK(till.at_hub() == "9-0=9");
  const auto head = till.written();
  CHECK_FALSE(till.settle());
  CHECK(till.written() == head);
}

TEST_CASE("counter sale at a till: a lease that is over is given back by the till's own clock",
          "[agent][leases]") {
  Till till;
  const auto lease = till.lease(5);
  REQUIRE(lease);
  till.hear();
  CHECK(till.settle() == lease->granted.expires_at);
  till.hub.clock.advance(std::chrono::hours(100));
  CHECK(till.at_hub() == "10-5=5");  // whatever the hub's clock shows
  CHECK(till.sell(2));
  till.clock.advance(std::chrono::seconds(kHour));
  CHECK(till.refused(1) == "beyond_lease");
  CHECK_FALSE(till.settle());
  // A clock that is set back does not bring it back.
  till.clock.advance(-std::chrono::hours(2));
  CHECK(till.refused(1) == "beyond_lease");
  till.tell_hub();
  CHECK(till.at_hub() == "8-0=8");
}

TEST_CASE("counter sale at a till: what it writes behind end and grace ends the lease",
          "[agent][leases]") {
  Till till;
  REQUIRE(till.lease(5, kHour, 9));  // of an incarnation that is gone
  till.hear();
  CHECK(till.refused(1) == "beyond_lease");
  till.pass(kHour + 59);
  CHECK_FALSE(till.settle());
  REQUIRE(till.sell(1, {}, "A1").error().reason == "beyond_lease");
  till.allow(domain::BeyondLease::kWarn);
  REQUIRE(till.sell(1));
  till.tell_hub();
  CHECK(till.at_hub() == "9-5=4");
  till.pass(2);
  REQUIRE(till.sell(1));
  till.tell_hub();
  CHECK(till.at_hub() == "8-0=8");
  CHECK(till.here() == "8-0=8");
  const auto lease = storage::find_lease(till.connection(), StockLeaseId(storage::test::uuid(101)));
  CHECK(state_name(*lease) == "EXPIRED");
}

TEST_CASE("counter sale at a till: beyond its lease it warns, or asks a second person",
          "[agent][leases]") {
  Till till;
  REQUIRE(till.lease(2));
  till.allow(domain::BeyondLease::kApprove);
  CHECK(till.refused(3) == "needs_approval");
  CHECK(till.refused(3, kBench1.user) == "approver_is_operator");
  const auto approved = till.sell(3, kLead);
  REQUIRE(approved);
  REQUIRE(approved->events.size() == 2);
  CHECK(approved->sale.beyond_milli == pieces(1));
  const auto last = till.replica().log().read(approved->events.back());
  const auto record = wire::decode_record(last->record);
  const auto event = wire::decode_event(record->type, record->sv, record->payload);
  CHECK(std::get<domain::StockMoved>(std::get<domain::StockEvent>(*event)).approved_by == kLead);
  till.allow(domain::BeyondLease::kWarn);
  CHECK(till.sell(4)->sale.beyond_lease);
  till.tell_hub();
  CHECK(till.at_hub() == "3-0=3");
}

TEST_CASE("counter sale at a till: an article that no policy names is sold as ever",
          "[agent][leases]") {
  Till till;
  till.hub.append(domain::StockEvent(storage::test::counted("A2", "B-2", pieces(1))), {},
                  site("store"));
  till.hear();
  const auto sold = till.sell(2, {}, gtin(2).text());
  REQUIRE(sold);
  CHECK(sold->sku == sku("A2"));
  CHECK_FALSE(sold->sale.beyond_lease);
  CHECK(till.sell(1, {}, "A3").error().reason == "no_location");
  CHECK(till.sell(1, {}, "B9").error().reason == "unknown_item");
  const auto held = till.job([](UnitOfWork& work) {
    return sell_at_counter(work, kBench1, {"A2", pieces(1), domain::hold_damaged(), {}});
  });
  CHECK(held.error().reason == "sale_location");
}

TEST_CASE("stock leases: those of a retired device end behind their end and grace",
          "[agent][leases]") {
  Till till;
  const auto register_till = [&till](bool active) {
    till.hub.append(
        domain::ReferenceEvent(domain::NodeRegistered{{node(1), site("store"), "till", active}}),
        domain::node_key(node(1)), site("store"));
  };
  const auto written_off = [&till] {
    return till.hub.job([](UnitOfWork& work) { return central::write_off_leases(work); }).value();
  };
  register_till(true);
  REQUIRE(till.lease(5));
  till.pass(kHour + 61);
  CHECK(written_off() == 0);  // it may be heard yet
  register_till(false);
  CHECK(written_off() == 1);
  CHECK(till.at_hub() == "10-0=10");
  CHECK(written_off() == 0);
  REQUIRE(till.lease(5));
  till.pass(kHour + 59);
  CHECK(written_off() == 0);
  CHECK(till.at_hub() == "10-5=5");
}

TEST_CASE("stock leases: no unit is leased that is promised to somebody", "[agent][leases]") {
  Till till;
  CHECK(till.lease(11).error().reason == "not_enough_stock");
  till.allocate(1, {{1, "A1", 4}});
  CHECK(till.lease(7).error().reason == "not_enough_stock");
  const ReservationId basket(storage::test::uuid(60));
  till.hub.append(
      domain::PromiseEvent(domain::StockReserved{basket,
                                                 "web",
                                                 sku("A1"),
                                                 pieces(2),
                                                 {},
                                                 UtcTime{till.hub.clock.now.us + 60'000'000},
                                                 "cart"}),
      domain::reservation_key(basket), {});
  CHECK(till.lease(5).error().reason == "not_enough_stock");
  CHECK(till.lease(4));
  CHECK(till.lease(1).error().reason == "not_enough_stock");
  CHECK(till.at_hub() == "10-4=2");
}

}  // namespace
}  // namespace cairn::agent::counter_sale_test
