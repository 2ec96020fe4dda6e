#include "central/capture/shopify_desk.h"

#include "central/capture/shopify_order.h"
#include "central/orders/order_holds.h"
#include "tests/central/support/capture_hub.h"

#include <string>

namespace cairn::central::shopify_desk_test {
namespace {

using namespace test;
using domain::OrderStatus;

/// As a shop tells it: 2 x 10.00 with 1.50 off, postage 4.00 with 0.67 tax in it.
std::string payload(const std::string& number, const std::string& article = "A1",
                    const std::string& total = "22.50") {
  return R"({"id":)" + number +
         R"(,"name":"#1001","created_at":"2026-11-24T08:15:30-05:00","currency":"GBP",)"
         R"("taxes_included":true,"total_price":")" +
         total +
         R"(","customer":{"id":77},"shipping_address":{"latitude":53.95831234,"longitude":-1.0803},)"
         R"("line_items":[{"id":1,"sku":")" +
         article +
         R"(","name":"Cup","quantity":2,"price":"10.00","discount_allocations":[{"amount":"1.00"},)"
         R"({"amount":"0.50"}],"tax_lines":[{"price":"3.08"}]}],)"
         R"("shipping_lines":[{"title":"Post","price":"4.00","tax_lines":[{"price":"0.67"}]}]})";
}

/// The same, cancelled.
std::string cancelled(const std::string& number, const std::string& article = "A1") {
  std::string body = payload(number, article);
  return body.insert(1, R"("cancelled_at":"2026-11-24T09:00:00-05:00",)");
}

struct Hub : CaptureHub {
  /// "TAKEN" or "KEPT".
  std::string send(const std::string& topic, const std::string& body) {
    const storage::ChannelMessage message{"web", topic, shopify_order_number(body), body};
    const auto taken =
        job([&](UnitOfWork& work) { return take_or_keep(work, ages, rules, message); });
    REQUIRE(taken);
    return *taken ? "TAKEN" : "KEPT";
  }
  OrderStatus status(const std::string& number) {
    const auto order = storage::find_order(connection(), "web", number);
    REQUIRE(order);
    return status_of(*order, storage::order_lines(connection(), order->id));
  }
  std::vector<storage::CaptureProblem> problems(bool all = false) {
    return storage::capture_problems(connection(), 0, 100, all);
  }
};

TEST_CASE("shopify: an order is read to the cent", "[central][capture]") {
  const auto read = read_shopify_order("web", payload("450789469"));
  REQUIRE(read);
  const domain::OrderPlaced& order = read->order;
  CHECK(order.external_id == "450789469");
  CHECK(order.placed_at.text() == "2026-11-24T13:15:30.000Z");
  CHECK(order.customer == "77");
  CHECK(order.destination == GeoPoint{53'958'312, -1'080'300});
  CHECK(order.delivery == domain::Delivery{});
  CHECK_FALSE(order.tax_added);
  REQUIRE(order.lines.size() == 2);
  CHECK(order.lines[0].ordered == Quantity::pieces(2));
  CHECK(order.lines[0].unit_price == storage::test::pounds(1000));
  CHECK(order.lines[0].discount_minor == 150);
  CHECK(order.lines[0].tax_minor == 308);
  CHECK(order.lines[1].service);
  CHECK(order.lines[1].unit_price == storage::test::pounds(400));
  CHECK(read->total == storage::test::pounds(2250));
}

TEST_CASE("shopify: the country is told, if it is one", "[central][capture]") {
  for (const auto& [code, country] :
       std::vector<std::pair<std::string, std::string>>{{"FR", "FR"}, {"fr", ""}, {"FRA", ""}}) {
    std::string body = payload("1");
    const std::string address = R"("shipping_address":{)";
    body.insert(body.find(address) + address.size(), R"("country_code":")" + code + R"(",)");
    const auto read = read_shopify_order("web", body);
    REQUIRE(read);
    CHECK(read->order.delivery.country == country);
  }
}

TEST_CASE("shopify: what is missing is named", "[central][capture]") {
  for (const char* const body : {"", "[]", "{}", "{\"id\":1}", "nonsense"}) {
    CAPTURE(body);
    CHECK_FALSE(read_shopify_order("web", body));
  }
  const auto refused = read_shopify_order("web", payload("1", ""));
  REQUIRE_FALSE(refused);
  CHECK_THAT(refused.error().message, Catch::Contains("/line_items/0/sku"));
  CHECK(shopify_order_number("nonsense").empty());
  CHECK(shopify_order_number("{}").empty());
}

TEST_CASE("shopify: an order comes twice, its cancellation before it, and neither matters",
          "[central][capture]") {
  Hub hub;
  hub.count("leeds", "A1", 10);
  CHECK(hub.send("orders/create", payload("1")) == "TAKEN");
  CHECK(hub.send("orders/create", payload("1")) == "TAKEN");
  CHECK(hub.online("A1") == pieces(8));
  CHECK(hub.send("orders/cancelled", cancelled("1")) == "TAKEN");
  CHECK(hub.status("1") == OrderStatus::kCancelled);
  CHECK(hub.send("orders/cancelled", cancelled("2")) == "TAKEN");
  CHECK(hub.send("orders/create", payload("2")) == "TAKEN");
  CHECK(hub.status("2") == OrderStatus::kCancelled);
  CHECK(hub.send("orders/create", payload("1")) == "TAKEN");
  CHECK(hub.status("1") == OrderStatus::kCancelled);
  CHECK(hub.online("A1") == pieces(10));
  CHECK(hub.problems(true).empty());
}

TEST_CASE("shopify: what cannot become an order is kept aside until it can", "[central][capture]") {
  Hub hub;
  hub.count("leeds", "A1", 1);
  CHECK(hub.send("orders/create", payload("1")) == "KEPT");
  CHECK(hub.send("orders/create", payload("1")) == "KEPT");
  CHECK(hub.send("orders/create", payload("2", "NONE")) == "KEPT");
  CHECK(hub.send("orders/create", payload("3", "A1", "22.51")) == "KEPT");
  CHECK(hub.send("orders/create", "nonsense") == "KEPT");
  const auto kept = hub.problems();
  REQUIRE(kept.size() == 4);
  CHECK(kept[0].reason == "not_available");
  CHECK(kept[0].tries == 2);
  CHECK(kept[1].reason == "unknown_sku");
  CHECK(kept[2].reason == "wrong_total");
  CHECK(kept[3].reason == "bad_json");
  CHECK(storage::find_problem(hub.connection(), kept[3].id)->message.payload == "nonsense");
  const auto retry = [&hub](const Uuid& id, bool backorder) {
    const auto done = hub.job([&](UnitOfWork& work) {
      return retry_problem(work, hub.ages, hub.rules, id, backorder, user(3));
    });
    REQUIRE(done);
    return done->order.has_value();
  };
  CHECK_FALSE(retry(kept[0].id, false));
  hub.count("leeds", "A1", 2);
  CHECK(retry(kept[0].id, false));
  CHECK(retry(kept[0].id, false));
  CHECK(hub.online("A1") == 0);
  CHECK_FALSE(retry(kept[1].id, true));
  CHECK(hub.problems().size() == 3);
  CHECK(hub.problems(true).size() == 4);
  // Sent again after all, it is solved by itself.
  CHECK(hub.send("orders/create", payload("4")) == "KEPT");
  hub.count("leeds", "A1", 4);
  CHECK(hub.send("orders/create", payload("4")) == "TAKEN");
  CHECK(hub.problems().size() == 3);
}

TEST_CASE("shopify: a cancellation that is kept aside is done with its order",
          "[central][capture]") {
  Hub hub;
  hub.count("leeds", "A1", 1);
  CHECK(hub.send("orders/create", payload("1", "NEW")) == "KEPT");
  CHECK(hub.send("orders/cancelled", cancelled("1", "NEW")) == "KEPT");
  CHECK(hub.problems().size() == 2);
  hub.append(domain::ReferenceEvent(domain::ProductDefined{storage::test::product("NEW", 3)}),
             domain::product_key(sku("NEW")), {});
  CHECK(hub.send("orders/create", payload("1", "NEW")) == "TAKEN");
  CHECK(hub.status("1") == OrderStatus::kCancelled);
  CHECK(hub.problems().empty());
}

TEST_CASE("shopify: an order that is not cancelled is not cancelled by its topic",
          "[central][capture]") {
  Hub hub;
  hub.count("leeds", "A1", 10);
  CHECK(hub.send("orders/create", payload("1")) == "TAKEN");
  CHECK(hub.send("orders/cancelled", payload("1")) == "KEPT");
  CHECK(hub.status("1") == OrderStatus::kApproved);
  CHECK(hub.problems().front().reason == "not_cancelled");
  // Nor is one that comes later.
  CHECK(hub.send("orders/cancelled", payload("2")) == "KEPT");
  CHECK(hub.send("orders/create", payload("2")) == "TAKEN");
  CHECK(hub.status("2") == OrderStatus::kApproved);
  CHECK(hub.send("orders/cancelled", cancelled("2")) == "TAKEN");
  CHECK(hub.status("2") == OrderStatus::kCancelled);
  CHECK(hub.problems().size() == 2);
}

}  // namespace
}  // namespace cairn::central::shopify_desk_test
