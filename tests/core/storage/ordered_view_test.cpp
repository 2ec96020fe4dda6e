#include "core/storage/ordered_view.h"

#include "tests/core/storage/support/samples.h"
#include "tests/support/catch.h"

namespace cairn::storage::ordered_view_test {
namespace {

using domain::ShipGroupEvent;
using test::at_ms;
using test::group_id;
using test::node;

GroupRecord by(NodeId author, std::uint64_t seq, std::uint64_t ms,
               std::optional<ShipGroupEvent> event) {
  return {{{author, Incarnation(1), seq}, at_ms(ms), UserId{}, test::site("store")},
          std::move(event)};
}

GroupRecord allocation() {
  return by(node(77), 1, 0, test::allocated(group_id(1), test::order_id(1), {{1, "A1", 3}}));
}

ShipGroupEvent closed(std::int64_t units) {
  domain::PackageClosed package;
  package.lines = {{LineNo(1), test::pieces(units)}};
  return package;
}

GroupRecord pick(NodeId author, std::uint64_t seq, std::uint64_t ms, std::int64_t units) {
  return by(author, seq, ms, domain::LinePicked{LineNo(1), test::pieces(units), test::bin("B-1")});
}

TEST_CASE("group view: unconfirmed records count by stamp, whatever order they come in",
          "[storage][ordered_view]") {
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

TEST_CASE("group view: equal stamps are settled by the author", "[storage][ordered_view]") {
  for (const bool first_first : {true, false}) {
    GroupView view;
    view.add_confirmed(allocation());
    view.add_unconfirmed(by(node(first_first ? 1 : 2), 1, 10, domain::TaskClaimed{"x"}));
    view.add_unconfirmed(by(node(first_first ? 2 : 1), 1, 10, domain::TaskClaimed{"x"}));
    CHECK(view.state().claim->ref.node == node(1));
  }
}

TEST_CASE("group view: the feed's order stands above the stamps", "[storage][ordered_view]") {
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
          "[storage][ordered_view]") {
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
          "[storage][ordered_view]") {
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

TEST_CASE("group view: a record takes effect after what its author had seen, whichever comes first",
          "[storage][ordered_view][lan]") {
  const GroupRecord picked = pick(node(1), 1, 10, 2);
  GroupRecord packed = by(node(2), 1, 20, closed(2));
  packed.follows = {picked.meta.ref};
  const GroupRecord shipped =
      by(node(2), 2, 30, domain::ShipGroupShipped{{{LineNo(1), test::pieces(2)}}});
  GroupView in_order;
  in_order.add_confirmed(allocation());
  for (const GroupRecord& record : {picked, packed, shipped}) in_order.add_confirmed(record);
  REQUIRE(in_order.state().exceptions.empty());

  GroupView view;
  view.add_confirmed(allocation());
  view.add_confirmed(packed);
  view.add_confirmed(shipped);  // behind what the same author said before
  CHECK(view.waiting() == 2);
  CHECK(view.state().lines[0].in.open_milli == test::pieces(3));
  view.add_unconfirmed(picked);
  CHECK(view.waiting() == 0);
  CHECK(view.state() == in_order.state());
  view.confirm(picked.meta.ref);
  CHECK(view.state() == in_order.state());
}

TEST_CASE("group view: who names a record that was issued again means what stands for it",
          "[storage][ordered_view][lan]") {
  const GroupRecord original = by(node(1), 2, 10, closed(2));
  GroupRecord labelled =
      by(node(2), 1, 20, domain::LabelAssigned{original.meta.ref, "952123400000000018", "T1"});
  labelled.follows = {original.meta.ref};
  GroupRecord reissue = original;
  reissue.meta.ref = {node(1), Incarnation(9), 1};
  reissue.reissue_of = original.meta.ref;
  for (const bool label_first : {true, false}) {
    GroupView view;
    view.add_confirmed(allocation());
    view.add_confirmed(pick(node(1), 1, 5, 2));
    view.add_confirmed(label_first ? labelled : reissue);
    view.add_confirmed(label_first ? reissue : labelled);
    REQUIRE(view.state().packages.size() == 1);
    CHECK(view.state().packages[0].ref == reissue.meta.ref);
    CHECK(view.state().packages[0].sscc == "952123400000000018");
  }
}

TEST_CASE("group view: what an author says of its own records is not said of a copy's",
          "[storage][ordered_view][lan]") {
  // A device and its copy went on under the same numbers; the copy's pick was written again.
  domain::HandedOver all;
  all.lines = {{LineNo(1), test::pieces(1)}};
  const GroupRecord handed = by(node(1), 2, 20, all);
  const GroupRecord undone = by(node(1), 3, 30, domain::HandOverUndone{handed.meta.ref});
  GroupRecord reissued = pick(node(1), 2, 20, 1);
  reissued.reissue_of = reissued.meta.ref;
  reissued.meta.ref = {node(1), Incarnation(9), 1};
  for (const bool copy_first : {true, false}) {
    GroupView view;
    view.add_confirmed(allocation());
    view.add_confirmed(pick(node(1), 1, 5, 1));
    if (copy_first) view.add_confirmed(reissued);
    view.add_confirmed(handed);
    view.add_confirmed(undone);
    if (!copy_first) view.add_confirmed(reissued);
    REQUIRE(view.state().hand_overs.size() == 1);
    CHECK(view.state().hand_overs[0].undone);
    CHECK(view.state().lines[0].in.picked_milli == test::pieces(2));
  }
}

TEST_CASE("group view: who writes has seen the last unconfirmed record of each other author",
          "[storage][ordered_view][lan]") {
  GroupView view;
  view.add_confirmed(allocation());
  view.add_unconfirmed(pick(node(1), 1, 10, 1));
  view.add_unconfirmed(pick(node(1), 3, 20, 1));
  view.add_unconfirmed(pick(node(2), 1, 15, 1));
  const auto seen = view.unconfirmed_but_of(node(2), Incarnation(1));
  CHECK(seen == std::vector<EventRef>{{node(1), Incarnation(1), 3}});
  view.confirm({node(1), Incarnation(1), 1});
  view.confirm({node(1), Incarnation(1), 3});
  CHECK(view.unconfirmed_but_of(node(2), Incarnation(1)).empty());
}

TEST_CASE("group view: what waits itself has not been seen by who writes",
          "[storage][ordered_view][lan]") {
  GroupView view;
  view.add_confirmed(allocation());
  view.add_unconfirmed(pick(node(1), 1, 10, 1));
  GroupRecord early = pick(node(1), 3, 20, 1);
  early.follows = {{node(3), Incarnation(1), 7}};  // has not come here
  view.add_unconfirmed(early);
  REQUIRE(view.waiting() == 1);
  GroupRecord own = pick(node(2), 1, 30, 1);
  own.follows = view.unconfirmed_but_of(node(2), Incarnation(1));
  CHECK(own.follows == std::vector<EventRef>{{node(1), Incarnation(1), 1}});
  // So that one sees what oneself does.
  view.add_unconfirmed(own);
  CHECK(view.state().lines[0].in.picked_milli == test::pieces(2));
}

TEST_CASE("group view: nothing is known before the group is allocated", "[storage][ordered_view]") {
  GroupView view;
  CHECK(view.state().status() == domain::ShipGroupStatus::kNone);
  view.add_unconfirmed(pick(node(1), 1, 10, 1));
  CHECK(view.state().status() == domain::ShipGroupStatus::kNone);
  view.add_confirmed(allocation());
  CHECK(view.state().lines[0].in.picked_milli == test::pieces(1));
}

// ---- return ledgers ----

LedgerView::Record taken(NodeId author, std::uint64_t seq, std::uint64_t ms, std::int64_t units,
                         std::int64_t sold) {
  domain::ReturnTaken event;
  event.group = group_id(1);
  domain::ReturnedLine line;
  line.line = LineNo(1);
  line.quantity = Quantity::pieces(units);
  line.sold_milli = test::pieces(sold);
  event.lines = {line};
  return {{{author, Incarnation(1), seq}, at_ms(ms), UserId{}, test::site("store")},
          domain::ReturnEvent(event)};
}

TEST_CASE("ledger view: of two returns of one unit the first in the view is the good one",
          "[storage][ordered_view]") {
  LedgerView view;
  view.add_unconfirmed(taken(node(1), 1, 20, 1, 1));
  view.add_unconfirmed(taken(node(2), 1, 10, 1, 1));
  REQUIRE(view.state().exceptions.size() == 1);
  CHECK(view.state().exceptions[0].cause.node == node(1));
  // The feed has it the other way round.
  view.confirm({node(1), Incarnation(1), 1});
  REQUIRE(view.state().exceptions.size() == 1);
  CHECK(view.state().exceptions[0].cause.node == node(2));
  view.confirm({node(2), Incarnation(1), 1});
  CHECK(view.state().exceptions[0].cause.node == node(2));
  CHECK(view.state().lines.front().returned_milli == test::pieces(1));
}

TEST_CASE("ledger view: what cannot be understood parks what follows", "[storage][ordered_view]") {
  LedgerView view;
  view.add_confirmed(taken(node(1), 1, 10, 1, 5));
  view.add_unconfirmed({{{node(2), Incarnation(1), 1}, at_ms(20), UserId{}, {}}, std::nullopt});
  view.add_unconfirmed(taken(node(1), 2, 30, 1, 5));
  CHECK(view.parked());
  CHECK(view.state().taken.size() == 1);
  view.add_unconfirmed(taken(node(1), 3, 15, 1, 5));
  CHECK(view.state().taken.size() == 2);
}

}  // namespace
}  // namespace cairn::storage::ordered_view_test
