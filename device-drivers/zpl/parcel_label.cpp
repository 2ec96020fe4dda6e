#include "device-drivers/zpl/parcel_label.h"

#include "device-drivers/labels/label_layout.h"
#include "device-drivers/zpl/zpl_encoder.h"

namespace cairn::devices {

Result<std::string> zpl_of(const ParcelLabel& label) {
  const auto page = lay_out(label);
  if (!page) return fail(page.error());
  return zpl_of(*page);
}

}  // namespace cairn::devices
