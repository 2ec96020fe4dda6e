#include "tools/cairn-sim/usb/usb_played.h"

#include <fmt/format.h>

#include <utility>

namespace cairn::simulator {
namespace {

UsbDescription placed(const UsbPlace& place, UsbDescription description) {
  description.vendor = place.vendor;
  description.product = place.product;
  description.serial = place.serial;
  description.port = place.port.empty() ? place.bed->next_port() : place.port;
  return description;
}

}  // namespace

UsbPlayed::UsbPlayed(DeviceKind kind, const UsbPlace& place, UsbDescription description,
                     UsbFunction& function, const Clock& clock)
    : VirtualDevice(kind, place.name),
      wire_(place.bed, placed(place, std::move(description)), function, clock) {}

Result<> UsbPlayed::plug() { return wire_.is_plugged() ? plugged_already() : wire_.plug(); }

Result<> UsbPlayed::unplug() {
  if (!wire_.is_plugged()) return is_unplugged();
  wire_.unplug();
  return {};
}

void UsbPlayed::tell_place(json::Value& into) const {
  into.set("url", url_of(wire_.device()))
      .set("port", wire_.device().port)
      .set("bed", wire_.bed_dir());
}

void UsbPlayed::tell_wire(json::Value& into) const {
  into.set("plugged", wire_.is_plugged())
      .set("open", wire_.is_open())
      .set("usb", wire_.fault().text());
}

Result<> UsbPlayed::check_open() const {
  if (!wire_.is_plugged()) return is_unplugged();
  if (wire_.is_open()) return {};
  return fail(ErrorCode::kUnavailable, "not_open",
              fmt::format("no program has {} open; what it says is lost", url_of(wire_.device())));
}

}  // namespace cairn::simulator
