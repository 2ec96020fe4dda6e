#pragma once
// Labels in ZPL II (Zebra, ZPL II Programming Guide). Pure.

#include "device-drivers/labels/label_page.h"

#include <string>

namespace cairn::devices {

/// One format, ^XA to ^XZ. Texts are escaped: nothing in them is a command.
std::string zpl_of(const LabelPage& page);

}  // namespace cairn::devices
