#include "edge-agent/devices/device_board.h"

#include "edge-agent/devices/open_all.h"
#include "tests/core/storage/support/store.h"
#include "tests/sim/sim_random.h"
#include "tests/sim/sim_time.h"
#include "tests/support/catch.h"

#include <string>
#include <vector>

namespace cairn::agent::device_board_test {
namespace {

using devices::DeviceState;
using devices::WeightReading;

DeviceSettings device(const std::string& name, const std::string& kind,
                      const std::string& station) {
  DeviceSettings settings;
  settings.device.name = name;
  settings.device.kind = kind;
  settings.station = station;
  return settings;
}

struct Agent {
  sim::Timeline timeline;
  sim::SimClock clock{timeline, Duration(0)};
  sim::SimRandom random{1};
  sim::SimExecutor executor{timeline};
  storage::test::RecordingLog log;
  Metrics metrics;
  runtime::SseHub stream{clock, metrics};
  DeviceBoard board;

  explicit Agent(const std::vector<DeviceSettings>& settings)
      : board(settings, {clock, random, executor, log, metrics}, stream) {}
};

WeightReading kilogram(WeightReading::State state = WeightReading::State::kStable) {
  return {"scale-1", state, 1'000'000, "1.000 kg", MonoTime{5}};
}

TEST_CASE("device board: a station has its own device, else the only one that belongs to none",
          "[agent][devices]") {
  Agent one({device("zebra-1", "printer", "bench-1"), device("zebra-9", "printer", ""),
             device("scale-2", "scale", "bench-2")});
  CHECK(one.board.device_of("printer", "bench-1") == "zebra-1");
  CHECK(one.board.device_of("printer", "bench-2") == "zebra-9");
  CHECK(one.board.device_of("scale", "bench-2") == "scale-2");
  CHECK_FALSE(one.board.device_of("scale", "bench-1"));
  CHECK(one.board.device_of("printer", "") == "zebra-9");
  Agent two({device("zebra-8", "printer", ""), device("zebra-9", "printer", "")});
  CHECK_FALSE(two.board.device_of("printer", "bench-1"));
}

TEST_CASE("device board: what a device says of itself is shown, logged and measured",
          "[agent][devices]") {
  Agent agent({device("scale-1", "scale", "bench-1")});
  CHECK(agent.board.status("scale-1").state == DeviceState::kOffline);
  CHECK(agent.board.status("scale-1").detail == "not tried yet");
  agent.board.on_state({"scale-1", DeviceState::kOnline, ""});
  CHECK(agent.board.status("scale-1").state == DeviceState::kOnline);
  CHECK(agent.log.events == std::vector<std::string>{"device_state"});
  agent.board.change("scale-1", [](DeviceBoard::Status& now) { now.weight = kilogram(); });
  // What it said is not what lies on it now.
  agent.board.on_state({"scale-1", DeviceState::kOffline, "unplugged"});
  CHECK_FALSE(agent.board.status("scale-1").weight);
  CHECK(agent.board.statuses().at(0).detail == "unplugged");
}

TEST_CASE("device board: only a weight at rest is a figure", "[agent][devices]") {
  CHECK(weight_json(std::nullopt).dump() == "null");
  CHECK(weight_json(kilogram()).dump() ==
        R"({"state":"stable","weight_mg":1000000,"shown":"1.000 kg"})");
  for (const auto state : {WeightReading::State::kUnstable, WeightReading::State::kOver,
                           WeightReading::State::kUnder}) {
    CHECK_THAT(weight_json(kilogram(state)).dump(),
               Catch::Contains(R"("weight_mg":null,"shown":null)"));
  }
}

TEST_CASE("device board: a device on a page", "[agent][devices]") {
  Agent agent({device("scale-1", "scale", "bench-1")});
  const std::string fresh = device_json(agent.board.status("scale-1")).dump();
  CHECK_THAT(
      fresh,
      Catch::Contains(R"("name":"scale-1","kind":"scale")") &&
          Catch::Contains(R"("last_read_at":null,"last_data_at":null,"opened":0,"went_offline":0,)"
                          R"("labels":null,"last_error":null,"weight":null)"));
  agent.board.change("scale-1", [](DeviceBoard::Status& now) {
    now.reads = 3;
    now.last_read_at = UtcTime{1'790'000'000'000'000};
  });
  CHECK_THAT(device_json(agent.board.status("scale-1")).dump(),
             Catch::Contains(R"("reads":3,"failed_reads":0,"last_read_at":"2026-)"));
}

TEST_CASE("device board: what a device has done is counted, its last fault is kept",
          "[agent][devices]") {
  Agent agent({device("gun-1", "scanner", "bench-1"), device("zebra-1", "printer", "")});
  const auto now = [&agent](const std::string& name) {
    return agent.board.status(name).statistics;
  };
  CHECK_FALSE(now("gun-1").last_fault);
  agent.board.on_state({"gun-1", DeviceState::kOnline, ""});
  const UtcTime online = now("gun-1").since;
  agent.timeline.at(agent.timeline.now() + Duration(5), [] {});
  agent.timeline.run_one(agent.timeline.now() + Duration(5));
  agent.board.on_state({"gun-1", DeviceState::kOnline, "it does not say how it is"});
  CHECK(now("gun-1").since == online);
  agent.board.on_state({"gun-1", DeviceState::kOffline, "the device went away"});
  CHECK(now("gun-1").since == UtcTime{online.us + 5});
  CHECK(now("gun-1").last_fault->sentence == "the device went away");
  agent.board.on_state({"gun-1", DeviceState::kOffline, "no such device"});
  agent.board.on_state({"gun-1", DeviceState::kOnline, ""});
  CHECK(now("gun-1").opened == 2);
  CHECK(now("gun-1").offline == 1);

  CHECK(agent.board.on_read("gun-1").station == "bench-1");
  CHECK(now("gun-1").last_data_at);
  agent.board.on_failed_read("gun-1", "scan again");
  CHECK_THAT(device_json(agent.board.status("gun-1")).dump(),
             Catch::Contains(R"("last_error":{"locus":"input","response":"continue",)"
                             R"("sentence":"scan again")"));

  using Outcome = devices::PrintResult::Outcome;
  agent.board.on_state({"zebra-1", DeviceState::kOnline, ""});
  for (const Outcome outcome : {Outcome::kDone, Outcome::kFailed, Outcome::kUnknown}) {
    agent.board.on_label_begun("zebra-1");
    CHECK(control_state_name(agent.board.status("zebra-1")) == "busy");
    agent.board.on_label_ended({"zebra-1", "job", outcome, "paper out"});
    CHECK(control_state_name(agent.board.status("zebra-1")) == "idle");
  }
  CHECK_THAT(device_json(agent.board.status("zebra-1")).dump(),
             Catch::Contains(R"("labels":{"under_way":0,"done":1,"failed":1,"unknown":1})") &&
                 Catch::Contains(R"({"locus":"output","response":"clear","sentence":"paper out")"));
}

TEST_CASE("device board: a released device is closed, and no fault", "[agent][devices]") {
  Agent agent({device("scale-1", "scale", "bench-1")});
  CHECK(control_state_name(agent.board.status("scale-1")) == "error");
  agent.board.on_state({"scale-1", DeviceState::kOnline, ""});
  agent.board.change("scale-1", [](DeviceBoard::Status& now) { now.weight = kilogram(); });
  agent.board.on_released("scale-1");
  const auto released = agent.board.status("scale-1");
  CHECK(state_name(released) == "released");
  CHECK(control_state_name(released) == "closed");
  CHECK_FALSE(released.weight);
  CHECK_FALSE(released.statistics.last_fault);
  CHECK(released.statistics.offline == 0);
  agent.board.on_claimed("scale-1");
  CHECK(state_name(agent.board.status("scale-1")) == "offline");
  CHECK_FALSE(agent.board.status("scale-1").statistics.last_fault);
  CHECK_FALSE(agent.board.find("scale-2"));
}

TEST_CASE("device board: every device that cannot be opened is named at once", "[agent][devices]") {
  Agent agent({device("scale-1", "scale", ""), device("zebra-1", "printer", ""),
               device("zebra-2", "printer", ""), device("zebra-3", "printer", "")});
  std::vector<std::string> tried;
  const auto open = [&tried](const devices::DeviceConfig& one) -> Result<> {
    tried.push_back(one.name);
    if (one.name == "zebra-2") return {};
    return fail(ErrorCode::kInvalid, "bad_device", one.name + " has no such address");
  };
  const auto opened = open_all(agent.board, "printer", open);
  REQUIRE_FALSE(opened);
  CHECK(opened.error().reason == "bad_device");
  CHECK(opened.error().message == "zebra-1 has no such address; zebra-3 has no such address");
  CHECK(tried == std::vector<std::string>{"zebra-1", "zebra-2", "zebra-3"});
  CHECK(open_all(agent.board, "camera", open));
}

}  // namespace
}  // namespace cairn::agent::device_board_test
