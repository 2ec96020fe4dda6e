#include "core/storage/ordered_view.h"

#include "core/base/assert.h"

#include <algorithm>
#include <tuple>

namespace cairn::storage {
namespace {

/// The place of an unconfirmed record.
template <class Record>
auto view_order(const Record& record) {
  return std::tuple(record.meta.hlc, record.meta.ref);
}

/// Applies the record unless something before it is parked; true: parked from here on.
template <class State, class Record>
bool step(State& state, bool parked, const Record& record) {
  if (parked || !record.event) return true;
  domain::evolve(state, {record.meta, *record.event});
  return false;
}

}  // namespace

template <class State, class Event>
void OrderedView<State, Event>::add_unconfirmed(Record record) {
  const auto place = std::ranges::upper_bound(unconfirmed_, view_order(record), {},
                                              [](const Record& r) { return view_order(r); });
  const bool at_end = place == unconfirmed_.end();
  const auto added = unconfirmed_.insert(place, std::move(record));
  if (at_end) {
    parked_ = step(view_, parked_, *added);
  } else {
    fold();
  }
}

template <class State, class Event>
void OrderedView<State, Event>::add_confirmed(const Record& record) {
  confirmed_parked_ = step(confirmed_, confirmed_parked_, record);
  if (unconfirmed_.empty()) {
    parked_ = step(view_, parked_, record);
  } else {
    fold();
  }
}

template <class State, class Event>
void OrderedView<State, Event>::confirm(const EventRef& ref) {
  const auto found =
      std::ranges::find(unconfirmed_, ref, [](const Record& r) { return r.meta.ref; });
  CAIRN_ASSERT(found != unconfirmed_.end(), "only an unconfirmed record is confirmed");
  const bool first = found == unconfirmed_.begin();
  confirmed_parked_ = step(confirmed_, confirmed_parked_, *found);
  unconfirmed_.erase(found);
  if (!first) fold();  // the first one moves across without changing the order
}

template <class State, class Event>
void OrderedView<State, Event>::fold() {
  view_ = confirmed_;
  parked_ = confirmed_parked_;
  for (const Record& record : unconfirmed_) parked_ = step(view_, parked_, record);
}

template class OrderedView<domain::ShipGroup, domain::ShipGroupEvent>;
template class OrderedView<domain::ReturnLedger, domain::ReturnEvent>;

}  // namespace cairn::storage
