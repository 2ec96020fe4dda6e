#pragma once
// The fold of one ordered aggregate's records, in view order. Pure: no SQL, no clock. Loop only.
//
// Two rules beside the order itself, both functions of the records alone, so that every replica
// keeps them alike:
// - A record takes effect after those that its author had seen (Record::follows). On a store's LAN
//   a device works on with what a neighbour did before the hub has it, and the hub may hear the
//   second of the two first. What has come too early waits here, and behind it what its author
//   wrote later on the same aggregate.
// - Whoever names a record that was issued again means the record that stands for it now.

#include "core/domain/fulfilment/ship_group.h"
#include "core/domain/returns/return_ledger.h"

#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

namespace cairn::storage {

/// One record of an aggregate. `event` is nothing for a record that cannot be understood here: it
/// parks everything behind it until it can be.
template <class Event>
struct ViewRecord {
  domain::Envelope meta;
  std::optional<Event> event;
  std::vector<EventRef> follows{};       ///< takes effect after these
  std::optional<EventRef> reissue_of{};  ///< stands for this one
};

template <class State, class Event>
class OrderedFold {
 public:
  using Record = ViewRecord<Event>;

  /// The next record in view order.
  void step(const Record& record);

  [[nodiscard]] const State& state() const { return state_; }
  /// A record could not be understood: what comes after it has no effect.
  [[nodiscard]] bool parked() const { return parked_; }
  /// Records that wait for what their authors had seen.
  [[nodiscard]] std::size_t waiting() const { return waiting_.size(); }
  [[nodiscard]] bool waits(const EventRef& record) const;
  /// Some record had to wait, whether or not it still does.
  [[nodiscard]] bool ever_waited() const { return ever_waited_; }

 private:
  using Author = std::pair<NodeId, Incarnation>;

  [[nodiscard]] bool ready(const Record& record, std::size_t waiting_before) const;
  void apply(const Record& record);

  State state_;
  bool parked_ = false;
  bool ever_waited_ = false;
  std::vector<Record> waiting_;              ///< in view order
  std::map<Author, std::uint64_t> applied_;  ///< last record of each
  std::map<EventRef, EventRef> stands_for_;  ///< a record issued again -> the one for it
};

extern template class OrderedFold<domain::ShipGroup, domain::ShipGroupEvent>;
extern template class OrderedFold<domain::ReturnLedger, domain::ReturnEvent>;

}  // namespace cairn::storage
