#include "core/storage/projections/ship_groups.h"
#include "tests/core/storage/support/group_hub.h"
#include "tests/support/catch.h"

namespace cairn::storage::ship_group_lists_test {
namespace {

using test::bin;
using test::group_id;
using test::node;
using test::order_id;
using test::pieces;
using test::site;
using test::sku;
using Hub = test::GroupHub;

/// The numbers of the groups of a list.
std::string ids(Hub& hub, const ShipGroupFilter& filter) {
  std::string text;
  for (const ShipGroupRow& row : ship_groups(hub.connection(), filter)) {
    for (std::uint64_t i = 1; i < 10; ++i) {
      if (row.id == group_id(i)) text += std::to_string(i) + " ";
    }
  }
  return text;
}

TEST_CASE("ship groups: lists are filtered and come in the order of allocation, in pages",
          "[storage][ship_groups]") {
  Hub hub;
  hub.allocate(3);
  hub.allocate(1, "depot");
  hub.allocate(2);
  hub.allocate(4);
  hub.claim(2, "bench-1");
  hub.pick(4, 2);
  CHECK(ids(hub, {}) == "3 1 2 4 ");
  ShipGroupFilter at_store;
  at_store.site = site("store");
  CHECK(ids(hub, at_store) == "3 2 4 ");
  ShipGroupFilter allocated;
  allocated.statuses = {"ALLOCATED"};
  CHECK(ids(hub, allocated) == "3 1 ");
  ShipGroupFilter under_way;
  under_way.statuses = {"PICKING", "PICKED"};
  CHECK(ids(hub, under_way) == "2 4 ");
  ShipGroupFilter claimed;
  claimed.claimed_at = std::pair(node(1), std::string("bench-1"));
  CHECK(ids(hub, claimed) == "2 ");
  ShipGroupFilter of_order;
  of_order.order = order_id(4);
  CHECK(ids(hub, of_order) == "4 ");

  ShipGroupFilter page;
  page.limit = 2;
  CHECK(ids(hub, page) == "3 1 ");
  const auto last = ship_groups(hub.connection(), page).back();
  page.after_hlc = last.allocated_at.value;
  page.after_id = last.id.value();
  CHECK(ids(hub, page) == "2 4 ");
}

TEST_CASE("ship groups: lists by method and by the order's number", "[storage][ship_groups]") {
  Hub hub;
  hub.allocate(1);
  hub.allocate(2, "store", {{1, "A1", 2}}, domain::FulfilmentMethod::kPickup);
  auto other = test::allocated(group_id(3), order_id(3), {{1, "A1", 2}});
  other.order_reference = "web-3";
  other.method = domain::FulfilmentMethod::kPickup;
  hub.allocate(3, other);
  ShipGroupFilter pickups;
  pickups.method = "PICKUP";
  CHECK(ids(hub, pickups) == "2 3 ");
  ShipGroupFilter by_number;
  by_number.reference = "web-3";
  CHECK(ids(hub, by_number) == "3 ");
  by_number.reference = "web-";
  CHECK(ids(hub, by_number).empty());
  ShipGroupFilter all;
  all.method = "PICKUP";
  all.reference = "web-1";
  all.statuses = {"ALLOCATED"};
  all.site = site("store");
  CHECK(ids(hub, all) == "2 ");
}

TEST_CASE("pickup codes: of a site's pickups, those that wait first, those handed over last",
          "[storage][ship_groups]") {
  Hub hub;
  const auto pickup = [&hub](std::uint64_t group, std::string_view at, char octet) {
    hub.allocate(group, at, {{1, "A1", 1}}, domain::FulfilmentMethod::kPickup);
    if (octet == '-') return;
    hub.decides(group, domain::PickupCodeMinted{Bytes(16, octet), Bytes(16, 'h')}, at);
  };
  pickup(1, "store", 'a');
  pickup(2, "store", 'b');
  pickup(3, "store", 'c');
  pickup(4, "store", '-');
  pickup(5, "depot", 'e');
  hub.pick(1, 1);
  hub.hand_over(1, 1);
  hub.pick(3, 1);
  const auto codes = pickup_codes(hub.connection(), site("store"));
  REQUIRE(codes.size() == 3);
  CHECK(codes[0].group == group_id(3));
  CHECK(codes[0].salt == Bytes(16, 'c'));
  CHECK(codes[0].hash == Bytes(16, 'h'));
  CHECK(codes[1].group == group_id(2));
  CHECK(codes[2].group == group_id(1));
  // The last code holds.
  hub.decides(2, domain::PickupCodeMinted{Bytes(16, 'B'), Bytes(16, 'H')});
  CHECK(pickup_codes(hub.connection(), site("store"))[1].salt == Bytes(16, 'B'));
  CHECK(pickup_codes(hub.connection(), site("mall")).empty());
}

TEST_CASE("station task: the one claimed last that has not left", "[storage][ship_groups]") {
  Hub hub;
  for (const std::uint64_t group : {1U, 2U, 3U}) hub.allocate(group);
  CHECK_FALSE(station_task(hub.connection(), node(1), "bench-1"));
  hub.claim(1, "bench-1");
  CHECK(station_task(hub.connection(), node(1), "bench-1") == group_id(1));
  CHECK_FALSE(station_task(hub.connection(), node(1), "bench-2"));
  CHECK_FALSE(station_task(hub.connection(), node(2), "bench-1"));
  hub.pick(1, 2);
  hub.claim(2, "bench-1");
  CHECK(station_task(hub.connection(), node(1), "bench-1") == group_id(2));
  hub.pick(2, 2);
  hub.ship(2, 2);
  CHECK(station_task(hub.connection(), node(1), "bench-1") == group_id(1));
  hub.ship(1, 2);
  CHECK_FALSE(station_task(hub.connection(), node(1), "bench-1"));
}

TEST_CASE("put-backs and exceptions: what clashes is listed with its cause",
          "[storage][ship_groups]") {
  Hub hub;
  hub.allocate(1);
  hub.claim(1, "bench-1");
  hub.claim(1, "bench-2", 2);
  hub.pick(1, 2);
  hub.pick(1, 1, 1, 2);  // one too many
  hub.pick(1, 1, 9, 2);  // a line that is not there
  const auto backs = put_backs(hub.connection(), site("store"));
  REQUIRE(backs.size() == 2);
  CHECK(backs[0].put_back.cause == EventRef{node(2), Incarnation(1), 2});
  CHECK(backs[0].put_back.milli == pieces(1));
  CHECK(backs[0].put_back.to == bin("B-1"));
  CHECK(backs[0].sku == sku("A1"));
  CHECK(backs[0].order_reference == "web-1");
  CHECK(backs[1].put_back.line == LineNo(9));
  CHECK(backs[1].sku == Sku{});
  CHECK(put_backs(hub.connection(), site("depot")).empty());

  const auto clashes = ship_group_exceptions(hub.connection(), site("store"));
  REQUIRE(clashes.size() == 2);
  CHECK(clashes[0].kind == "LOST_CLAIM");
  CHECK(clashes[0].cause == EventRef{node(2), Incarnation(1), 1});
  CHECK(clashes[1].kind == "UNKNOWN_LINE");
  CHECK(clashes[1].milli == pieces(1));
  CHECK(ship_group_exceptions(hub.connection(), std::nullopt).size() == 2);
  CHECK(ship_group_exceptions(hub.connection(), site("depot")).empty());
}

TEST_CASE("ship group totals: by site and status", "[storage][ship_groups]") {
  Hub hub;
  hub.allocate(1, "store", {{1, "A1", 2}, {2, "A2", 3}});
  hub.allocate(2);
  hub.allocate(3, "depot");
  hub.pick(1, 2);
  hub.pick(2, 2);
  hub.ship(2, 2);
  std::string text;
  for (const ShipGroupTotals& row : ship_group_totals(hub.connection())) {
    text += row.site.text() + " " + row.status + " " + std::to_string(row.groups) + ": " +
            milli_text(row.ordered_milli) + " " + milli_text(row.in.picked_milli) + " " +
            milli_text(row.in.shipped_milli) + "\n";
  }
  CHECK(text == "depot ALLOCATED 1: 2 0 0\nstore PICKING 1: 5 2 0\nstore SHIPPED 1: 2 0 2\n");
}

TEST_CASE("ship group totals: every bucket is summed", "[storage][ship_groups]") {
  Hub hub;
  hub.allocate(1, "store", {{1, "A1", 9}, {2, "A2", 9}});
  hub.pick(1, 6);
  hub.pack(1, 3);
  hub.ship(1, 2);
  hub.happens(1, domain::UnitsReturned{LineNo(1), pieces(1), {node(1), Incarnation(1), 3}});
  hub.shorted(1, 2, 2);
  hub.cancel(1, 1, 2);
  hub.pick(1, 1, 2);
  hub.hand_over(1, 1, 2);
  const auto totals = ship_group_totals(hub.connection());
  REQUIRE(totals.size() == 1);
  CHECK(totals[0].in == domain::LineBuckets{.open_milli = pieces(8),
                                            .picked_milli = pieces(3),
                                            .packed_milli = pieces(1),
                                            .shipped_milli = pieces(1),
                                            .handed_over_milli = pieces(1),
                                            .short_milli = pieces(2),
                                            .cancelled_milli = pieces(1),
                                            .returned_milli = pieces(1)});
  CHECK(totals[0].in == hub.replica().ship_group(group_id(1)).totals());
}

TEST_CASE("put-backs: what is left to do is listed, until it is done", "[storage][ship_groups]") {
  Hub hub;
  hub.allocate(1);
  hub.pick(1, 2);
  const EventRef surplus = hub.pick(1, 3, 1, 2);
  const auto done = [&](std::int64_t units, std::uint64_t by) {
    hub.happens(1, domain::PutBackDone{surplus, LineNo(1), pieces(units), bin("B-9")}, by);
  };
  done(1, 1);
  auto backs = put_backs(hub.connection(), site("store"));
  REQUIRE(backs.size() == 1);
  CHECK(backs[0].put_back.milli == pieces(3));
  CHECK(backs[0].put_back.done_milli == pieces(1));
  CHECK(backs[0].put_back.left_milli() == pieces(2));
  CHECK(backs[0].name == "Article A1");
  CHECK(put_backs(hub.connection(), std::nullopt).size() == 1);
  done(2, 2);
  CHECK(put_backs(hub.connection(), std::nullopt).empty());
}

TEST_CASE("put-backs: a surplus pick that is undone leaves none", "[storage][ship_groups]") {
  Hub hub;
  hub.allocate(1);
  hub.pick(1, 2);
  const EventRef surplus = hub.pick(1, 3, 1, 2);
  CHECK(put_backs(hub.connection(), site("store")).size() == 1);
  hub.happens(1, domain::PickUndone{surplus, LineNo(1), pieces(3)}, 2);
  CHECK(put_backs(hub.connection(), site("store")).empty());
  CHECK(put_back_totals(hub.connection()).empty());
  CHECK(hub.replica().ship_group(group_id(1)).find(LineNo(1))->in.picked_milli == pieces(2));
}

TEST_CASE("put-backs: one cancellation may cause several", "[storage][ship_groups]") {
  Hub hub;
  hub.allocate(1, "store", {{1, "A1", 2}, {2, "A2", 1}});
  hub.pick(1, 2);
  hub.pick(1, 1, 2);
  hub.cancel(1, 2);
  hub.cancel(1, 1, 2);
  const auto backs = put_backs(hub.connection(), site("store"));
  REQUIRE(backs.size() == 2);
  CHECK(backs[0].sku == sku("A1"));
  CHECK(backs[0].put_back.to == bin("B-1"));
  CHECK(backs[1].sku == sku("A2"));
}

TEST_CASE("put-back totals: by site, what there was and what is done", "[storage][ship_groups]") {
  Hub hub;
  hub.allocate(1);
  hub.allocate(2, "depot");
  hub.pick(1, 2);
  const EventRef surplus = hub.pick(1, 3, 1, 2);
  hub.happens(1, domain::PutBackDone{surplus, LineNo(1), pieces(1), bin("B-9")});
  hub.pick(2, 4, 1, 3, "depot");
  std::string text;
  for (const PutBackTotals& row : put_back_totals(hub.connection())) {
    text += row.site.text() + " " + milli_text(row.milli) + "/" + milli_text(row.done_milli) + "; ";
  }
  CHECK(text == "depot 2/0; store 3/1; ");
}

TEST_CASE("cancellable: units of an order's line in groups that are not packed yet",
          "[storage][ship_groups]") {
  Hub hub;
  const auto units = [&hub](std::uint64_t order, std::uint32_t line) {
    return cancellable_milli(hub.connection(), order_id(order), LineNo(line)) / 1000;
  };
  hub.allocate(1, "store", {{1, "A1", 4}, {2, "A2", 1}});
  CHECK(units(1, 1) == 4);
  CHECK(units(1, 2) == 1);
  CHECK(units(1, 3) == 0);
  CHECK(units(2, 1) == 0);
  hub.pick(1, 3);
  hub.pack(1, 1);
  CHECK(units(1, 1) == 4);  // a package of a group that is still being picked
  hub.shorted(1, 1);
  CHECK(units(1, 1) == 3);
  // A second group of the same order.
  hub.allocate(2, test::allocated(group_id(2), order_id(1), {{1, "A1", 1}}), "depot");
  CHECK(units(1, 1) == 4);
  hub.pick(1, 1, 2);
  hub.pack(1, 2);
  CHECK(units(1, 1) == 4);  // PICKED: the second line is in the tote
  hub.pack(1, 1, 2);
  CHECK(units(1, 1) == 1);  // PACKED: only the other group is left
  CHECK(units(1, 2) == 0);
}

TEST_CASE("cancellable: a pickup until it is handed over", "[storage][ship_groups]") {
  Hub hub;
  hub.allocate(1, "store", {{1, "A1", 2}}, domain::FulfilmentMethod::kPickup);
  hub.pick(1, 2);
  CHECK(cancellable_milli(hub.connection(), order_id(1), LineNo(1)) == pieces(2));
  hub.hand_over(1, 2);
  CHECK(cancellable_milli(hub.connection(), order_id(1), LineNo(1)) == 0);
}

}  // namespace
}  // namespace cairn::storage::ship_group_lists_test
