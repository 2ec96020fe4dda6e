#include "edge-agent/devices/camera_sights.h"

namespace cairn::agent {

bool CameraSights::is_new(const std::string& station, const std::string& code, MonoTime now) {
  std::erase_if(seen_, [now](const auto& one) { return now - one.second >= kGone; });
  return seen_.insert_or_assign({station, code}, now).second;
}

void CameraSights::renew(const std::string& station, const std::string& code, MonoTime now) {
  const auto seen = seen_.find({station, code});
  if (seen != seen_.end() && now - seen->second < kGone) seen->second = now;
}

void CameraSights::lift(const std::string& station) {
  std::erase_if(seen_, [&station](const auto& one) { return one.first.first == station; });
}

}  // namespace cairn::agent
