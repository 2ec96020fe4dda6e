#pragma once
// One device file of usbfs, from plugging in to unplugging: the ioctls of the programs that have it
// open (linux/usbdevice_fs.h). Its wire's lock guards it.

#include "core/base/bytes.h"
#include "core/base/result.h"
#include "core/base/time.h"
#include "core/runtime/unique_fd.h"
#include "tools/cairn-sim/usb/usb_wire.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <initializer_list>
#include <map>
#include <memory>
#include <string>

struct _UMockdevIoctlBase;
struct _UMockdevIoctlClient;
struct _UMockdevIoctlData;
struct usbdevfs_urb;

namespace cairn::simulator {

class UsbNode {
 public:
  UsbNode(UsbWire& wire, int number);
  UsbNode(const UsbNode&) = delete;
  UsbNode& operator=(const UsbNode&) = delete;
  ~UsbNode();

  /// Errors: kUnavailable "no_usb_device".
  Result<> appear();
  /// Programs that have it open see a hang-up; they may still fetch what was completed.
  void hang_up();
  [[nodiscard]] bool has_unfetched() const { return !done_.empty(); }
  /// Not under the wire's lock.
  void disappear();

  [[nodiscard]] bool is_claimed() const { return !claimed_.empty(); }
  /// Completes what can be: messages for transfers that wait for one, octets that are taken.
  void pump();
  void put(Bytes message) { messages_.push_back(std::move(message)); }
  void forget_messages() { messages_.clear(); }

 private:
  struct Object {  // lets go of a GObject
    void operator()(void* object) const;
  };
  template <class T>
  using Ref = std::unique_ptr<T, Object>;
  struct Urb {
    Ref<_UMockdevIoctlData> data;
    Ref<_UMockdevIoctlData> buffer;  // null: of no length
    _UMockdevIoctlClient* client;
    std::size_t taken = 0;  // octets towards the device that it has already
    [[nodiscard]] usbdevfs_urb& urb() const;
  };
  using Urbs = std::deque<Urb>;
  struct LateAnswer {  // of a slow device, to a request
    MonoTime due;
    Urb urb;
    int status = 0;
    std::size_t octets = 0;
  };

  static int handle(_UMockdevIoctlBase* base, _UMockdevIoctlClient* client, void* node);
  int ioctl(_UMockdevIoctlClient* client);
  /// What the ioctl returns; below 0: minus an errno.
  int carry_out(_UMockdevIoctlClient* client, unsigned long request);
  int driver_of(_UMockdevIoctlData* argument);
  int drive(_UMockdevIoctlData* argument);
  int claim(_UMockdevIoctlClient* client, unsigned interface, bool detach);
  void forget_the_dead();
  int release(unsigned interface);
  /// What the host did helps against these.
  int mend(std::initializer_list<UsbFault::Kind> faults);
  int submit(_UMockdevIoctlClient* client, _UMockdevIoctlData* argument);
  int discard(std::uint64_t address);
  int reap(_UMockdevIoctlClient* client, _UMockdevIoctlData* argument);
  void answer_control(Urb urb);
  /// Now, or late if the device is slow.
  void reply(Urb urb, int status, std::size_t octets);
  void give_late_answers();
  void complete(Urb urb, int status, std::size_t octets);
  void cut_off(Urb urb, int status);
  /// False: the plug was pulled.
  bool complete_in(Urb urb);
  bool complete_out(Urb urb);
  [[nodiscard]] bool is_silent() const;
  bool pull();
  [[nodiscard]] bool is_halted() const;
  void show_whether_done() const;

  UsbWire& wire_;
  const std::string path_;     // of the device file
  const std::string syspath_;  // of the device
  const int number_;
  Ref<_UMockdevIoctlBase> base_;
  std::string place_;   // of the device file in the bed
  std::string device_;  // that it leads to, e.g. /dev/pts/4
  runtime::UniqueFd master_;
  runtime::UniqueFd slave_;
  bool gone_ = false;
  std::string driver_;
  std::map<unsigned, _UMockdevIoctlClient*> claimed_;  // interfaces
  Urbs waiting_in_;
  Urbs waiting_out_;
  Urbs done_;
  std::deque<LateAnswer> late_;
  std::deque<Bytes> messages_;
};

}  // namespace cairn::simulator
