#pragma once
// Parts of snapshots that were asked for lately, so that a site's devices that come at once cost
// one reading. Bounded. Loop only.

#include "core/base/bytes.h"
#include "core/crypto/hash.h"

#include <cstddef>
#include <list>
#include <map>
#include <utility>

namespace cairn::sync {

class PartCache {
 public:
  explicit PartCache(std::size_t octets_most) : most_(octets_most) {}

  void put(const crypto::Hash128& hash, Bytes octets) {
    if (by_hash_.contains(hash) || octets.size() > most_) return;
    size_ += octets.size();
    latest_first_.emplace_front(hash, std::move(octets));
    by_hash_[hash] = latest_first_.begin();
    while (size_ > most_) {
      size_ -= latest_first_.back().second.size();
      by_hash_.erase(latest_first_.back().first);
      latest_first_.pop_back();
    }
  }

  /// Null if it is not here. Good until the next put().
  const Bytes* find(const crypto::Hash128& hash) {
    const auto found = by_hash_.find(hash);
    if (found == by_hash_.end()) return nullptr;
    latest_first_.splice(latest_first_.begin(), latest_first_, found->second);
    return &latest_first_.front().second;
  }

 private:
  using Entries = std::list<std::pair<crypto::Hash128, Bytes>>;

  std::size_t most_;
  std::size_t size_ = 0;
  Entries latest_first_;
  std::map<crypto::Hash128, Entries::iterator> by_hash_;
};

}  // namespace cairn::sync
