#pragma once
// The view of one ordered aggregate (a ship group, a return ledger) at this replica:
// fold(confirmed in feed order ++ unconfirmed by (hlc, node, inc, seq)). It keeps the fold up to
// date record by record, so that a scan costs one step and not the whole history. Pure: no SQL, no
// clock. Loop only.
//
// Why all replicas agree: the same feed prefix and the same unconfirmed set give the same order,
// and evolve() is a pure function. At rest the unconfirmed set is empty.

#include "core/storage/ordered_fold.h"

#include <vector>

namespace cairn::storage {

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

  [[nodiscard]] const State& state() const { return view_.state(); }
  /// Records whose effect is not shown because one before them cannot be understood.
  [[nodiscard]] bool parked() const { return view_.parked(); }
  /// Records whose effect is not shown yet: what their authors had seen has not come.
  [[nodiscard]] std::size_t waiting() const { return view_.waiting(); }
  /// All that had to wait has come into effect.
  [[nodiscard]] bool caught_up() const { return view_.ever_waited() && view_.waiting() == 0; }
  /// Of each author but this one the last unconfirmed record that is in effect: what this one has
  /// seen when it writes now. Not what waits: then what it writes would wait as well, also here.
  [[nodiscard]] std::vector<EventRef> unconfirmed_but_of(NodeId node, Incarnation inc) const;

 private:
  void fold();

  OrderedFold<State, Event> confirmed_;  ///< the fold of the feed's part
  std::vector<Record> unconfirmed_;      ///< in view order
  OrderedFold<State, Event> view_;
};

using GroupView = OrderedView<domain::ShipGroup, domain::ShipGroupEvent>;
using GroupRecord = GroupView::Record;
using LedgerView = OrderedView<domain::ReturnLedger, domain::ReturnEvent>;

extern template class OrderedView<domain::ShipGroup, domain::ShipGroupEvent>;
extern template class OrderedView<domain::ReturnLedger, domain::ReturnEvent>;

}  // namespace cairn::storage
