// Which protocol a scale speaks is said by the configuration, and that may be wrong: every driver
// is put on every other protocol's scale.

#include "device-drivers/scales/scale_protocols.h"
#include "device-drivers/scales/scale_session.h"
#include "tests/support/catch.h"
#include "tools/cairn-sim/scale_speech.h"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cairn::devices::other_protocol_test {
namespace {

using simulator::ScaleMechanism;
using std::chrono::milliseconds;

/// A driver's session and a scale on one line, in virtual time.
class Line final : private ScaleSession::Out {
 public:
  Line(const ScaleProtocolEntry& driver, std::string_view spoken, bool parity)
      : session_(driver.make(WeightUnit::kKilogram), *this),
        speech_(simulator::make_scale_speech(spoken).value()),
        parity_(parity) {
    session_.watch(true);
    session_.opened(now_);
  }

  /// Both talk for so long, with the scale loaded like that.
  void run(const std::function<void(ScaleMechanism&, MonoTime)>& load, Duration how_long) {
    constexpr Duration kStep = milliseconds(10);
    load(scale_, now_);
    for (const MonoTime end = now_ + how_long; now_ < end; now_ = now_ + kStep) {
      const auto every = speech_->every();
      if (every && now_ >= talks_at_) {
        talks_at_ = now_ + *every;
        hears(speech_->talk(scale_, now_));
      }
      const std::string asked = session_.to_send();
      for (const char octet : asked) hears(speech_->hear(octet, scale_, now_).octets);
      session_.quiet(now_);
    }
  }

  [[nodiscard]] const std::vector<std::string>& readings() const { return readings_; }
  [[nodiscard]] const std::optional<std::string>& away() const { return away_; }

 private:
  void hears(const Bytes& octets) {
    if (octets.empty()) return;
    session_.received(parity_ ? simulator::with_even_parity(octets) : octets, now_);
  }
  void on_reading(WeightReading reading) override {
    readings_.push_back(std::string(name_of(reading.state)) + " " + reading.shown);
  }
  void on_there() override { away_.reset(); }
  void on_away(const std::string& why) override { away_ = why; }

  ScaleSession session_;
  ScaleMechanism scale_{milliseconds(300)};
  std::unique_ptr<simulator::ScaleSpeech> speech_;
  const bool parity_;
  MonoTime now_{1'000'000};
  MonoTime talks_at_{};
  std::vector<std::string> readings_;
  std::optional<std::string> away_;
};

TEST_CASE("other protocol: a scale that speaks another one is offline, and never has a weight",
          "[devices][scale][protocols]") {
  const bool parity = GENERATE(false, true);
  int pairs = 0;
  for (const ScaleProtocolEntry& driver : scale_protocols()) {
    for (const ScaleProtocolEntry& spoken : scale_protocols()) {
      if (driver.name == spoken.name) continue;
      ++pairs;
      CAPTURE(driver.name, spoken.name, parity);
      Line line(driver, spoken.name, parity);
      for (const std::int64_t grams : {0, 5, 1'250, 12'345, 99'999}) {
        line.run([grams](ScaleMechanism& scale, MonoTime now) { scale.put(grams, now); },
                 std::chrono::seconds(5));
      }
      line.run([](ScaleMechanism& scale, MonoTime) { scale.move(); }, std::chrono::seconds(3));
      line.run([](ScaleMechanism& scale, MonoTime) { scale.overload(); }, std::chrono::seconds(3));
      line.run([](ScaleMechanism& scale, MonoTime) { scale.lift(); }, std::chrono::seconds(5));
      CHECK(line.readings() == std::vector<std::string>{});
      CHECK(line.away().value_or("it is there") == "the scale does not answer: is it switched on?");
    }
  }
  CHECK(pairs == 42);
}

TEST_CASE("other protocol: on the same line the right one has a weight",
          "[devices][scale][protocols]") {
  for (const ScaleProtocolEntry& driver : scale_protocols()) {
    CAPTURE(driver.name);
    Line line(driver, driver.name, false);
    line.run([](ScaleMechanism& scale, MonoTime now) { scale.put(1'250, now); },
             std::chrono::seconds(5));
    REQUIRE_FALSE(line.readings().empty());
    CHECK_THAT(line.readings().back(), Catch::StartsWith("stable 1"));
    CHECK_FALSE(line.away());
  }
}

}  // namespace
}  // namespace cairn::devices::other_protocol_test
