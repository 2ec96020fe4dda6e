#pragma once
// The view of one ship group at this replica: fold(confirmed in feed order ++ unconfirmed by
// (hlc, node, inc, seq)). It keeps the fold up to date record by record, so that a scan costs one
// step and not the whole history. Pure: no SQL, no clock. Loop only.
//
// Why all replicas agree: the same feed prefix and the same unconfirmed set give the same order,
// and evolve() is a pure function. At rest the unconfirmed set is empty.

#include "core/domain/fulfilment/ship_group.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace cairn::storage {

/// One record of the group. `event` is nothing for a record that cannot be understood here: it
/// parks everything behind it until it can be.
struct GroupRecord {
  domain::Envelope meta;
  std::optional<domain::ShipGroupEvent> event;
};

class GroupView {
 public:
  /// A record not yet in the feed.
  void add_unconfirmed(GroupRecord record);
  /// The next record of the feed, seen here for the first time.
  void add_confirmed(const GroupRecord& record);
  /// A record added as unconfirmed is the next one of the feed.
  void confirm(const EventRef& ref);

  [[nodiscard]] const domain::ShipGroup& state() const { return view_; }
  /// Records whose effect is not shown because one before them cannot be understood.
  [[nodiscard]] bool parked() const { return parked_; }

 private:
  void fold();

  domain::ShipGroup confirmed_;           ///< the fold of the feed's part
  bool confirmed_parked_ = false;         ///< it ended early
  std::vector<GroupRecord> unconfirmed_;  ///< in view order
  domain::ShipGroup view_;
  bool parked_ = false;
};

}  // namespace cairn::storage
