#pragma once
// Dialog 06, spoken by scales of checkouts (Bizerba, Mettler Toledo, Dibal and others): the till
// sends a price per kilogram; once the scale said ACK the till asks for the weight, and gets it, or
// NAK; after NAK it may ask why. The scale gives each weight once: asked again without that
// anything moved it says "nothing moved", which here is the weight it gave.

#include "device-drivers/scales/scale_protocol.h"

#include <optional>
#include <string>
#include <string_view>

namespace cairn::devices {

class Dialog06Protocol final : public ScaleProtocol {
 public:
  [[nodiscard]] Pace pace() const override;
  void reset() override;
  std::string ask() override;
  std::optional<ScaleHeard> take(char octet) override;

 private:
  std::optional<ScaleHeard> read(std::string_view record);
  ScaleHeard read_status(std::string_view code);

  std::optional<std::string> record_;  // nothing: outside of one
  std::optional<WeightReading> last_;  // what it weighed since it was last moved
  bool asked_why_ = false;
  bool answered_ = true;  // the question before was
};

}  // namespace cairn::devices
