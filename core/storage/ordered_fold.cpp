#include "core/storage/ordered_fold.h"

#include "core/domain/event_refs.h"

#include <algorithm>

namespace cairn::storage {

/// `waiting_before`: of the waiting records, those that come before it in view order.
template <class State, class Event>
bool OrderedFold<State, Event>::ready(const Record& record, std::size_t waiting_before) const {
  const auto end = waiting_.begin() + static_cast<std::ptrdiff_t>(waiting_before);
  const bool behind_own = std::any_of(waiting_.begin(), end, [&record](const Record& earlier) {
    return earlier.meta.ref.node == record.meta.ref.node &&
           earlier.meta.ref.inc == record.meta.ref.inc;
  });
  if (behind_own) return false;
  return std::ranges::all_of(record.follows, [this](const EventRef& before) {
    const auto author = applied_.find({before.node, before.inc});
    const bool applied = author != applied_.end() && author->second >= before.seq;
    return applied || stands_for_.contains(before);
  });
}

template <class State, class Event>
void OrderedFold<State, Event>::apply(const Record& record) {
  if (!record.event) {
    parked_ = true;
    return;
  }
  std::uint64_t& last = applied_[{record.meta.ref.node, record.meta.ref.inc}];
  last = std::max(last, record.meta.ref.seq);
  if (record.reissue_of) stands_for_.insert_or_assign(*record.reissue_of, record.meta.ref);
  if (stands_for_.empty()) {
    domain::evolve(state_, {record.meta, *record.event});
    return;
  }
  domain::Event event(*record.event);
  domain::each_ref(event, [this, &own = record.meta.ref](EventRef& ref) {
    // A record names its own incarnation's records by their numbers. A reissue of one of these
    // numbers is then a copied device's, of another record.
    if (ref.node == own.node && ref.inc == own.inc) return;
    if (const auto found = stands_for_.find(ref); found != stands_for_.end()) ref = found->second;
  });
  domain::evolve(state_, {record.meta, std::get<Event>(event)});
}

template <class State, class Event>
void OrderedFold<State, Event>::step(const Record& record) {
  if (parked_) return;
  if (!ready(record, waiting_.size())) {
    waiting_.push_back(record);
    ever_waited_ = true;
    return;
  }
  apply(record);
  // What waited for it comes now, and what waited for that.
  for (std::size_t i = 0; i < waiting_.size() && !parked_;) {
    if (!ready(waiting_[i], i)) {
      ++i;
      continue;
    }
    const Record next = std::move(waiting_[i]);
    waiting_.erase(waiting_.begin() + static_cast<std::ptrdiff_t>(i));
    apply(next);
    i = 0;
  }
}

template <class State, class Event>
bool OrderedFold<State, Event>::waits(const EventRef& record) const {
  return std::ranges::any_of(waiting_, [&record](const Record& w) { return w.meta.ref == record; });
}

template class OrderedFold<domain::ShipGroup, domain::ShipGroupEvent>;
template class OrderedFold<domain::ReturnLedger, domain::ReturnEvent>;

}  // namespace cairn::storage
