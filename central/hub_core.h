#pragma once
// The hub without its rim: replica, sync and services on any executor and any transport. main.cpp
// puts threads and HTTP around it, the simulator puts virtual time. Loop only.

#include "central/labels/label_blocks.h"
#include "central/promise/site_ages.h"
#include "central/routing/rejections.h"
#include "core/base/id_source.h"
#include "core/program/database.h"
#include "core/program/log_fold.h"
#include "core/storage/rollback_guard.h"
#include "core/storage/stock_book.h"
#include "sync/store/hub_sync.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace cairn::central {

struct HubCoreConfig {
  std::string database;
  storage::Connection::Durability durability = storage::Connection::Durability::kFull;
  NodeId node;
  LabelConfig labels;
  std::string guard_file{};                   ///< empty: none
  storage::SnapshotReader* reader = nullptr;  ///< null: devices are not compared
  /// No second copy is wanted: what is committed here counts as safe.
  bool backup_waived = false;
  /// A device may be so many positions behind and still reads its feeds; 0: always.
  std::uint64_t snapshot_records = 10'000;
  storage::Interpreter interpreter = storage::interpret;
  program::FoldConfig fold{};
  RejectionRules rejections{};
};

/// Who a hub is at its first start.
storage::Identity hub_identity(NodeId node, Random& random);
/// Begins the generation of this start; inside a transaction.
void begin_generation(storage::Replica& replica, storage::Noticed noticed, Random& random);

class HubCore {
 public:
  /// Each start is another generation of the hub. The transport outlives the core. Errors: those of
  /// program::Database::open().
  static Result<std::unique_ptr<HubCore>> open(const HubCoreConfig& config, Env env,
                                               sync::Transport& transport,
                                               storage::Writer::Fatal on_fatal);

  storage::Writer& writer() { return database_->writer(); }
  storage::Replica& replica() { return database_->replica(); }
  sync::HubSync& sync() { return sync_; }
  IdSource& ids() { return ids_; }
  program::LogFold& fold() { return fold_; }
  /// Of all sites; any thread.
  [[nodiscard]] const storage::StockBook& stock() const { return stock_; }
  [[nodiscard]] const SiteAges& site_ages() const { return site_ages_; }
  /// The incarnation in which a device writes, as it said last; nothing: not since the hub was
  /// started. Loop only.
  [[nodiscard]] std::optional<Incarnation> writing(NodeId node) const;
  /// Asks the quarantine again and does what the hub does about what takes effect. Returns how many
  /// records did. To be called in a job.
  std::size_t replay_quarantine(storage::UnitOfWork& work);

  /// A verified second copy holds these logs so far.
  void note_safe(const std::vector<EventRef>& marks);
  /// Of an author of whose log `hwm` records are committed here: how many of them are safe.
  [[nodiscard]] std::uint64_t safe(NodeId node, Incarnation inc, std::uint64_t hwm) const;

 private:
  HubCore(std::unique_ptr<program::Database> database, const HubCoreConfig& config, Env env,
          sync::Transport& transport);
  Result<> begin(Env env);
  void guard_soon(Env env);
  void follow_stock(const storage::Changes& changes);
  void note_site_ages(Env env);
  void write_off_leases(Env env);
  void write_guard();
  void reserve_labels(std::uint64_t end);
  void on_put_back(storage::UnitOfWork& work);
  void on_taken(storage::UnitOfWork& work, const storage::Replica::Taken& taken);
  void on_greeted(storage::UnitOfWork& work, NodeId node, Incarnation inc);
  void replay_at_start();
  void note(const char* policy, const Result<>& outcome);

  std::unique_ptr<program::Database> database_;
  LabelConfig labels_;
  RejectionRules rejections_;
  bool backup_waived_;
  std::map<std::pair<NodeId, Incarnation>, std::uint64_t> safe_;
  storage::RollbackGuard guard_;
  storage::GuardMark mark_;  ///< what is in the guard file, or will be soon
  bool guard_due_ = false;
  storage::Writer::Fatal on_fatal_;
  storage::StockBook stock_;
  SiteAges site_ages_;
  std::map<NodeId, Incarnation> writing_;
  Log* log_;
  IdSource ids_;
  sync::HubSync sync_;
  program::LogFold fold_;
};

}  // namespace cairn::central
