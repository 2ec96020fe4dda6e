// Every view made anew from the log is what it was, and a database of an earlier version gets its
// views that way.

#include "core/storage/rebuild.h"

#include "core/storage/migrate.h"
#include "core/storage/sqlite/statement.h"
#include "tests/core/storage/support/dump.h"
#include "tests/core/storage/support/group_hub.h"
#include "tests/core/storage/support/old_schema.h"
#include "tests/core/storage/support/temp_folder.h"
#include "tests/support/catch.h"

#include <algorithm>
#include <memory>

namespace cairn::storage::rebuild_test {
namespace {

using test::came_back;
using test::group_id;
using test::node;
using test::order_id;
using test::pieces;
using test::site;

/// A hub where everything happened once that leaves a row.
class BusyHub : public test::Store {
 public:
  explicit BusyHub(const std::string& path = ":memory:")
      : Store(test::hub_identity(node(77)), path) {}

  void live() {
    define();
    place(1, {{1, "A1", 9}, {2, "A2", 3}});
    place(2, {{1, "A1", 4}}, true);
    allocate(1, 1, {{1, "A1", 6}, {2, "A2", 3}}, domain::FulfilmentMethod::kShip);
    allocate(2, 2, {{1, "A1", 4}}, domain::FulfilmentMethod::kPickup);
    decides(2, domain::PickupCodeMinted{Bytes(16, 's'), Bytes(16, 'h')});
    ship_most_of_1();
    hand_over_most_of_2();
    returns();
    append(domain::OrderEvent(domain::OrderUnitsCancelled{LineNo(1), pieces(1),
                                                          domain::CancelReason::kCustomer, "c"}),
           domain::order_key(order_id(1)), {});
    append(domain::OrderEvent(domain::PickupConverted{LineNo(1), pieces(1)}),
           domain::order_key(order_id(2)), {});
    pays();
  }

 private:
  void pays() {
    using domain::PaymentAction;
    using domain::PaymentOutcome;
    const Money money{500, Currency::parse("GBP").value()};
    const PaymentId payment(group_id(90).value());
    const auto tell = [this, payment](const domain::PaymentEvent& event) {
      append(event, domain::payment_key(payment), {});
    };
    tell(domain::PaymentOpened{payment, order_id(1), domain::Tender::kCard, money, "tok", false});
    tell(domain::PaymentAsked{1, PaymentAction::kAuthorize, money, {}, false, ""});
    tell(domain::PaymentAnswered{1, PaymentOutcome::kUnknown, "", "late", {}});
    tell(domain::PaymentAnswered{1, PaymentOutcome::kDone, "a-1", "",
                                 UtcTime{1'900'000'000'000'000}});
    tell(domain::PaymentAsked{2, PaymentAction::kCapture, money, group_id(1), true, ""});
    tell(domain::PaymentAnswered{2, PaymentOutcome::kDone, "c-1", "", {}});
    tell(domain::PaymentAsked{3, PaymentAction::kRefund, {1, money.currency}, {}, false, "broken"});
    const StoredValueId card(group_id(91).value());
    const auto enter = [this, card](const domain::StoredValueEvent& event) {
      append(event, domain::stored_value_key(card), {});
    };
    enter(domain::StoredValueOpened{card, domain::StoredValueKind::kGiftCard, money.currency, "",
                                    "4f2a"});
    enter(domain::StoredValueCredited{money, domain::CreditReason::kIssue, {}, 0});
    enter(domain::EscrowGranted{1, site("store"), money});
    enter(domain::EscrowClosed{1, {200, money.currency}});
    enter(domain::StoredValueDebited{{100, money.currency}, payment, 9});
  }
  void define() {
    append(domain::ReferenceEvent(domain::ProductDefined{test::product("A1", 1)}),
           domain::product_key(test::sku("A1")), {});
    append(domain::ReferenceEvent(domain::NodeRegistered{{node(1), site("store"), "agent", true}}),
           domain::node_key(node(1)), site("store"));
    domain::Promotion promotion;
    promotion.title = "Cups";
    promotion.basis_points = 1000;
    promotion.coupons = {{"CODE", 0, 0}, {"OTHER", 0, 0}};
    for (const bool active : {true, false}) {
      promotion.name = active ? "cups" : "ended";
      promotion.active = active;
      append(domain::PromotionEvent(domain::PromotionDefined{promotion}),
             domain::promotion_key(promotion.name), {});
    }
    const domain::LabelBlockGranted granted{
        node(1), Incarnation(1), domain::Gs1Prefix::parse("9521234").value(), {0, 100}};
    append(domain::ReferenceEvent(granted), domain::node_key(node(1)), site("store"));
    append(domain::StockEvent(test::counted("A1", "B-1", pieces(50), domain::CountSource::kImport)),
           {}, site("store"));
  }
  void place(std::uint64_t number, const std::vector<test::Wanted>& lines, bool pickup = false) {
    auto order = test::placed(std::to_string(number), lines);
    order.order = order_id(number);
    if (pickup) {
      order.method = domain::FulfilmentMethod::kPickup;
      order.pickup_site = site("store");
    }
    order.sale = domain::SaleKind::kPhone;
    order.discounts = {{"SPRING", 1}, {"cups", 1, "cups", "Cups", "CODE", {{LineNo(1), 1}}}};
    order.lines[0].order_discount_minor = 2;
    append(domain::OrderEvent(order), domain::order_key(order_id(number)), {});
    const auto change = [this, number](const domain::OrderEvent& event) {
      append(event, domain::order_key(order_id(number)), {});
    };
    auto added = order.lines[0];
    added.line = LineNo(70);
    added.order_discount_minor = 0;
    change(domain::OrderLineAdded{added, LineNo(1), ""});
    const domain::DeliveryPlace before{order.method, order.pickup_site, order.destination};
    change(domain::OrderDeliveryChanged{before, {order.method, order.pickup_site, {1, 2}}, ""});
    if (pickup) change(domain::CouponsGivenBack{});
    if (pickup) {
      append(domain::OrderEvent(domain::OrderHeld{domain::HoldReason::kManual, "look"}),
             domain::order_key(order_id(number)), {});
    }
  }
  void allocate(std::uint64_t group, std::uint64_t order, const std::vector<test::Wanted>& lines,
                domain::FulfilmentMethod method) {
    auto event = test::allocated(group_id(group), order_id(order), lines);
    event.method = method;
    decides(group, event);
  }
  EventRef decides(std::uint64_t group, const domain::ShipGroupEvent& event) {
    return append(event, domain::ship_group_key(group_id(group)), site("store"));
  }
  EventRef take(const domain::Event& event, const domain::Key& key, std::uint64_t author) {
    take_uplink(node(author), Incarnation(1), site("store"),
                {test::octets(event, key, site("store"), test::at_ms(++ms_))});
    return {node(author), Incarnation(1),
            replica().log().author(node(author), Incarnation(1)).head};
  }
  EventRef happens(std::uint64_t group, const domain::ShipGroupEvent& event,
                   std::uint64_t author = 1) {
    return take(event, domain::ship_group_key(group_id(group)), author);
  }
  void pick(std::uint64_t group, std::uint32_t line, std::int64_t units, std::uint64_t author = 1) {
    happens(group, domain::LinePicked{LineNo(line), pieces(units), test::bin("B-1")}, author);
    take(domain::StockEvent(
             test::moved("A1", "B-1", domain::tote_of(group_id(group)).text(), pieces(units))),
         {}, author);
  }
  void ship_most_of_1() {
    happens(1, domain::TaskClaimed{"bench-1"});
    happens(1, domain::TaskClaimed{"bench-2"}, 2);
    pick(1, 1, 6);
    pick(1, 1, 1, 2);  // one too many
    pick(1, 2, 2);
    happens(1, domain::PickUndone{
                   happens(1, domain::LinePicked{LineNo(2), pieces(1), test::bin("B-1")}),
                   LineNo(2), pieces(1)});
    happens(1, domain::LineShorted{LineNo(2), pieces(1), domain::ShortReason::kDamaged, {}});
    const EventRef package =
        happens(1, domain::PackageClosed{
                       {{LineNo(1), pieces(6)}}, 9, 9, domain::WeightCheck::kNotChecked, {}, ""});
    happens(1, domain::LabelAssigned{package, test::sscc_of(0), domain::tracking_number(0)});
    happens(1, domain::LabelAssigned{package, test::sscc_of(1), domain::tracking_number(1)}, 2);
    const EventRef start = happens(1, domain::LabelPrintStarted{package, "p"});
    happens(1, domain::LabelPrintEnded{start, domain::PrintOutcome::kUnknown, "power"});
    happens(1, domain::LabelChecked{package, true}, 2);
    decides(1, domain::GroupUnitsCancelled{LineNo(2), pieces(2), domain::CancelReason::kHeadOffice,
                                           "c"});
    happens(1, domain::ShipGroupShipped{{{LineNo(1), pieces(6)}, {LineNo(2), pieces(1)}}});
    const auto& back = replica().ship_group(group_id(1)).put_backs.front();
    happens(1, domain::PutBackDone{back.cause, back.line, pieces(1), test::bin("B-1")});
  }
  void hand_over_most_of_2() {
    pick(2, 1, 2);
    happens(2, domain::LineShorted{LineNo(1), pieces(2), domain::ShortReason::kNotInStock,
                                   test::bin("B-1")});
    happens(2, domain::PickupCodeRefused{});
    const domain::HandedOver all{{{LineNo(1), pieces(2)}}, domain::HandOverProof::kCode, {}, ""};
    happens(2, domain::HandOverUndone{happens(2, all)});
    happens(2, all);
    happens(2, all, 2);
  }
  void returns() {
    const auto key = domain::return_ledger_key(group_id(1), site("store"));
    const EventRef taken = take(domain::ReturnEvent(came_back(1, 1, 5, 6)), key, 1);
    take(domain::ReturnEvent(came_back(2, 1, 2, 6, domain::ReturnCondition::kQcHold)), key, 2);
    happens(1, domain::UnitsReturned{LineNo(1), pieces(5), taken});
    append(domain::ReturnEvent(domain::RefundContested{taken, LineNo(1), pieces(1)}), key,
           site("store"));
  }

  std::uint64_t ms_ = 0;
};

TEST_CASE("rebuild: every view made anew from the log is what it was", "[storage][rebuild]") {
  BusyHub hub;
  hub.live();
  const std::string before = test::dump_projections(hub.connection());
  // It really is a row in every table.
  for (const char* const table : {"ship_group",
                                  "ship_group_line",
                                  "package",
                                  "package_line",
                                  "put_back",
                                  "ship_group_exception",
                                  "return_taken",
                                  "return_line",
                                  "refund_exception",
                                  "customer_order",
                                  "order_line",
                                  "order_discount",
                                  "order_discount_share",
                                  "promotion",
                                  "coupon",
                                  "label_block",
                                  "label_use",
                                  "stock_cell",
                                  "payment",
                                  "payment_question",
                                  "stored_value",
                                  "stored_value_escrow"}) {
    CAPTURE(table);
    CHECK(hub.number(std::string("SELECT count(*) FROM ") + table) > 0);
  }
  hub.rebuild();
  CHECK(test::dump_projections(hub.connection()) == before);
  hub.rebuild();
  CHECK(test::dump_projections(hub.connection()) == before);
}

TEST_CASE("rebuild: a device that heard of it by the feeds has the same rows, made anew as well",
          "[storage][rebuild]") {
  BusyHub hub;
  hub.live();
  test::Store device(test::site_identity(node(3), site("store")));
  REQUIRE(device.take_feed(hub.frame_of("cat")));
  REQUIRE(device.take_feed(hub.frame_of("site:store")));
  const auto rows = [](test::Store& store) {
    return test::dump_ship_groups(store.connection()) + test::dump_returns(store.connection()) +
           test::dump_stock(store.connection());
  };
  CHECK(rows(device) == rows(hub));
  const std::string before = test::dump_projections(device.connection());
  device.rebuild();
  CHECK(test::dump_projections(device.connection()) == before);
}

std::unique_ptr<Replica> open_replica(Connection& connection, const Clock& clock, Log& log) {
  const auto identity = establish_identity(connection, test::hub_identity(node(77)));
  REQUIRE(identity);
  return std::make_unique<Replica>(connection, *identity, clock, log);
}

bool asked(Connection& connection) {
  return test::rows_of(connection, "SELECT count(*) FROM meta WHERE name = 'rebuild'", 1) == "1\n";
}

TEST_CASE("rebuild: a database of schema 5 gets its views from its log", "[storage][rebuild]") {
  const test::TempFolder folder;
  std::string expected;
  {
    BusyHub hub(folder.file("new"));
    hub.live();
    expected = test::dump_projections(hub.connection());
  }
  auto opened = Connection::open_writer(folder.file("old"), Connection::Durability::kSimulated);
  REQUIRE(opened);
  test::make_old_database(*opened, 5);
  test::copy_log(*opened, folder.file("new"));
  REQUIRE(migrate(*opened));
  REQUIRE(asked(*opened));
  test::TestClock clock;
  test::RecordingLog log;
  const auto replica = open_replica(*opened, clock, log);
  REQUIRE(rebuild_views_if_asked(*replica, log));
  CHECK(test::dump_projections(*opened) == expected);
  CHECK_FALSE(asked(*opened));
  CHECK(std::ranges::count(log.events, "rebuilding_views") == 1);
  // Once: the second start has nothing to do.
  REQUIRE(rebuild_views_if_asked(*replica, log));
  CHECK(std::ranges::count(log.events, "rebuilding_views") == 1);
}

TEST_CASE("rebuild: nobody asked, nothing is touched", "[storage][rebuild]") {
  BusyHub hub;
  hub.connection().execute("DELETE FROM meta WHERE name = 'rebuild'");
  hub.live();
  hub.connection().execute("UPDATE ship_group SET order_reference = 'touched'");
  const std::string before = test::dump_projections(hub.connection());
  REQUIRE(rebuild_views_if_asked(hub.replica(), hub.log));
  CHECK(test::dump_projections(hub.connection()) == before);
}

}  // namespace
}  // namespace cairn::storage::rebuild_test
