#include "central/promise/site_ages.h"

#include <algorithm>
#include <utility>

namespace cairn::central {
namespace {

constexpr std::int64_t kMicros = 1'000'000;

/// Nothing: never caught up with since the hub was started.
std::optional<std::int64_t> age_of(const DeviceHeard& device, UtcTime now) {
  if (device.caught_up()) return 0;
  if (!device.caught_up_at) return std::nullopt;
  return std::max<std::int64_t>(0, (now.us - device.caught_up_at->us) / kMicros);
}

}  // namespace

SiteAge site_age(std::vector<DeviceHeard> devices, UtcTime now) {
  SiteAge age{0, std::move(devices)};
  for (const DeviceHeard& device : age.devices) {
    const auto one = age_of(device, now);
    age.age_s = one && age.age_s ? std::optional(std::max(*age.age_s, *one)) : std::nullopt;
  }
  return age;
}

void SiteAges::note(std::map<SiteId, std::vector<DeviceHeard>> heard, UtcTime now) {
  const std::scoped_lock lock(mutex_);
  for (auto& [site, devices] : heard) {
    for (DeviceHeard& device : devices) {
      if (device.caught_up()) caught_up_at_[device.node] = now;
      const auto at = caught_up_at_.find(device.node);
      if (at != caught_up_at_.end()) device.caught_up_at = at->second;
    }
  }
  heard_ = std::move(heard);
}

SiteAge SiteAges::of(const SiteId& site, UtcTime now) const {
  const std::scoped_lock lock(mutex_);
  const auto found = heard_.find(site);
  return found == heard_.end() ? SiteAge{0, {}} : site_age(found->second, now);
}

}  // namespace cairn::central
