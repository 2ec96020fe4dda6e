#include "core/storage/group_view.h"

#include "core/base/assert.h"

#include <algorithm>
#include <tuple>

namespace cairn::storage {
namespace {

auto view_order(const GroupRecord& record) { return std::tuple(record.meta.hlc, record.meta.ref); }

/// Applies the record unless something before it is parked; true: parked from here on.
bool step(domain::ShipGroup& state, bool parked, const GroupRecord& record) {
  if (parked || !record.event) return true;
  domain::evolve(state, {record.meta, *record.event});
  return false;
}

}  // namespace

void GroupView::add_unconfirmed(GroupRecord record) {
  const auto place = std::ranges::upper_bound(unconfirmed_, view_order(record), {}, view_order);
  const bool at_end = place == unconfirmed_.end();
  const auto added = unconfirmed_.insert(place, std::move(record));
  if (at_end) {
    parked_ = step(view_, parked_, *added);
  } else {
    fold();
  }
}

void GroupView::add_confirmed(const GroupRecord& record) {
  confirmed_parked_ = step(confirmed_, confirmed_parked_, record);
  if (unconfirmed_.empty()) {
    parked_ = step(view_, parked_, record);
  } else {
    fold();
  }
}

void GroupView::confirm(const EventRef& ref) {
  const auto found = std::ranges::find(unconfirmed_, ref,
                                       [](const GroupRecord& record) { return record.meta.ref; });
  CAIRN_ASSERT(found != unconfirmed_.end(), "only an unconfirmed record is confirmed");
  const bool first = found == unconfirmed_.begin();
  confirmed_parked_ = step(confirmed_, confirmed_parked_, *found);
  unconfirmed_.erase(found);
  if (!first) fold();  // the first one moves across without changing the order
}

void GroupView::fold() {
  view_ = confirmed_;
  parked_ = confirmed_parked_;
  for (const GroupRecord& record : unconfirmed_) parked_ = step(view_, parked_, record);
}

}  // namespace cairn::storage
