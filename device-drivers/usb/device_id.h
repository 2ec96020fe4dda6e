#pragma once
// What a printer says it is (IEEE 1284-2000, 7.6, as USB printers send it: Universal Serial Bus
// Device Class Definition for Printing Devices 1.1, 4.2.1). Pure; it is untrusted.

#include "core/base/bytes.h"

#include <optional>
#include <string>
#include <string_view>

namespace cairn::devices::usb {

struct DeviceId {
  std::string manufacturer;  ///< MFG or MANUFACTURER
  std::string model;         ///< MDL or MODEL
  std::string commands;      ///< CMD or COMMAND SET: languages with commas, "ZPL,EPL"
  std::string serial;        ///< SN, SERN or SERIALNUMBER

  /// The answer to GET_DEVICE_ID: its length, itself included, in two octets, and pairs
  /// "KEY:value;". Some printers turn the two octets round, and some lie: whatever text is there
  /// counts. Nothing: there is none.
  static std::optional<DeviceId> parse(BytesView answer);
};

/// It lists the languages that the printer speaks, and `language` ("ZPL", "EPL") is none of them.
/// Letters of either case; "ZPL" is in "ZPL II" and in "ZPL2". False if it lists none.
bool rules_out(const DeviceId& id, std::string_view language);

}  // namespace cairn::devices::usb
