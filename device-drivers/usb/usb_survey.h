#pragma once
// What is plugged in, for a person who sets a device up. It looks and changes nothing: no device is
// taken from the driver that has it. Any thread.

#include "core/base/result.h"
#include "core/base/time.h"
#include "device-drivers/usb/usb_device.h"

#include <string>
#include <vector>

namespace cairn::devices::usb {

struct AttachedInterface {
  Interface interface;
  bool in_use = false;            ///< by a driver of the kernel or by another program
  std::string report_descriptor;  ///< of a HID interface that is not in use; empty: not known
};

struct Attached {
  Identity identity;    ///< with its serial number, if it could be opened
  std::string product;  ///< as it calls itself; untrusted, perhaps empty
  std::vector<AttachedInterface> interfaces;
  std::string problem;  ///< why it cannot be opened, with what to do; empty: it can
};

/// All devices but hubs, by their ports. Errors: kUnavailable "no_usb".
Result<std::vector<Attached>> survey(const Clock& clock);

}  // namespace cairn::devices::usb
