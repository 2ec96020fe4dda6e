#include "edge-agent/devices/camera_sights.h"

#include "tests/support/catch.h"

namespace cairn::agent::camera_sights_test {
namespace {

using std::chrono::milliseconds;

/// A station's camera, and whether what it sees is a scan.
struct Camera {
  CameraSights& sights;
  std::string station = "bench-1";

  bool sees(const std::string& code, int ms) {
    looks({code}, ms);
    return sights.is_new(station, code, MonoTime{} + milliseconds(ms));
  }
  void looks(const std::set<std::string>& codes, int ms) {
    sights.look(station, codes, MonoTime{} + milliseconds(ms));
  }
};

TEST_CASE("camera sights: a label that stays in sight is scanned once", "[agent][camera]") {
  CameraSights sights;
  Camera camera{sights};
  CHECK(camera.sees("A", 0));
  for (int ms = 200; ms <= 60'000; ms += 200) CHECK_FALSE(camera.sees("A", ms));
}

TEST_CASE("camera sights: blurred pictures for less than 1.5 s are no new label",
          "[agent][camera]") {
  CameraSights sights;
  Camera camera{sights};
  CHECK(camera.sees("A", 0));
  for (int ms = 200; ms < 1500; ms += 200) camera.looks({}, ms);
  CHECK_FALSE(camera.sees("A", 1499));
  for (int ms = 1600; ms < 2999; ms += 200) camera.looks({}, ms);
  CHECK(camera.sees("A", 2999));
}

TEST_CASE("camera sights: slow pictures are no reason to scan again", "[agent][camera]") {
  CameraSights sights;
  Camera camera{sights};
  CHECK(camera.sees("A", 0));
  CHECK_FALSE(camera.sees("A", 5000));
  CHECK_FALSE(camera.sees("A", 14'999));
  CHECK(camera.sees("A", 24'999));
}

TEST_CASE("camera sights: another code, or another station's camera, is another scan",
          "[agent][camera]") {
  CameraSights sights;
  Camera one{sights};
  Camera other{sights, "bench-2"};
  CHECK(one.sees("A", 0));
  CHECK(one.sees("B", 200));
  CHECK(other.sees("A", 200));
  CHECK_FALSE(one.sees("A", 400));
  CHECK_FALSE(other.sees("A", 400));
}

TEST_CASE("camera sights: a lifted label is new, at its station only", "[agent][camera]") {
  CameraSights sights;
  Camera one{sights};
  Camera other{sights, "bench-2"};
  CHECK(one.sees("A", 0));
  CHECK(other.sees("A", 0));
  sights.lift("bench-1");
  CHECK(one.sees("A", 100));
  CHECK_FALSE(other.sees("A", 100));
}

TEST_CASE("camera sights: a scan that was not saved leaves its label new", "[agent][camera]") {
  CameraSights sights;
  Camera camera{sights};
  CHECK(camera.sees("A", 0));
  sights.forget("bench-1", "A");
  CHECK(camera.sees("A", 100));
}

TEST_CASE("camera sights: a label seen beside others stays the sight that it was",
          "[agent][camera]") {
  CameraSights sights;
  Camera camera{sights};
  CHECK(camera.sees("A", 0));
  for (int ms = 200; ms <= 4000; ms += 200) camera.looks({"A", "B"}, ms);
  CHECK_FALSE(camera.sees("A", 4200));
  CHECK(camera.sees("B", 4200));
}

}  // namespace
}  // namespace cairn::agent::camera_sights_test
