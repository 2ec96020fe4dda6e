#include "core/storage/interpret.h"

#include "tests/core/storage/support/group_hub.h"
#include "tests/support/catch.h"

namespace cairn::storage::interpret_test {
namespace {

using test::at_ms;
using test::group_id;
using test::node;
using test::site;
using Kind = Interpretation::Kind;

const EventRef kRef{node(1), Incarnation(1), 5};

Provenance by_node() { return {kRef, false, site("store")}; }
Provenance by_hub() { return {kRef, true, site("store")}; }

wire::Record claimed() {
  return test::record(domain::ShipGroupEvent(domain::TaskClaimed{"bench-1"}),
                      domain::ship_group_key(group_id(1)), site("store"), at_ms(5));
}

Interpretation of(const wire::Record& record, const Provenance& from = by_node()) {
  return interpret(from, test::octets(record));
}

TEST_CASE("interpret: a record that says what its author may say is understood",
          "[storage][interpret]") {
  const Interpretation found = of(claimed());
  CHECK(found.kind == Kind::kUnderstood);
  CHECK(found.reason.empty());
  CHECK(found.meta.ref == kRef);
  CHECK(found.meta.hlc == at_ms(5));
  CHECK(found.meta.actor == test::user(9));
  CHECK(found.meta.site == site("store"));
  CHECK(found.record == claimed());
  REQUIRE(found.event);
  CHECK(*found.event == domain::Event(domain::ShipGroupEvent(domain::TaskClaimed{"bench-1"})));
}

TEST_CASE("interpret: octets that are no record are parked, with their identity",
          "[storage][interpret]") {
  for (const Bytes& octets :
       {Bytes("\xff\xff\xff"), Bytes("\x0a\xff"), Bytes(wire::kMaxRecordSize + 1, '\0')}) {
    const Interpretation found = interpret(by_node(), octets);
    CHECK(found.kind == Kind::kParked);
    CHECK_FALSE(found.reason.empty());
    CHECK(found.meta.ref == kRef);
    CHECK_FALSE(found.event);
    CHECK(found.record.key.empty());
  }
}

TEST_CASE("interpret: an unknown type is parked and its key is known all the same",
          "[storage][interpret]") {
  wire::Record record = claimed();
  record.type = 9999;
  const Interpretation found = of(record);
  CHECK(found.kind == Kind::kParked);
  CHECK(found.reason == "unknown event type");
  CHECK(found.record.key == record.key);
  CHECK_FALSE(found.event);
}

TEST_CASE("interpret: an unknown version and a payload that cannot be read are parked",
          "[storage][interpret]") {
  wire::Record newer = claimed();
  newer.sv = 2;
  CHECK(of(newer).kind == Kind::kParked);
  wire::Record none = claimed();
  none.sv = 0;
  CHECK(of(none).kind == Kind::kParked);
  wire::Record broken = claimed();
  broken.payload = "\xff\xff\xff";
  CHECK(of(broken).kind == Kind::kParked);
}

TEST_CASE("interpret: a node speaks for its own site only", "[storage][interpret]") {
  wire::Record elsewhere = claimed();
  elsewhere.site = site("depot");
  CHECK(of(elsewhere).kind == Kind::kInadmissible);
  wire::Record head_office = claimed();
  head_office.site = {};
  CHECK(of(head_office).kind == Kind::kInadmissible);
  // Asked before anything else: what cannot be understood may not be said for another site either.
  elsewhere.type = 9999;
  CHECK(of(elsewhere).kind == Kind::kInadmissible);
}

TEST_CASE("interpret: a device speaks for itself only", "[storage][interpret]") {
  const domain::Event answer = domain::DeviceEvent(domain::NodeCommandEnded{
      domain::CommandId(test::uuid(7)), domain::CommandOutcome::kDone, ""});
  const auto own = test::record(answer, domain::node_key(node(1)), site("store"), at_ms(1));
  CHECK(of(own).kind == Kind::kUnderstood);
  const auto other = test::record(answer, domain::node_key(node(2)), site("store"), at_ms(1));
  CHECK(of(other).kind == Kind::kInadmissible);
  CHECK(of(other).reason == "speaks for another device");
}

TEST_CASE("interpret: the hub speaks for every site", "[storage][interpret]") {
  const wire::Record record =
      test::record(domain::StockEvent(test::counted("A1", "B-1", 5)), {}, site("depot"), at_ms(1));
  CHECK(of(record, by_hub()).kind == Kind::kUnderstood);
}

TEST_CASE("interpret: some events are the hub's, some the nodes' to write",
          "[storage][interpret]") {
  const auto store = site("store");
  struct Row {
    domain::Event event;
    domain::Key key;
    bool node_may;
    bool hub_may;
  };
  const std::vector<Row> rows{
      {domain::ReferenceEvent(domain::ProductDefined{test::product("A1", 1)}),
       domain::product_key(test::sku("A1")), false, true},
      {domain::ReferenceEvent(domain::NodeRegistered{{node(1), store, "agent", true}}),
       domain::node_key(node(1)), false, true},
      {domain::OrderEvent(test::placed("1", {{1, "A1", 1}})), domain::order_key(test::order_id(1)),
       false, true},
      {domain::ShipGroupEvent(test::allocated(group_id(1), test::order_id(1), {{1, "A1", 1}})),
       domain::ship_group_key(group_id(1)), false, true},
      {domain::ShipGroupEvent(domain::TaskClaimed{"bench-1"}), domain::ship_group_key(group_id(1)),
       true, false},
      {domain::ShipGroupEvent(domain::LinePicked{LineNo(1), 1000, test::bin("B-1")}),
       domain::ship_group_key(group_id(1)), true, false},
      {domain::StockEvent(test::moved("A1", "", "B-1", 1000)), {}, true, true},
      {domain::StockEvent(test::counted("A1", "B-1", 1000)), {}, true, true},
  };
  for (const Row& row : rows) {
    CAPTURE(domain::type_of(row.event));
    const wire::Record record = test::record(row.event, row.key, store, at_ms(1));
    CHECK((of(record, by_node()).kind == Kind::kUnderstood) == row.node_may);
    CHECK((of(record, by_hub()).kind == Kind::kUnderstood) == row.hub_may);
    if (!row.node_may) CHECK(of(record, by_node()).kind == Kind::kInadmissible);
    if (!row.hub_may) CHECK(of(record, by_hub()).kind == Kind::kInadmissible);
  }
}

TEST_CASE("interpret: the key has to fit the event", "[storage][interpret]") {
  wire::Record without = claimed();
  without.key.clear();
  CHECK(of(without).kind == Kind::kInadmissible);
  wire::Record other = claimed();
  other.key = domain::order_key(test::order_id(1)).bytes();
  CHECK(of(other).kind == Kind::kInadmissible);
  wire::Record stock =
      test::record(domain::StockEvent(test::counted("A1", "B-1", 5)), {}, site("store"), at_ms(1));
  CHECK(of(stock).kind == Kind::kUnderstood);
  stock.key = domain::ship_group_key(group_id(1)).bytes();
  CHECK(of(stock).kind == Kind::kInadmissible);
}

TEST_CASE("interpret: a key that no aggregate has is not the author's to write",
          "[storage][interpret]") {
  for (const Bytes& key : {Bytes("\x07"), Bytes("\x07 too short"), claimed().key + "x"}) {
    wire::Record record = claimed();
    record.key = key;
    CAPTURE(to_hex(key));
    CHECK(of(record).kind == Kind::kInadmissible);
  }
}

TEST_CASE("interpret: the key names the aggregate that the event names", "[storage][interpret]") {
  const domain::Event back = domain::ReturnEvent(test::came_back(1, 1, 1, 2));
  const auto taken = [&back](std::uint64_t group, std::string_view at) {
    return test::record(back, domain::return_ledger_key(group_id(group), site(at)), site("store"),
                        at_ms(5));
  };
  CHECK(of(taken(1, "store")).kind == Kind::kUnderstood);
  CHECK(of(taken(2, "store")).kind == Kind::kInadmissible);
  CHECK(of(taken(1, "depot")).kind == Kind::kInadmissible);
  const domain::Event group =
      domain::ShipGroupEvent(test::allocated(group_id(1), test::order_id(1), {{1, "A1", 1}}));
  const auto allocated = [&group](std::uint64_t key) {
    return test::record(group, domain::ship_group_key(group_id(key)), site("store"), at_ms(5));
  };
  CHECK(of(allocated(1), by_hub()).kind == Kind::kUnderstood);
  CHECK(of(allocated(2), by_hub()).kind == Kind::kInadmissible);
}

}  // namespace
}  // namespace cairn::storage::interpret_test
