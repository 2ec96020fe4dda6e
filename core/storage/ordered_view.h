#pragma once
// The view of one ordered aggregate (a ship group, a return ledger) at this replica:
// fold(confirmed in feed order ++ unconfirmed by (hlc, node, inc, seq)). It keeps the fold up to
// date record by record, so that a scan costs one step and not the whole history. Pure: no SQL, no
// clock. Loop only.
//
// Why all replicas agree: the same feed prefix and the same unconfirmed set give the same order,
// and evolve() is a pure function. At rest the unconfirmed set is empty.

#include "core/domain/fulfilment/ship_group.h"
#include "core/domain/returns/return_ledger.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace cairn::storage {

/// One record of an aggregate. `event` is nothing for a record that cannot be understood here: it
/// parks everything behind it until it can be.
template <class Event>
struct ViewRecord {
  domain::Envelope meta;
  std::optional<Event> event;
};

template <class State, class Event>
class OrderedView {
 public:
  using Record = ViewRecord<Event>;

  /// A record not yet in the feed.
  void add_unconfirmed(Record record);
  /// The next record of the feed, seen here for the first time.
  void add_confirmed(const Record& record);
  /// A record added as unconfirmed is the next one of the feed.
  void confirm(const EventRef& ref);

  [[nodiscard]] const State& state() const { return view_; }
  /// Records whose effect is not shown because one before them cannot be understood.
  [[nodiscard]] bool parked() const { return parked_; }

 private:
  void fold();

  State confirmed_;                  ///< the fold of the feed's part
  bool confirmed_parked_ = false;    ///< it ended early
  std::vector<Record> unconfirmed_;  ///< in view order
  State view_;
  bool parked_ = false;
};

using GroupView = OrderedView<domain::ShipGroup, domain::ShipGroupEvent>;
using GroupRecord = GroupView::Record;
using LedgerView = OrderedView<domain::ReturnLedger, domain::ReturnEvent>;

extern template class OrderedView<domain::ShipGroup, domain::ShipGroupEvent>;
extern template class OrderedView<domain::ReturnLedger, domain::ReturnEvent>;

}  // namespace cairn::storage
