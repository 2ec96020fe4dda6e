// Convergence: a hub and two devices of one site write about the same ship groups and bins; what
// they wrote reaches the others in any order, in pieces, twice, overlapping, while they write on.
// At rest all three have the same rows, and each has the rows that its log alone gives.

#include "core/storage/replica.h"
#include "tests/core/storage/support/dump.h"
#include "tests/core/storage/support/samples.h"
#include "tests/core/storage/support/store.h"
#include "tests/sim/sim_random.h"
#include "tests/support/catch.h"

#include <algorithm>

namespace cairn::storage {
namespace {

using domain::ShipGroupEvent;
using domain::StockEvent;
using sim::SimRandom;
using test::bin;
using test::group_id;
using test::node;
using test::order_id;
using test::pieces;
using test::site;
using test::Store;

const std::string kFeed = "site:store";

/// What really happened in a run: a property that holds because nothing happens proves nothing.
struct Tally {
  int records = 0;
  int frames = 0;
  int repeated = 0;
  int missing = 0;
  int refused = 0;
  int lost_claims = 0;
  int put_backs = 0;
  int shipped_unpicked = 0;
};

class World {
 public:
  explicit World(std::uint64_t seed) : random_(seed) {
    // Wrong clocks: the order of stamps is not the order of the feed.
    for (Store* const store : {&hub, &a, &b}) store->clock.advance(any_duration(120'000));
    allocate();
  }

  void run() {
    const auto steps = random_.between(30, 80);
    for (std::int64_t i = 0; i < steps; ++i) {
      for (Store* const store : {&hub, &a, &b})
        store->clock.advance(Duration(random_.between(0, 400'000)));
      step();
    }
    come_to_rest();
  }

  Tally tally;
  Store hub{test::hub_identity(node(77))};
  Store a{test::site_identity(node(1), site("store"))};
  Store b{test::site_identity(node(2), site("store"))};

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
      allocate();
    } else if (dice < 8) {
      hub.append(any_stock_event(), {}, site("store"));
    } else if (dice < 55) {
      act(any_device());
    } else if (dice < 75) {
      uplink(any_device(), any(1, 6));
    } else {
      deliver(any_device());
    }
  }

  // ---- what is written ----

  void allocate() {
    if (groups_ == 2) return;
    ++groups_;
    hub.append(ShipGroupEvent(test::allocated(
                   group_id(groups_), order_id(groups_),
                   {{1, "A1", random_.between(1, 4)}, {2, "A2", random_.between(1, 3)}})),
               domain::ship_group_key(group_id(groups_)), site("store"));
  }

  void act(Store& device) {
    if (random_.one_in(6)) {
      write_fact(device);
    } else {
      command(device);
    }
  }

  /// Something that a person at the device is allowed to do, by what the device knows.
  void command(Store& device) {
    for (int attempt = 0; attempt < 4; ++attempt) {
      const auto done = device.job([this](UnitOfWork& work) {
        const ShipGroupId group = group_id(any(1, 2));
        return work.perform(group, any_command(), test::user(4));
      });
      if (done) {
        tally.records += static_cast<int>(done->size());
        return;
      }
      ++tally.refused;
    }
  }

  domain::ShipGroupCommand any_command() {
    const std::string station = random_.one_in(4) ? "bench-2" : "bench-1";
    const auto line = LineNo(static_cast<std::uint32_t>(random_.between(1, 2)));
    switch (random_.between(0, 9)) {
      case 0:
        return domain::ReleaseTask{station, random_.one_in(2)};
      case 1:
        return domain::ShipGroupOut{};
      case 2:
      case 3:
        return domain::ClaimTask{station};
      default:
        return domain::ConfirmPick{station, line, pieces(random_.between(1, 2)),
                                   bin(random_.one_in(2) ? "B-1" : "B-2")};
    }
  }

  /// A fact that no decision stood in front of, as an older or newer program may write it.
  void write_fact(Store& device) {
    ++tally.records;
    const ShipGroupId group = group_id(any(1, 2));
    const auto line = LineNo(static_cast<std::uint32_t>(random_.between(1, 3)));
    const std::int64_t milli = pieces(random_.between(1, 3));
    std::vector<ShipGroupEvent> events{
        domain::TaskClaimed{"bench-9"},
        domain::TaskReleased{{node(any(1, 2)), Incarnation(1), any(1, 12)}},
        domain::LinePicked{line, milli, bin("B-3")},
        domain::ShipGroupShipped{{{line, milli}}},
    };
    const auto chosen = any(0, static_cast<std::int64_t>(events.size()));
    if (chosen == events.size()) {
      device.append(any_stock_event(), {}, site("store"));
    } else {
      device.append(events.at(chosen), domain::ship_group_key(group), site("store"));
    }
  }

  /// Recounts only: what an imported count leaves behind is not the same everywhere yet (see
  /// projections/stock_on_hand_test.cpp).
  StockEvent any_stock_event() {
    const char* const article = random_.one_in(2) ? "A1" : "A2";
    const char* const place = random_.one_in(2) ? "B-1" : "B-2";
    if (random_.one_in(2)) return test::counted(article, place, pieces(random_.between(0, 50)));
    return test::moved(article, "", place, pieces(random_.between(1, 9)));
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
    while (groups_ < 2) allocate();
    for (Store* const device : {&a, &b}) uplink(*device, 512);
    const std::uint64_t end = hub.replica().log().feed(kFeed).head;
    for (Store* const device : {&a, &b}) {
      while (device->replica().log().feed(kFeed).head < end) deliver(*device);
    }
  }

  SimRandom random_;
  std::uint64_t groups_ = 0;
};

std::string rows_of_site(Store& store) {
  return test::dump_ship_groups(store.connection()) + test::dump_stock(store.connection());
}

void count_exceptions(World& world) {
  const auto count = [&world](const char* kind) {
    return static_cast<int>(world.hub.number(
        std::string("SELECT count(*) FROM ship_group_exception WHERE kind = '") + kind + "'"));
  };
  world.tally.lost_claims += count("LOST_CLAIM");
  world.tally.shipped_unpicked += count("SHIPPED_UNPICKED");
  world.tally.put_backs += static_cast<int>(world.hub.number("SELECT count(*) FROM put_back"));
}

TEST_CASE("convergence: whatever the order of delivery, all replicas of a site end up the same",
          "[storage][replica][property]") {
  constexpr std::uint64_t kOrders = 1000;
  Tally sum;
  for (std::uint64_t seed = 1; seed <= kOrders; ++seed) {
    CAPTURE(seed);
    World world(seed);
    world.run();
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
    count_exceptions(world);
    sum.records += world.tally.records;
    sum.frames += world.tally.frames;
    sum.repeated += world.tally.repeated;
    sum.missing += world.tally.missing;
    sum.refused += world.tally.refused;
    sum.lost_claims += world.tally.lost_claims;
    sum.put_backs += world.tally.put_backs;
    sum.shipped_unpicked += world.tally.shipped_unpicked;
  }
  // Every rule was really needed, often.
  CHECK(sum.records > 10 * static_cast<int>(kOrders));
  CHECK(sum.frames > 10 * static_cast<int>(kOrders));
  CHECK(sum.repeated > 1000);
  CHECK(sum.missing > 200);
  CHECK(sum.refused > 1000);
  CHECK(sum.lost_claims > 500);
  CHECK(sum.put_backs > 500);
  CHECK(sum.shipped_unpicked > 200);
}

}  // namespace
}  // namespace cairn::storage
