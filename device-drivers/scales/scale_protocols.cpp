#include "device-drivers/scales/scale_protocols.h"

#include "device-drivers/scales/cas_protocol.h"
#include "device-drivers/scales/dialog06_protocol.h"
#include "device-drivers/scales/dibal_protocol.h"
#include "device-drivers/scales/nci_protocol.h"
#include "device-drivers/scales/sics_protocol.h"
#include "device-drivers/scales/toledo_protocol.h"

#include <array>

namespace cairn::devices {
namespace {

template <class Protocol>
std::unique_ptr<ScaleProtocol> make(WeightUnit /*configured*/) {
  return std::make_unique<Protocol>();
}

std::unique_ptr<ScaleProtocol> make_toledo(WeightUnit configured) {
  return std::make_unique<ToledoProtocol>(configured);
}

constexpr std::array<ScaleProtocolEntry, 7> kProtocols{{
    {"toledo", "7E1", &make_toledo},
    {"nci", "7E1", &make<NciProtocol>},
    {"sics", "8N1", &make<SicsProtocol>},
    {"cas", "8N1", &make<CasProtocol>},
    {"cas-stream", "8N1", &make<CasStreamProtocol>},
    {"dibal", "8N1", &make<DibalProtocol>},
    {"dialog06", "7O1", &make<Dialog06Protocol>},
}};

}  // namespace

std::span<const ScaleProtocolEntry> scale_protocols() { return kProtocols; }

}  // namespace cairn::devices
