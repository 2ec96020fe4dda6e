#include "core/domain/node/node_config.h"

#include "tests/support/catch.h"

#include <string>

namespace cairn::domain::node_config_test {
namespace {

const ConfigVersion kOne{1, R"({"log_level":"debug"})"};
const ConfigVersion kTwo{2, R"({"log_level":"warn"})"};

ConfigState with_good(const ConfigVersion& good) {
  ConfigState state;
  state.good = good;
  state.last = {good.version, ConfigOutcome::kApplied, ""};
  return state;
}

TEST_CASE("config trial: a version that works is in force", "[domain][config]") {
  ConfigState state;
  CHECK(state.current() == ConfigVersion{0, "{}"});
  REQUIRE(begin_trial(state, kOne));
  note_start(state);
  CHECK(state.current() == kOne);
  accept_trial(state);
  CHECK(state == with_good(kOne));
  // From now on a start is only a start.
  note_start(state);
  CHECK(state == with_good(kOne));
}

TEST_CASE("config trial: a version that does not work leaves the one before in force",
          "[domain][config]") {
  ConfigState state = with_good(kOne);
  REQUIRE(begin_trial(state, kTwo));
  note_start(state);
  revert_trial(state, "the printer's address is none");
  CHECK(state.current() == kOne);
  CHECK(state.last.version == 2);
  CHECK(state.last.outcome == ConfigOutcome::kReverted);
  CHECK(state.last.error == "the printer's address is none");
}

TEST_CASE("config trial: what was tried once is not tried again by itself", "[domain][config]") {
  ConfigState state = with_good(kOne);
  CHECK_FALSE(begin_trial(state, kOne));
  REQUIRE(begin_trial(state, kTwo));
  note_start(state);
  revert_trial(state, "no");
  CHECK_FALSE(begin_trial(state, kTwo));
  CHECK_FALSE(begin_trial(state, kOne));
  CHECK(begin_trial(state, {3, kTwo.values}));
}

TEST_CASE("config trial: one version at a time", "[domain][config]") {
  ConfigState state;
  REQUIRE(begin_trial(state, kOne));
  CHECK_FALSE(begin_trial(state, kTwo));
  note_start(state);
  accept_trial(state);
  CHECK(begin_trial(state, kTwo));
}

TEST_CASE("config trial: starts that come to nothing end it", "[domain][config]") {
  ConfigState state = with_good(kOne);
  REQUIRE(begin_trial(state, kTwo));
  for (unsigned start = 0; start < kTrialStartsMost; ++start) {
    note_start(state);
    CHECK(state.current() == kTwo);
  }
  note_start(state);
  CHECK(state.current() == kOne);
  CHECK(state.last.outcome == ConfigOutcome::kReverted);
  CHECK_FALSE(state.last.error.empty());
}

TEST_CASE("config trial: a version that cannot be read is refused without a trial",
          "[domain][config]") {
  ConfigState state = with_good(kOne);
  refuse_version(state, 2, "unknown key");
  CHECK(state.current() == kOne);
  CHECK(state.last.version == 2);
  CHECK(state.last.outcome == ConfigOutcome::kRefused);
  CHECK_FALSE(begin_trial(state, kTwo));
}

TEST_CASE("config trial: without one nothing is accepted or reverted", "[domain][config]") {
  const ConfigState before = with_good(kOne);
  ConfigState state = before;
  accept_trial(state);
  revert_trial(state, "no");
  note_start(state);
  CHECK(state == before);
}

TEST_CASE("config trial: a good version that the file does not fit any more is dropped",
          "[domain][config]") {
  ConfigState state = with_good(kOne);
  drop_good(state, "two devices of one name");
  CHECK(state.current() == ConfigVersion{0, "{}"});
  CHECK(state.last.version == 1);
  CHECK(state.last.outcome == ConfigOutcome::kReverted);
  CHECK_FALSE(begin_trial(state, kOne));
}

TEST_CASE("config trial: a long reason is cut", "[domain][config]") {
  ConfigState state;
  REQUIRE(begin_trial(state, kOne));
  revert_trial(state, std::string(10'000, 'x'));
  CHECK(state.last.error.size() == kConfigErrorMost);
}

}  // namespace
}  // namespace cairn::domain::node_config_test
