// Replica::renew() and reissue(): own records under other numbers. What follows from them for a
// shop is in tests/sim/scenarios/repair_test.cpp.

#include "core/storage/replica.h"
#include "core/storage/sqlite/statement.h"
#include "core/wire/feed_name.h"
#include "tests/core/storage/support/samples.h"
#include "tests/core/storage/support/store.h"
#include "tests/support/catch.h"

namespace cairn::storage::reissue_test {
namespace {

using domain::StockEvent;
using test::node;
using test::pieces;
using test::site;
using test::Store;

constexpr Incarnation kOld{1};
constexpr Incarnation kFresh{9};

struct Device : Store {
  Device() : Store(test::site_identity(node(1), site("store"), kOld.value())) {}
  EventRef receive() {
    return append(StockEvent(test::moved("A1", "", "B-1", pieces(1))), {}, site("store"));
  }
  std::uint64_t head(Incarnation inc) { return replica().log().author(node(1), inc).head; }
};

TEST_CASE("reissue: what comes after the common record is under the new numbers",
          "[storage][repair]") {
  Device device;
  for (int i = 0; i < 3; ++i) device.receive();
  const auto on_hand = [&] {
    return site_on_hand_milli(device.connection(), site("store"), test::sku("A1"));
  };
  const auto before = on_hand();
  const auto moved =
      device.job([](UnitOfWork& work) { return work.replica().reissue(kOld, 1, kFresh); });
  REQUIRE(moved);
  CHECK(*moved == 2);
  CHECK(device.head(kOld) == 1);
  CHECK(device.head(kFresh) == 2);
  CHECK(on_hand() == before);
  CHECK(device.changes.own_inc == kFresh);
  CHECK(device.changes.own_head == 2);
  CHECK(device.receive() == EventRef{node(1), kFresh, 3});
}

TEST_CASE("reissue: what the hub has confirmed is not taken back, and nothing is changed",
          "[storage][repair]") {
  Device device;
  const EventRef first = device.receive();
  device.receive();
  const auto record = device.replica().log().read(first)->record;
  REQUIRE(device.take_feed({wire::site_feed(site("store")),
                            node(77),
                            HubGeneration(77),
                            1,
                            {wire::AuthorItem{first, record}}}));
  const auto refused =
      device.job([](UnitOfWork& work) { return work.replica().reissue(kOld, 0, kFresh); });
  REQUIRE_FALSE(refused);
  CHECK(refused.error().reason == "confirmed_records");
  CHECK(device.head(kOld) == 2);
  CHECK(device.replica().identity().inc == kOld);
  CHECK(device.receive() == EventRef{node(1), kOld, 3});
}

TEST_CASE("changes: the last own record is that of the later job, whatever its number",
          "[storage][repair]") {
  Changes group;
  group.own_head = 5000;
  group.own_inc = kOld;
  Changes later;
  later.own_head = 20;
  later.own_inc = kFresh;
  group.merge(later);
  CHECK(group.own_head == 20);
  CHECK(group.own_inc == kFresh);
  group.merge({});
  CHECK(group.own_head == 20);
}

}  // namespace
}  // namespace cairn::storage::reissue_test
