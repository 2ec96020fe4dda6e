#include "sync/twin_watch.h"

namespace cairn::sync {

void TwinWatch::heard(std::uint64_t boot_nonce, MonoTime sent, MonoTime now) {
  const auto known = boots_.find(boot_nonce);
  if (known == boots_.end()) {
    // So many starts say nothing any more about who is alive.
    if (boots_.size() >= kBootsMost) boots_.clear();
    boots_.emplace(boot_nonce, sent);
    last_ = boot_nonce;
    return;
  }
  if (sent <= known->second) return;  // said before
  known->second = sent;
  if (last_ != boot_nonce) {
    turns_ = now - turned_ > kRemembered ? 1 : turns_ + 1;
    turned_ = now;
  }
  last_ = boot_nonce;
}

bool TwinWatch::two_devices(MonoTime now) const {
  return turns_ >= kTurns && now - turned_ <= kRemembered;
}

}  // namespace cairn::sync
