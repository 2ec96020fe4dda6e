#pragma once
// What a HID device can be to Cairn, by its report descriptor. Pure; the descriptor is untrusted.

#include "core/base/bytes.h"
#include "device-drivers/usb/usb_address.h"

#include <cstdint>
#include <string_view>

namespace cairn::devices::hid {

enum class Purpose : std::uint8_t {
  kNone,
  kScanner,   ///< in HID POS mode (page 0x8C), or of a model whose reports are known
  kScale,     ///< page 0x8D
  kKeyboard,  ///< perhaps a scanner that types (usage 01:06)
};

/// What an interface with this report descriptor is for.
Purpose purpose_of(BytesView report_descriptor, const usb::Identity& device);

}  // namespace cairn::devices::hid
