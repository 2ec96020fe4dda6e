#include "central/returns/refund_policy.h"

#include "core/storage/projections/returns.h"
#include "tests/core/storage/support/group_hub.h"
#include "tests/support/catch.h"

#include <variant>
#include <vector>

namespace cairn::central::refund_policy_test {
namespace {

using storage::UnitOfWork;
using storage::test::at_ms;
using storage::test::came_back;
using storage::test::group_id;
using storage::test::node;
using storage::test::pieces;
using storage::test::site;

/// Group 1 of the store has shipped three pieces of line 1 and two of line 2.
struct Hub : storage::test::GroupHub {
  Hub() {
    allocate(1, "store", {{1, "A1", 3}, {2, "A2", 2}});
    pick(1, 3);
    pick(1, 2, 2);
    ship(1, 3);
    ship(1, 2, 2);
  }
  /// A frame of returns reaches the hub: they are taken, then the policy acts, as in HubCore.
  void arrive(std::string_view at, const std::vector<domain::ReturnTaken>& returns) {
    const NodeId from = node(at == "store" ? 5 : at == "depot" ? 6 : 7);
    std::vector<Bytes> records;
    for (const auto& taken : returns) {
      records.push_back(storage::test::octets(domain::ReturnEvent(taken),
                                              domain::return_ledger_key(taken.group, site(at)),
                                              site(at), at_ms(++sent_)));
    }
    const auto done = job([&](UnitOfWork& work) -> Result<bool> {
      const std::uint64_t held = work.replica().log().author(from, Incarnation(1)).head;
      const auto taken =
          work.replica().take_uplink({from, Incarnation(1), held + 1}, site(at), records);
      if (!taken) return fail(taken.error());
      for (const auto& [meta, event] : *taken) {
        const auto& goods = std::get<domain::ReturnTaken>(std::get<domain::ReturnEvent>(event));
        if (auto ok = on_return_taken(work, {meta, goods}); !ok) return fail(ok.error());
      }
      return true;
    });
    REQUIRE(done);
  }
  /// Units whose refund was contested at a site.
  std::int64_t contested(std::string_view at) {
    std::int64_t milli = 0;
    for (const auto& row : storage::refund_exceptions(connection(), site(at))) {
      milli += row.elsewhere ? row.milli : 0;
    }
    return milli / 1000;
  }
  std::int64_t returned(std::uint32_t line = 1) {
    return replica().ship_group(group_id(1)).find(LineNo(line))->in.returned_milli / 1000;
  }

 private:
  std::uint64_t sent_ = 1000;
};

domain::ReturnTaken back(std::uint64_t id, std::int64_t units, std::int64_t sold = 3,
                         std::uint32_t line = 1) {
  return came_back(id, 1, units, sold, domain::ReturnCondition::kRestock, line);
}

TEST_CASE("refund policy: a return at the site that filled the group needs nothing",
          "[central][returns]") {
  Hub hub;
  const std::uint64_t written = hub.replica().log().author(node(77), Incarnation(77)).head;
  hub.arrive("store", {back(1, 2)});
  CHECK(hub.replica().log().author(node(77), Incarnation(77)).head == written);
  CHECK(hub.contested("store") == 0);
}

TEST_CASE("refund policy: the site that filled the group is told what came back elsewhere",
          "[central][returns]") {
  Hub hub;
  hub.arrive("depot", {back(1, 2)});
  CHECK(hub.returned() == 2);
  CHECK(hub.contested("depot") == 0);
  // In its own feed, so that it can refuse a second return by itself.
  storage::test::Store device(storage::test::site_identity(node(8), site("store")));
  REQUIRE(device.take_feed(hub.frame_of("site:store")));
  CHECK(device.replica().ship_group(group_id(1)).find(LineNo(1))->in.returned_milli == pieces(2));
  CHECK(device.replica().return_ledger(group_id(1), site("depot")).taken.empty());
}

TEST_CASE("refund policy: a device that had not heard of its site's group leaves it to the hub",
          "[central][returns]") {
  Hub hub;
  auto taken = back(1, 2);
  taken.group_untold = true;
  hub.arrive("store", {taken});
  CHECK(hub.returned() == 2);
  CHECK(hub.contested("store") == 0);
}

TEST_CASE("refund policy: units that were refunded elsewhere before are contested",
          "[central][returns]") {
  Hub hub;
  hub.arrive("store", {back(1, 3)});
  hub.arrive("depot", {back(2, 2)});
  CHECK(hub.contested("depot") == 2);
  CHECK(hub.contested("store") == 0);
  CHECK(hub.returned() == 0);  // the store told its own; nothing of the depot's counts
  const auto rows = storage::refund_exceptions(hub.connection(), site("depot"));
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].cause == EventRef{node(6), Incarnation(1), 1});
  CHECK(rows[0].line == LineNo(1));
  // The depot hears of it.
  storage::test::Store device(storage::test::site_identity(node(8), site("depot")));
  REQUIRE(device.take_feed(hub.frame_of("site:depot")));
  CHECK(storage::refund_exceptions(device.connection(), std::nullopt).size() == 1);
}

TEST_CASE("refund policy: only what is too much is contested", "[central][returns]") {
  Hub hub;
  hub.arrive("store", {back(1, 2)});
  hub.arrive("depot", {back(2, 2)});
  CHECK(hub.contested("depot") == 1);
  CHECK(hub.returned() == 1);
  hub.arrive("mall", {back(3, 1)});
  CHECK(hub.contested("mall") == 1);
  CHECK(hub.returned() == 1);
}

TEST_CASE("refund policy: what a site knows to be twice itself is not contested again",
          "[central][returns]") {
  Hub hub;
  hub.arrive("depot", {back(1, 2)});
  hub.arrive("depot", {back(2, 2)});  // one left: one is twice
  const auto rows = storage::refund_exceptions(hub.connection(), site("depot"));
  REQUIRE(rows.size() == 1);
  CHECK_FALSE(rows[0].elsewhere);
  CHECK(hub.returned() == 3);
}

TEST_CASE("refund policy: lines are looked at one by one", "[central][returns]") {
  Hub hub;
  hub.arrive("store", {back(1, 3)});
  auto both = back(2, 1);
  both.lines.push_back(back(2, 2, 2, 2).lines.front());
  both.refund.minor += both.lines.back().refund.minor;
  hub.arrive("depot", {both});
  CHECK(hub.contested("depot") == 1);
  CHECK(hub.returned(1) == 0);
  CHECK(hub.returned(2) == 2);
}

TEST_CASE("refund policy: of a group that nobody here knows the ledger alone counts",
          "[central][returns]") {
  Hub hub;
  hub.arrive("depot", {came_back(1, 1, 1, 3)});
  auto unknown = came_back(2, 1, 1, 3);
  unknown.group = group_id(9);
  const auto done = hub.job([&](UnitOfWork& work) -> Result<bool> {
    const auto taken = work.replica().take_uplink(
        {node(6), Incarnation(1), 2}, site("depot"),
        {storage::test::octets(domain::ReturnEvent(unknown),
                               domain::return_ledger_key(group_id(9), site("depot")), site("depot"),
                               at_ms(5000))});
    if (!taken) return fail(taken.error());
    if (auto ok = on_return_taken(work, {taken->front().meta, unknown}); !ok) {
      return fail(ok.error());
    }
    return true;
  });
  REQUIRE(done);
  CHECK(hub.replica().ship_group(group_id(9)).status() == domain::ShipGroupStatus::kNone);
}

// Both are in the ledger when the first is judged: each answers for itself and what came before.
TEST_CASE("refund policy: two returns that arrive together are contested once",
          "[central][returns]") {
  Hub hub;
  hub.arrive("store", {back(1, 2)});
  hub.arrive("depot", {back(2, 1), back(3, 1)});
  CHECK(hub.contested("depot") == 1);
  CHECK(hub.returned() == 1);
}

// One device takes units back, another finds that handing them over was a mistake, and neither has
// heard of the other.
TEST_CASE("refund policy: what came back of a hand-over that was a mistake is contested",
          "[central][returns]") {
  Hub hub;
  hub.allocate(2, "store", {{1, "A1", 3}});
  hub.pick(2, 3);
  const EventRef handed = hub.hand_over(2, 3);
  auto taken = came_back(1, 2, 2, 3);
  hub.arrive("store", {taken});
  CHECK(hub.contested("store") == 0);
  const EventRef undone = hub.happens(2, domain::HandOverUndone{handed});
  for (int again = 0; again < 2; ++again) {
    REQUIRE(hub.job([&undone](UnitOfWork& work) -> Result<bool> {
      if (auto ok = on_hand_over_undone(work, undone); !ok) return fail(ok.error());
      return true;
    }));
    CHECK(hub.contested("store") == 2);
  }
}

// A hub that was put back: the depot was told of the sale, and the store gives it back later.
TEST_CASE("refund policy: a return is compared again when the hub hears that the units have left",
          "[central][returns]") {
  Hub hub;
  const auto units_left = [&hub] {
    return hub.job([](UnitOfWork& work) -> Result<bool> {
      if (auto ok = on_units_left(work, group_id(2)); !ok) return fail(ok.error());
      return true;
    });
  };
  REQUIRE(hub.job([](UnitOfWork& work) -> Result<bool> {
    work.replica().begin_generation(HubGeneration(78), storage::Noticed::kByGuard);
    return true;
  }));
  hub.allocate(2, "store", {{1, "A1", 3}});
  hub.arrive("depot", {came_back(1, 2, 1, 3), came_back(2, 2, 1, 3)});
  hub.arrive("mall", {came_back(3, 2, 2, 3)});
  const auto returned = [&hub] {
    return hub.replica().ship_group(group_id(2)).find(LineNo(1))->in.returned_milli;
  };
  CHECK(hub.contested("depot") == 0);
  CHECK(hub.contested("mall") == 1);
  CHECK(returned() == 0);
  hub.pick(2, 3);
  REQUIRE(units_left());
  CHECK(returned() == 0);
  hub.ship(2, 3);
  for (int again = 0; again < 2; ++again) {
    REQUIRE(units_left());
    CHECK(returned() == pieces(3));
    CHECK(hub.contested("depot") == 0);
    CHECK(hub.contested("mall") == 1);
  }
}

TEST_CASE("refund policy: a hub that was never put back knows what was sold",
          "[central][returns]") {
  Hub hub;
  hub.allocate(2, "store", {{1, "A1", 3}});
  hub.arrive("depot", {came_back(1, 2, 2, 3)});
  CHECK(hub.contested("depot") == 2);
}

TEST_CASE("refund policy: what a site was told of cancelled units does not count",
          "[central][returns]") {
  Hub hub;
  hub.allocate(2, "store", {{1, "A1", 3}});
  hub.pick(2, 3);
  hub.cancel(2, 2);
  hub.ship(2, 1);
  hub.arrive("depot", {came_back(1, 2, 3, 3)});
  CHECK(hub.contested("depot") == 2);
}

}  // namespace
}  // namespace cairn::central::refund_policy_test
