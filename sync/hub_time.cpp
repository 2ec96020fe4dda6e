#include "sync/hub_time.h"

#include <algorithm>

namespace cairn::sync {

void HubTime::heard(UtcTime hub, MonoTime asked, MonoTime now) {
  const Duration trip = std::max(Duration(0), now - asked);
  anchor_ = Anchor{{hub.us + trip.count()}, now};
  floor_ = std::max(floor_, hub);
}

std::optional<UtcTime> HubTime::now(MonoTime now) {
  if (!anchor_) return std::nullopt;
  const UtcTime shown{anchor_->hub.us + (now - anchor_->at).count()};
  floor_ = std::max(floor_, shown);
  return floor_;
}

}  // namespace cairn::sync
