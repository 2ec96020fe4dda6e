#include "device-drivers/serial/serial_scale.h"

#include <utility>

namespace cairn::devices {

SerialScale::SerialScale(SerialLinkConfig config, std::unique_ptr<ScaleProtocol> protocol,
                         ScaleSink& sink, const Clock& clock)
    : name_(config.name),
      sink_(sink),
      session_(std::move(protocol), *this),
      link_(
          std::move(config), session_,
          [this](StateChange change) { sink_.on_state(std::move(change)); }, clock) {}

void SerialScale::watch(bool on) {
  session_.watch(on);
  link_.wake();
}

Result<> SerialScale::order(ScaleOrder order) {
  auto taken = session_.order(order);
  if (taken) link_.wake();
  return taken;
}

void SerialScale::on_reading(WeightReading reading) {
  reading.device = name_;
  sink_.on_weight(std::move(reading));
}

void SerialScale::on_there() { link_.report(DeviceState::kOnline, ""); }

void SerialScale::on_away(const std::string& why) { link_.report(DeviceState::kOffline, why); }

}  // namespace cairn::devices
