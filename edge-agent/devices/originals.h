#pragma once
// Which receipts are copies: of each thing done at the counter one receipt may be an original. What
// was printed before a start of the service is not kept, so what was done before it, or by another
// device, only gets copies: one too many is harmless, a second original is not. Pure; one lock away
// from being for any thread.

#include "core/base/ids.h"

#include <cstddef>
#include <cstdint>
#include <set>

namespace cairn::agent {

class Originals {
 public:
  /// `last`: the last record of this device's own log at the start.
  explicit Originals(const EventRef& last) : last_(last) {}

  /// True: this receipt of what was done there is the original, and counts as printed from now on.
  bool take(const EventRef& act) {
    if (act.node != last_.node || act.inc != last_.inc || act.seq <= last_.seq) return false;
    if (!taken_.insert(act.seq).second) return false;
    if (taken_.size() > kKept) last_.seq = *taken_.begin();
    while (!taken_.empty() && *taken_.begin() <= last_.seq) taken_.erase(taken_.begin());
    return true;
  }
  /// Nothing of it came out of the printer.
  void give_back(const EventRef& act) { taken_.erase(act.seq); }

 private:
  static constexpr std::size_t kKept = 4096;

  EventRef last_;                  // up to here there are only copies
  std::set<std::uint64_t> taken_;  // sequence numbers behind it
};

}  // namespace cairn::agent
