#include "sync/check_plan.h"

#include "tests/support/catch.h"

namespace cairn::sync::check_plan_test {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

constexpr MonoTime at(Duration since) { return MonoTime{since.count()}; }

TEST_CASE("check plan: first a little after the start, then now and then", "[sync][check]") {
  CheckPlan plan(at(Duration(0)));
  CHECK_FALSE(plan.due(at(seconds(29))));
  CHECK(plan.due(at(seconds(30))));
  plan.begun(at(seconds(30)));
  CHECK_FALSE(plan.due(at(seconds(59))));
  CHECK(plan.due(at(seconds(60))));  // no answer came
  plan.agreed(at(seconds(60)));
  CHECK_FALSE(plan.due(at(minutes(10))));
  CHECK(plan.due(at(minutes(11))));
}

TEST_CASE("check plan: a busy store is asked ever more seldom until it rests", "[sync][check]") {
  CheckPlan plan(at(Duration(0)));
  Duration now = minutes(1);
  for (const Duration wait : {Duration(seconds(5)), Duration(seconds(10)), Duration(seconds(20))}) {
    plan.moved(at(now));
    CHECK_FALSE(plan.due(at(now + wait - Duration(1))));
    CHECK(plan.due(at(now + wait)));
    now += wait;
  }
  for (int i = 0; i < 20; ++i) plan.moved(at(now));
  CHECK(plan.due(at(now + minutes(10))));
  plan.agreed(at(now));
  plan.moved(at(now));
  CHECK(plan.due(at(now + seconds(5))));
}

TEST_CASE("check plan: rows are made anew once, not again and again", "[sync][check]") {
  CheckPlan plan(at(Duration(0)));
  CHECK(plan.differed(at(minutes(1))));
  CHECK(plan.due(at(minutes(1) + seconds(5))));
  CHECK_FALSE(plan.differed(at(minutes(2))));
  CHECK_FALSE(plan.due(at(minutes(11))));
  CHECK(plan.due(at(minutes(12))));
  plan.agreed(at(minutes(12)));
  CHECK(plan.differed(at(minutes(30))));
}

}  // namespace
}  // namespace cairn::sync::check_plan_test
