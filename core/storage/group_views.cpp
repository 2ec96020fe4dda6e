#include "core/storage/group_views.h"

#include <algorithm>

namespace cairn::storage {

GroupViews::Entry* GroupViews::loaded(const Bytes& key) {
  const auto found = entries_.find(key);
  return found == entries_.end() ? nullptr : found->second.get();
}

GroupViews::Entry& GroupViews::load(const Bytes& key) {
  Entry* known = loaded(key);
  if (known == nullptr) {
    auto entry = std::make_unique<Entry>();
    for (const LoggedRecord& logged : log_->read_key(key)) {
      auto record = read_(logged);
      if (!record) continue;
      if (logged.fseq == 0) {
        entry->view.add_unconfirmed(*std::move(record));
      } else {
        entry->view.add_confirmed(*record);
      }
    }
    known = entries_.insert_or_assign(key, std::move(entry)).first->second.get();
  }
  known->last_used = ++uses_;
  return *known;
}

const domain::ShipGroup& GroupViews::state(const Bytes& key) { return load(key).view.state(); }

// A view that is not in memory is made from the log when it is next needed, this record included.
// Its rows must change now, so it is loaded in any case.

void GroupViews::add_unconfirmed(const Bytes& key, const GroupRecord& record) {
  mark_changed(key);
  if (Entry* const entry = loaded(key)) {
    entry->view.add_unconfirmed(record);
  } else {
    load(key);
  }
}

void GroupViews::add_confirmed(const Bytes& key, const GroupRecord& record) {
  mark_changed(key);
  if (Entry* const entry = loaded(key)) {
    entry->view.add_confirmed(record);
  } else {
    load(key);
  }
}

void GroupViews::confirm(const Bytes& key, const EventRef& ref) {
  mark_changed(key);
  if (Entry* const entry = loaded(key)) {
    entry->view.confirm(ref);
  } else {
    load(key);
  }
}

std::set<ShipGroupId> GroupViews::save_changed() {
  std::set<ShipGroupId> groups;
  for (const Bytes& key : changed_) {
    Entry& entry = load(key);
    const domain::ShipGroup& state = entry.view.state();
    if (state.status() == domain::ShipGroupStatus::kNone) continue;
    if (entry.has_rows && entry.in_rows == state) continue;
    rows_.save(state, entry.has_rows ? &entry.in_rows : nullptr);
    entry.in_rows = state;
    entry.has_rows = true;
    groups.insert(state.id);
  }
  changed_.clear();
  trim();
  return groups;
}

void GroupViews::forget_job() {
  for (const Bytes& key : touched_) entries_.erase(key);
  touched_.clear();
  changed_.clear();
}

void GroupViews::rebuild(const std::set<Bytes>& keys) {
  entries_.clear();
  rows_.reset();
  for (const Bytes& key : keys) {
    mark_changed(key);
    save_changed();
  }
}

void GroupViews::mark_changed(const Bytes& key) {
  changed_.insert(key);
  touched_.insert(key);
}

void GroupViews::trim() {
  while (entries_.size() > kCapacity) {
    entries_.erase(std::ranges::min_element(
        entries_, {}, [](const auto& entry) { return entry.second->last_used; }));
  }
}

}  // namespace cairn::storage
