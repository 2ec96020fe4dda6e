#include "edge-agent/devices/camera_sights.h"

#include "tests/support/catch.h"

namespace cairn::agent::camera_sights_test {
namespace {

using std::chrono::milliseconds;

MonoTime at(int ms) { return MonoTime{} + milliseconds(ms); }

TEST_CASE("camera sights: a label that stays in sight is scanned once", "[agent][camera]") {
  CameraSights sights;
  CHECK(sights.is_new("bench-1", "A", at(0)));
  for (int ms = 200; ms <= 10'000; ms += 200) CHECK_FALSE(sights.is_new("bench-1", "A", at(ms)));
  CHECK_FALSE(sights.is_new("bench-1", "A", at(11'499)));
  CHECK(sights.is_new("bench-1", "A", at(12'999)));
}

TEST_CASE("camera sights: another code, or another station's camera, is another scan",
          "[agent][camera]") {
  CameraSights sights;
  CHECK(sights.is_new("bench-1", "A", at(0)));
  CHECK(sights.is_new("bench-1", "B", at(200)));
  CHECK(sights.is_new("bench-2", "A", at(200)));
  CHECK_FALSE(sights.is_new("bench-1", "A", at(400)));
}

TEST_CASE("camera sights: a lifted label is new, at its station only", "[agent][camera]") {
  CameraSights sights;
  CHECK(sights.is_new("bench-1", "A", at(0)));
  CHECK(sights.is_new("bench-2", "A", at(0)));
  sights.lift("bench-1");
  CHECK(sights.is_new("bench-1", "A", at(100)));
  CHECK_FALSE(sights.is_new("bench-2", "A", at(100)));
}

TEST_CASE("camera sights: a scan that was not saved leaves its label new", "[agent][camera]") {
  CameraSights sights;
  CHECK(sights.is_new("bench-1", "A", at(0)));
  sights.forget("bench-1", "A");
  CHECK(sights.is_new("bench-1", "A", at(100)));
}

TEST_CASE("camera sights: a label seen beside others stays the sight that it was",
          "[agent][camera]") {
  CameraSights sights;
  CHECK(sights.is_new("bench-1", "A", at(0)));
  for (int ms = 200; ms <= 4000; ms += 200) {
    sights.renew("bench-1", "A", at(ms));
    sights.renew("bench-1", "B", at(ms));
  }
  CHECK_FALSE(sights.is_new("bench-1", "A", at(4200)));
  CHECK(sights.is_new("bench-1", "B", at(4200)));
}

}  // namespace
}  // namespace cairn::agent::camera_sights_test
