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
  const auto items = feed_items(rows({ref(77, 9), ref(1, 1), ref(1, 2)}), kHub, std::nullopt);
  CHECK(items == std::vector<FeedItem>{HubItem{9, "octets of " + ref(77, 9).text()},
                                       whole(ref(1, 1)), whole(ref(1, 2))});
}

TEST_CASE("feed items: what the holder wrote becomes one run, as long as it goes on",
          "[sync][feed_items]") {
  const auto items = feed_items(rows({ref(1, 1), ref(1, 2), ref(1, 3)}), kHub, node(1));
  CHECK(items == std::vector<FeedItem>{AuthorRun{ref(1, 1), 3}});
}

TEST_CASE("feed items: somebody else's record ends a run", "[sync][feed_items]") {
  const auto items = feed_items(
      rows({ref(1, 1), ref(1, 2), ref(2, 1), ref(1, 3), ref(77, 5), ref(1, 4), ref(1, 5)}), kHub,
      node(1));
  CHECK(items == std::vector<FeedItem>{
                     AuthorRun{ref(1, 1), 2}, whole(ref(2, 1)), AuthorRun{ref(1, 3), 3},
                     HubItem{5, "octets of " + ref(77, 5).text()}, AuthorRun{ref(1, 4), 5}});
}

TEST_CASE("feed items: a run stays within one incarnation and has no holes", "[sync][feed_items]") {
  const auto items =
      feed_items(rows({ref(1, 1, 1), ref(1, 2, 2), ref(1, 3, 2), ref(1, 5, 2)}), kHub, node(1));
  CHECK(items == std::vector<FeedItem>{AuthorRun{ref(1, 1, 1), 1}, AuthorRun{ref(1, 2, 2), 3},
                                       AuthorRun{ref(1, 5, 2), 5}});
}

TEST_CASE("feed items: they cover the positions of the rows, whoever holds what",
          "[sync][feed_items]") {
  const auto all = rows({ref(77, 1), ref(1, 1), ref(1, 2), ref(2, 1), ref(2, 2), ref(1, 3)});
  for (const auto& holder : {std::optional<NodeId>{}, std::optional(node(1)),
                             std::optional(node(2)), std::optional(node(3))}) {
    std::uint64_t positions = 0;
    for (const FeedItem& item : feed_items(all, kHub, holder)) {
      positions += wire::positions_of(item);
    }
    CHECK(positions == all.size());
  }
  CHECK(feed_items({}, kHub, node(1)).empty());
}

}  // namespace
}  // namespace cairn::sync::feed_items_test
