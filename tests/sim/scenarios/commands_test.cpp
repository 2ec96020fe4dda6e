// Commands from head office (docs/protocol.md, commands): at most once and never after their
// expiry, whatever happens to the network, the device, its database and its clock.

#include "central/devices/node_control.h"
#include "core/storage/rollback_guard.h"
#include "tests/sim/checks.h"
#include "tests/sim/scenarios/stage.h"
#include "tests/support/catch.h"

#include <chrono>

namespace cairn::sim::commands_test {
namespace {

using domain::CommandOutcome;
using domain::CommandVerb;
using std::chrono::hours;
using std::chrono::seconds;

constexpr Duration kDay = hours(24);

/// Rough and smooth, several seeds.
std::vector<Course> alone() {
  std::vector<Course> all;
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    all.push_back({seed, kTill, kBench, false});
    all.push_back({seed, kTill, kBench, true});
  }
  return all;
}

domain::CommandId give(Stage& stage, CommandVerb verb, Duration ttl,
                       std::optional<std::uint64_t> if_config = std::nullopt) {
  domain::CommandId id;
  stage.must(kHub, [&](storage::UnitOfWork& work) -> Result<bool> {
    central::CommandOrder order;
    order.node = stage.at(kTill).node;
    order.verb = verb;
    order.ttl_s = std::chrono::duration_cast<seconds>(ttl).count();
    order.if_config = if_config;
    const auto given = central::give_command(work, stage.at(kHub).hub->ids(), order, UserId{});
    if (!given) return fail(given.error());
    id = given->command.id;
    return true;
  });
  return id;
}

/// As head office sees it; nothing: no answer yet.
std::optional<storage::CommandRow::End> answer(Stage& stage, domain::CommandId id) {
  const auto row = storage::find_command_row(stage.at(kHub).replica().connection(), id);
  REQUIRE(row);
  return row->end;
}

CommandOutcome outcome(Stage& stage, domain::CommandId id) {
  const auto end = answer(stage, id);
  REQUIRE(end);
  return end->outcome;
}

std::size_t times(Stage& stage, domain::CommandId id) {
  return stage.world().carried_out().count(id);
}

void check(Stage& stage) {
  stage.check_same_everywhere();
  check_commands(stage.world());
  for (const std::string& violation : stage.world().violations()) FAIL_CHECK(violation);
}

TEST_CASE("commands: a device that is there does as it is told, and says so", "[sim][commands]") {
  for (const Course& course : alone()) {
    CAPTURE(course.seed, course.rough);
    Stage stage(course);
    const auto id = give(stage, CommandVerb::kSendLog, hours(1));
    stage.settle();
    CHECK(outcome(stage, id) == CommandOutcome::kDone);
    CHECK(answer(stage, id)->detail == "done");
    CHECK(times(stage, id) == 1);
    check(stage);
  }
}

TEST_CASE("commands: an answer that finds the disk full comes when there is room",
          "[sim][commands]") {
  for (std::uint64_t seed = 1; seed <= 4; ++seed) {
    CAPTURE(seed);
    Stage stage({seed, kTill, kBench, false});
    Endpoint& till = stage.at(kTill);
    // From the deed on, for a while, nothing can be written, as with a full disk.
    const auto id = give(stage, CommandVerb::kSendLog, hours(1));
    while (times(stage, id) == 0) stage.pass(std::chrono::milliseconds(1));
    till.replica().connection().execute(
        "CREATE TEMP TRIGGER no_room BEFORE INSERT ON main.event_log BEGIN"
        " SELECT raise(ABORT, 'no room'); END");
    stage.pass(seconds(5));
    CHECK_FALSE(answer(stage, id));
    till.replica().connection().execute("DROP TRIGGER no_room");
    stage.settle();
    CHECK(outcome(stage, id) == CommandOutcome::kDone);
    CHECK(times(stage, id) == 1);
    check(stage);
  }
}

TEST_CASE("commands: one that waited too long is not begun, whatever the device's clock says",
          "[sim][commands]") {
  for (const Course& course : alone()) {
    for (const Duration jump : {-kDay, Duration(0), kDay}) {
      CAPTURE(course.seed, course.rough, jump.count());
      Stage stage(course);
      stage.cut({kTill});
      const auto id = give(stage, CommandVerb::kResync, seconds(60));
      stage.at(kTill).clock.jump(jump);
      stage.pass(seconds(90));
      stage.mend(kTill);
      stage.settle();
      CHECK(outcome(stage, id) == CommandOutcome::kExpired);
      CHECK(times(stage, id) == 0);
      check(stage);
    }
  }
}

TEST_CASE("commands: a clock that jumps lets none expire that is in time", "[sim][commands]") {
  for (const Duration jump : {-kDay, kDay}) {
    CAPTURE(jump.count());
    Stage stage({1, kTill, kBench, false});
    stage.at(kTill).clock.jump(jump);
    const auto id = give(stage, CommandVerb::kResync, seconds(60));
    stage.settle();
    CHECK(outcome(stage, id) == CommandOutcome::kDone);
    check(stage);
  }
}

TEST_CASE("commands: a device that was off does not trust its clock about what it had heard",
          "[sim][commands]") {
  for (const bool back : {false, true}) {
    CAPTURE(back);
    Stage stage({2, kTill, kBench, false});
    // It has heard the command, and waits for its time without the hub.
    domain::CommandId id;
    stage.must(kHub, [&](storage::UnitOfWork& work) -> Result<bool> {
      central::CommandOrder order;
      order.node = stage.at(kTill).node;
      order.verb = CommandVerb::kResync;
      order.not_before = UtcTime{stage.at(kHub).clock.utc_now().us + Duration(seconds(30)).count()};
      order.ttl_s = 30;
      const auto given = central::give_command(work, stage.at(kHub).hub->ids(), order, UserId{});
      if (!given) return fail(given.error());
      id = given->command.id;
      return true;
    });
    stage.pass(seconds(5));
    stage.world().network().set_link(kTill, false);
    stage.world().crash(stage.at(kTill));
    if (back) stage.at(kTill).clock.jump(-kDay);
    stage.pass(seconds(120));
    CHECK(times(stage, id) == 0);
    stage.mend(kTill);
    stage.settle();
    CHECK(outcome(stage, id) == CommandOutcome::kExpired);
    CHECK(times(stage, id) == 0);
    check(stage);
  }
}

TEST_CASE("commands: what was begun when the power failed is not begun again", "[sim][commands]") {
  for (const Course& course : alone()) {
    CAPTURE(course.seed, course.rough);
    Stage stage(course);
    int begun = 0;
    stage.at(kTill).agent->commands().set(
        CommandVerb::kResync,
        [&begun](const domain::NodeCommand&, const agent::CommandRunner::Finish&) {
          ++begun;
          throw PowerCut{kTill};
        });
    const auto id = give(stage, CommandVerb::kResync, hours(1));
    stage.settle();
    CHECK(begun == 1);
    CHECK(times(stage, id) == 0);  // the next life would have noted it
    CHECK(outcome(stage, id) == CommandOutcome::kFailed);
    CHECK_FALSE(answer(stage, id)->detail.empty());
    stage.check_same_everywhere();
  }
}

TEST_CASE("commands: a restart is done when the device is back", "[sim][commands]") {
  for (const CommandVerb verb : {CommandVerb::kRestart, CommandVerb::kRebuild}) {
    Stage stage({3, kTill, kBench, true});
    const int lives = stage.at(kTill).lives;
    const auto id = give(stage, verb, hours(1));
    stage.settle();
    CHECK(outcome(stage, id) == CommandOutcome::kDone);
    CHECK(stage.at(kTill).lives == lives + 1);
    CHECK(times(stage, id) == 1);
    check(stage);
  }
}

TEST_CASE("commands: of several of one kind that waited only the last is carried out",
          "[sim][commands]") {
  Stage stage({4, kTill, kBench, false});
  stage.cut({kTill});
  const auto first = give(stage, CommandVerb::kRestart, hours(1));
  const auto other = give(stage, CommandVerb::kResync, hours(1));
  const auto last = give(stage, CommandVerb::kRestart, hours(1));
  stage.world().network().set_link(kTill, true);  // it will be off for a moment
  stage.settle();
  CHECK(outcome(stage, first) == CommandOutcome::kSuperseded);
  CHECK(outcome(stage, other) == CommandOutcome::kDone);
  CHECK(outcome(stage, last) == CommandOutcome::kDone);
  check(stage);
}

TEST_CASE("commands: one for another configuration is superseded", "[sim][commands]") {
  Stage stage({5, kTill, kBench, false});
  const auto wrong = give(stage, CommandVerb::kResync, hours(1), 4);
  const auto right = give(stage, CommandVerb::kSendLog, hours(1), 0);
  stage.settle();
  CHECK(outcome(stage, wrong) == CommandOutcome::kSuperseded);
  CHECK(outcome(stage, right) == CommandOutcome::kDone);
  check(stage);
}

TEST_CASE("commands: a database that was put back does not do again what it forgot",
          "[sim][commands]") {
  for (const bool guarded : {true, false}) {
    for (const Course& course : alone()) {
      CAPTURE(course.seed, course.rough, guarded);
      Stage stage(course);
      if (!guarded) stage.at(kTill).guard.clear();
      stage.settle();
      const auto backup = stage.at(kTill).database + ".backup";
      stage.world().back_up(stage.at(kTill), backup);
      const auto id = give(stage, CommandVerb::kSendLog, hours(1));
      stage.settle();
      CHECK(times(stage, id) == 1);
      stage.pass(storage::kGuardDelay);
      stage.world().restore(stage.at(kTill), backup);
      stage.settle();
      stage.pass(seconds(40));
      CHECK(times(stage, id) == 1);
      // It does what it is told from now on.
      const auto next = give(stage, CommandVerb::kSendLog, hours(1));
      stage.settle();
      CHECK(outcome(stage, next) == CommandOutcome::kDone);
    }
  }
}

// The answer is a record and shows that the database is older; what was begun has none yet.
TEST_CASE("commands: a database put back to before the command was begun does not begin it again",
          "[sim][commands]") {
  for (const Course& course : alone()) {
    CAPTURE(course.seed, course.rough);
    Stage stage(course);
    stage.settle();
    stage.pass(storage::kGuardDelay);
    Endpoint& till = stage.at(kTill);
    const auto backup = till.database + ".backup";
    stage.world().back_up(till, backup);
    const auto id = give(stage, CommandVerb::kSendLog, hours(1));
    while (times(stage, id) == 0) stage.pass(std::chrono::milliseconds(1));
    stage.world().restore(till, backup);
    stage.settle();
    stage.pass(seconds(40));
    CHECK(times(stage, id) == 1);
    stage.settle();
    CHECK(outcome(stage, id) == CommandOutcome::kFailed);
  }
}

TEST_CASE("commands: nor does it if the hub's clock was put back meanwhile", "[sim][commands]") {
  for (const Course& course : alone()) {
    CAPTURE(course.seed, course.rough);
    Stage stage(course);
    stage.settle();
    Endpoint& till = stage.at(kTill);
    const auto backup = till.database + ".backup";
    stage.world().back_up(till, backup);
    const auto id = give(stage, CommandVerb::kSendLog, hours(1));
    while (times(stage, id) == 0) stage.pass(std::chrono::milliseconds(1));
    stage.at(kHub).clock.jump(-std::chrono::minutes(30));
    stage.world().restore(till, backup);
    stage.settle();
    stage.pass(seconds(40));
    CHECK(times(stage, id) == 1);
  }
}

TEST_CASE("commands: an empty database does nothing that was given before", "[sim][commands]") {
  Stage stage({6, kTill, kBench, false});
  const auto id = give(stage, CommandVerb::kSendLog, hours(1));
  stage.settle();
  CHECK(times(stage, id) == 1);
  Endpoint& till = stage.at(kTill);
  stage.world().crash(till);
  for (const char* const part : {"", "-wal", "-shm"}) {
    std::filesystem::remove(till.database + part);
  }
  std::filesystem::remove(till.guard);
  stage.pass(seconds(60));
  stage.settle();
  CHECK(times(stage, id) == 1);
}

}  // namespace
}  // namespace cairn::sim::commands_test
