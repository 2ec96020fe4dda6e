// Generations of the hub: how much of a copy is still its own, what it takes back, and how a site
// follows.

#include "core/storage/generations.h"

#include "core/wire/feed_name.h"
#include "tests/core/storage/support/samples.h"
#include "tests/core/storage/support/store.h"
#include "tests/support/catch.h"

namespace cairn::storage::generations_test {
namespace {

using test::at_ms;
using test::node;
using test::pieces;
using test::site;
using wire::FeedCursor;

const std::string kFeed = "site:store";

FeedCursor at(std::uint64_t gen, std::uint64_t fseq) { return {kFeed, HubGeneration(gen), fseq}; }

Bytes receipt(std::uint64_t number) {
  return test::octets(domain::StockEvent(test::moved("A1", "", "B-1", pieces(1))), {},
                      site("store"), at_ms(number));
}

/// A hub in a file, so that it can be put back.
struct Hub : test::Store {
  explicit Hub(std::uint64_t gen = 1) : Store(test::hub_identity(node(77))) { begin(gen); }
  void begin(std::uint64_t gen) {
    const auto done = job([gen](UnitOfWork& work) -> Result<bool> {
      work.replica().begin_generation(HubGeneration(gen), Noticed::kNot);
      return true;
    });
    REQUIRE(done);
  }
  void count(std::int64_t units) {
    append(domain::StockEvent(test::counted("A1", "B-1", pieces(units))), {}, site("store"));
  }
  std::uint64_t head() { return replica().log().feed(kFeed).head; }
  std::uint64_t common(const std::vector<FeedCursor>& copy) {
    return common_position(replica().connection(), kFeed, head(), copy);
  }
  Result<Replica::Given> take(const wire::FeedFrame& frame, const SiteId& of = site("store")) {
    return job([&](UnitOfWork& work) {
      return work.replica().take_given(
          frame, of,
          [](const std::string&, const wire::HubItem& item) { return item.seal == "our seal"; });
    });
  }
};

struct Site : test::Store {
  explicit Site(std::uint64_t number = 1)
      : Store(test::site_identity(node(number), site("store"))) {}
  /// What is confirmed, and what is not.
  std::string log() {
    return rows(
        "SELECT hex(substr(a.node, 16)), a.inc, e.seq, e.fseq FROM event_log e JOIN author a"
        " ON a.id = e.author ORDER BY e.fseq IS NULL, e.fseq, e.hlc, a.inc, e.seq",
        4);
  }
};

wire::FeedFrame gift(std::uint64_t gen, std::vector<wire::FeedItem> items) {
  return {kFeed, node(77), HubGeneration(gen), 1, std::move(items)};
}
wire::HubItem own(std::uint64_t seq, std::int64_t units, std::uint64_t inc = 9) {
  return {seq,
          test::octets(domain::StockEvent(test::counted("A1", "B-1", pieces(units))), {},
                       site("store"), at_ms(seq)),
          Incarnation(inc), "our seal"};
}

/// Records of one node, with their chain.
std::vector<wire::FeedItem> of_node(std::uint64_t number, std::uint64_t from, std::uint64_t to) {
  std::vector<wire::FeedItem> items;
  crypto::Hash128 chain = crypto::chain_start(node(number), Incarnation(1));
  for (std::uint64_t seq = 1; seq <= to; ++seq) {
    chain = crypto::chain_next(chain, receipt(seq));
    if (seq < from) continue;
    items.emplace_back(wire::AuthorItem{
        {node(number), Incarnation(1), seq}, receipt(seq), crypto::to_bytes(chain)});
  }
  return items;
}

TEST_CASE("generations: a copy of the generation of now is the hub's own",
          "[storage][generations]") {
  Hub hub;
  for (int i = 0; i < 5; ++i) hub.count(i);
  CHECK(hub.common({at(1, 3)}) == 3);
  CHECK(hub.common({at(1, 5)}) == 5);
  CHECK(hub.common({}) == 0);
  CHECK(hub.common({{"cat", HubGeneration(1), 3}}) == 0);
}

TEST_CASE("generations: after a plain start the whole copy is still the hub's own",
          "[storage][generations]") {
  Hub hub;
  for (int i = 0; i < 5; ++i) hub.count(i);
  hub.begin(2);
  hub.count(1);
  CHECK(hub.common({at(1, 5)}) == 5);
  CHECK(hub.common({at(1, 2)}) == 2);
  CHECK(hub.common({at(1, 5), at(2, 6)}) == 6);
  hub.begin(3);
  CHECK(hub.common({at(1, 5)}) == 5);
  CHECK(hub.common({at(1, 5), at(2, 6)}) == 6);
}

TEST_CASE("generations: what the copy has beyond the end of a generation is not the hub's",
          "[storage][generations]") {
  Hub hub;
  for (int i = 0; i < 5; ++i) hub.count(i);
  hub.begin(2);  // with a database of position 5; the copy was at 8
  CHECK(hub.common({at(1, 8)}) == 5);
  hub.count(1);
  CHECK(hub.common({at(1, 8)}) == 5);
}

TEST_CASE("generations: of generations that the hub has lost, the last one before them counts",
          "[storage][generations]") {
  Hub hub;
  for (int i = 0; i < 5; ++i) hub.count(i);
  hub.begin(4);  // 2 and 3 were lost with a newer database
  hub.count(1);
  CHECK(hub.common({at(1, 5), at(2, 7), at(3, 9)}) == 5);
  CHECK(hub.common({at(1, 4), at(2, 7), at(3, 9)}) == 4);
  CHECK(hub.common({at(2, 7), at(3, 9)}) == 0);  // nothing in common is known
}

TEST_CASE("generations: a site that follows takes back what it held beyond",
          "[storage][generations]") {
  Hub hub(1);
  Site store;
  for (int i = 0; i < 3; ++i) hub.count(i);
  REQUIRE(store.take_feed(hub.frame_of(kFeed)));
  const auto enter = [&store](std::uint64_t gen, std::uint64_t common) {
    const auto entered = store.job([=](UnitOfWork& work) -> Result<bool> {
      return work.replica().enter_generation(HubGeneration(gen), {{kFeed, 9, 1, common, 0}});
    });
    REQUIRE(entered);
    return *entered;
  };
  CHECK_FALSE(enter(2, 3));
  CHECK(store.log() == "4D|1|1|1\n4D|1|2|2\n4D|1|3|3\n");
  CHECK(enter(3, 2));
  CHECK(store.log() == "4D|1|1|1\n4D|1|2|2\n4D|1|3|-\n");
  CHECK(store.replica().log().feed(kFeed).head == 2);
  CHECK(store.number("SELECT on_hand_milli FROM stock_cell") == 2000);  // still on the screens
  CHECK(past_cursors(store.replica().connection()) == std::vector<FeedCursor>{at(1, 2), at(2, 2)});
  CHECK(store.replica().holds_unknown());
  const auto dropped = store.job(
      [](UnitOfWork& work) -> Result<std::size_t> { return work.replica().drop_unknown(); });
  REQUIRE(dropped);
  CHECK(*dropped == 1);
  CHECK(store.number("SELECT on_hand_milli FROM stock_cell") == 1000);
  CHECK(store.number("SELECT count(*) FROM superseded_record") == 1);
  CHECK_FALSE(store.replica().holds_unknown());
}

TEST_CASE("generations: the hub takes back its own hand and no other", "[storage][generations]") {
  Hub hub(1);
  hub.count(1);
  auto forged = own(8, 3);
  forged.seal = "no seal!";
  const auto given = hub.take(gift(9, {own(7, 2), forged}));
  REQUIRE(given);
  CHECK(given->taken == 1);
  CHECK(given->refused == 1);
  CHECK(hub.head() == 2);
  const auto again = hub.take(gift(9, {own(7, 2)}));
  REQUIRE(again);
  CHECK(again->taken == 0);
  CHECK(again->refused == 0);
  CHECK(hub.head() == 2);
  CHECK(generations(hub.replica().connection()).back().given_back == 1);
  CHECK_FALSE(hub.take(gift(1, {own(7, 2)})));  // of the generation of now
  CHECK_FALSE(hub.take({kFeed, node(78), HubGeneration(9), 1, {own(7, 2)}}));
  CHECK_FALSE(hub.take(gift(9, {wire::AuthorRun{{node(1), Incarnation(1), 1}, 2}})));
  CHECK_FALSE(hub.take({"cat", node(77), HubGeneration(9), 1, of_node(1, 1, 1)}));
}

TEST_CASE("generations: nodes' records are taken as far as they continue their chain",
          "[storage][generations]") {
  Hub hub(1);
  hub.take_uplink(node(1), Incarnation(1), site("store"), {receipt(1)});
  const auto given = hub.take(gift(9, of_node(1, 1, 3)));
  REQUIRE(given);
  CHECK(given->taken == 2);
  CHECK(given->refused == 0);
  CHECK(given->authors == std::set<NodeId>{node(1)});
  CHECK(given->understood.size() == 2);
  CHECK(hub.take(gift(9, of_node(1, 5, 5)))->refused == 1);  // the fourth is missing
  auto other = of_node(1, 4, 4);
  std::get<wire::AuthorItem>(other[0]).chain = Bytes(16, 'x');
  CHECK(hub.take(gift(9, other))->refused == 1);
  CHECK(hub.number("SELECT count(*) FROM superseded_record") == 2);
  CHECK(hub.take(gift(9, of_node(1, 4, 5)))->taken == 2);
}

TEST_CASE("generations: a definition is not taken back when a newer one is known",
          "[storage][generations]") {
  Hub hub(1);
  domain::Product product;
  product.sku = *Sku::parse("A1");
  product.name = "newer";
  hub.append(domain::ReferenceEvent(domain::ProductDefined{product}),
             domain::product_key(product.sku), {});
  product.name = "older";
  const Bytes key = domain::product_key(product.sku).bytes();
  const Hlc before{hub.replica().log().latest_stamp(key).value - 1};
  const wire::HubItem old{4,
                          test::octets(domain::ReferenceEvent(domain::ProductDefined{product}),
                                       domain::product_key(product.sku), {}, before),
                          Incarnation(9), "our seal"};
  const auto given = hub.take({"cat", node(77), HubGeneration(9), 1, {old}});
  REQUIRE(given);
  CHECK(given->refused == 1);
  CHECK(hub.rows("SELECT name FROM product", 1) == "newer\n");
}

TEST_CASE(
    "generations: rows made anew are those of the last definition, whichever generation wrote it",
    "[storage][generations]") {
  Hub hub(900);
  domain::Product product;
  product.sku = *Sku::parse("A1");
  for (const std::uint64_t gen : {500U, 700U, 100U}) {
    hub.begin(gen);
    product.name = "of " + std::to_string(gen);
    hub.append(domain::ReferenceEvent(domain::ProductDefined{product}),
               domain::product_key(product.sku), {});
  }
  CHECK(hub.rows("SELECT name FROM product", 1) == "of 100\n");
  hub.rebuild();
  CHECK(hub.rows("SELECT name FROM product", 1) == "of 100\n");
}

TEST_CASE("generations: another's records give way to what the hub holds under their numbers",
          "[storage][generations]") {
  Hub hub(1);
  Site store(2);
  hub.take_uplink(node(1), Incarnation(1), site("store"), {receipt(1), receipt(2)});
  REQUIRE(store.take_feed(hub.frame_of(kFeed)));
  REQUIRE(store.job([](UnitOfWork& work) -> Result<bool> {
    return work.replica().enter_generation(HubGeneration(2), {{kFeed, 9, 1, 1, 0}});
  }));
  // The author had the same trouble, and wrote another second record meanwhile.
  const wire::FeedFrame frame{kFeed,
                              node(77),
                              HubGeneration(2),
                              2,
                              {wire::AuthorItem{{node(1), Incarnation(1), 2}, receipt(22)}}};
  const auto applied = store.take_feed(frame);
  REQUIRE(applied);
  CHECK(applied->cursor == 2);
  CHECK(store.number("SELECT count(*) FROM parted_record") == 1);
  CHECK(store.replica().log().read({node(1), Incarnation(1), 2})->record == receipt(22));
}

}  // namespace
}  // namespace cairn::storage::generations_test
