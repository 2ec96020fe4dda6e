#pragma once
// The views of all ship groups: the ones in use kept folded in memory, the rest made from the log
// when asked for; and their rows kept equal to them. Loop only; errors as in sqlite/connection.h.

#include "core/storage/event_log.h"
#include "core/storage/group_view.h"
#include "core/storage/projections/ship_groups.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <unordered_map>

namespace cairn::storage {

class GroupViews {
 public:
  /// Reads a stored record as the replica does; nothing: it has no effect.
  using Read = std::function<std::optional<GroupRecord>(const LoggedRecord&)>;

  GroupViews(Connection& connection, EventLog& log, Read read)
      : log_(&log), read_(std::move(read)), rows_(connection) {}

  /// The view; status kNone if nothing is known. Good until the next call.
  const domain::ShipGroup& state(const Bytes& key);

  /// A record that was just put into the log.
  void add_unconfirmed(const Bytes& key, const GroupRecord& record);
  void add_confirmed(const Bytes& key, const GroupRecord& record);
  /// A record of the log that was just confirmed.
  void confirm(const Bytes& key, const EventRef& ref);

  /// Writes the rows of the views that changed since the last call and returns their groups.
  std::set<ShipGroupId> save_changed();
  /// The job went well: nothing of it will be forgotten.
  void end_job() { touched_.clear(); }
  /// Drops what a rolled-back job did.
  void forget_job();
  /// Makes all rows anew from the log.
  void rebuild(const std::set<Bytes>& keys);

 private:
  struct Entry {
    GroupView view;
    domain::ShipGroup in_rows;  ///< what the rows show
    bool has_rows = false;
    std::uint64_t last_used = 0;
  };

  /// Views kept in memory at most; a group has some kilobytes.
  static constexpr std::size_t kCapacity = 256;

  void mark_changed(const Bytes& key);
  Entry& load(const Bytes& key);
  Entry* loaded(const Bytes& key);
  void trim();

  EventLog* log_;
  Read read_;
  ShipGroups rows_;
  std::unordered_map<Bytes, std::unique_ptr<Entry>> entries_;
  std::set<Bytes> changed_;  ///< since save_changed()
  std::set<Bytes> touched_;  ///< in this job
  std::uint64_t uses_ = 0;
};

}  // namespace cairn::storage
