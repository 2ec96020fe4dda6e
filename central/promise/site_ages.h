#pragma once
// How old what the hub knows of a site is, and how far it has read each of its devices' logs. The
// loop writes it down from time to time; read by any thread.

#include "core/base/ids.h"
#include "core/base/time.h"

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <vector>

namespace cairn::central {

/// What the hub has heard of one device.
struct DeviceHeard {
  NodeId node;
  bool online = false;
  std::optional<UtcTime> last_heard;  ///< nothing: not since the hub was started
  std::uint64_t hwm = 0;              ///< records that are here
  std::uint64_t head = 0;             ///< records it has, as far as it told
  /// When it was last connected with nothing left to tell; nothing: not since the hub was started.
  std::optional<UtcTime> caught_up_at{};

  [[nodiscard]] bool caught_up() const { return online && hwm >= head; }
};

struct SiteAge {
  /// Seconds for which a device of the site may have known something else; 0: all are connected and
  /// have nothing left to tell. Nothing: that was never so of a device since the hub was started.
  std::optional<std::int64_t> age_s;
  std::vector<DeviceHeard> devices;  ///< none: the site's figures are the hub's own
};

/// Of one site. Its age is that of its device which was caught up with longest ago: one that comes
/// back with much to tell is as old as it was until all of it is here.
SiteAge site_age(std::vector<DeviceHeard> devices, UtcTime now);

class SiteAges {
 public:
  /// Of now. What was written down before tells when each device was caught up with.
  void note(std::map<SiteId, std::vector<DeviceHeard>> heard, UtcTime now);
  /// A site without devices is as old as what the hub itself knows: 0.
  [[nodiscard]] SiteAge of(const SiteId& site, UtcTime now) const;

 private:
  mutable std::mutex mutex_;
  std::map<SiteId, std::vector<DeviceHeard>> heard_;
  std::map<NodeId, UtcTime> caught_up_at_;
};

}  // namespace cairn::central
