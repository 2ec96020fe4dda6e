#include "tools/cairn-sim/usb/usb_bed.h"

#include <fmt/format.h>

#include <cstdlib>
#include <string_view>
#include <umockdev.h>

namespace cairn::simulator {

Result<std::shared_ptr<UsbBed>> UsbBed::create() {
  const char* const preloaded = std::getenv("LD_PRELOAD");
  if (preloaded == nullptr ||
      std::string_view(preloaded).find("umockdev-preload") == std::string_view::npos) {
    return fail(ErrorCode::kUnavailable, "no_umockdev",
                "USB devices are played under umockdev: start it as \"umockdev-wrapper cairn-sim "
                "…\"");
  }
  // umockdev takes every path below /dev for a device's: its own folder must not be there.
  const char* const temporary = std::getenv("TMPDIR");
  if (temporary != nullptr && std::string_view(temporary).starts_with("/dev/")) {
    ::setenv("TMPDIR", "/tmp", 1);
  }
  return std::shared_ptr<UsbBed>(new UsbBed(umockdev_testbed_new()));
}

UsbBed::UsbBed(UMockdevTestbed* testbed) : testbed_(testbed) {
  char* const dir = umockdev_testbed_get_root_dir(testbed_);
  dir_ = dir;
  g_free(dir);
}

UsbBed::~UsbBed() { g_object_unref(testbed_); }

int UsbBed::next_number() {
  constexpr int kFirst = 2;  // 1 is the bus itself
  constexpr int kLast = 127;
  const std::scoped_lock lock(mutex_);
  number_ = number_ == kLast ? kFirst : number_ + 1;
  return number_;
}

std::string UsbBed::next_port() {
  const std::scoped_lock lock(mutex_);
  return fmt::format("1-{}", ++port_);
}

}  // namespace cairn::simulator
