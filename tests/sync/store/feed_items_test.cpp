#include "sync/store/feed_items.h"

#include "tests/core/storage/support/samples.h"
#include "tests/support/catch.h"

namespace cairn::sync::feed_items_test {
namespace {

using storage::LoggedRecord;
using storage::test::node;
using wire::AuthorItem;
using wire::AuthorRun;
using wire::FeedItem;
using wire::HubItem;

const NodeId kHub = node(77);
const FeedSender kSender{kHub, HubGeneration(1)};

EventRef ref(std::uint64_t author, std::uint64_t seq, std::uint64_t inc = 1) {
  return {node(author), Incarnation(inc), seq};
}

/// Rows in feed order, each with its own octets.
std::vector<LoggedRecord> rows(const std::vector<EventRef>& refs) {
  std::vector<LoggedRecord> all;
  for (const EventRef& r : refs) {
    all.push_back({r, "site:store", all.size() + 1, "octets of " + r.text()});
  }
  return all;
}

AuthorItem whole(const EventRef& r) { return {r, "octets of " + r.text()}; }

TEST_CASE("feed items: without a holder everything travels whole", "[sync][feed_items]") {
  const auto items = feed_items(rows({ref(77, 9), ref(1, 1), ref(1, 2)}), kSender, std::nullopt);
  CHECK(items == std::vector<FeedItem>{HubItem{9, "octets of " + ref(77, 9).text()},
                                       whole(ref(1, 1)), whole(ref(1, 2))});
}

TEST_CASE("feed items: what the holder wrote becomes one run, as long as it goes on",
          "[sync][feed_items]") {
  const auto items = feed_items(rows({ref(1, 1), ref(1, 2), ref(1, 3)}), kSender, node(1));
  CHECK(items == std::vector<FeedItem>{AuthorRun{ref(1, 1), 3}});
}

TEST_CASE("feed items: somebody else's record ends a run", "[sync][feed_items]") {
  const auto items = feed_items(
      rows({ref(1, 1), ref(1, 2), ref(2, 1), ref(1, 3), ref(77, 5), ref(1, 4), ref(1, 5)}), kSender,
      node(1));
  CHECK(items == std::vector<FeedItem>{
                     AuthorRun{ref(1, 1), 2}, whole(ref(2, 1)), AuthorRun{ref(1, 3), 3},
                     HubItem{5, "octets of " + ref(77, 5).text()}, AuthorRun{ref(1, 4), 5}});
}

TEST_CASE("feed items: a run stays within one incarnation and has no holes", "[sync][feed_items]") {
  const auto items =
      feed_items(rows({ref(1, 1, 1), ref(1, 2, 2), ref(1, 3, 2), ref(1, 5, 2)}), kSender, node(1));
  CHECK(items == std::vector<FeedItem>{AuthorRun{ref(1, 1, 1), 1}, AuthorRun{ref(1, 2, 2), 3},
                                       AuthorRun{ref(1, 5, 2), 5}});
}

TEST_CASE("feed items: they cover the positions of the rows, whoever holds what",
          "[sync][feed_items]") {
  const auto all = rows({ref(77, 1), ref(1, 1), ref(1, 2), ref(2, 1), ref(2, 2), ref(1, 3)});
  for (const auto& holder : {std::optional<NodeId>{}, std::optional(node(1)),
                             std::optional(node(2)), std::optional(node(3))}) {
    std::uint64_t positions = 0;
    for (const FeedItem& item : feed_items(all, kSender, holder)) {
      positions += wire::positions_of(item);
    }
    CHECK(positions == all.size());
  }
  CHECK(feed_items({}, kSender, node(1)).empty());
}

TEST_CASE("feed items: the hub's records bear its seal and the generation that wrote them",
          "[sync][feed_items]") {
  const FeedSeal seal("secret");
  const auto items =
      feed_items(rows({ref(77, 9), ref(77, 3, 5)}), {kHub, HubGeneration(1), &seal}, std::nullopt);
  REQUIRE(items.size() == 2);
  auto now = std::get<HubItem>(items[0]);
  const auto before = std::get<HubItem>(items[1]);
  CHECK(now.inc == Incarnation{});
  CHECK(before.inc == Incarnation(5));
  CHECK(seal.holds("site:store", kHub, before));
  now.inc = Incarnation(1);
  CHECK(seal.holds("site:store", kHub, now));
  CHECK_FALSE(FeedSeal("another").holds("site:store", kHub, now));
  CHECK_FALSE(seal.holds("site:depot", kHub, now));
  CHECK_FALSE(seal.holds("site:store", node(1), now));
  for (const auto change : {0, 1, 2, 3}) {
    HubItem forged = now;
    if (change == 0) forged.record += "x";
    if (change == 1) forged.seq = 10;
    if (change == 2) forged.inc = Incarnation(2);
    if (change == 3) forged.seal.clear();
    CHECK_FALSE(seal.holds("site:store", kHub, forged));
  }
}

TEST_CASE("feed items: what a node gives back is whole, with seals and chains",
          "[sync][feed_items]") {
  auto all = rows({ref(77, 9, 4), ref(1, 1)});
  all[0].seal = "12345678";
  all[1].chain = Bytes(16, 'c');
  const auto items = gift_items(all, kHub);
  AuthorItem author = whole(ref(1, 1));
  author.chain = Bytes(16, 'c');
  CHECK(items ==
        std::vector<FeedItem>{HubItem{9, all[0].record, Incarnation(4), "12345678"}, author});
}

}  // namespace
}  // namespace cairn::sync::feed_items_test
