#include "edge-agent/devices/camera_desk.h"

#include "core/runtime/system_clock.h"
#include "tests/support/catch.h"

#include <atomic>
#include <future>
#include <semaphore>
#include <string>
#include <thread>
#include <vector>

namespace cairn::agent::camera_desk_test {
namespace {

using devices::DecodedImage;
using devices::Effort;

/// A decoder that takes each picture when it is told to, and says in which order they came.
class Decoder {
 public:
  CameraDesk::Decode port() {
    return [this](BytesView picture, Effort) -> Result<DecodedImage> {
      taken_.emplace_back(picture);
      begun_.release();
      go_.acquire();
      DecodedImage image;
      image.width = static_cast<int>(picture.size());
      return image;
    };
  }
  void wait_begun() { begun_.acquire(); }
  void finish() { go_.release(); }
  [[nodiscard]] const std::vector<std::string>& taken() const { return taken_; }

 private:
  std::vector<std::string> taken_;
  std::counting_semaphore<> begun_{0};
  std::counting_semaphore<> go_{0};
};

/// The reason of a failed decoding, or the picture's width.
std::string outcome(const Result<DecodedImage>& image) {
  return image ? std::to_string(image->width) : image.error().reason;
}

std::future<std::string> later(CameraDesk& desk, std::string station, std::string picture) {
  return std::async(std::launch::async, [&desk, station, picture] {
    return outcome(desk.decode(station, picture, Effort::kFrame));
  });
}

TEST_CASE("camera desk: a picture that waits gives way to a newer one of its station",
          "[agent][camera][threads]") {
  const runtime::SystemClock clock;
  Decoder decoder;
  CameraDesk desk(decoder.port(), clock);
  auto first = later(desk, "bench-1", "1");
  decoder.wait_begun();
  auto second = later(desk, "bench-1", "22");
  auto third = later(desk, "bench-1", "333");
  // One of the two came first, and was told to go; or both waited in vain on a slow machine.
  const auto gone = [](std::future<std::string>& one) {
    return one.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
  };
  while (!gone(second) && !gone(third)) std::this_thread::yield();
  CHECK((gone(second) ? second : third).get() == "decoder_busy");
  decoder.finish();
  decoder.finish();
  CHECK(first.get() == "1");
  const std::string last = (second.valid() ? second : third).get();
  CHECK((last == "2" || last == "3" || last == "decoder_busy"));
  CHECK(decoder.taken().front() == "1");
  CHECK(decoder.taken().size() <= 2);
}

TEST_CASE("camera desk: one picture after the other, each answered", "[agent][camera][threads]") {
  const runtime::SystemClock clock;
  std::atomic<int> inside = 0;
  std::atomic<bool> together = false;
  CameraDesk desk(
      [&](BytesView picture, Effort) -> Result<DecodedImage> {
        if (++inside > 1) together = true;
        std::this_thread::yield();
        --inside;
        DecodedImage image;
        image.width = static_cast<int>(picture.size());
        return image;
      },
      clock);
  std::vector<std::future<std::string>> all;
  for (std::size_t i = 0; i < 4; ++i) {
    all.push_back(std::async(std::launch::async, [&desk, i] {
      std::string said;
      for (int round = 0; round < 50; ++round) {
        said = outcome(
            desk.decode("bench-" + std::to_string(i), std::string(i + 1, 'x'), Effort::kFrame));
        if (said != std::to_string(i + 1)) return said;
      }
      return std::string("all");
    }));
  }
  for (auto& one : all) CHECK(one.get() == "all");
  CHECK_FALSE(together);
}

TEST_CASE("camera desk: too many stations are told so at once", "[agent][camera][threads]") {
  const runtime::SystemClock clock;
  Decoder decoder;
  CameraDesk desk(decoder.port(), clock);
  auto first = later(desk, "bench-0", "1");
  decoder.wait_begun();
  std::vector<std::future<std::string>> all;
  for (std::size_t i = 1; i <= CameraDesk::kWaitingMost + 1; ++i) {
    all.push_back(later(desk, "bench-" + std::to_string(i), "1"));
  }
  const auto is_told = [](std::future<std::string>& one) {
    return one.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
  };
  while (std::ranges::none_of(all, is_told)) std::this_thread::yield();
  for (std::size_t i = 0; i <= all.size(); ++i) decoder.finish();
  CHECK(first.get() == "1");
  int busy = 0;
  for (auto& one : all) busy += one.get() == "decoder_busy" ? 1 : 0;
  CHECK(busy >= 1);
}

TEST_CASE("camera desk: a failure is its picture's only", "[agent][camera]") {
  const runtime::SystemClock clock;
  int calls = 0;
  CameraDesk desk(
      [&calls](BytesView, Effort) -> Result<DecodedImage> {
        if (++calls == 1) return fail(ErrorCode::kUnavailable, "decoder_lost", "it ended");
        return DecodedImage{};
      },
      clock);
  CHECK(outcome(desk.decode("bench-1", "x", Effort::kPhoto)) == "decoder_lost");
  CHECK(outcome(desk.decode("bench-1", "x", Effort::kPhoto)) == "0");
}

}  // namespace
}  // namespace cairn::agent::camera_desk_test
