#include "core/domain/node/node_command.h"

#include "tests/core/base/support/names.h"
#include "tests/support/catch.h"

namespace cairn::domain::node_command_test {
namespace {

using cairn::test::uuid;

constexpr std::int64_t kSecond = 1'000'000;

UtcTime at(std::int64_t seconds) { return {1'790'000'000'000'000 + seconds * kSecond}; }

/// To be carried out between 10 and 100, issued at 5.
NodeCommand order() {
  NodeCommand command;
  command.id = CommandId(uuid(1));
  command.verb = CommandVerb::kResync;
  command.not_before = at(10);
  command.expires = at(100);
  return command;
}

CommandSituation now(std::int64_t seconds) {
  CommandSituation situation;
  situation.hub_time = at(seconds);
  situation.at_least = at(0);
  situation.database_since = Hlc::of(at(1));
  situation.caught_up = true;
  situation.online = true;
  return situation;
}

template <class Judgement>
bool is(const CommandJudgement& judgement) {
  return std::holds_alternative<Judgement>(judgement);
}

CommandJudgement judged(const CommandSituation& situation) {
  return judge(order(), Hlc::of(at(5)), situation);
}

CommandOutcome over(const CommandJudgement& judgement) {
  REQUIRE(is<CommandIsOver>(judgement));
  return std::get<CommandIsOver>(judgement).outcome;
}

TEST_CASE("command: it runs from its time on, until it expires", "[domain][command]") {
  const auto early = judged(now(9));
  REQUIRE(is<CommandWaits>(early));
  CHECK(std::get<CommandWaits>(early).until == at(10));
  CHECK(is<CommandMayRun>(judged(now(10))));
  CHECK(is<CommandMayRun>(judged(now(99))));
  CHECK(over(judged(now(100))) == CommandOutcome::kExpired);
  CHECK(over(judged(now(101))) == CommandOutcome::kExpired);
}

TEST_CASE("command: without the hub's time it does not run, but may be seen to be over",
          "[domain][command]") {
  CommandSituation alone = now(50);
  alone.hub_time.reset();
  const auto judgement = judged(alone);
  REQUIRE(is<CommandWaits>(judgement));
  CHECK_FALSE(std::get<CommandWaits>(judgement).until);
  alone.at_least = at(100);
  CHECK(over(judged(alone)) == CommandOutcome::kExpired);
}

TEST_CASE("command: a clock that was set back revives nothing", "[domain][command]") {
  CommandSituation back = now(20);
  back.at_least = at(100);
  CHECK(over(judged(back)) == CommandOutcome::kExpired);
}

TEST_CASE("command: what an earlier database may have done is not done again",
          "[domain][command]") {
  CommandSituation fresh = now(50);
  fresh.database_since = Hlc::of(at(40));
  CHECK(over(judged(fresh)) == CommandOutcome::kFailed);
  // Expired is expired.
  fresh.hub_time = at(200);
  CHECK(over(judged(fresh)) == CommandOutcome::kExpired);
}

TEST_CASE("command: an answer that the hub may give back is waited for", "[domain][command]") {
  CommandSituation fresh = now(50);
  fresh.caught_up = false;
  CHECK(is<CommandMayRun>(judged(fresh)));
  fresh.database_since = Hlc::of(at(40));
  CHECK(is<CommandWaits>(judged(fresh)));
  fresh.hub_time = at(200);
  CHECK(is<CommandWaits>(judged(fresh)));
  fresh.database_since.reset();
  CHECK(is<CommandWaits>(judged(fresh)));
}

TEST_CASE("command: stamps are compared, whatever the clock said", "[domain][command]") {
  CommandSituation fresh = now(50);
  fresh.database_since = Hlc{Hlc::of(at(5)).value - 1};
  CHECK(is<CommandMayRun>(judged(fresh)));
  fresh.database_since = Hlc::of(at(5));  // the command was the last that the hub had recorded
  CHECK(over(judged(fresh)) == CommandOutcome::kFailed);
}

TEST_CASE("command: only the last of its kind runs", "[domain][command]") {
  CommandSituation later = now(50);
  later.later_one_waits = true;
  CHECK(over(judged(later)) == CommandOutcome::kSuperseded);
}

TEST_CASE("command: of another configuration it is superseded", "[domain][command]") {
  NodeCommand command = order();
  command.if_config = 3;
  CommandSituation situation = now(50);
  situation.config_version = 2;
  CHECK(over(judge(command, Hlc::of(at(5)), situation)) == CommandOutcome::kSuperseded);
  situation.config_version = 3;
  CHECK(is<CommandMayRun>(judge(command, Hlc::of(at(5)), situation)));
}

TEST_CASE("command: one that needs the hub waits for it", "[domain][command]") {
  NodeCommand command = order();
  command.requires_online = true;
  CommandSituation situation = now(50);
  situation.online = false;
  CHECK(is<CommandWaits>(judge(command, Hlc::of(at(5)), situation)));
  situation.online = true;
  CHECK(is<CommandMayRun>(judge(command, Hlc::of(at(5)), situation)));
}

TEST_CASE("command: names of verbs are read as they are written", "[domain][command]") {
  for (std::uint8_t number = 2; number <= 6; ++number) {
    const auto verb = static_cast<CommandVerb>(number);
    CHECK(parse_command_verb(name_of(verb)) == verb);
  }
  CHECK(name_of(CommandVerb{1}).empty());
  CHECK(name_of(CommandVerb{7}).empty());
  CHECK_FALSE(parse_command_verb("format_disk"));
  CHECK(name_of(CommandOutcome{5}).empty());
}

TEST_CASE("command: one that cannot ever run is not valid", "[domain][command]") {
  CHECK(validate(order()));
  NodeCommand command = order();
  command.expires = command.not_before;
  CHECK_FALSE(validate(command));
  command = order();
  command.argument = std::string(kCommandArgumentMost + 1, 'x');
  CHECK_FALSE(validate(command));
  command = order();
  command.expires = {INT64_MAX};
  CHECK_FALSE(validate(command));
}

}  // namespace
}  // namespace cairn::domain::node_command_test
