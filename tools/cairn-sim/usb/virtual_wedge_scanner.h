#pragma once
// A barcode scanner in keyboard mode that exists only as its device file: it types what it reads.
// Any thread.

#include "tools/cairn-sim/played.h"
#include "tools/cairn-sim/usb/key_typing.h"
#include "tools/cairn-sim/usb/usb_played.h"
#include "tools/cairn-sim/usb/wedge_fault.h"
#include "tools/cairn-sim/usb/wedge_node.h"
#include "tools/cairn-sim/virtual_device.h"

#include <deque>
#include <memory>
#include <mutex>
#include <string>

namespace cairn::simulator {

struct VirtualWedgeScannerConfig {
  UsbPlace place;
  TypingStyle style;
  std::string suffix = "\r";  ///< Enter, or "\t" for Tab
  bool aim = false;           ///< types AIM identifiers
  bool knob = false;          ///< is no keyboard: it has the keys of a volume knob
};

class VirtualWedgeScanner final : public VirtualDevice, public PlayedScanner {
 public:
  /// The layout has to be one that the machine has.
  VirtualWedgeScanner(VirtualWedgeScannerConfig config, const Clock&);
  ~VirtualWedgeScanner() override;

  /// Errors: also kInvalid "bad_layout".
  Result<> plug() override;
  /// Also in the middle of a code.
  Result<> unplug() override;
  void tell_place(json::Value& into) const override;
  void tell_state(json::Value& into) const override;
  /// Errors: kUnavailable "not_read".
  Result<> set_fault(const WedgeFault& fault);

  Result<Bytes> scan(const Label& label) override;
  /// Types octets, also if no program holds it: they go to whoever has it open.
  Result<> send(BytesView octets) override;

 private:
  [[nodiscard]] std::shared_ptr<WedgeNode> node() const;
  Result<> type(WedgeNode& node, BytesView octets);
  Result<> type_with_hole(WedgeNode& node, const std::vector<Keystroke>& strokes);
  Result<> press(WedgeNode& node, Keystroke stroke);

  const VirtualWedgeScannerConfig config_;
  Result<KeyTyping> typing_;
  std::mutex typing_now_;            // one code at a time; guards the fault and the stuck key
  mutable std::mutex mutex_;         // guards what follows
  std::shared_ptr<WedgeNode> node_;  // none: unplugged
  std::deque<std::shared_ptr<WedgeNode>> gone_;  // a program may still have them open
  WedgeFault fault_;
  std::uint16_t stuck_ = 0;  // key; 0: none
  std::deque<std::string> recent_;
};

}  // namespace cairn::simulator
