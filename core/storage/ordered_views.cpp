#include "core/storage/ordered_views.h"

#include <algorithm>

namespace cairn::storage {

template <class Kind>
auto OrderedViews<Kind>::loaded(const Bytes& key) -> Entry* {
  const auto found = entries_.find(key);
  return found == entries_.end() ? nullptr : found->second.get();
}

template <class Kind>
auto OrderedViews<Kind>::load(const Bytes& key) -> Entry& {
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

template <class Kind>
auto OrderedViews<Kind>::state(const Bytes& key) -> const State& {
  return load(key).view.state();
}

// A view that is not in memory is made from the log when it is next needed, this record included.
// Its rows must change now, so it is loaded in any case.

template <class Kind>
void OrderedViews<Kind>::add_unconfirmed(const Bytes& key, const Record& record) {
  mark_changed(key);
  if (Entry* const entry = loaded(key)) {
    entry->view.add_unconfirmed(record);
  } else {
    load(key);
  }
}

template <class Kind>
void OrderedViews<Kind>::add_confirmed(const Bytes& key, const Record& record) {
  mark_changed(key);
  if (Entry* const entry = loaded(key)) entry->view.add_confirmed(record);
  if (load(key).view.caught_up()) caught_up_.insert(key);
}

template <class Kind>
void OrderedViews<Kind>::confirm(const Bytes& key, const EventRef& ref) {
  mark_changed(key);
  if (Entry* const entry = loaded(key)) {
    entry->view.confirm(ref);
  } else {
    load(key);
  }
}

template <class Kind>
std::set<Bytes> OrderedViews<Kind>::save_changed() {
  std::set<Bytes> saved;
  for (const Bytes& key : changed_) {
    Entry& entry = load(key);
    const State& state = entry.view.state();
    if (!Kind::exists(state)) continue;
    if (entry.has_rows && entry.in_rows == state) continue;
    rows_.save(state, entry.has_rows ? &entry.in_rows : nullptr);
    entry.in_rows = state;
    entry.has_rows = true;
    saved.insert(key);
  }
  changed_.clear();
  trim();
  return saved;
}

template <class Kind>
void OrderedViews<Kind>::forget_job() {
  for (const Bytes& key : touched_) entries_.erase(key);
  touched_.clear();
  changed_.clear();
  caught_up_.clear();
}

template <class Kind>
void OrderedViews<Kind>::forget_all() {
  entries_.clear();
  touched_.clear();
  changed_.clear();
  caught_up_.clear();
}

template <class Kind>
void OrderedViews<Kind>::refresh(const std::set<Bytes>& keys) {
  for (const Bytes& key : keys) {
    entries_.erase(key);
    mark_changed(key);
    save_changed();
  }
}

template <class Kind>
void OrderedViews<Kind>::rebuild(const std::set<Bytes>& keys) {
  entries_.clear();
  rows_.reset();
  for (const Bytes& key : keys) {
    mark_changed(key);
    save_changed();
  }
}

template <class Kind>
void OrderedViews<Kind>::mark_changed(const Bytes& key) {
  changed_.insert(key);
  touched_.insert(key);
}

template <class Kind>
void OrderedViews<Kind>::trim() {
  while (entries_.size() > kCapacity) {
    entries_.erase(std::ranges::min_element(
        entries_, {}, [](const auto& entry) { return entry.second->last_used; }));
  }
}

template class OrderedViews<ShipGroupKind>;
template class OrderedViews<ReturnLedgerKind>;

}  // namespace cairn::storage
