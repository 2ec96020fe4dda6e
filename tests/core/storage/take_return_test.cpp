// Taking goods back at a device: of a group that this site filled, and of one that another did.

#include "core/storage/unit_of_work.h"
#include "tests/core/storage/support/dump.h"
#include "tests/core/storage/support/group_hub.h"
#include "tests/support/catch.h"

namespace cairn::storage::take_return_test {
namespace {

using test::bin;
using test::group_id;
using test::node;
using test::order_id;
using test::pieces;
using test::site;
using test::sku;

/// A device of "store"; group 1 of its site has shipped three pieces of A1 and one of A2.
struct Device : test::Store {
  Device() : Store(test::site_identity(node(1), site("store"))) {
    test::GroupHub hub;
    hub.allocate(1, "store", {{1, "A1", 3}, {2, "A2", 1}});
    REQUIRE(take_feed(hub.frame_of("site:store")));
    fact(domain::LinePicked{LineNo(1), pieces(3), bin("B-1")});
    fact(domain::LinePicked{LineNo(2), pieces(1), bin("B-1")});
    fact(domain::ShipGroupShipped{{{LineNo(1), pieces(3)}, {LineNo(2), pieces(1)}}});
  }
  void fact(const domain::ShipGroupEvent& event) {
    append(event, domain::ship_group_key(group_id(1)), site("store"));
  }
  Result<EventRef> take(const domain::TakeReturn& command, const Bytes& biz_key = {}) {
    return job([&](UnitOfWork& work) {
      return work.take_return(command, site("store"), test::user(4), biz_key);
    });
  }
  wire::Record read(const EventRef& ref, std::uint64_t behind = 0) {
    const auto logged = replica().log().read({ref.node, ref.inc, ref.seq + behind});
    REQUIRE(logged);
    return *wire::decode_record(logged->record);
  }
  std::uint64_t head() { return replica().log().author(node(1), Incarnation(1)).head; }
};

domain::TakeReturn command(std::uint64_t group, std::vector<domain::TakeReturn::Unit> units) {
  domain::TakeReturn take;
  take.id = ReturnId(test::uuid(30));
  take.group = group_id(group);
  take.order = order_id(group);
  take.order_reference = "web-1";
  take.sold = {{LineNo(1), sku("A1"), "Article A1", Quantity::pieces(3), test::pounds(199)},
               {LineNo(2), sku("A2"), "Article A2", Quantity::pieces(1), test::pounds(199)}};
  take.units = std::move(units);
  take.limit = test::pounds(10'000);
  return take;
}

domain::TakeReturn::Unit unit(std::uint32_t line, std::int64_t units,
                              domain::ReturnCondition condition, std::string_view to) {
  return {LineNo(line), pieces(units), condition, bin(to)};
}

constexpr auto kRestock = domain::ReturnCondition::kRestock;

TEST_CASE("take return: goods of this site's group are on hand, refunded and returned in the group",
          "[storage][returns]") {
  Device device;
  const auto taken = device.take(command(
      1, {unit(1, 2, kRestock, "B-1"), unit(2, 1, domain::ReturnCondition::kQcHold, "HOLD-QC")}));
  REQUIRE(taken);
  const wire::Record record = device.read(*taken);
  CHECK(record.type == domain::ReturnTaken::kTypeId);
  CHECK(record.key == domain::return_ledger_key(group_id(1), site("store")).bytes());
  CHECK(record.actor == test::user(4));
  // Its stock, each caused by it; then the group's units, one line each.
  for (const std::uint32_t i : {1U, 2U}) {
    CHECK(device.read(*taken, i).type == domain::StockMoved::kTypeId);
    CHECK(device.read(*taken, i).own_causes == std::vector<std::uint32_t>{i});
  }
  CHECK(device.read(*taken, 3).type == domain::UnitsReturned::kTypeId);
  CHECK(device.read(*taken, 4).type == domain::UnitsReturned::kTypeId);
  CHECK(device.head() == taken->seq + 4);
  CHECK(device.rows("SELECT sku, location, on_hand_milli FROM stock_cell ORDER BY 1, 2", 3) ==
        "A1|B-1|2000\nA2|HOLD-QC|1000\n");
  const domain::ShipGroup& group = device.replica().ship_group(group_id(1));
  CHECK(group.find(LineNo(1))->in ==
        domain::LineBuckets{.shipped_milli = pieces(1), .returned_milli = pieces(2)});
  CHECK(group.find(LineNo(2))->in.returned_milli == pieces(1));
  CHECK(device.replica().return_ledger(group_id(1), site("store")).taken.size() == 1);
  CHECK(device.changes.returns);
  CHECK(device.changes.stock);
  CHECK(device.changes.ship_groups == std::set<ShipGroupId>{group_id(1)});
}

TEST_CASE("take return: of another site's group only the ledger and the stock are here",
          "[storage][returns]") {
  Device device;
  const auto taken = device.take(command(5, {unit(1, 2, kRestock, "B-1")}));
  REQUIRE(taken);
  CHECK(device.head() == taken->seq + 1);
  CHECK(device.replica().return_ledger(group_id(5), site("store")).lines.front().returned_milli ==
        pieces(2));
  CHECK(device.replica().ship_group(group_id(5)).status() == domain::ShipGroupStatus::kNone);
  CHECK(device.changes.ship_groups.empty());
  CHECK(device.changes.returns);
}

TEST_CASE("take return: the refund of one return is one effect, its own key is another",
          "[storage][returns]") {
  Device device;
  const auto taken = device.take(
      command(1, {unit(1, 1, kRestock, "B-1"), unit(2, 1, kRestock, "B-1")}), "back 17");
  REQUIRE(taken);
  const Bytes refund = device.read(*taken).biz_key;
  CHECK(refund.size() == 16);
  CHECK(refund != "back 17");
  // The caller's key is on the first event of the group.
  CHECK(device.read(*taken, 3).biz_key == "back 17");
  CHECK(device.read(*taken, 4).biz_key.empty());
  CHECK(device.replica().has_effect("back 17"));
  CHECK(device.replica().has_effect(refund));
  // The same return, whoever takes it, has the same key: nobody pays it twice.
  Device other;
  const auto again = other.take(command(5, {unit(1, 1, kRestock, "B-1")}));
  REQUIRE(again);
  CHECK(other.read(*again).biz_key == refund);
}

TEST_CASE("take return: a refused one writes nothing", "[storage][returns]") {
  Device device;
  REQUIRE(device.take(command(1, {unit(1, 2, kRestock, "B-1")})));
  const std::string before = test::dump_projections(device.connection());
  const std::uint64_t head = device.head();
  auto dear = command(1, {unit(1, 1, kRestock, "B-1")});
  dear.limit = test::pounds(100);
  const std::vector<std::pair<domain::TakeReturn, std::string>> refused{
      {command(1, {unit(1, 2, kRestock, "B-1")}), "already_returned"},
      {command(1, {unit(9, 1, kRestock, "B-1")}), "nothing_sold"},
      {command(1, {}), "bad_return"},
      {dear, "needs_approval"},
  };
  for (const auto& [take, reason] : refused) {
    const auto done = device.take(take);
    REQUIRE_FALSE(done);
    CHECK(done.error().reason == reason);
  }
  CHECK(device.head() == head);
  CHECK(test::dump_projections(device.connection()) == before);
}

TEST_CASE("take return: what the view of the group allows decides, not what is open elsewhere",
          "[storage][returns]") {
  Device device;
  // Everything that was sold comes back in two steps; a third is refused by the ledger.
  REQUIRE(device.take(command(1, {unit(1, 1, kRestock, "B-1")})));
  REQUIRE(device.take(command(1, {unit(1, 2, kRestock, "B-1")})));
  const auto more = device.take(command(1, {unit(1, 1, kRestock, "B-1")}));
  REQUIRE_FALSE(more);
  CHECK(more.error().reason == "already_returned");
  CHECK(device.replica().ship_group(group_id(1)).find(LineNo(1))->in.returned_milli == pieces(3));
}

}  // namespace
}  // namespace cairn::storage::take_return_test
