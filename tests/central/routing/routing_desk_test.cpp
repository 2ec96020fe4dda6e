// Runs by schedule and by request: one at a time, none twice, a missed one once.

#include "central/routing/routing_desk.h"

#include "central/routing/decision_keeper.h"
#include "central/routing/rejections.h"
#include "central/routing/rule_set_json.h"
#include "central/routing/rule_sets.h"
#include "core/storage/full_sites.h"
#include "core/storage/routing_decisions.h"
#include "core/storage/sqlite/statement.h"
#include "tests/central/support/order_hub.h"
#include "tests/sim/sim_random.h"
#include "tests/sim/sim_time.h"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace cairn::central::routing_desk_test {
namespace {

using namespace test;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;
using storage::RoutingRunState;

std::string rules_text(const std::string& schedule) {
  return R"({"routings":[{"name":"standard","queues":["BROKERING"],"rules":[{"name":"nearest",)"
         R"("assignment":{"mode":"ORA_MULTI"}}]}])" +
         (schedule.empty() ? "" : R"(,"schedule":)" + schedule) + "}";
}

struct Hub : OrderHub {
  Hub() {
    append(domain::ReferenceEvent(domain::FacilityDefined{
               {site("store"), "store", domain::FacilityKind::kStore, {51'500'000, 0}, true}}),
           domain::facility_key(site("store")), {});
    append(domain::StockEvent(storage::test::counted("A1", "B-1", pieces(100))), {}, site("store"));
    // 2026-11-27 05:00:00: what is due is said in the tests by the hour.
    clock.now = UtcTime::parse("2026-11-27T05:00:00Z").value();
  }
  void define(const std::string& schedule) {
    const auto value = json::parse(rules_text(schedule));
    REQUIRE(value);
    REQUIRE(job(
        [&](UnitOfWork& work) { return define_rule_set(work, "week", true, *value, user(3)); }));
  }
  /// As a program that has just started.
  void start() {
    desk.reset();
    executor.emplace(timeline);
    writer.emplace(replica(), *executor, clock, metrics,
                   [](const Error& error) { FAIL(error.message); });
    const Env env{clock, random, *executor, log, metrics};
    desk = std::make_unique<RoutingDesk>(env, *writer, connection(), ids, ages, settings);
    REQUIRE(desk->start());
    turn(seconds(3));
  }
  /// What happens meanwhile.
  void turn(Duration time) {
    const MonoTime end = timeline.now() + time;
    const std::int64_t begin_us = clock.now.us;
    const MonoTime begin = timeline.now();
    while (timeline.run_one(end)) {
      clock.now = UtcTime{begin_us + (timeline.now() - begin).count()};
    }
    clock.now = UtcTime{begin_us + time.count()};
  }
  std::vector<storage::RoutingRunRow> runs() { return storage::routing_runs(connection(), 0, 100); }
  void pause(bool paused) {
    job([&](UnitOfWork& work) -> Result<> {
      storage::set_routing_pause(work.connection(), paused, clock.now, user(3));
      return {};
    });
  }

  RoutingDeskSettings settings;
  sim::SimRandom random{1};
  IdSource ids{clock, random};
  SiteAges ages;
  sim::Timeline timeline;
  std::optional<sim::SimExecutor> executor;
  Metrics metrics;
  storage::test::RecordingLog log;
  std::optional<storage::Writer> writer;
  std::unique_ptr<RoutingDesk> desk;
};

TEST_CASE("routing desk: runs at an interval, each once", "[central][routing]") {
  Hub hub;
  hub.define(R"({"every_s":3600})");
  hub.start();
  CHECK(hub.runs().empty());  // what was due before there was the schedule is nobody's
  const OrderId order = hub.place("1", {{1, "A1", 2}});
  hub.turn(hours(2));
  const auto runs = hub.runs();
  REQUIRE(runs.size() == 2);
  CHECK(runs[1].due->text() == "2026-11-27T06:00:00.000Z");
  CHECK(runs[0].due->text() == "2026-11-27T07:00:00.000Z");
  for (const auto& run : runs) {
    CHECK(run.state == RoutingRunState::kDone);
    CHECK(run.rule_set == "week");
    CHECK(run.actor == UserId{});
  }
  CHECK(runs[1].figures == storage::RoutingRunFigures{1, 1, 0, 0, 1});
  CHECK(runs[0].figures == storage::RoutingRunFigures{});
  CHECK(hub.line(order, 1).routed_milli == pieces(2));
}

TEST_CASE("routing desk: a clock that was far ahead for a while stops no schedule",
          "[central][routing]") {
  Hub hub;
  hub.define(R"({"every_s":3600})");
  hub.start();
  const UtcTime right = hub.clock.now;
  hub.clock.now = UtcTime{right.us + 365 * 24 * 3600 * 1'000'000LL};
  hub.turn(seconds(60));
  REQUIRE(hub.runs().size() == 1);
  hub.clock.now = right;
  hub.turn(hours(2));
  CHECK(hub.runs().size() == 3);
}

TEST_CASE("routing desk: of runs that were missed the last one is made up, once",
          "[central][routing]") {
  Hub hub;
  hub.define(R"({"at":["06:00","08:00","10:00"]})");
  hub.clock.advance(hours(4));  // 09:00, and no hub was there
  hub.start();
  REQUIRE(hub.runs().size() == 1);
  CHECK(hub.runs()[0].due->text() == "2026-11-27T08:00:00.000Z");
  hub.start();
  hub.turn(minutes(30));
  CHECK(hub.runs().size() == 1);
  hub.turn(minutes(31));
  REQUIRE(hub.runs().size() == 2);
  CHECK(hub.runs()[0].due->text() == "2026-11-27T10:00:00.000Z");
}

TEST_CASE("routing desk: a run that was broken off goes on at the next start, not for ever",
          "[central][routing]") {
  Hub hub;
  hub.define(R"({"at":["06:00"]})");
  hub.clock.advance(hours(2));
  const auto broken = [&hub] {
    return hub.job([&hub](UnitOfWork& work) -> Result<std::optional<std::int64_t>> {
      storage::RoutingRunRow row;
      row.due = UtcTime::parse("2026-11-27T06:00:00Z").value();
      row.rule_set = "week";
      row.begun_at = hub.clock.now;
      return storage::begin_routing_run(work.connection(), row);
    });
  };
  REQUIRE(broken()->has_value());
  CHECK_FALSE(broken()->has_value());  // it runs already
  hub.place("1", {{1, "A1", 2}});
  hub.start();
  REQUIRE(hub.runs().size() == 1);
  CHECK(hub.runs()[0].state == RoutingRunState::kDone);
  CHECK(hub.runs()[0].tries == 2);
  CHECK(hub.runs()[0].figures.orders_routed == 1);
  CHECK_FALSE(broken()->has_value());  // nor is what is done begun again

  hub.job([](UnitOfWork& work) -> Result<> {
    work.connection().execute("UPDATE routing_run SET state = 'RUNNING', tries = 3");
    return {};
  });
  hub.start();
  CHECK(hub.runs()[0].state == RoutingRunState::kBrokenOff);
  CHECK(hub.runs()[0].tries == 3);
}

TEST_CASE("routing desk: paused, nothing is due, and what was due meanwhile is not made up",
          "[central][routing]") {
  Hub hub;
  hub.define(R"({"every_s":600})");
  hub.start();
  hub.pause(true);
  hub.turn(hours(1));
  CHECK(hub.runs().empty());
  hub.start();
  CHECK(hub.runs().empty());
  hub.pause(true);  // it is already: nothing is new
  hub.turn(seconds(1));
  hub.pause(false);
  hub.turn(seconds(5));
  CHECK(hub.runs().empty());
  hub.turn(minutes(10));
  CHECK(hub.runs().size() == 1);
}

TEST_CASE("routing desk: whoever asks waits for the run before, and gets its own outcome",
          "[central][routing]") {
  Hub hub;
  hub.start();
  const OrderId order = hub.place("1", {{1, "A1", 2}});
  std::vector<RoutingOutcome> outcomes;
  for (int i = 0; i < 2; ++i) {
    hub.desk->run(user(3), [&](const Result<RoutingOutcome>& done) {
      REQUIRE(done);
      outcomes.push_back(*done);
    });
  }
  hub.turn(seconds(1));
  REQUIRE(outcomes.size() == 2);
  CHECK(outcomes[0].groups_opened == 1);
  CHECK(outcomes[1].orders_seen == 0);
  CHECK(hub.line(order, 1).routed_milli == pieces(2));
  const auto runs = hub.runs();
  REQUIRE(runs.size() == 2);
  CHECK_FALSE(runs[0].due);
  CHECK(runs[0].rule_set.empty());
  CHECK(runs[1].actor == user(3));
  CHECK(runs[1].figures.groups_opened == 1);
}

TEST_CASE("routing desk: shorts are forgotten after the hours that are set", "[central][routing]") {
  Hub hub;
  hub.settings.short_site = hours(6);
  hub.start();
  const OrderId order = hub.place("1", {{1, "A1", 2}});
  hub.route(order, 1, {{1, "A1", 2}});
  hub.shorted(1, 2);
  REQUIRE(hub.job(
      [&](UnitOfWork& work) { return on_short(work, {{order, {LineNo(1)}}}, RejectionRules{}); }));
  const auto run = [&hub] {
    hub.desk->run(user(3), [](const Result<RoutingOutcome>& done) { REQUIRE(done); });
    hub.turn(seconds(1));
    return hub.runs().front().figures.groups_opened;
  };
  CHECK(run() == 0);
  hub.turn(hours(6));
  CHECK(run() == 1);
}

TEST_CASE("routing desk: a full site ships nothing for the hours that are set; pickups come to it",
          "[central][routing]") {
  Hub hub;
  hub.settings.full_site = hours(6);
  hub.start();
  storage::note_full(hub.connection(), site("store"), domain::ShortReason::kNoCapacity,
                     hub.clock.now);
  const OrderId shipped = hub.place("1", {{1, "A1", 2}});
  const OrderId pickup = hub.place("2", {{1, "A1", 1}}, "store");
  const auto run = [&hub] {
    hub.desk->run(user(3), [](const Result<RoutingOutcome>& done) { REQUIRE(done); });
    hub.turn(seconds(1));
  };
  run();
  CHECK(hub.line(shipped, 1).routed_milli == 0);
  CHECK(hub.line(pickup, 1).routed_milli == pieces(1));
  hub.turn(hours(6));
  run();
  CHECK(hub.line(shipped, 1).routed_milli == pieces(2));
}

TEST_CASE("rule sets: a schedule is read strictly", "[central][routing]") {
  const auto read = [](const std::string& schedule) {
    const auto value = json::parse(rules_text(schedule));
    REQUIRE(value);
    return read_rule_set(*value);
  };
  CHECK(read("")->schedule.empty());
  CHECK(read(R"({"every_s":900})")->schedule.every_s == 900);
  CHECK(read(R"({"at":["14:30","06:00"]})")->schedule.at_min == std::vector{360, 870});
  for (const char* const wrong :
       {R"({"every_s":59})", R"({"every_s":86401})", R"({"at":["24:00"]})", R"({"at":["6:00"]})",
        R"({"at":["06:60"]})", R"({"at":["06:00","06:00"]})", R"({"every_s":900,"at":["06:00"]})",
        R"({"each":900})", R"([])"}) {
    CAPTURE(wrong);
    CHECK_FALSE(read(wrong));
  }
}

TEST_CASE("decision keeper: old decisions go, those of orders that are not over stay",
          "[central][routing]") {
  Hub hub;
  const OrderId over = hub.place("1", {{1, "A1", 1}});
  const OrderId open = hub.place("2", {{1, "A1", 1}});
  const auto decide = [&hub](OrderId order) {
    hub.job([&](UnitOfWork& work) -> Result<> {
      storage::RoutingDecisionRow row;
      row.order = order;
      row.decided_at = hub.clock.now;
      row.rule_set = "week";
      row.routing = "standard";
      row.outcome = "ROUTED";
      row.traces = {Bytes("t")};
      storage::keep_decision(work.connection(), row);
      return {};
    });
  };
  for (int i = 0; i < 120; ++i) decide(i % 2 == 0 ? over : open);
  const UtcTime before{hub.clock.now.us + 1};
  hub.clock.advance(hours(1));
  decide(over);
  REQUIRE(hub.cancel_line(over, 1, 1));
  std::int64_t dropped = 0;
  int looks = 0;
  storage::DecisionMark after;
  for (bool more = true; more; ++looks) {
    const auto looked = hub.job([&](UnitOfWork& work) -> Result<DecisionsLooked> {
      return drop_old_decisions(work.connection(), before, after);
    });
    REQUIRE(looked);
    dropped += looked->dropped;
    more = looked->next.has_value();
    if (more) after = *looked->next;
  }
  CHECK(looks == 3);
  CHECK(dropped == 60);
  CHECK(storage::decisions_of(hub.connection(), over).size() == 1);
  CHECK(storage::decisions_of(hub.connection(), open).size() == 60);
  auto& traces = hub.connection().prepare("SELECT count(*) FROM routing_decision_trace");
  REQUIRE(traces.bind().step());
  CHECK(traces.integer(0) == 61);
  traces.reset();
}

}  // namespace
}  // namespace cairn::central::routing_desk_test
