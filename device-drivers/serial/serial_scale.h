#pragma once
// Driver of scales on a serial line, whatever protocol they speak.

#include "device-drivers/api/scale.h"
#include "device-drivers/scales/scale_session.h"
#include "device-drivers/serial/serial_link.h"

#include <memory>
#include <string>

namespace cairn::devices {

class SerialScale final : public Scale, private ScaleSession::Out {
 public:
  /// Starts the thread. The sink and the clock must outlive the scale.
  SerialScale(SerialLinkConfig config, std::unique_ptr<ScaleProtocol> protocol, ScaleSink& sink,
              const Clock& clock);

  void watch(bool on) override;
  Result<> order(ScaleOrder order) override;

 private:
  void on_reading(WeightReading reading) override;
  void on_there() override;
  void on_away(const std::string& why) override;

  const std::string name_;
  ScaleSink& sink_;
  ScaleSession session_;
  SerialLink link_;  // last: its thread uses everything above
};

}  // namespace cairn::devices
