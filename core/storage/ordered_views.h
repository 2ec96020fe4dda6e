#pragma once
// The views of all aggregates of one kind: the ones in use kept folded in memory, the rest made
// from the log when asked for; and their rows kept equal to them. Loop only; errors as in
// sqlite/connection.h.

#include "core/storage/event_log.h"
#include "core/storage/ordered_view.h"
#include "core/storage/projections/returns.h"
#include "core/storage/projections/ship_groups.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <unordered_map>

namespace cairn::storage {

/// A kind of aggregate: its state, its events, its rows.
struct ShipGroupKind {
  using State = domain::ShipGroup;
  using Event = domain::ShipGroupEvent;
  using Rows = ShipGroups;
  static bool exists(const State& state) { return !state.lines.empty(); }
};

struct ReturnLedgerKind {
  using State = domain::ReturnLedger;
  using Event = domain::ReturnEvent;
  using Rows = Returns;
  static bool exists(const State& state) { return !state.taken.empty(); }
};

template <class Kind>
class OrderedViews {
 public:
  using State = typename Kind::State;
  using Record = ViewRecord<typename Kind::Event>;
  /// Reads a stored record as the replica does; nothing: it has no effect.
  using Read = std::function<std::optional<Record>(const LoggedRecord&)>;

  OrderedViews(Connection& connection, EventLog& log, Read read)
      : log_(&log), read_(std::move(read)), rows_(connection) {}

  /// The view; an empty state if nothing is known. Good until the next call.
  const State& state(const Bytes& key);

  /// As OrderedView::waiting().
  std::size_t waiting(const Bytes& key) { return load(key).view.waiting(); }
  /// As OrderedView::unconfirmed_but_of().
  std::vector<EventRef> unconfirmed_but_of(const Bytes& key, NodeId node, Incarnation inc) {
    return load(key).view.unconfirmed_but_of(node, inc);
  }

  /// A record that was just put into the log.
  void add_unconfirmed(const Bytes& key, const Record& record);
  void add_confirmed(const Bytes& key, const Record& record);
  /// A record of the log that was just confirmed.
  void confirm(const Bytes& key, const EventRef& ref);

  /// A record of the log means something else now: the view is made anew when it is next needed.
  void forget(const Bytes& key) { entries_.erase(key); }

  /// Writes the rows of the views that changed since the last call and returns their keys.
  std::set<Bytes> save_changed();
  /// The job went well: nothing of it will be forgotten.
  void end_job() {
    touched_.clear();
    caught_up_.clear();
  }
  /// Keys to which this job confirmed something, and where nothing waits any more that once had to
  /// wait for other authors' records.
  [[nodiscard]] const std::set<Bytes>& caught_up() const { return caught_up_; }
  /// Drops what a rolled-back job did.
  void forget_job();
  /// Drops everything: it is made from the log again.
  void forget_all();
  /// The log has more of these than the views know: makes them and their rows anew.
  void refresh(const std::set<Bytes>& keys);
  /// Makes all rows anew from the log.
  void rebuild(const std::set<Bytes>& keys);

 private:
  struct Entry {
    OrderedView<State, typename Kind::Event> view;
    State in_rows;  ///< what the rows show
    bool has_rows = false;
    std::uint64_t last_used = 0;
  };

  /// Views kept in memory at most; one has some kilobytes.
  static constexpr std::size_t kCapacity = 256;

  void mark_changed(const Bytes& key);
  Entry& load(const Bytes& key);
  Entry* loaded(const Bytes& key);
  void trim();

  EventLog* log_;
  Read read_;
  typename Kind::Rows rows_;
  std::unordered_map<Bytes, std::unique_ptr<Entry>> entries_;
  std::set<Bytes> changed_;    ///< since save_changed()
  std::set<Bytes> touched_;    ///< in this job
  std::set<Bytes> caught_up_;  ///< likewise
  std::uint64_t uses_ = 0;
};

using GroupViews = OrderedViews<ShipGroupKind>;
using LedgerViews = OrderedViews<ReturnLedgerKind>;

extern template class OrderedViews<ShipGroupKind>;
extern template class OrderedViews<ReturnLedgerKind>;

}  // namespace cairn::storage
