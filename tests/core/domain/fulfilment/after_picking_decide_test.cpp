// Put-backs and cancellations: what people may ask for.

#include "core/domain/fulfilment/ship_group_decide.h"
#include "tests/core/domain/support/scenario.h"
#include "tests/support/catch.h"

#include <string>

namespace cairn::domain::after_picking_decide_test {
namespace {

using namespace test;

// ---- put-backs ----

/// Two devices picked all three pieces of line 1: three go back, to the second one's bin.
Story picked_twice() {
  return Story()
      .allocated({pieces(1, 3)})
      .picked(kNodeA, 1, 3000, "A-01")
      .picked(kNodeB, 1, 3000, "B-02");
}

TEST_CASE("put-back: units go back to whatever bin the person chose", "[domain][ship-group]") {
  const auto story = picked_twice();
  const EventRef cause = story.last();
  given(story)
      .when(ConfirmPutBack{cause, LineNo(1), 3000, location("C-03")}, kNodeA)
      .then({PutBackDone{cause, LineNo(1), 3000, location("C-03")}});
}

TEST_CASE("put-back: it can be done in parts, but not beyond what is left",
          "[domain][ship-group]") {
  auto story = picked_twice();
  const EventRef cause = story.last();
  const ConfirmPutBack one{cause, LineNo(1), 1000, location("B-02")};
  const ConfirmPutBack three{cause, LineNo(1), 3000, location("B-02")};
  story.put_back(kNodeA, cause, 1, 1000);
  given(story).when(one).then({PutBackDone{cause, LineNo(1), 1000, location("B-02")}});
  given(story).when(three).then_refused(ErrorCode::kRejected, "over_put_back");
  given(story).when(three).then_says("order WEB-1001: only 2 are to be put back");
  story.put_back(kNodeA, cause, 1, 2000);
  given(story).when(one).then_refused(ErrorCode::kRejected, "nothing_to_put_back");
}

TEST_CASE("put-back: one that does not exist cannot be done", "[domain][ship-group]") {
  const auto story = picked_twice();
  const EventRef cause = story.last();
  const EventRef good_pick = story.events()[1].meta.ref;
  given(story)
      .when(ConfirmPutBack{good_pick, LineNo(1), 1000, location("A-01")})
      .then_refused(ErrorCode::kRejected, "nothing_to_put_back");
  given(story)
      .when(ConfirmPutBack{cause, LineNo(2), 1000, location("A-01")})
      .then_refused(ErrorCode::kRejected, "nothing_to_put_back");
}

TEST_CASE("put-back: nothing, or less than nothing, is not put back", "[domain][ship-group]") {
  const auto story = picked_twice();
  for (const std::int64_t milli : {std::int64_t{0}, std::int64_t{-1000}, INT64_MIN}) {
    CAPTURE(milli);
    given(story)
        .when(ConfirmPutBack{story.last(), LineNo(1), milli, location("B-02")})
        .then_refused(ErrorCode::kInvalid, "bad_quantity");
  }
}

TEST_CASE("put-back: pieces are put back whole", "[domain][ship-group]") {
  const auto story = picked_twice();
  given(story)
      .when(ConfirmPutBack{story.last(), LineNo(1), 500, location("B-02")})
      .then_refused(ErrorCode::kInvalid, "bad_quantity");
}

// Else the movement would lead out of the site.
TEST_CASE("put-back: it leads to a bin", "[domain][ship-group]") {
  const auto story = picked_twice();
  const auto done =
      decide(story.group(), ConfirmPutBack{story.last(), LineNo(1), 1000, LocationCode{}},
             {kNodeA, kPicker, story.now()});
  CHECK_FALSE(done);
}

// ---- cancellations ----

CancelGroupUnits cancel(std::uint32_t line, std::int64_t milli) {
  return {LineNo(line), milli, CancelReason::kHeadOffice, "web/c-9"};
}

TEST_CASE("cancellation: of a group what is open, in the tote or in a package can be cancelled",
          "[domain][ship-group]") {
  const auto story = Story()
                         .allocated({pieces(1, 6)})
                         .claimed(kNodeA, "S1")
                         .picked(kNodeA, 1, 3000)
                         .packed(kNodeA, {units(1, 1000)});
  for (const std::int64_t milli : {1000, 5000, 6000}) {
    given(story)
        .when(cancel(1, milli), kHub)
        .then({GroupUnitsCancelled{LineNo(1), milli, CancelReason::kHeadOffice, "web/c-9"}});
  }
  given(story).when(cancel(1, 7000)).then_refused(ErrorCode::kRejected, "over_cancel");
  given(story).when(cancel(1, 7000)).then_says("Article 1: only 6 can still be cancelled");
}

TEST_CASE("cancellation: what is short or cancelled already cannot be cancelled again",
          "[domain][ship-group]") {
  const auto story = Story().allocated({pieces(1, 6)}).shorted(kNodeA, 1, 2000).cancelled(1, 1000);
  given(story).when(cancel(1, 4000)).then_refused(ErrorCode::kRejected, "over_cancel");
  given(story)
      .when(cancel(1, 3000))
      .then({GroupUnitsCancelled{LineNo(1), 3000, CancelReason::kHeadOffice, "web/c-9"}});
}

TEST_CASE("cancellation: one that makes no sense is refused with its reason",
          "[domain][ship-group]") {
  const auto story = Story().allocated({pieces(1, 6), grams(2, 1500)});
  given(story).when(cancel(9, 1000)).then_refused(ErrorCode::kNotFound, "no_such_line");
  for (const std::int64_t milli : {0, -1000, 500}) {
    CAPTURE(milli);
    given(story).when(cancel(1, milli)).then_refused(ErrorCode::kInvalid, "bad_quantity");
  }
  given(story)
      .when(cancel(2, 250))
      .then({GroupUnitsCancelled{LineNo(2), 250, CancelReason::kHeadOffice, "web/c-9"}});
}

TEST_CASE("cancellation: its source is short UTF-8 text", "[domain][ship-group]") {
  const auto story = Story().allocated({pieces(1, 6)});
  const auto by = [](std::string source) {
    return CancelGroupUnits{LineNo(1), 1000, CancelReason::kCustomer, std::move(source)};
  };
  const std::string longest(64, 's');
  given(story)
      .when(by(longest))
      .then({GroupUnitsCancelled{LineNo(1), 1000, CancelReason::kCustomer, longest}});
  for (const std::string& source : {longest + "s", std::string("\xff")}) {
    given(story).when(by(source)).then_refused(ErrorCode::kInvalid, "bad_source");
  }
}

}  // namespace
}  // namespace cairn::domain::after_picking_decide_test
