// Replica::take_from_peer(): what a neighbour on the LAN has, and how the hub's word overrides it.
// What follows for a shop is in tests/sim/scenarios/lan_test.cpp.

#include "core/storage/replica.h"
#include "core/wire/feed_name.h"
#include "tests/core/storage/support/samples.h"
#include "tests/core/storage/support/store.h"
#include "tests/support/catch.h"

namespace cairn::storage::replica_peers_test {
namespace {

using domain::StockEvent;
using test::at_ms;
using test::node;
using test::pieces;
using test::site;
using test::Store;
using End = Replica::FromPeer::End;

constexpr Incarnation kInc{1};
constexpr Incarnation kFresh{9};

Bytes receipt(std::uint64_t ms, std::int64_t units = 1,
              std::optional<EventRef> reissue_of = std::nullopt, Bytes reissue_hash = {}) {
  wire::Record record = test::record(StockEvent(test::moved("A1", "", "B-1", pieces(units))), {},
                                     site("store"), at_ms(ms));
  record.reissue_of = reissue_of;
  record.reissue_hash = std::move(reissue_hash);
  return test::octets(record);
}

struct Device : Store {
  Device() : Store(test::site_identity(node(1), site("store"), kInc.value())) {}

  Replica::FromPeer hear(const EventRef& first, const crypto::Hash128& before,
                         const std::vector<Bytes>& records) {
    Replica::FromPeer taken;
    const auto done = job([&](UnitOfWork& work) -> Result<bool> {
      taken = work.replica().take_from_peer(first, before, records);
      return true;
    });
    REQUIRE(done);
    return taken;
  }
  Replica::FromPeer hear(std::uint64_t author, const std::vector<Bytes>& records,
                         Incarnation inc = kInc) {
    return hear({node(author), inc, 1}, crypto::chain_start(node(author), inc), records);
  }
  Result<Replica::Applied> feed(std::uint64_t fseq, const EventRef& ref, const Bytes& record) {
    return take_feed({wire::site_feed(site("store")),
                      node(77),
                      HubGeneration(77),
                      fseq,
                      {wire::AuthorItem{ref, record}}});
  }
  std::int64_t on_hand() {
    return site_on_hand_milli(connection(), site("store"), test::sku("A1")) / kMilliPerUnit;
  }
  std::uint64_t head(std::uint64_t author, Incarnation inc = kInc) {
    return replica().log().author(node(author), inc).head;
  }
};

crypto::Hash128 chain_of(std::uint64_t author, const std::vector<Bytes>& records,
                         Incarnation inc = kInc) {
  auto chain = crypto::chain_start(node(author), inc);
  for (const Bytes& octets : records) chain = crypto::chain_next(chain, octets);
  return chain;
}

TEST_CASE("peers: a neighbour's records count at once, and the feed confirms them",
          "[storage][lan]") {
  Device device;
  const std::vector<Bytes> records = {receipt(1), receipt(2), receipt(3)};
  const auto taken = device.hear(2, records);
  CHECK(taken.end == End::kAll);
  CHECK(taken.head == 3);
  CHECK(taken.chain == chain_of(2, records));
  CHECK(device.on_hand() == 3);
  CHECK(device.changes.authors.contains({node(2), kInc}));
  REQUIRE(device.feed(1, {node(2), kInc, 1}, records[0]));
  CHECK(device.on_hand() == 3);
  CHECK(device.number("SELECT count(*) FROM event_log WHERE fseq IS NOT NULL") == 1);
}

TEST_CASE("peers: an overlap is passed over, a gap and another chain are not taken",
          "[storage][lan]") {
  Device device;
  const std::vector<Bytes> records = {receipt(1), receipt(2), receipt(3), receipt(4)};
  device.hear(2, {records[0], records[1]});
  CHECK(
      device
          .hear({node(2), kInc, 4}, chain_of(2, {records[0], records[1], records[2]}), {records[3]})
          .end == End::kGap);
  CHECK(device.hear({node(2), kInc, 3}, chain_of(2, {records[1], records[0]}), {records[2]}).end ==
        End::kParted);
  CHECK(device.on_hand() == 2);
  const auto taken = device.hear({node(2), kInc, 2}, chain_of(2, {records[0]}),
                                 {records.begin() + 1, records.end()});
  CHECK(taken.end == End::kAll);
  CHECK(taken.head == 4);
  CHECK(device.on_hand() == 4);
  CHECK(device.hear(2, records).head == 4);
  CHECK(device.on_hand() == 4);
}

TEST_CASE("peers: what is written here is never taken from elsewhere", "[storage][lan]") {
  Device device;
  CHECK(device.hear(1, {receipt(1)}).end == End::kGap);
  CHECK(device.on_hand() == 0);
}

TEST_CASE("peers: what the hub has stands above what a neighbour said", "[storage][lan]") {
  Device device;
  const std::vector<Bytes> said = {receipt(1), receipt(2, 10), receipt(3, 100)};
  const Bytes real = receipt(5, 1000);
  device.hear(2, said);
  REQUIRE(device.feed(1, {node(2), kInc, 1}, said[0]));
  REQUIRE(device.feed(2, {node(2), kInc, 2}, real));
  CHECK(device.head(2) == 2);
  CHECK(device.on_hand() == 1001);
  CHECK(device.number("SELECT count(*) FROM parted_record") == 2);
  CHECK(device.replica().log().read({node(2), kInc, 2})->record == real);
  device.rebuild();
  CHECK(device.on_hand() == 1001);
  // And again, whoever still says so.
  CHECK(device.hear({node(2), kInc, 3}, chain_of(2, {said[0], said[1]}), {said[2]}).end ==
        End::kParted);
}

TEST_CASE("peers: a reissue takes its original's place, whichever comes first", "[storage][lan]") {
  const std::vector<Bytes> originals = {receipt(1), receipt(2, 10)};
  const Bytes hash = crypto::to_bytes(chain_of(2, originals));
  const Bytes reissue = receipt(2, 10, EventRef{node(2), kInc, 2}, hash);
  for (const bool by_feed : {true, false}) {
    for (const bool original_first : {true, false}) {
      CAPTURE(by_feed, original_first);
      Device device;
      device.hear(2, original_first ? originals : std::vector<Bytes>{originals[0]});
      if (by_feed) {
        REQUIRE(device.feed(1, {node(2), kFresh, 1}, reissue));
      } else {
        CHECK(device.hear(2, {reissue}, kFresh).end == End::kAll);
      }
      CHECK(device.on_hand() == 11);
      CHECK(device.head(2) == 1);
      // Somebody else still has the original.
      const auto again =
          device.hear({node(2), kInc, 2}, chain_of(2, {originals[0]}), {originals[1]});
      CHECK(again.end == End::kSuperseded);
      CHECK(device.on_hand() == 11);
      CHECK(device.number("SELECT count(*) FROM parted_record") == (original_first ? 1 : 0));
      device.rebuild();
      CHECK(device.on_hand() == 11);
    }
  }
}

TEST_CASE("peers: nobody issues another author's records again", "[storage][lan]") {
  Device device;
  const std::vector<Bytes> originals = {receipt(1)};
  device.hear(2, originals);
  device.hear(
      3, {receipt(2, 10, EventRef{node(2), kInc, 1}, crypto::to_bytes(chain_of(2, originals)))});
  CHECK(device.on_hand() == 11);
  CHECK(device.head(2) == 1);
}

TEST_CASE("peers: records of an earlier incarnation come back and go up again",
          "[storage][lan][repair]") {
  Device device;
  const EventRef first =
      device.append(StockEvent(test::moved("A1", "", "B-1", pieces(1))), {}, site("store"));
  const Bytes mine = device.replica().log().read(first)->record;
  const auto done = device.job([](UnitOfWork& work) -> Result<bool> {
    settle_incarnation(work.connection(), kInc);
    work.replica().renew(kFresh, Beginning::kRestored);
    return true;
  });
  REQUIRE(done);
  const auto taken = device.hear({node(1), kInc, 2}, chain_of(1, {mine}), {receipt(2)});
  CHECK(taken.own);
  CHECK(taken.end == End::kAll);
  CHECK(device.on_hand() == 2);
  auto all = own_incarnations(device.connection());
  REQUIRE(all.size() == 2);
  CHECK_FALSE(all[0].settled);
  // One that the restored database never knew of gets its place before the one that writes.
  CHECK(device.hear(1, {receipt(3)}, Incarnation(5)).own);
  all = own_incarnations(device.connection());
  REQUIRE(all.size() == 3);
  CHECK(all[1].inc == Incarnation(5));
  CHECK(all[2].inc == kFresh);
}

}  // namespace
}  // namespace cairn::storage::replica_peers_test
