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

}  // namespace

template <class State, class Event>
void OrderedView<State, Event>::add_unconfirmed(Record record) {
  const auto place = std::ranges::upper_bound(unconfirmed_, view_order(record), {},
                                              [](const Record& r) { return view_order(r); });
  const bool at_end = place == unconfirmed_.end();
  const auto added = unconfirmed_.insert(place, std::move(record));
  if (at_end) {
    view_.step(*added);
  } else {
    fold();
  }
}

template <class State, class Event>
void OrderedView<State, Event>::add_confirmed(const Record& record) {
  confirmed_.step(record);
  if (unconfirmed_.empty()) {
    view_.step(record);
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
  confirmed_.step(*found);
  unconfirmed_.erase(found);
  if (!first) fold();  // the first one moves across without changing the order
}

template <class State, class Event>
void OrderedView<State, Event>::fold() {
  view_ = confirmed_;
  for (const Record& record : unconfirmed_) view_.step(record);
}

template <class State, class Event>
std::vector<EventRef> OrderedView<State, Event>::unconfirmed_but_of(NodeId node,
                                                                    Incarnation inc) const {
  std::vector<EventRef> last;
  for (const Record& record : unconfirmed_) {
    const EventRef& ref = record.meta.ref;
    if ((ref.node == node && ref.inc == inc) || view_.waits(ref)) continue;
    const auto same = std::ranges::find_if(last, [&ref](const EventRef& other) {
      return other.node == ref.node && other.inc == ref.inc;
    });
    if (same == last.end()) {
      last.push_back(ref);
    } else {
      same->seq = std::max(same->seq, ref.seq);
    }
  }
  return last;
}

template class OrderedView<domain::ShipGroup, domain::ShipGroupEvent>;
template class OrderedView<domain::ReturnLedger, domain::ReturnEvent>;

}  // namespace cairn::storage
