// Replica::renew() and reissue(): own records under other numbers. What follows from them for a
// shop is in tests/sim/scenarios/repair_test.cpp.

#include "core/storage/original_receipts.h"
#include "core/storage/replica.h"
#include "core/storage/salvage.h"
#include "core/storage/sqlite/statement.h"
#include "core/wire/feed_name.h"
#include "tests/core/storage/support/samples.h"
#include "tests/core/storage/support/store.h"
#include "tests/core/storage/support/temp_folder.h"
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
  explicit Device(Incarnation inc = kOld, const std::string& path = ":memory:")
      : Store(test::site_identity(node(1), site("store"), inc.value()), path) {}
  EventRef receive() {
    return append(StockEvent(test::moved("A1", "", "B-1", pieces(1))), {}, site("store"));
  }
  /// Whether the receipt of what was done there would be the original.
  bool take_original(const EventRef& act) {
    const auto taken = job([&act](UnitOfWork& work) -> Result<bool> {
      return storage::take_original(work.connection(), work.replica().identity(), act);
    });
    REQUIRE(taken);
    return *taken;
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

TEST_CASE(
    "reissue: a receipt that was printed before is not an original again under the new number",
    "[storage][repair][receipts]") {
  Device device;
  for (int i = 0; i < 3; ++i) device.receive();
  REQUIRE(device.take_original({node(1), kOld, 2}));
  REQUIRE(device.job([](UnitOfWork& work) { return work.replica().reissue(kOld, 1, kFresh); }));
  CHECK_FALSE(device.take_original({node(1), kOld, 3}));
  CHECK_FALSE(device.take_original({node(1), kFresh, 1}));
  CHECK_FALSE(device.take_original({node(1), kFresh, 2}));
  CHECK(device.take_original(device.receive()));
}

TEST_CASE("salvage: a receipt that was printed before is not an original again",
          "[storage][repair][receipts]") {
  const test::TempFolder folder;
  {
    Device damaged(kOld, folder.file("aside"));
    for (int i = 0; i < 3; ++i) damaged.receive();
    REQUIRE(damaged.take_original({node(1), kOld, 2}));
  }
  Device device(kFresh);
  const EventRef meanwhile = device.receive();
  REQUIRE(device.take_original(meanwhile));
  const auto salvaged = device.job([&folder](UnitOfWork& work) -> Result<std::size_t> {
    save_salvage(work.connection(), {kOld, 3, 0, folder.file("aside")});
    return work.replica().salvage(kOld).records;
  });
  REQUIRE(salvaged);
  CHECK(*salvaged == 3);
  for (const std::uint64_t seq : {2U, 3U, 4U}) {
    CHECK_FALSE(device.take_original({node(1), kFresh, seq}));
  }
  CHECK_FALSE(device.take_original(meanwhile));
  CHECK(device.take_original(device.receive()));
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
