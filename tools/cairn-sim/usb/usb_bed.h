#pragma once
// The machine that virtual USB devices are plugged into: a umockdev testbed. Programs that are
// started with its folder as UMOCKDEV_DIR, under umockdev-wrapper, see its devices instead of the
// real ones. One in a process; any thread.

#include "core/base/result.h"

#include <memory>
#include <mutex>
#include <string>

struct _UMockdevTestbed;

namespace cairn::simulator {

class UsbBed {
 public:
  /// Errors: kUnavailable "no_umockdev" (this program itself was not started under
  /// umockdev-wrapper).
  static Result<std::shared_ptr<UsbBed>> create();

  UsbBed(const UsbBed&) = delete;
  UsbBed& operator=(const UsbBed&) = delete;
  ~UsbBed();

  [[nodiscard]] const std::string& dir() const { return dir_; }
  [[nodiscard]] _UMockdevTestbed* testbed() const { return testbed_; }
  /// What the system calls the next device that is plugged in, 2 to 127.
  int next_number();
  /// The next free port, "1-1" and on.
  std::string next_port();

 private:
  explicit UsbBed(_UMockdevTestbed* testbed);

  _UMockdevTestbed* const testbed_;
  std::string dir_;
  std::mutex mutex_;
  int number_ = 1;
  int port_ = 0;
};

}  // namespace cairn::simulator
