#include "central/promotions/promotion_book.h"

#include "central/orders/order_holds.h"
#include "core/domain/order/order_amounts.h"
#include "core/storage/projections/order_queues.h"
#include "core/storage/promotions.h"
#include "tests/central/support/capture_hub.h"

#include <algorithm>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace cairn::central::promotion_book_test {
namespace {

using namespace test;

struct Hub : CaptureHub {
  Hub() { count("leeds", "A1", 500); }

  Result<domain::Promotion> define(const domain::Promotion& promotion) {
    return job([&](UnitOfWork& work) { return define_promotion(work, promotion, user(3)); });
  }
  Result<domain::Promotion> end(const std::string& name) {
    return job([&](UnitOfWork& work) { return end_promotion(work, name, user(3)); });
  }
  static CaptureOrder order(const std::string& number, const std::vector<std::string>& coupons,
                            const std::string& customer = "", std::int64_t units = 1) {
    CaptureOrder order = wanted(number, {{1, "A1", units}});
    order.order.customer = customer;
    order.order.lines[0].unit_price = storage::test::pounds(1000);
    order.promotions = {true, coupons};
    return order;
  }
  void cancel(const std::string& number) {
    REQUIRE(job([&](UnitOfWork& work) {
      return cancel_order(work, order_id_of("web", number), domain::CancelReason::kCustomer, "",
                          user(3));
    }));
  }
  std::int64_t uses(const std::string& code) {
    return storage::coupon_uses(connection(), code, domain::Promotion::kMaxUses);
  }
  std::int64_t total(const std::string& number) {
    std::vector<domain::OrderLine> lines;
    for (const auto& row : storage::order_lines(connection(), order_id_of("web", number))) {
      lines.push_back(row.line);
    }
    return domain::total_of(lines, false).value().minor;
  }
};

domain::Promotion percent(const std::string& name, std::int64_t basis_points,
                          std::vector<domain::Coupon> coupons = {}) {
  domain::Promotion promotion;
  promotion.name = name;
  promotion.title = "Title of " + name;
  promotion.basis_points = basis_points;
  promotion.coupons = std::move(coupons);
  return promotion;
}

TEST_CASE("promotions: defined once, changed, ended; the same again writes nothing",
          "[central][promotions]") {
  Hub hub;
  REQUIRE(hub.define(percent("spring", 1000)));
  const auto before = hub.written();
  REQUIRE(hub.define(percent("spring", 1000)));
  CHECK(hub.written() == before);
  REQUIRE(hub.define(percent("spring", 2000)));
  CHECK(storage::find_promotion(hub.connection(), "spring")->basis_points == 2000);
  CHECK(hub.define(percent("", 1000)).error().reason == "bad_promotion");
  CHECK(hub.end("none").error().reason == "no_such_promotion");
  REQUIRE(hub.end("spring"));
  CHECK(storage::promotions_by_themselves(hub.connection(), hub.clock.now).empty());
  CHECK(storage::promotions(hub.connection(), "", 10).size() == 1);
  const auto ended = hub.written();
  REQUIRE(hub.end("spring"));
  CHECK(hub.written() == ended);
}

TEST_CASE("promotions: a coupon is one active promotion's", "[central][promotions]") {
  Hub hub;
  REQUIRE(hub.define(percent("spring", 1000, {{"CODE", 0, 0}})));
  CHECK(hub.define(percent("summer", 1000, {{"CODE", 0, 0}})).error().reason == "coupon_taken");
  REQUIRE(hub.end("spring"));
  REQUIRE(hub.define(percent("summer", 1000, {{"CODE", 0, 0}})));
  CHECK(hub.define(percent("spring", 1000, {{"CODE", 0, 0}})).error().reason == "coupon_taken");
  REQUIRE(hub.define(percent("summer", 1000)));
  REQUIRE(hub.define(percent("spring", 1000, {{"CODE", 0, 0}})));
}

TEST_CASE("promotions: an order that asks for them has them, as they were",
          "[central][promotions]") {
  Hub hub;
  REQUIRE(hub.define(percent("spring", 1000)));
  REQUIRE(hub.define(percent("shown", 5000, {{"HALF", 0, 0}})));
  auto plain = Hub::order("1", {});
  plain.promotions = {};
  CHECK(hub.outcome(plain).empty());
  CHECK(hub.total("1") == 1000);
  CHECK(hub.outcome(Hub::order("2", {})).empty());
  CHECK(hub.total("2") == 900);
  auto alone = Hub::order("3", {"HALF"});
  alone.promotions.apply = false;
  CHECK(hub.outcome(alone).empty());
  CHECK(hub.total("3") == 500);
  auto both = Hub::order("4", {"HALF"});
  both.total = storage::test::pounds(450);
  CHECK(hub.outcome(both).empty());
  const auto discounts = storage::order_discounts(hub.connection(), order_id_of("web", "4"));
  REQUIRE(discounts.size() == 2);
  CHECK(discounts[0] ==
        domain::OrderDiscount{"shown", 500, "shown", "Title of shown", "HALF", {{LineNo(1), 500}}});
  CHECK(discounts[1].promotion == "spring");
  CHECK(discounts[1].minor == 50);
  both.order.external_id = "5";
  both.total = storage::test::pounds(451);
  CHECK(hub.outcome(both) == "wrong_total");
  CHECK(hub.uses("HALF") == 2);
  // What comes later changes nothing of it.
  REQUIRE(hub.define(percent("spring", 9000)));
  CHECK(hub.total("2") == 900);
}

TEST_CASE("promotions: the same order again is the same, though its promotion has ended",
          "[central][promotions]") {
  Hub hub;
  REQUIRE(hub.define(percent("spring", 1000)));
  REQUIRE(hub.define(percent("shown", 5000, {{"ONCE", 1, 0}, {"OTHER", 0, 0}})));
  CHECK(hub.outcome(Hub::order("1", {"ONCE"})).empty());
  CHECK(hub.outcome(Hub::order("1", {"ONCE"})) == "again");
  REQUIRE(hub.end("spring"));
  REQUIRE(hub.end("shown"));
  CHECK(hub.outcome(Hub::order("1", {"ONCE"})) == "again");
  CHECK(hub.outcome(Hub::order("1", {})) == "order_differs");
  CHECK(hub.outcome(Hub::order("1", {"OTHER"})) == "order_differs");
  CHECK(hub.outcome(Hub::order("1", {"ONCE", "OTHER"})) == "order_differs");
  auto plain = Hub::order("1", {"ONCE"});
  plain.promotions.apply = false;
  CHECK(hub.outcome(plain) == "order_differs");
}

TEST_CASE("promotions: a coupon that cannot be used refuses the order", "[central][promotions]") {
  Hub hub;
  REQUIRE(hub.define(percent("shown", 5000, {{"ONCE", 1, 0}, {"EACH", 0, 1}})));
  CHECK(hub.outcome(Hub::order("1", {"NONE"})) == "coupon_refused");
  CHECK_THAT(hub.last_message, Catch::Contains("NONE cannot be used (UNKNOWN_COUPON)"));
  CHECK(hub.outcome(Hub::order("1", {"EACH"})) == "coupon_refused");
  CHECK_THAT(hub.last_message, Catch::Contains("CUSTOMER_NEEDED"));
  CHECK(hub.outcome(Hub::order("1", {"EACH"}, "ann")).empty());
  CHECK(hub.outcome(Hub::order("2", {"EACH"}, "ann")) == "coupon_refused");
  CHECK_THAT(hub.last_message, Catch::Contains("USED_BY_CUSTOMER"));
  // Customers are the channel's: another channel's ann is somebody else.
  auto phone = Hub::order("2", {"EACH"}, "ann");
  phone.order.channel = "phone";
  CHECK(hub.outcome(phone).empty());
  CHECK(hub.outcome(Hub::order("3", {"ONCE"})).empty());
  CHECK(hub.outcome(Hub::order("4", {"ONCE"})) == "coupon_refused");
  CHECK_THAT(hub.last_message, Catch::Contains("USED_UP"));
  // One that is refused for another reason uses nothing up.
  hub.cancel("3");
  CHECK(hub.uses("ONCE") == 0);
  CHECK(hub.outcome(Hub::order("5", {"ONCE"}, "", 1000)) == "not_available");
  CHECK(hub.uses("ONCE") == 0);
}

TEST_CASE("promotions: a coupon is given back with the last unit, and not before",
          "[central][promotions]") {
  Hub hub;
  REQUIRE(hub.define(percent("shown", 5000, {{"ONCE", 1, 0}})));
  CHECK(hub.outcome(Hub::order("1", {"ONCE"}, "", 2)).empty());
  const OrderId first = order_id_of("web", "1");
  REQUIRE(hub.cancel_line(first, 1, 1));
  CHECK(hub.uses("ONCE") == 1);
  CHECK(hub.outcome(Hub::order("2", {"ONCE"})) == "coupon_refused");
  REQUIRE(hub.cancel_line(first, 1, 1));
  CHECK(hub.uses("ONCE") == 0);
  CHECK(hub.outcome(Hub::order("2", {"ONCE"})).empty());
  // Rejected by head office: as well.
  REQUIRE(hub.job(
      [&](UnitOfWork& work) { return reject_order(work, order_id_of("web", "2"), "", user(3)); }));
  CHECK(hub.uses("ONCE") == 0);
  // In a ship group that is not packed: as well.
  CHECK(hub.outcome(Hub::order("3", {"ONCE"})).empty());
  hub.route(order_id_of("web", "3"), 1, {{1, "A1", 1}}, "leeds");
  CHECK(hub.uses("ONCE") == 1);
  hub.cancel("3");
  CHECK(hub.uses("ONCE") == 0);
  hub.rebuild();
  CHECK(hub.uses("ONCE") == 0);
  CHECK(storage::find_promotion(hub.connection(), "shown").has_value());
}

TEST_CASE("promotions: no order of captures and cancellations gets a coupon above its limits",
          "[central][promotions]") {
  Hub hub;
  REQUIRE(hub.define(percent("shown", 1000, {{"CODE", 4, 2}})));
  std::mt19937 random(20261124);
  std::vector<std::pair<std::string, std::string>> live;  // number, customer
  int refused = 0;
  for (int step = 0; step < 150; ++step) {
    CAPTURE(step);
    const std::string customer(1, static_cast<char>('a' + random() % 3));
    if (random() % 3 == 0 && !live.empty()) {
      const auto at = live.begin() + static_cast<std::ptrdiff_t>(random() % live.size());
      hub.cancel(at->first);
      live.erase(at);
    } else {
      const std::string number = std::to_string(step);
      const auto of_customer =
          std::ranges::count(live, customer, &std::pair<std::string, std::string>::second);
      const bool may = live.size() < 4 && of_customer < 2;
      CHECK(hub.outcome(Hub::order(number, {"CODE"}, customer)).empty() == may);
      if (may) live.emplace_back(number, customer);
      refused += may ? 0 : 1;
    }
    CHECK(hub.uses("CODE") == static_cast<std::int64_t>(live.size()));
  }
  CHECK(refused > 10);
}

}  // namespace
}  // namespace cairn::central::promotion_book_test
