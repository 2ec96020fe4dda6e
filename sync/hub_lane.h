#pragma once
// The hub's side of one node's uplink: is a frame the next one, a repeat, or beyond a gap; and what
// may be acknowledged (only what is committed). Pure: no I/O, clock or chance.

#include "core/crypto/hash.h"
#include "core/wire/frame.h"
#include "core/wire/message.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace cairn::sync {

/// What to do with a frame.
struct FrameDecision {
  enum class What : std::uint8_t {
    kCommit,    ///< take its records from `skip` on, then say committed()
    kAckAgain,  ///< all of it is here already
    kGap,       ///< records before it are missing; it is kept, or dropped if too many are
    kSayHello,  ///< another incarnation than the one we talk to
    kForked,    ///< the same numbers with other contents: the lane is closed
  };
  What what = What::kAckAgain;
  std::size_t skip = 0;
};

class HubLane {
 public:
  /// Frames kept that wait for a missing one.
  static constexpr std::size_t kHeldMost = 64;

  HubLane(Incarnation inc, std::uint64_t hwm, const crypto::Hash128& chain)
      : inc_(inc), hwm_(hwm), chain_(chain), submitted_(hwm), submitted_chain_(chain) {}

  /// Decides about a frame that is here. kCommit counts it as handed out.
  FrameDecision frame_arrived(const wire::Frame& frame);
  /// Records up to `hwm` are in the database for good.
  void committed(std::uint64_t hwm, const crypto::Hash128& chain);
  /// The commit failed: what was handed out is not there.
  void commit_failed();
  /// A kept frame that is the next one now.
  std::optional<wire::Frame> next_held();

  /// What the hub can promise at this moment.
  [[nodiscard]] std::uint64_t hwm() const { return hwm_; }
  [[nodiscard]] const crypto::Hash128& chain() const { return chain_; }
  [[nodiscard]] Incarnation inc() const { return inc_; }
  /// First missing record if frames beyond it are here, else 0.
  [[nodiscard]] std::uint64_t gap_from() const;
  [[nodiscard]] bool forked() const { return forked_; }

 private:
  Incarnation inc_;
  std::uint64_t hwm_;
  crypto::Hash128 chain_;
  std::uint64_t submitted_;  ///< handed out for committing
  crypto::Hash128 submitted_chain_;
  bool forked_ = false;
  std::map<std::uint64_t, wire::Frame> held_;  ///< by base_seq
};

}  // namespace cairn::sync
