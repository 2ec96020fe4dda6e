#include "edge-agent/devices/camera_sights.h"

namespace cairn::agent {

bool CameraSights::is_over(const Sight& sight, MonoTime now) {
  const Duration since = now - sight.seen;
  return since >= kForgotten || (sight.missed && since >= kGone);
}

void CameraSights::look(const std::string& station, const std::set<std::string>& codes,
                        MonoTime now) {
  std::erase_if(sights_, [now](const auto& one) { return is_over(one.second, now); });
  for (auto& [of, sight] : sights_) {
    if (of.first != station) continue;
    if (codes.contains(of.second)) {
      sight = {now, false};
    } else {
      sight.missed = true;
    }
  }
}

bool CameraSights::is_new(const std::string& station, const std::string& code, MonoTime now) {
  std::erase_if(sights_, [now](const auto& one) { return is_over(one.second, now); });
  return sights_.insert_or_assign({station, code}, Sight{now, false}).second;
}

void CameraSights::lift(const std::string& station) {
  std::erase_if(sights_, [&station](const auto& one) { return one.first.first == station; });
}

}  // namespace cairn::agent
