// Convergence: a hub and two devices of one site write about the same ship groups, returns and
// bins; what they wrote reaches the others in any order, in pieces, twice, overlapping, while they
// write on. At rest all three have the same rows, and each has the rows that its log alone gives.

#include "core/storage/replica.h"
#include "tests/core/storage/support/dump.h"
#include "tests/core/storage/support/samples.h"
#include "tests/core/storage/support/site_life.h"
#include "tests/core/storage/support/store.h"
#include "tests/sim/sim_random.h"
#include "tests/support/catch.h"

#include <algorithm>
#include <map>
#include <string>

namespace cairn::storage::replica_convergence_test {
namespace {

using sim::SimRandom;
using test::node;
using test::site;
using test::SiteLife;
using test::Store;

const std::string kFeed = "site:store";

class World {
 public:
  explicit World(std::uint64_t seed) : random_(seed) {
    // Wrong clocks: the order of stamps is not the order of the feed.
    for (Store* const store : {&hub, &a, &b}) store->clock.advance(any_duration(120'000));
    life.allocate(hub);
  }

  void run() {
    const auto steps = random_.between(40, 90);
    for (std::int64_t i = 0; i < steps; ++i) {
      for (Store* const store : {&hub, &a, &b})
        store->clock.advance(Duration(random_.between(0, 400'000)));
      step();
    }
    come_to_rest();
  }

  /// How often something happened on the way.
  struct Tally {
    int frames = 0;
    int repeated = 0;
    int missing = 0;
  };
  Tally tally;
  Store hub{test::hub_identity(node(77))};
  Store a{test::site_identity(node(1), site("store"))};
  Store b{test::site_identity(node(2), site("store"))};

 private:
  SimRandom random_;

 public:
  SiteLife life{random_};

 private:
  Duration any_duration(std::int64_t most_ms) {
    return std::chrono::milliseconds(random_.between(-most_ms, most_ms));
  }
  Store& any_device() { return random_.one_in(2) ? a : b; }
  std::uint64_t any(std::int64_t least, std::int64_t most) {
    return static_cast<std::uint64_t>(random_.between(least, most));
  }

  void step() {
    const auto dice = random_.between(0, 99);
    if (dice < 4) {
      life.allocate(hub);
    } else if (dice < 10) {
      life.act_at_hub(hub);
    } else if (dice < 55) {
      life.act(any_device());
    } else if (dice < 75) {
      uplink(any_device(), any(1, 6));
    } else {
      deliver(any_device());
    }
  }

  // ---- how it travels ----

  void uplink(Store& device, std::uint64_t records) {
    const Identity& who = device.replica().identity();
    const std::uint64_t held = hub.replica().log().author(who.node, who.inc).head;
    const Author own = device.replica().log().author(who.node, who.inc);
    if (own.head == held) return;
    hub.take_uplink(who.node, who.inc, who.site,
                    device.replica().log().read_run(own, held + 1, records, 1U << 20U).records);
  }

  /// A piece of the feed that begins at most one after the device's cursor.
  void deliver(Store& device) {
    const std::uint64_t cursor = device.replica().log().feed(kFeed).head;
    const std::uint64_t back = std::min<std::uint64_t>(cursor, any(0, 5));
    const auto frame = make_frame(device, cursor - back, any(1, 8), !random_.one_in(4));
    if (frame.items.empty()) return;
    take(device, frame);
    if (random_.one_in(3)) {
      ++tally.repeated;
      take(device, frame);
    }
  }

  /// `spare`: the device's own records travel as runs, now and then the other device's too, which
  /// it may lack.
  wire::FeedFrame make_frame(Store& device, std::uint64_t after, std::uint64_t most, bool spare) {
    wire::FeedFrame frame = hub.frame_of(kFeed, after);
    if (frame.items.size() > most) frame.items.resize(most);
    if (!spare) return frame;
    const bool both = random_.one_in(5);
    const NodeId holder = device.replica().identity().node;
    std::vector<wire::FeedItem> items;
    for (wire::FeedItem& item : frame.items) {
      const auto* const whole = std::get_if<wire::AuthorItem>(&item);
      if (whole == nullptr || (whole->ref.node != holder && !both)) {
        items.push_back(std::move(item));
        continue;
      }
      auto* const run = items.empty() ? nullptr : std::get_if<wire::AuthorRun>(&items.back());
      if (run != nullptr && run->first.node == whole->ref.node &&
          run->last_seq + 1 == whole->ref.seq) {
        ++run->last_seq;
      } else {
        items.emplace_back(wire::AuthorRun{whole->ref, whole->ref.seq});
      }
    }
    frame.items = std::move(items);
    return frame;
  }

  void take(Store& device, const wire::FeedFrame& frame) {
    ++tally.frames;
    const auto applied = device.take_feed(frame);
    REQUIRE(applied);
    if (applied->end == Replica::Applied::End::kAll) return;
    ++tally.missing;
    const auto whole = make_frame(device, applied->cursor, any(1, 8), false);
    const auto again = device.take_feed(whole);
    REQUIRE(again);
    REQUIRE(again->end == Replica::Applied::End::kAll);
  }

  void come_to_rest() {
    while (!life.all_allocated()) life.allocate(hub);
    for (Store* const device : {&a, &b}) uplink(*device, 512);
    const std::uint64_t end = hub.replica().log().feed(kFeed).head;
    for (Store* const device : {&a, &b}) {
      while (device->replica().log().feed(kFeed).head < end) deliver(*device);
    }
  }
};

std::string rows_of_site(Store& store) {
  return test::dump_ship_groups(store.connection()) + test::dump_returns(store.connection()) +
         test::dump_stock(store.connection()) + test::dump_reference(store.connection());
}

/// What came out of a run, by what it is; added up over all runs.
using Outcome = std::map<std::string, int>;

void count_outcome(World& world, Outcome& sum) {
  const auto count = [&world](const std::string& from) {
    return static_cast<int>(world.hub.number("SELECT count(*) FROM " + from));
  };
  for (const char* const kind :
       {"LOST_CLAIM", "UNKNOWN_LINE", "SHIPPED_UNPICKED", "PACKED_UNPICKED", "SHIPPED_AFTER_CANCEL",
        "HANDED_AFTER_CANCEL", "DUPLICATE_HANDOVER", "DUPLICATE_LABEL"}) {
    sum[kind] += count(std::string("ship_group_exception WHERE kind = '") + kind + "'");
  }
  for (const char* const status : {"PACKED", "SHIPPED", "READY", "HANDED_OVER"}) {
    sum[status] += count(std::string("ship_group WHERE status = '") + status + "'");
  }
  sum["put-back"] += count("put_back");
  sum["put-back done"] += count("put_back WHERE done_milli > 0");
  sum["package"] += count("package");
  sum["label printed"] += count("package WHERE label = 'PRINTED'");
  sum["cancelled"] += count("ship_group_line WHERE cancelled_milli > 0");
  sum["short"] += count("ship_group_line WHERE short_milli > 0");
  sum["returned"] += count("ship_group_line WHERE returned_milli > 0");
  sum["code"] += count("ship_group WHERE code_minted = 1");
  sum["return"] += count("return_taken");
  sum["refund twice"] += count("refund_exception WHERE elsewhere = 0");
  sum["refund contested"] += count("refund_exception WHERE elsewhere = 1");
  sum["label"] +=
      static_cast<int>(world.hub.number("SELECT coalesce(sum(used), 0) FROM label_use"));
}

void check_same_everywhere(World& world) {
  const std::string at_hub = rows_of_site(world.hub);
  REQUIRE(rows_of_site(world.a) == at_hub);
  REQUIRE(rows_of_site(world.b) == at_hub);
  const std::string log = test::dump_site_log(world.hub.connection(), kFeed);
  REQUIRE(test::dump_site_log(world.a.connection(), kFeed) == log);
  REQUIRE(test::dump_site_log(world.b.connection(), kFeed) == log);
  for (Store* const store : {&world.hub, &world.a, &world.b}) {
    store->rebuild();
    REQUIRE(rows_of_site(*store) == at_hub);
    REQUIRE(store->number("SELECT count(*) FROM quarantine") == 0);
  }
}

TEST_CASE("convergence: whatever the order of delivery, all replicas of a site end up the same",
          "[storage][replica][property]") {
  constexpr std::uint64_t kOrders = 1000;
  Outcome sum;
  for (std::uint64_t seed = 1; seed <= kOrders; ++seed) {
    CAPTURE(seed);
    World world(seed);
    world.run();
    check_same_everywhere(world);
    count_outcome(world, sum);
    sum["record"] += world.life.tally.records;
    sum["refused"] += world.life.tally.refused;
    sum["frame"] += world.tally.frames;
    sum["frame repeated"] += world.tally.repeated;
    sum["records missing"] += world.tally.missing;
  }
  // Every rule was really needed, often.
  const std::map<std::string, int> least{{"record", 10'000},
                                         {"refused", 1000},
                                         {"frame", 10'000},
                                         {"frame repeated", 1000},
                                         {"records missing", 200},
                                         {"LOST_CLAIM", 500},
                                         {"UNKNOWN_LINE", 100},
                                         {"SHIPPED_UNPICKED", 200},
                                         {"PACKED_UNPICKED", 500},
                                         {"SHIPPED_AFTER_CANCEL", 50},
                                         {"HANDED_AFTER_CANCEL", 50},
                                         {"DUPLICATE_HANDOVER", 100},
                                         {"DUPLICATE_LABEL", 50},
                                         {"PACKED", 200},
                                         {"SHIPPED", 100},
                                         {"READY", 100},
                                         {"HANDED_OVER", 100},
                                         {"put-back", 500},
                                         {"put-back done", 100},
                                         {"package", 500},
                                         {"label", 500},
                                         {"label printed", 200},
                                         {"cancelled", 200},
                                         {"short", 50},
                                         {"returned", 100},
                                         {"code", 200},
                                         {"return", 300},
                                         {"refund twice", 50},
                                         {"refund contested", 50}};
  for (const auto& [what, count] : least) {
    CAPTURE(what);
    CHECK(sum[what] >= count);
  }
}

}  // namespace
}  // namespace cairn::storage::replica_convergence_test
