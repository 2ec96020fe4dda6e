#pragma once
// One device file of evdev (/dev/input/event…), from plugging in to unplugging: what the kernel is
// to the programs that have it open (linux/input.h). Any thread; umockdev's thread brings the
// ioctls of the programs.

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "core/runtime/unique_fd.h"
#include "tools/cairn-sim/usb/key_typing.h"
#include "tools/cairn-sim/usb/usb_bed.h"

#include <linux/input-event-codes.h>

#include <bitset>
#include <condition_variable>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

struct _UMockdevIoctlBase;
struct _UMockdevIoctlClient;

namespace cairn::simulator {

/// What it is told of itself; the port is set.
struct WedgeIdentity {
  std::uint16_t vendor = 0;
  std::uint16_t product = 0;
  std::string serial;  ///< empty: none
  std::string port;    ///< "1-1"
  bool types = true;   ///< false: it has the keys of a volume knob, and no others
};

class WedgeNode {
 public:
  WedgeNode(std::shared_ptr<UsbBed> bed, WedgeIdentity device);
  WedgeNode(const WedgeNode&) = delete;
  WedgeNode& operator=(const WedgeNode&) = delete;
  ~WedgeNode();

  /// Errors: kUnavailable "no_usb_device".
  Result<> appear();
  /// Programs that have it open read what was written and then see a hang-up. Their ioctls are
  /// answered (ENODEV) for as long as this exists.
  void disappear();

  /// Some program has it for itself (EVIOCGRAB).
  [[nodiscard]] bool is_grabbed() const;
  /// How often one took it, and how often one gave it back before it let go of the file.
  struct Grabs {
    std::uint64_t taken = 0;
    std::uint64_t given_back = 0;
  };
  [[nodiscard]] Grabs grabs() const;
  /// A key goes down or up. Errors: kUnavailable "not_read" (nobody has read for two seconds).
  Result<> write(Keystroke stroke);
  /// The same, but the event is lost on the way.
  void lose(Keystroke stroke);
  /// Tells that events were lost, and waits until the program has asked how the keys are. Errors:
  /// kUnavailable "not_read".
  Result<> tell_lost();
  [[nodiscard]] bool is_down(std::uint16_t code) const;

 private:
  struct Object {  // lets go of a GObject
    void operator()(void* object) const;
  };

  static int handle(_UMockdevIoctlBase* base, _UMockdevIoctlClient* client, void* node);
  /// What the ioctl returns; below 0: minus an errno.
  int answer(_UMockdevIoctlClient* client);
  int grab(bool on);
  [[nodiscard]] Bytes told(unsigned request, std::size_t most) const;
  Result<> write_frame(std::uint16_t type, std::uint16_t code, std::int32_t value);

  const std::shared_ptr<UsbBed> bed_;
  const WedgeIdentity device_;
  const int number_;
  const std::string path_;   // of the device file
  const std::string place_;  // of it in the bed
  const std::unique_ptr<_UMockdevIoctlBase, Object> base_;
  mutable std::mutex mutex_;  // guards what follows
  std::condition_variable asked_;
  runtime::UniqueFd fifo_;
  bool grabbed_ = false;
  Grabs grabs_;
  std::bitset<KEY_CNT> down_;
  std::uint64_t times_asked_ = 0;  // how the keys are
};

}  // namespace cairn::simulator
