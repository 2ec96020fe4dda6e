#include "core/storage/group_view.h"

#include "tests/core/storage/support/samples.h"
#include "tests/sim/sim_random.h"
#include "tests/support/catch.h"

#include <algorithm>
#include <tuple>

namespace cairn::storage {
namespace {

using domain::ShipGroup;
using domain::ShipGroupEvent;
using test::at_ms;
using test::group_id;
using test::node;

/// What GroupView has to show, worked out from scratch every time.
struct Naive {
  std::vector<GroupRecord> confirmed;
  std::vector<GroupRecord> unconfirmed;

  struct View {
    ShipGroup state;
    bool parked = false;
  };
  [[nodiscard]] View view() const {
    std::vector<GroupRecord> all = confirmed;
    std::vector<GroupRecord> rest = unconfirmed;
    std::ranges::sort(rest, {}, [](const GroupRecord& r) {
      return std::tuple(r.meta.hlc.value, r.meta.ref.node.value(), r.meta.ref.inc.value(),
                        r.meta.ref.seq);
    });
    all.insert(all.end(), rest.begin(), rest.end());
    View view;
    for (const GroupRecord& record : all) {
      view.parked = view.parked || !record.event;
      if (!view.parked) domain::evolve(view.state, {record.meta, *record.event});
    }
    return view;
  }
};

GroupRecord by(NodeId author, std::uint64_t seq, std::uint64_t ms,
               std::optional<ShipGroupEvent> event) {
  return {{{author, Incarnation(1), seq}, at_ms(ms), UserId{}, test::site("store")},
          std::move(event)};
}

GroupRecord allocation() {
  return by(node(77), 1, 0, test::allocated(group_id(1), test::order_id(1), {{1, "A1", 3}}));
}

GroupRecord pick(NodeId author, std::uint64_t seq, std::uint64_t ms, std::int64_t units) {
  return by(author, seq, ms, domain::LinePicked{LineNo(1), test::pieces(units), test::bin("B-1")});
}

TEST_CASE("group view: unconfirmed records count by stamp, whatever order they come in",
          "[storage][group_view]") {
  const GroupRecord early = by(node(2), 1, 10, domain::TaskClaimed{"bench-2"});
  const GroupRecord late = by(node(1), 1, 20, domain::TaskClaimed{"bench-1"});
  for (const bool early_first : {true, false}) {
    GroupView view;
    view.add_confirmed(allocation());
    view.add_unconfirmed(early_first ? early : late);
    view.add_unconfirmed(early_first ? late : early);
    REQUIRE(view.state().claim);
    CHECK(view.state().claim->station == "bench-2");
    CHECK(view.state().exceptions.size() == 1);
  }
}

TEST_CASE("group view: equal stamps are settled by the author", "[storage][group_view]") {
  for (const bool first_first : {true, false}) {
    GroupView view;
    view.add_confirmed(allocation());
    view.add_unconfirmed(by(node(first_first ? 1 : 2), 1, 10, domain::TaskClaimed{"x"}));
    view.add_unconfirmed(by(node(first_first ? 2 : 1), 1, 10, domain::TaskClaimed{"x"}));
    CHECK(view.state().claim->ref.node == node(1));
  }
}

TEST_CASE("group view: the feed's order stands above the stamps", "[storage][group_view]") {
  GroupView view;
  view.add_confirmed(allocation());
  view.add_unconfirmed(by(node(1), 1, 10, domain::TaskClaimed{"bench-1"}));
  CHECK(view.state().claim->station == "bench-1");
  view.add_confirmed(by(node(2), 1, 999, domain::TaskClaimed{"bench-2"}));
  CHECK(view.state().claim->station == "bench-2");
  REQUIRE(view.state().exceptions.size() == 1);
  CHECK(view.state().exceptions[0].cause.node == node(1));
}

TEST_CASE("group view: a confirmation moves a record to its place in the feed",
          "[storage][group_view]") {
  GroupView view;
  view.add_confirmed(allocation());
  view.add_unconfirmed(pick(node(1), 1, 10, 2));
  view.add_unconfirmed(pick(node(1), 2, 20, 2));
  REQUIRE(view.state().put_backs.size() == 1);
  CHECK(view.state().put_backs[0].cause.seq == 2);
  view.confirm({node(1), Incarnation(1), 2});
  REQUIRE(view.state().put_backs.size() == 1);
  CHECK(view.state().put_backs[0].cause.seq == 1);
  view.confirm({node(1), Incarnation(1), 1});
  CHECK(view.state().put_backs[0].cause.seq == 1);
}

TEST_CASE("group view: what cannot be understood parks all that follows, until it moves",
          "[storage][group_view]") {
  GroupView view;
  view.add_confirmed(allocation());
  view.add_unconfirmed(pick(node(1), 1, 10, 1));
  CHECK_FALSE(view.parked());
  view.add_unconfirmed(by(node(1), 3, 30, std::nullopt));
  CHECK(view.parked());
  CHECK(view.state().lines[0].in.picked_milli == test::pieces(1));
  view.add_unconfirmed(pick(node(1), 4, 40, 1));
  CHECK(view.state().lines[0].in.picked_milli == test::pieces(1));
  view.add_unconfirmed(pick(node(1), 2, 20, 1));  // before it: counts
  CHECK(view.state().lines[0].in.picked_milli == test::pieces(2));
  // Confirmed first, it stands before everything.
  view.confirm({node(1), Incarnation(1), 3});
  CHECK(view.parked());
  CHECK(view.state().lines[0].in.picked_milli == 0);
}

TEST_CASE("group view: nothing is known before the group is allocated", "[storage][group_view]") {
  GroupView view;
  CHECK(view.state().status() == domain::ShipGroupStatus::kNone);
  view.add_unconfirmed(pick(node(1), 1, 10, 1));
  CHECK(view.state().status() == domain::ShipGroupStatus::kNone);
  view.add_confirmed(allocation());
  CHECK(view.state().lines[0].in.picked_milli == test::pieces(1));
}

// ---- against the reference, over random histories ----

class History {
 public:
  explicit History(std::uint64_t seed) : random_(seed) {}

  void step() {
    const auto dice = random_.between(0, 99);
    if (dice < 50) {
      GroupRecord record = next_record();
      view.add_unconfirmed(record);
      naive.unconfirmed.push_back(record);
    } else if (dice < 70) {
      const GroupRecord record = next_record();
      view.add_confirmed(record);
      naive.confirmed.push_back(record);
    } else if (!naive.unconfirmed.empty()) {
      const auto most = static_cast<std::int64_t>(naive.unconfirmed.size()) - 1;
      const auto chosen = naive.unconfirmed.begin() + random_.between(0, most);
      view.confirm(chosen->meta.ref);
      naive.confirmed.push_back(*chosen);
      naive.unconfirmed.erase(chosen);
    }
  }

  GroupView view;
  Naive naive;

 private:
  GroupRecord next_record() {
    const NodeId author = node(static_cast<std::uint64_t>(random_.between(1, 3)));
    // Stamps of different authors often collide; an author's own are not in order here either, as
    // after a bad clock.
    return by(author, ++seq_, static_cast<std::uint64_t>(random_.between(0, 20)), next_event());
  }

  std::optional<ShipGroupEvent> next_event() {
    const auto line = LineNo(static_cast<std::uint32_t>(random_.between(1, 3)));
    const auto milli = test::pieces(random_.between(0, 4));
    switch (random_.between(0, 11)) {
      case 0:
        return test::allocated(group_id(1), test::order_id(1), {{1, "A1", 5}, {2, "A2", 3}});
      case 1:
      case 2:
        return domain::TaskClaimed{random_.one_in(2) ? "bench-1" : "bench-2"};
      case 3:
        return domain::TaskReleased{
            {node(static_cast<std::uint64_t>(random_.between(1, 3))), Incarnation(1),
             static_cast<std::uint64_t>(random_.between(1, static_cast<std::int64_t>(seq_ + 1)))}};
      case 4:
        return domain::ShipGroupShipped{{{line, milli}}};
      case 5:
        if (random_.one_in(12)) return std::nullopt;
        [[fallthrough]];
      default:
        return domain::LinePicked{line, milli, test::bin("B-1")};
    }
  }

  sim::SimRandom random_;
  std::uint64_t seq_ = 0;
};

TEST_CASE("group view: it always shows what sorting and folding everything would show",
          "[storage][group_view][property]") {
  int parked = 0;
  int put_backs = 0;
  int lost_claims = 0;
  for (std::uint64_t seed = 1; seed <= 2000; ++seed) {
    History history(seed);
    for (int i = 0; i < 30; ++i) {
      history.step();
      const Naive::View expected = history.naive.view();
      if (history.view.state() == expected.state && history.view.parked() == expected.parked) {
        continue;
      }
      CAPTURE(seed, i);
      REQUIRE(history.view.state() == expected.state);
      REQUIRE(history.view.parked() == expected.parked);
    }
    const ShipGroup& end = history.view.state();
    parked += history.view.parked() ? 1 : 0;
    put_backs += end.put_backs.empty() ? 0 : 1;
    lost_claims += static_cast<int>(std::ranges::count(end.exceptions,
                                                       domain::ShipGroupException::Kind::kLostClaim,
                                                       &domain::ShipGroupException::kind));
  }
  // The histories really contain what the rules are for.
  CHECK(parked > 100);
  CHECK(put_backs > 500);
  CHECK(lost_claims > 500);
}

}  // namespace
}  // namespace cairn::storage
